"""Files of codes: a line for each different answer, with its key, its words and the codes that it was given.

Codes stand in one cell, by name or number, with spaces, commas or semicolons between; an empty cell is not
coded yet. The words are for the coder's eyes and are never read back.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Final

from topline.base import Finding, Mark, ToplineError, fail
from topline.base.formulas import guarded
from topline.dataset.coding.task import Task
from topline.study.reading.plain_yaml import read_source

Codes = frozenset[str]
HEADER: Final = ("key", "text", "codes", "note")


@dataclass(frozen=True)
class Sheet:
    """What a file of codes holds: codes by key, notes by key, and the line of each key."""

    codes: Mapping[str, Codes] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


def read_codes(task: Task, path: Path, texts: Mapping[str, str]) -> Sheet:
    """Read a file of codes; ToplineError with a finding (file:line:column) for each fault of it.

    A file that is not there is an empty one.
    """
    if not path.exists():
        return Sheet()
    source = read_source(path, str(path)).text
    findings: list[Finding] = []
    codes: dict[str, Codes] = {}
    notes: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, row in _rows(source, path, findings):
        key = row["key"].strip()
        if not key or key in lines or key not in texts:
            findings.append(_bad_key(key, lines, Mark(str(path), line, 1)))
            continue
        lines[key], notes[key] = line, row.get("note", "")
        mark = Mark(str(path), line, _column(row, "codes"))
        if found := _codes(task, row["codes"], mark, findings):
            codes[key] = found
    if findings:
        raise ToplineError(findings)
    return Sheet(codes, notes, lines)


def sheet_csv(task: Task, texts: Mapping[str, str], held: Sheet) -> str:
    """The sheet of a coder: every answer, with the codes that it has already; no cell is a formula."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for key, text in texts.items():
        codes = in_order(task, held.codes.get(key, frozenset()))
        writer.writerow([key, guarded(text), codes, guarded(held.notes.get(key, ""))])
    return out.getvalue()


def in_order(task: Task, codes: Codes) -> str:
    """Codes as a cell holds them, in the order of the frame."""
    return " ".join(option.name for option in task.options if option.name in codes)


def _rows(source: str, path: Path, findings: list[Finding]) -> list[tuple[int, dict[str, str]]]:
    """Each row with the line on which it starts; short rows and a foreign first line are findings."""
    reader = csv.reader(StringIO(source), strict=True)
    found: list[tuple[int, dict[str, str]]] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        if not {"key", "codes"} <= set(header):
            fail("coding-header", Mark(str(path), 1), given=", ".join(header) or "nothing")
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                found.append((line, dict(zip(header, cells, strict=True))))
            elif cells:
                values = {"n": len(cells), "wanted": len(header)}
                findings.append(Finding("coding-row-short", values, Mark(str(path), line)))
            line = reader.line_num + 1
    except csv.Error as error:
        fail("coding-damaged", Mark(str(path), reader.line_num), reason=error)
    return found


def _column(row: Mapping[str, str], name: str) -> int:
    """Where a cell starts in its line, as a program writes it: counted over quotes; in long texts, 0.

    An answer of several lines has no one place, so only the line is given.
    """
    before = list(row)[: list(row).index(name)]
    if any("\n" in row[cell] for cell in before):
        return 0
    out = StringIO()
    csv.writer(out, lineterminator="").writerow([*(row[cell] for cell in before), ""])
    return len(out.getvalue()) + 1


def _bad_key(key: str, lines: Mapping[str, int], mark: Mark) -> Finding:
    if not key:
        return Finding("coding-key-empty", {}, mark)
    if key in lines:
        return Finding("coding-key-twice", {"key": key, "first": lines[key]}, mark)
    return Finding("coding-key-unknown", {"key": key}, mark)


def _codes(task: Task, cell: str, mark: Mark, findings: list[Finding]) -> Codes:
    """The codes in a cell, by name or number."""
    named = {option.name: option for option in task.options}
    named |= {str(option.code): option for option in task.options if option.code is not None}
    found = []
    for code in re.split(r"[\s,;]+", cell.strip().removeprefix("'")):
        if code and code not in named:
            allowed = ", ".join(option.name for option in task.options)
            values = {"code": code, "name": task.derived.name, "codes": allowed}
            findings.append(Finding("coding-code-unknown", values, mark))
        elif code:
            found.append(named[code])
    alone = next((option.name for option in found if option.exclusive), "")
    names = frozenset(option.name for option in found)
    if alone and len(names) > 1:
        findings.append(Finding("coding-code-alone", {"code": alone}, mark))
    if task.one and len(names) > 1:
        values = {"question": task.derived.into, "n": len(names)}
        findings.append(Finding("coding-code-one", values, mark))
    return names
