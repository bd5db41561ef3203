"""The form on paper as a page to key it from: questions in their printed order, a box for each thing to key.

A box takes what is printed beside the answers: a code, several codes apart by spaces, a place in a ranking, a
day as it is written on the form, words. What it takes becomes cells of a sheet, so that forms keyed on a page
and forms keyed into a sheet are compared and entered in one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from topline.base.words import words
from topline.study.compiled import Asked, Choice, Compiled
from topline.web.limits import LONGEST, LONGEST_BESIDE
from topline.web.paper.sheet import Column, code_of_choice, columns_of, words_at

_SHORT: Final = 60  # characters of anything but words
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DAY: Final = re.compile(r"(\d{1,2})[ ./-]+(\d{1,2})[ ./-]+(\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
Takes = Literal["code", "codes", "words", "number", "day"]


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its name, what is written beside it, what it takes, and the columns of a sheet it fills.

    `codes`: what may be typed, with the cell that it becomes: column and content.
    """

    name: str
    label: str
    allowed: str
    takes: Takes
    columns: tuple[str, ...]
    codes: Mapping[str, tuple[str, str]]
    most: int = _SHORT
    lines: int = 1

    def cells(self, text: str) -> dict[str, str] | None:
        """The cells of what was typed; None if it cannot stand there."""
        text = tidy(text)
        empty = dict.fromkeys(self.columns, "")
        if len(text) > self.most:
            return None
        if self.takes in ("words", "number"):
            return {self.columns[0]: text}
        if self.takes == "day":
            day = _day(text)
            return None if day is None else {self.columns[0]: day}
        parts = text.replace(",", " ").split()
        found = [self.codes[each] for each in parts if each in self.codes]
        filled = dict(found)
        if len(filled) < len(parts) or (self.takes == "code" and len(parts) > 1):
            return None
        return empty | filled

    def typed(self, cells: Mapping[str, str]) -> str:
        """What was typed for these cells: the other direction of `cells`."""
        if not self.codes:
            return cells[self.columns[0]]
        return " ".join(text for text, (column, content) in self.codes.items() if cells[column] == content)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One question: its number on the form, its short label, the codes with their answers, its boxes.

    `section` is the heading that stands before it, if one does.
    """

    number: int
    label: str
    codes: tuple[tuple[str, str], ...]
    boxes: tuple[Box, ...]
    section: str = ""


def boxes_of(compiled: Compiled, labels: Mapping[str, str] | None = None) -> tuple[Sheet, ...]:
    """Every question with its boxes, in the order and with the numbers of the printed form.

    `labels`: short labels by question, which the frozen form lacks; without one, what is asked.
    """
    columns: dict[str, list[Column]] = {}
    for column in columns_of(compiled):
        columns.setdefault(column.question, []).append(column)
    found: list[Sheet] = []
    section, heading = None, ""
    for screen in compiled.screens:
        if screen.section and screen.section != section:
            section = screen.section
            heading = compiled.wording.get(f"{section}.title", "")
        for asked in screen.questions:
            if asked.kind == "info":
                continue
            boxes = tuple(_Boxes(asked, compiled.wording, columns[asked.id]).boxes())
            codes = tuple(
                (code_of_choice(each), _said(compiled.wording, each.text)) for each in _printed(asked)
            )
            label = (labels or {}).get(asked.id) or _said(compiled.wording, asked.ask or asked.id)
            found.append(Sheet(len(found) + 1, label, codes, boxes, heading))
            heading = ""
    return tuple(found)


def tidy(text: str) -> str:
    """What was typed, without what nobody types: control characters, other line ends, blanks round it."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def longest(sheets: Sequence[Sheet]) -> int:
    """The bytes that the cells of one form take at most, as they are kept."""
    boxes = [box for sheet in sheets for box in sheet.boxes]
    names = sum(len(column.encode()) + 6 for box in boxes for column in box.columns)
    return names + sum(4 * box.most for box in boxes)


