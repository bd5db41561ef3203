"""Two keyings of the same forms, held against each other cell by cell; a third decides where they differ."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from topline.base import Finding, Mark, ToplineError, fail
from topline.web.codes import read_code
from topline.web.paper.sheet import CODE, Column

_MOST_BYTES: Final = 50_000_000


class Lines(Protocol):
    """What `csv.reader` gives."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]:
        """Give the rows."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form as one person keyed it: its code, its line, and its cells by column."""

    code: str
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Keying:
    """One file of forms. `places` is the number of each column, from 1."""

    file: str
    forms: Mapping[str, Form]
    places: Mapping[str, int]

    def mark(self, form: Form, column: str = CODE) -> Mark:
        """The place of a cell."""
        return Mark(self.file, form.line, self.places[column])


@dataclass(frozen=True, slots=True)
class Compared:
    """What two keyings agree on, by code: the form with its cells; and what they do not, in order."""

    agreed: Mapping[str, Form]
    findings: tuple[Finding, ...]


def read_keying(path: Path, columns: tuple[Column, ...]) -> Keying:
    """Read a keyed sheet; ToplineError with the place of everything that cannot be read as one."""
    if not path.is_file():
        fail("paper-missing", file=path)
    if path.stat().st_size > _MOST_BYTES:
        fail("frame-large", file=path, most=_MOST_BYTES)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fail("frame-encoding", file=path, place=error.start, encoding="UTF-8")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        wanted = [CODE, *(column.name for column in columns)]
        if sorted(header) != sorted(wanted):
            lacking = [name for name in wanted if name not in header]
            other = [name for name in header if name not in wanted]
            values = {"lacking": ", ".join(lacking) or "nothing", "other": ", ".join(other) or "nothing"}
            fail("paper-columns", Mark(str(path), 1), **values)
        return _forms(reader, header, str(path))
    except csv.Error as error:
        fail("frame-csv", Mark(str(path), reader.line_num), why=error)


def _forms(reader: Lines, header: list[str], file: str) -> Keying:
    places = {name: place for place, name in enumerate(header, start=1)}
    forms: dict[str, Form] = {}
    faults = []
    last = reader.line_num
    for row in reader:
        line, last = last + 1, reader.line_num  # a text with line breaks ends further down
        if not any(cell.strip() for cell in row):
            continue
        mark = Mark(file, line, places[CODE])
        if len(row) != len(header):
            values = {"found": len(row), "wanted": len(header)}
            faults.append(Finding("frame-cells", values, Mark(file, line)))
            continue
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
        code = read_code(cells.pop(CODE))
        if code is None:
            faults.append(Finding("paper-code", {}, mark))
        elif code in forms:
            faults.append(Finding("paper-twice", {"line": forms[code].line}, mark))
        else:
            forms[code] = Form(code, line, cells)
    if faults:
        raise ToplineError(faults)
    return Keying(file, forms, places)


def compared(first: Keying, second: Keying, third: Keying | None = None) -> Compared:
    """Hold two keyings against each other; of a cell that differs, what two of three keyed is taken.

    A form that only one of the two has, or of which a cell stays open, is not agreed.
    """
    agreed: dict[str, Form] = {}
    findings: list[Finding] = []
    for own, other in ((first, second), (second, first)):
        findings += [
            Finding("paper-once", {"other": other.file}, own.mark(form))
            for code, form in own.forms.items()
            if code not in other.forms
        ]
    for code, form in first.forms.items():
        if code not in second.forms:
            continue
        again = second.forms[code]
        judge = third.forms.get(code) if third else None
        open_cells = [
            name
            for name, cell in form.cells.items()
            if cell != again.cells[name]
            and (judge is None or judge.cells[name] not in (cell, again.cells[name]))
        ]
        findings += [
            Finding(
                "paper-differs", {"column": name, "other": second.mark(again, name)}, first.mark(form, name)
            )
            for name in open_cells
        ]
        if not open_cells:
            agreed[code] = Form(code, form.line, _settled(form, again, judge))
    return Compared(agreed, tuple(findings))


def _settled(form: Form, again: Form, judge: Form | None) -> dict[str, str]:
    return {
        name: cell if judge is None or cell == again.cells[name] else judge.cells[name]
        for name, cell in form.cells.items()
    }
