"""What the marks in tables mean: each that stands in them, once."""

from __future__ import annotations

from collections.abc import Sequence

from topline.base.words import words
from topline.tables.letters import ABOVE, BELOW
from topline.tables.low_base import NO_FIGURE
from topline.tables.plan import Book
from topline.tables.printed import LOW, NOBODY, shown
from topline.tables.table import Table

_IDS = {LOW: "mark-low", NOBODY: "mark-none", ABOVE: "mark-above", BELOW: "mark-below"}


def marks_used(tables: Sequence[Table], language: str = "en", decimals: int = 0) -> tuple[str, ...]:
    """The notes `MARK: what it means` of all marks in these tables."""
    seen = {mark for table in tables for mark in _marks(table, decimals)}
    notes = dict(tables[0].low_base.notes(language)) if tables else {}
    notes |= {mark: words(id, language) for mark, id in _IDS.items()}
    found = [note for mark, note in notes.items() if mark in seen]
    lettered = any(mark.isalpha() for mark in seen)
    return (*found, words("mark-letter", language)) if lettered else tuple(found)


def low_base_sentence(book: Book, language: str = "en") -> str:
    """The profile of low bases and its marks, for files that are read by programs."""
    if not book.tables:
        return ""
    low_base = book.tables[0][0].low_base
    notes = "; ".join(low_base.notes(language).values())
    return words("low-base", language, name=low_base.name, marks=f"{notes}.")


def _marks(table: Table, decimals: int) -> set[str]:
    seen: set[str] = {column.flag for column in table.columns}
    for row in table.rows:
        for cell in row.cells:
            text = shown(cell, row.spec, decimals)
            seen |= {text, cell.flag} if text in (LOW, NOBODY) else {cell.flag}
            if cell.flag != NO_FIGURE:
                seen.add(cell.marks)
    return seen
