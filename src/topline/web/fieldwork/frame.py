"""The frame: a CSV of people, read strictly. Only the key and the kept attributes are ever taken from it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from topline.base import Finding, Mark, ToplineError, fail
from topline.study.model import Attribute, Study
from topline.web.fieldwork.cells import Cell

_MOST_BYTES: Final = 50_000_000
_MOST_FAULTS: Final = 50
_ADDRESS: Final = re.compile(r"[A-Za-z0-9_][^@\s\"(),:;<>\[\\\]]{0,63}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of the frame: the key (an e-mail address, as a rule), and the kept attributes."""

    key: str
    cell: Cell


def kept_attributes(study: Study) -> tuple[Attribute, ...]:
    """The attributes that stay beside a response, in the study's order. Only code lists can."""
    frame = study.settings.get("frame")
    keep = frame.get("keep") if isinstance(frame, Mapping) else None
    kept = tuple(each for each in study.attributes if keep is None or each.name in keep)
    if keep is None:
        return tuple(each for each in kept if each.kind == "codes")
    for each in kept:
        if each.kind != "codes":
            fail("frame-keep-kind", each.mark, name=each.name, kind=each.kind)
    return kept


def key_column(study: Study) -> str:
    """The column that identifies a person; `email` unless the study says."""
    frame = study.settings.get("frame")
    key = frame.get("key") if isinstance(frame, Mapping) else None
    return str(key or "email")


def read_frame(study: Study, path: Path) -> list[Listed]:
    """Read a frame; raises ToplineError with a finding for each bad line, at most fifty."""
    if not path.is_file():
        fail("frame-missing", file=path)
    if path.stat().st_size > _MOST_BYTES:
        fail("frame-large", file=path, most=_MOST_BYTES)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fail("frame-encoding", file=path, place=error.start)
    reader = csv.DictReader(text.splitlines(), strict=True)
    columns = [_column(each, study) for each in kept_attributes(study)]
    key = key_column(study)
    if missing := [name for name in (key, *columns) if name not in (reader.fieldnames or ())]:
        fail("frame-columns", Mark(str(path), 1), missing=", ".join(missing))
    faults: list[Finding] = []
    found = list(_people(study, reader, str(path), faults))
    if faults:
        raise ToplineError(faults[:_MOST_FAULTS])
    if not found:
        fail("frame-empty", file=path)
    return found


def _people(study: Study, reader: csv.DictReader[str], file: str, faults: list[Finding]) -> Iterator[Listed]:
    kept, key = kept_attributes(study), key_column(study)
    seen: dict[str, int] = {}
    try:
        for row in reader:
            mark = Mark(file, reader.line_num)
            person = (row.get(key) or "").strip()
            before = len(faults)
            if not person or any(ord(letter) < 32 for letter in person):
                faults.append(Finding("frame-key", {"key": key}, mark))
            elif key == "email" and not _ADDRESS.fullmatch(person):
                faults.append(Finding("frame-address", {"given": person}, mark))
            elif seen.setdefault(person.casefold(), reader.line_num) != reader.line_num:
                faults.append(Finding("frame-twice", {"line": seen[person.casefold()], "key": key}, mark))
            cell = tuple(_group(each, row, study, mark, faults) for each in kept)
            if len(faults) == before:
                yield Listed(person, cell)
    except csv.Error as error:
        faults.append(Finding("frame-csv", {"why": error}, Mark(file, reader.line_num)))


def _group(
    attribute: Attribute, row: Mapping[str, str], study: Study, mark: Mark, faults: list[Finding]
) -> str | None:
    """The group of a person, by its code, its name, or as the file writes it; None for an empty cell."""
    given = (row.get(_column(attribute, study)) or "").strip()
    if not given:
        return None
    if attribute.bands_of:
        return _band(attribute, given, mark, faults)
    for option in attribute.options:
        if given in (str(option.code), option.name, option.data):
            return option.name
    allowed = ", ".join(f"{option.code} {option.name}" for option in attribute.options)
    values = {"name": attribute.name, "given": given, "allowed": allowed}
    faults.append(Finding("frame-group", values, mark))
    return None


def _band(attribute: Attribute, given: str, mark: Mark, faults: list[Finding]) -> str | None:
    try:
        number = Decimal(given)
        place = sum(number >= cut for cut in attribute.cuts)
    except InvalidOperation:
        faults.append(Finding("frame-number", {"name": attribute.name, "given": given}, mark))
        return None
    return attribute.options[place].name


def _column(attribute: Attribute, study: Study) -> str:
    """The column of an attribute; a band has that of the number it cuts."""
    if attribute.bands_of:
        source = next(each for each in study.attributes if each.name == attribute.bands_of)
        return source.column or str(source.name)
    return attribute.column or str(attribute.name)