class _Boxes:
    """The boxes of one question."""

    def __init__(self, asked: Asked, wording: Mapping[str, str], columns: list[Column]) -> None:
        self._asked, self._wording = asked, wording
        self._columns = {column.name: column for column in columns}

    def boxes(self) -> Iterator[Box]:
        asked = self._asked
        choices = (*asked.options, *asked.missing)
        if asked.kind == "multiple":
            yield self._several()
        elif asked.kind == "grid":
            for row in asked.rows:
                yield self._one(f"{asked.id}.{row.name}", self._said(row.text), choices)
        elif asked.kind == "rank":
            for option in asked.options:
                yield self._place(option)
        elif asked.kind == "single":
            yield self._one(asked.id, "", choices)
        else:
            yield self._written()
        if asked.kind in ("single", "multiple"):
            for option in asked.options:
                if option.specify:
                    yield self._words(words_at(asked, option), self._said(option.text))
        if asked.missing and asked.kind in ("rank", "number", "date", "text"):
            yield self._one(f"{asked.id}.missing", words("keying-instead"), asked.missing)
        if asked.quotes:
            name = f"{asked.id}.quote"
            yield Box(name, words("keying-quote"), words("keying-tick"), "code", (name,), {"1": (name, "1")})

    def _one(self, name: str, label: str, choices: Sequence[Choice]) -> Box:
        codes = {code_of_choice(each): (name, code_of_choice(each)) for each in choices}
        allowed = words("keying-one", codes=", ".join(codes))
        return Box(name, label, allowed, "code", (name,), codes)

    def _several(self) -> Box:
        asked = self._asked
        codes = {code_of_choice(each): (f"{asked.id}.{each.name}", "1") for each in asked.options}
        codes |= {
            code_of_choice(each): (f"{asked.id}.missing", code_of_choice(each)) for each in asked.missing
        }
        columns = tuple(dict.fromkeys(column for column, _ in codes.values()))
        allowed = words("keying-several", codes=", ".join(codes))
        return Box(asked.id, "", allowed, "codes", columns, codes, max(_SHORT, 2 * len(", ".join(codes))))

    def _place(self, option: Choice) -> Box:
        asked = self._asked
        name = f"{asked.id}.{option.name}"
        most = min(asked.places or len(asked.options), len(asked.options))
        codes = {str(place): (name, str(place)) for place in range(1, most + 1)}
        label = f"{code_of_choice(option)} {self._said(option.text)}"
        return Box(name, label, words("keying-place", most=most), "code", (name,), codes)

    def _written(self) -> Box:
        asked = self._asked
        at = (asked.id,)
        if asked.kind == "date":
            return Box(asked.id, "", words("keying-day"), "day", at, {})
        if asked.kind == "number":
            low, high = asked.minimum, asked.maximum
            within = "" if low is None and high is None else "-within"
            allowed = words(f"keying-number{within}", low="…" if low is None else low,
                            high="…" if high is None else high)  # fmt: skip
            return Box(asked.id, "", allowed, "number", at, {})
        most = asked.max_length or LONGEST
        lines = max(2, min(asked.lines, 6))
        return Box(asked.id, "", words("keying-words", most=most), "words", at, {}, most, lines)

    def _words(self, name: str, label: str) -> Box:
        most = self._asked.max_length or LONGEST_BESIDE
        return Box(name, words("keying-beside", option=label), words("keying-words", most=most), "words",
                   (name,), {}, most)  # fmt: skip

    def _said(self, address: str) -> str:
        return _said(self._wording, address)


def _printed(asked: Asked) -> Iterator[Choice]:
    """The answers whose codes are printed and keyed: places are keyed of a ranking."""
    if asked.kind != "rank":
        yield from asked.options
    yield from asked.missing


def _said(wording: Mapping[str, str], address: str) -> str:
    return wording.get(address, address)


def _day(text: str) -> str | None:
    if not text:
        return ""
    if found := _DAY.fullmatch(text):
        day, month, year = found.groups()
    elif found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    else:
        return None
    return f"{year}-{int(month):02}-{int(day):02}"
