"""A book of tables as sheets of cells: what every spreadsheet format writes.

One table a sheet, without merged cells or empty rows; the first sheet lists them with links. What must be
said over the tables stands at the top of each sheet. Numbers are rounded once, half up, as they are printed
elsewhere; marks stand in the place of a figure that is not given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from string import ascii_lowercase
from typing import Final, Literal

from topline.base import half_up
from topline.base.words import words
from topline.tables.cells import Cell
from topline.tables.low_base import NO_FIGURE
from topline.tables.marks import marks_used
from topline.tables.plan import Book
from topline.tables.printed import lettered, own_mark, shown
from topline.tables.table import Column, Row, Table

Style = Literal["title", "notice", "text", "head", "label", "net", "percent", "mean", "count", "mark", "link"]

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LABEL_WIDTH: Final = 44.0  # of the first column, in characters; the others are narrow
_WIDTH: Final = 12.0


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell: a number or a text, how it looks, and the sheet that it leads to (`link`)."""

    value: float | int | str
    style: Style = "text"
    link: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, rows from the top, and how many of them are above the first row of figures."""

    name: str
    rows: tuple[tuple[SheetCell, ...], ...]
    frozen: int
    label_width: float = _LABEL_WIDTH
    width: float = _WIDTH


def as_xml(text: str) -> str:
    """A text without the characters that XML 1.0 cannot hold, which labels of old data files may have."""
    return _NOT_XML.sub("", text)


def sheets(book: Book, language: str = "en", decimals: int = 0) -> tuple[Sheet, ...]:
    """The contents and a sheet for each table under each of its weightings."""
    made = []
    for number, tables in enumerate(book.tables, start=1):
        parts = ascii_lowercase if len(tables) > 1 else ("",)
        made += [
            _sheet(f"{number}{part}", table, book, language, decimals)
            for part, table in zip(parts, tables, strict=False)
        ]
    titles = [(sheet.name, str(sheet.rows[0][0].value)) for sheet in made]
    return (_contents(book, titles, language), *made)


def _contents(book: Book, titles: list[tuple[str, str]], language: str) -> Sheet:
    head = [(SheetCell(words("tables-title", language, title=book.title), "title"),)]
    head += [(SheetCell(notice, "notice"),) for notice in book.notices]
    lines = [(SheetCell(title, "link", name),) for name, title in titles]
    return Sheet(words("tables-list", language), (*head, *lines), len(head), label_width=90.0)


def _sheet(number: str, table: Table, book: Book, language: str, decimals: int) -> Sheet:
    table = replace(table, rows=tuple(replace(row, cells=tuple(row.cells)) for row in table.rows))
    title = words("table-title", language, number=number, label=table.label)
    said = [table.wording, f"{table.measure}. {table.base_sentence}. {table.weighting}", table.comparison]
    said += marks_used([table], language, decimals)
    head: list[tuple[SheetCell, ...]] = [(SheetCell(title, "title"),)]
    head += [(SheetCell(text),) for text in said if text]
    head += [(SheetCell(notice, "notice"),) for notice in book.notices]
    heads = [
        SheetCell(words("answer", language), "head"),
        *(SheetCell(_heading(c), "head") for c in table.columns),
    ]
    head.append(tuple(heads))
    body: list[tuple[SheetCell, ...]] = []
    for _, rows in groupby(table.rows, key=lambda row: row.item):
        body += _item(list(rows), table.columns, language, decimals)
    return Sheet(words("table-sheet", language, number=number), (*head, *body), len(head))


def _heading(column: Column) -> str:
    """`Department: DWP`: one row of heads, so that a program can read the sheet."""
    name = f"{column.heading}: {lettered(column)}" if column.heading else lettered(column)
    return f"{name} {column.flag}".rstrip()


def _item(
    rows: list[Row], columns: tuple[Column, ...], language: str, decimals: int
) -> Iterator[tuple[SheetCell, ...]]:
    """Bases on top, then the figures, then their intervals and marks; of a grid, each item with its label."""
    item = f"{rows[0].item_label}: " if rows[0].item else ""
    cells = rows[0].cells
    bases = [("base-unweighted", [cell.base for cell in cells])]
    if any(cell.weighted_base != cell.base for cell in cells):
        bases.append(("base-weighted", [int(half_up(cell.weighted_base)) for cell in cells]))
        bases.append(("base-effective", [int(half_up(cell.effective)) for cell in cells]))
    for id, numbers in bases:
        yield (SheetCell(item + words(id, language), "label"), *(SheetCell(n, "count") for n in numbers))
    for row in rows:
        style: Style = "net" if row.spec.kind in ("net", "mean") else "label"
        yield (
            SheetCell(item + row.spec.label, style),
            *(_figure(cell, row, decimals) for cell in row.cells),
        )
    for row in rows:
        if any(cell.low is not None for cell in row.cells):
            label = words("interval-of", language, label=item + row.spec.label)
            yield (SheetCell(label, "label"), *(_interval(cell, row, decimals) for cell in row.cells))
        compared = ["" if cell.flag == NO_FIGURE else cell.marks for cell in row.cells]
        # numbers stand alone in their cells, so marks that the head of the column lacks have a row
        unsure = [own_mark(cell, column) for cell, column in zip(row.cells, columns, strict=True)]
        for id, marks in (("marks-of", compared), ("flags-of", unsure)):
            if any(marks):
                label = words(id, language, label=item + row.spec.label)
                yield (SheetCell(label, "label"), *(SheetCell(mark or "-", "mark") for mark in marks))


def _figure(cell: Cell, row: Row, decimals: int) -> SheetCell:
    text = shown(cell, row.spec, decimals)
    try:
        return SheetCell(float(text.replace(",", "")), "mean" if row.spec.places(0) else "percent")
    except ValueError:
        return SheetCell(text, "mark")


def _interval(cell: Cell, row: Row, decimals: int) -> SheetCell:
    if cell.low is None or cell.high is None or cell.flag == NO_FIGURE:
        return SheetCell("-", "mark")
    places = row.spec.places(decimals)
    return SheetCell(f"{half_up(cell.low, places):z} – {half_up(cell.high, places):z}", "mark")
