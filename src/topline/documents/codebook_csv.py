"""The codebook as CSV: one line for each column and each value that may stand in it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from topline.base.formulas import no_formula
from topline.documents.codebook import Block, Codebook, Column, Value

#: The columns of the file; a test holds the how-to page to this list.
HEADER: Final = (
    "column", "variable", "source", "kind", "section", "label", "item", "text", "hint", "base", "condition",
    "low", "high", "decimals", "code", "name", "value_label", "missing", "in_base", "nets", "scores", "order",
    "notes",
)  # fmt: skip


def codebook_csv(book: Codebook) -> str:
    """The codebook as CSV (UTF-8, comma, a heading line); a column without values has one line.

    `missing` and `in_base` are yes or no. `nets` and lists of sentences are joined by `; `, `scores` are
    `name=number`. No text is a formula to a program for tables.
    """
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    for block in book.blocks:
        for column in block.columns:
            writer.writerows(_lines(book, block, column))
    return buffer.getvalue()


def _lines(book: Codebook, block: Block, column: Column) -> Iterator[list[str]]:
    decimals = "" if block.decimals is None else str(block.decimals)
    section = book.sections.get(block.section, "")
    item = column.label if len(block.columns) > 1 else ""
    condition = block.asked.condition if block.asked else ""
    texts = [
        column.name, column.variable, block.source, block.kind, section, block.label, item, block.text,
        block.hint, block.base, condition,
    ]  # fmt: skip
    head = [*map(no_formula, texts), block.low, block.high, decimals]
    tail = [no_formula("; ".join(each)) for each in (block.orders, block.notes)]
    for value in column.values:
        yield [*head, *_value(block, value), *tail]
    if not column.values:
        yield [*head, *[""] * 7, *tail]


def _value(block: Block, value: Value) -> list[str]:
    nets = [net.name for net in block.nets if value.name in net.of]
    scores = [
        f"{name}={numbers[value.name]}" for name, numbers in block.scores.items() if value.name in numbers
    ]
    return [
        value.code,
        value.name,
        no_formula(value.label),
        "yes" if value.missing else "no",
        "yes" if value.in_base else "no",
        "; ".join(nets),
        "; ".join(scores),
    ]
