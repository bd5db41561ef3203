"""Analysts' tables as CSV and JSON. One row (or object) a cell; values rounded to one place.

The first line of the CSV says what must be said over the tables; the header stands on the second.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO

from topline.base.formulas import no_formula
from topline.tables.cells import Cell
from topline.tables.marks import low_base_sentence
from topline.tables.plan import Book
from topline.tables.printed import rounded
from topline.tables.table import Column, Row, Table

COLUMNS = (
    "question", "label", "item", "answer", "answer_label", "kind", "banner", "group", "group_label",
    "value", "low", "high", "base", "weighted_base", "effective_base", "flag", "measure", "base_sentence",
    "weighting", "marks", "letter", "comparison",
)  # fmt: skip


def as_csv(book: Book) -> str:
    """All cells of a book, one a line."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    said = (f"{book.title}.", *book.notices, low_base_sentence(book))
    writer.writerow([no_formula(" ".join(text for text in said if text))])
    writer.writerow(COLUMNS)
    for tables in book.tables:
        for table in tables:
            for row in table.rows:
                for column, cell in zip(table.columns, row.cells, strict=True):
                    writer.writerow(_line(table, row, column, cell))
    return out.getvalue()


def as_json(book: Book) -> str:
    """The book as nested objects: tables, then weightings, columns, rows, cells."""
    found = {
        "title": book.title,
        "notices": list(book.notices),
        "low_bases": low_base_sentence(book),
        "tables": [
            {
                "question": tables[0].question,
                "label": tables[0].label,
                "wording": tables[0].wording,
                "base": tables[0].base_sentence,
                "measure": tables[0].measure,
                "weightings": [_weighting(table) for table in tables],
            }
            for tables in book.tables
        ],
    }
    # without indents, which json would write in Python rather than C: 0.5 s of a book of 30 tables
    return json.dumps(found, ensure_ascii=False) + "\n"


def _line(table: Table, row: Row, column: Column, cell: Cell) -> Iterator[str]:
    words = (table.question, table.label, row.item, row.spec.name, row.spec.label, row.spec.kind)
    yield from map(no_formula, (*words, column.variable, column.group, column.label))
    for text in list(_numbers(cell).values())[:-1]:
        yield "" if text is None else str(text)
    yield from map(no_formula, (table.measure, table.base_sentence, table.weighting))
    yield from (_marks(cell), column.letter, no_formula(table.comparison))


def _marks(cell: Cell) -> str:
    return "" if cell.flag == "[x]" else cell.marks


def _numbers(cell: Cell) -> dict[str, object]:
    """The numbers of a cell; under the smallest base no value and no interval."""
    told = cell.flag != "[x]"
    return {
        "value": rounded(cell.value if told else None),
        "low": rounded(cell.low if told else None),
        "high": rounded(cell.high if told else None),
        "base": cell.base,
        "weighted_base": rounded(cell.weighted_base),
        "effective_base": rounded(cell.effective),
        "flag": cell.flag,
        "marks": _marks(cell),
    }


def _weighting(table: Table) -> dict[str, object]:
    return {
        "weighting": table.weighting,
        "comparison": table.comparison,
        "columns": [
            {
                "banner": c.variable,
                "group": c.group,
                "heading": c.heading,
                "label": c.label,
                "base": c.base,
                "letter": c.letter,
            }
            for c in table.columns
        ],
        "rows": [
            {
                "item": row.item,
                "answer": row.spec.name,
                "label": row.spec.label,
                "kind": row.spec.kind,
                "cells": [_numbers(cell) for cell in row.cells],
            }
            for row in table.rows
        ],
    }
