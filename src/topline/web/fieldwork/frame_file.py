"""The file of a frame as lines: which encoding it is in, what stands between its cells. Read strictly."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from topline.base import Mark, fail

_MOST_BYTES: Final = 50_000_000
_SEPARATORS: Final = (",", ";", "\t")
_NAMES: Final = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(frozen=True, slots=True)
class Table:
    """A file with a line of names. `rows` gives line number and cells by name, and is read once."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[int, Mapping[str, str]]]


def read_table(path: Path, wanted: str) -> Table:
    """Open a file whose line of names should hold `wanted`.

    UTF-8, or UTF-16 with its mark; commas, semicolons or tabs, whichever gives the wanted column.
    ToplineError for anything else, with its place.
    """
    text = _text(path)
    first = text.partition("\n")[0]
    if not first.strip():
        fail("frame-empty", file=path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(first, wanted), strict=True)
    try:
        columns = [name.strip() for name in next(reader)]
    except csv.Error as error:
        fail("frame-csv", Mark(str(path), 1), why=error)
    if twice := {name for name in columns if name and columns.count(name) > 1}:
        fail("frame-column-twice", Mark(str(path), 1), names=", ".join(sorted(twice)))
    return Table(tuple(columns), _rows(reader, columns, str(path)))


def separator_name(path: Path, wanted: str) -> str:
    """What stands between the cells of a file, in words."""
    return _NAMES[_separator(_text(path).partition("\n")[0], wanted)]


def _rows(
    reader: Iterator[list[str]], columns: list[str], file: str
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Every line that is not empty; one with more or fewer cells than names is an error."""
    line, last = 1, 1
    try:
        for cells in reader:
            line, last = last + 1, reader.line_num  # type: ignore[attr-defined]
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                fail("frame-cells", Mark(file, line), found=len(cells), wanted=len(columns))
            yield line, dict(zip(columns, cells, strict=True))
    except csv.Error as error:
        fail("frame-csv", Mark(file, last + 1), why=error)


def _text(path: Path) -> str:
    if not path.is_file():
        fail("frame-missing", file=path)
    if path.suffix.lower() in _WORKBOOKS:
        fail("frame-workbook", file=path)
    if path.stat().st_size > _MOST_BYTES:
        fail("frame-large", file=path, most=_MOST_BYTES)
    content = path.read_bytes()
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        fail("frame-encoding", file=path, place=error.start, encoding=encoding.upper().replace("-SIG", ""))
    if (place := text.find("\0")) >= 0:
        fail("frame-nul", file=path, line=text.count("\n", 0, place) + 1)
    return text


def _separator(line: str, wanted: str) -> str:
    """The separator by which the line of names holds the wanted column; else the one found most often."""
    for each in _SEPARATORS:
        if wanted in (name.strip().strip('"') for name in line.rstrip("\r").split(each)):
            return each
    return max(_SEPARATORS, key=line.count)
