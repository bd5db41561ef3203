"""Shapes: one declaration of what a file may hold.

From the same declaration come the validation (with messages that name the setting and its place), the JSON
Schema for editors (`schema.py`), and the reference page (`reference.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, Protocol

from topline.base import Finding
from topline.base.hints import closest
from topline.study.marks import Map, Seq, Text, Value

NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
CODE_NAME: Final = re.compile(r"(?:(-?\d+)\s+)?([a-z][a-z0-9_]*)")


class Shape(Protocol):
    """What a value may be."""

    @property
    def says(self) -> str:
        """The shape in words: “a text”, “one of a, b”."""

    def check(self, value: Value, what: str, findings: list[Finding]) -> None:
        """Add a finding for every fault of the value; `what` names it in the messages."""


def wrong(shape: Shape, value: Value, what: str) -> Finding:
    """The finding that a value is not of its shape."""
    given = f"“{value}”" if isinstance(value, Text) else "a list" if isinstance(value, Seq) else "a mapping"
    if value == "":
        given = "empty"
    return Finding("wrong-shape", {"what": what, "given": given, "allowed": shape.says}, value.mark)


@dataclass(frozen=True)
class Scalar:
    """A text, read as something: `kind` is text, name, whole, number, date, flag or expression."""

    kind: str
    words: str
    example: str = ""
    minimum: int | None = None

    @property
    def says(self) -> str:
        """The shape in words."""
        return self.words

    def check(self, value: Value, what: str, findings: list[Finding]) -> None:
        """Add a finding if the text cannot be read."""
        empty = isinstance(value, Text) and not value.strip() and self.kind != "code"
        if not isinstance(value, Text) or empty or not self.reads(value):
            findings.append(wrong(self, value, what))

    def reads(self, text: str) -> bool:
        """Whether the text can be read as this kind."""
        match self.kind:
            case "name":
                return NAME.fullmatch(text) is not None
            case "code name":
                return CODE_NAME.fullmatch(text) is not None
            case "whole":
                return re.fullmatch(r"-?\d+", text) is not None and (
                    self.minimum is None or int(text) >= self.minimum
                )
            case "number":
                return _is_number(text)
            case "date":
                return _is_date(text)
            case "number or date":
                return _is_number(text) or _is_date(text)
            case "flag":
                return text in ("true", "false")
        return True


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def says(self) -> str:
        """The words."""
        return "one of " + ", ".join(self.words) if len(self.words) > 1 else self.words[0]

    def check(self, value: Value, what: str, findings: list[Finding]) -> None:
        """Add a finding if it is none of them."""
        if not isinstance(value, Text) or value not in self.words:
            findings.append(wrong(self, value, what))


@dataclass(frozen=True)
class ListOf:
    """A list of values of one shape; with `exactly`, of that length."""

    item: Shape
    exactly: int | None = None

    @property
    def says(self) -> str:
        """A list, and of what."""
        many = f"{self.exactly} of these: " if self.exactly else ""
        return f"a list in [ ] ({many}{self.item.says})"

    def check(self, value: Value, what: str, findings: list[Finding]) -> None:
        """Check the list and each item."""
        if not isinstance(value, Seq) or (self.exactly is not None and len(value) != self.exactly):
            findings.append(wrong(self, value, what))
            return
        for item in value:
            self.item.check(item, what, findings)


@dataclass(frozen=True)
class MapOf:
    """A mapping whose keys the author chooses: answers, scales, targets."""

    key: Scalar
    item: Shape
    one: str  # what one entry is called: “answer”, “scale”

    @property
    def says(self) -> str:
        """Lines of key and value."""
        return f"lines of “{self.key.example or 'name'}: ...”, one for each {self.one}"

    def check(self, value: Value, what: str, findings: list[Finding]) -> None:
        """Check every key and value."""
        if not isinstance(value, Map) or not value:
            first = value[0] if isinstance(value, Seq) and value else value
            own = isinstance(first, Text) and self.key.reads(first)
            fitting = replace(self.key, example=str(first)) if own else self.key
            findings.append(wrong(replace(self, key=fitting), value, what))
            return
        for key, item in value.items():
            self.key.check(value.key(key), f"the name of this {self.one}", findings)
            self.item.check(item, f"{self.one} {key.split()[-1] if key else key}", findings)


@dataclass(frozen=True)
class Setting:
    """One setting of a record: its shape, whether it must be there, and a sentence for the reference page."""

    shape: Shape
    doc: str
    required: bool = False


@dataclass(frozen=True)
class Record:
    """A mapping with settings known beforehand.

    `short`: what may stand in the place of the whole record (a bare text for `{label: ...}`). `open`: the
    shape of settings whose names the author chooses (`{2012: q7, status: same}`).
    """

    title: str
    settings: Mapping[str, Setting]
    short: Shape | None = None
    open: tuple[Scalar, Shape] | None = None
    doc: str = ""

    @property
    def says(self) -> str:
        """Its settings."""
        listed = ", ".join(self.settings)
        return f"{self.short.says}, or the settings {listed}" if self.short else f"the settings {listed}"

    def check(self, value: Value, what: str, findings: list[Finding]) -> None:
        """Check known settings, name unknown ones with the nearest known, ask for what must be there."""
        if not isinstance(value, Map):
            if self.short is not None and isinstance(value, Text):
                self.short.check(value, what, findings)
            else:
                findings.append(wrong(self, value, what))
            return
        meant: set[object] = set()  # a misspelt setting is not reported as missing too
        for key, item in value.items():
            setting = self.settings.get(key)
            if setting is not None:
                setting.shape.check(item, key, findings)
            elif self.open is not None and self.open[0].reads(key):
                self.open[1].check(item, key, findings)
            else:
                findings.append(unknown_setting(value.key(key), what, self.settings))
                meant.add(findings[-1].values.get("near"))
        for name, setting in self.settings.items():
            if setting.required and name not in value and name not in meant:
                values = {"what": what, "setting": name, "doc": setting.doc}
                findings.append(Finding("setting-missing", values, value.mark))


@dataclass(frozen=True)
class Either:
    """One of several shapes, told apart by whether the value is a text, a list or a mapping."""

    text: Shape | None = None
    items: Shape | None = None
    map: Shape | None = None

    @property
    def says(self) -> str:
        """The shapes, joined by “or”."""
        return ", or ".join(shape.says for shape in (self.text, self.items, self.map) if shape)

    def check(self, value: Value, what: str, findings: list[Finding]) -> None:
        """Check against the shape that the value looks like."""
        shape = self.text if isinstance(value, Text) else self.items if isinstance(value, Seq) else self.map
        if shape is None:
            findings.append(wrong(self, value, what))
        else:
            shape.check(value, what, findings)


@dataclass(frozen=True)
class Items:
    """A list of records of several kinds; the kind is the first setting that names one."""

    kinds: Mapping[str, Record]
    one: str
    listed: tuple[str, ...]  # the kinds that a message offers

    @property
    def says(self) -> str:
        """A list, and of which kinds."""
        return f"a list; each {self.one} starts with one of {', '.join(self.listed)}"

    def check(self, value: Value, what: str, findings: list[Finding]) -> None:
        """Check every item against the record of its kind."""
        if not isinstance(value, Seq) or not value:
            findings.append(wrong(self, value, what))
            return
        for item in value:
            if not isinstance(item, Map):
                findings.append(wrong(self, item, f"this {self.one}"))
                continue
            kind = kind_of(item, self.kinds)
            if kind is None:
                findings.append(
                    Finding("no-kind", {"one": self.one, "kinds": ", ".join(self.listed)}, item.mark)
                )
                continue
            self.kinds[kind].check(item, f"{kind} {item[kind]}", findings)


def kind_of(item: Map, kinds: Mapping[str, object]) -> str | None:
    """Which kind an item is: its first setting if that is a kind, else the first setting that is one."""
    return next((key for key in item if key in kinds), None)


def unknown_setting(key: Text, what: str, known: Mapping[str, object]) -> Finding:
    """The finding for a setting that does not exist, with the nearest one that does."""
    if near := closest(key, known):
        return Finding("unknown-setting", {"what": what, "given": key, "near": near}, key.mark)
    return Finding("unknown-setting-list", {"what": what, "given": key, "known": ", ".join(known)}, key.mark)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


TEXT: Final = Scalar("text", "a text")
NAMED: Final = Scalar("name", "a name of small letters, digits and _, starting with a letter")
CODED: Final = Scalar("code name", "CODE NAME, as in “1 yes” (or the name alone)", "1 yes")
WHOLE: Final = Scalar("whole", "a whole number")
COUNT: Final = Scalar("whole", "a whole number from 1 up", minimum=1)
NOT_NEGATIVE: Final = Scalar("whole", "a whole number from 0 up", minimum=0)
NUMBER: Final = Scalar("number", "a number")
DATE: Final = Scalar("date", "a date as 2013-11-01")
BOUND: Final = Scalar("number or date", "a number, or a date as 2013-11-01")
FLAG: Final = Scalar("flag", "true or false")
EXPRESSION: Final = Scalar("expression", "a condition, as in “party = republican”")
REFERENCE: Final = Scalar("reference", "a question, or grid.row")
FILE: Final = Scalar("file", "the name of a file in the study's folder")


def record(
    title: str, doc: str = "", short: Shape | None = None, /, **settings: tuple[Shape, str] | Setting
) -> Record:
    """Declare a record; a setting is (shape, sentence), or `must(...)` when it has to be there."""
    made = {name: s if isinstance(s, Setting) else Setting(s[0], s[1]) for name, s in settings.items()}
    return Record(title, made, short, doc=doc)


def must(shape: Shape, doc: str) -> Setting:
    """A setting that has to be there."""
    return Setting(shape, doc, required=True)
