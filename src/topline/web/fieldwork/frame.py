"""The frame: a file of people, read strictly. Only the key, an address and the kept attributes are taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from topline.base import Finding, Mark, ToplineError, fail
from topline.base.hints import did_you_mean
from topline.study.model import Attribute, Study
from topline.web.fieldwork.cells import Cell
from topline.web.fieldwork.frame_file import read_table

_MOST_PEOPLE: Final = 1_000_000
_MOST_FAULTS: Final = 50
#: The column of addresses, where people are known by another key.
ADDRESS: Final = "email"
_ADDRESS: Final = re.compile(r"[A-Za-z0-9_][^@\s\"(),:;<>\[\\\]]{0,63}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of the frame: the key (an e-mail address, as a rule), the kept attributes, and the line.

    `address` is set where the key is no address and the file has one.
    """

    key: str
    cell: Cell
    address: str = ""
    line: int = 0

    @property
    def person(self) -> dict[str, str]:
        """What the store keeps of the person."""
        return {"key": self.key} | ({"address": self.address} if self.address else {})


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
    return str(key or ADDRESS)


def read_frame(study: Study, path: Path) -> list[Listed]:
    """Read a frame; raises ToplineError with a finding for each bad line, at most fifty and how many more."""
    key = key_column(study)
    table = read_table(path, key)
    columns = [_column(each, study) for each in kept_attributes(study)]
    if missing := [name for name in (key, *columns) if name not in table.columns]:
        values = {"missing": ", ".join(missing), "found": ", ".join(table.columns)}
        fail("frame-columns", Mark(str(path), 1), **values)
    faults = _Faults()
    found = list(_people(study, table.rows, str(path), faults))
    faults.end()
    if not found:
        fail("frame-empty", file=path)
    return found


class _Faults:
    """The first faults of a file, and how many there are: a file of a million bad lines is told briefly."""

    def __init__(self) -> None:
        self.first: list[Finding] = []
        self.number = 0

    def add(self, id: str, mark: Mark, **values: object) -> None:
        """Note a fault."""
        self.number += 1
        if len(self.first) < _MOST_FAULTS:
            self.first.append(Finding(id, values, mark))

    def end(self) -> None:
        """Fail if there was one."""
        if more := self.number - len(self.first):
            self.first.append(Finding("frame-more", {"number": more}))
        if self.first:
            raise ToplineError(self.first)


def _people(
    study: Study, rows: Iterator[tuple[int, Mapping[str, str]]], file: str, faults: _Faults
) -> Iterator[Listed]:
    groups, key = _groups(study), key_column(study)
    seen: dict[str, int] = {}
    for line, row in rows:
        mark, before = Mark(file, line), faults.number
        person = row[key].strip()
        address = "" if key == ADDRESS else row.get(ADDRESS, "").strip()
        if not person or not person.isprintable():
            faults.add("frame-key", mark, key=key)
        elif key == ADDRESS and not _ADDRESS.fullmatch(person):
            faults.add("frame-address", mark, given=person)
        elif seen.setdefault(person.casefold(), line) != line:
            faults.add("frame-twice", mark, line=seen[person.casefold()], key=key)
        if address and not _ADDRESS.fullmatch(address):
            faults.add("frame-address", mark, given=address)
        cell = tuple(each.of(row, mark, faults) for each in groups)
        if len(seen) > _MOST_PEOPLE:
            fail("frame-many", mark, most=_MOST_PEOPLE)
        if faults.number == before:
            yield Listed(person, cell, address, line)


@dataclass(frozen=True, slots=True)
class _Groups:
    """An attribute in the file: its column, and the group of each text that may stand there."""

    attribute: Attribute
    column: str
    names: Mapping[str, str]

    def of(self, row: Mapping[str, str], mark: Mark, faults: _Faults) -> str | None:
        """The group of a person, by its code, its name, or as the file writes it; None for an empty cell."""
        given = row[self.column].strip()
        if not given:
            return None
        if self.attribute.bands_of:
            return _band(self.attribute, given, mark, faults)
        if (found := self.names.get(given)) is not None:
            return found
        options = self.attribute.options
        allowed = ", ".join(f"{option.code} {option.name}" for option in options)
        near = did_you_mean(given.casefold(), [option.name for option in options])
        faults.add("frame-group", mark, name=self.attribute.name, given=given, allowed=allowed, near=near)
        return None


def _groups(study: Study) -> list[_Groups]:
    found = []
    for each in kept_attributes(study):
        texts = {
            text: str(option.name)
            for option in reversed(each.options)
            for text in (str(option.code), option.name, option.data)
            if text is not None
        }
        found.append(_Groups(each, _column(each, study), texts))
    return found


def _band(attribute: Attribute, given: str, mark: Mark, faults: _Faults) -> str | None:
    try:
        number = Decimal(given)
        place = sum(number >= cut for cut in attribute.cuts)
    except InvalidOperation:
        faults.add("frame-number", mark, name=attribute.name, given=given)
        return None
    return attribute.options[place].name


def _column(attribute: Attribute, study: Study) -> str:
    """The column of an attribute; a band has that of the number it cuts."""
    if attribute.bands_of:
        source = next(each for each in study.attributes if each.name == attribute.bands_of)
        return source.column or str(source.name)
    return attribute.column or str(attribute.name)
