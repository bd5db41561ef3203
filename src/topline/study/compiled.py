"""The compiled form: all that the respondent's pages need of a study, and nothing else.

Texts stand apart, by address and language; conditions are trees in which nets and groups are already
resolved. It is written as canonical JSON: sorted keys, no floats, UTF-8, empty fields left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from types import UnionType
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from topline.study.model import Kind
from topline.study.tree import And, Compare, Count, Has, In, InGroup, Is, Node, Not, Or
from topline.study.tree_json import node_as_json, node_from_json

Place = Literal["first", "last"]
_NODES: Final = (Compare, In, Has, Count, Is, InGroup, Not, And, Or)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer as the pages offer it; `text`, `hint` and `specify` are addresses of texts."""

    name: str
    text: str
    code: int | None = None
    hint: str | None = None
    place: Place | None = None
    exclusive: bool = False
    specify: str | None = None
    ends: Literal["screened_out"] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a grid; `text` is the address of its words."""

    name: str
    text: str
    code: int | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Ordering:
    """How an order varies between people (`study.model.Order` without its place in a file)."""

    how: Literal["shuffle", "flip"]
    by: str | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A check: what must hold, how hard, and the address of what to say when it does not."""

    severity: Literal["hard", "soft"]
    rule: Node
    say: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the pages ask it. `route` already holds its section's condition."""

    kind: Kind
    id: str
    ask: str | None = None
    label: str | None = None
    hint: str | None = None
    title: str | None = None
    text: str | None = None
    route: Node | None = None
    required: bool = False
    options: tuple[Choice, ...] = ()
    missing: tuple[Choice, ...] = ()
    rows: tuple[Item, ...] = ()
    order_rows: Ordering | None = None
    order_options: Ordering | None = None
    options_from: str | None = None
    places: int | None = None
    minimum: Decimal | date | None = None
    maximum: Decimal | date | None = None
    decimals: int = 0
    lines: int = 1
    max_length: int | None = None
    quotes: bool = False
    look: Literal["list"] | None = None
    checks: tuple[Rule, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables that this question fills: itself, or its rows as `grid.row`."""
        if self.kind == "grid":
            return tuple(f"{self.id}.{row.name}" for row in self.rows)
        return () if self.kind == "info" else (self.id,)


@dataclass(frozen=True, slots=True)
class Screen:
    """What is shown at one time. A page whose later questions hang on its earlier ones is cut into
    several.
    """

    name: str
    questions: tuple[Asked, ...]
    section: str | None = None  # the section's name


@dataclass(frozen=True, slots=True)
class Part:
    """A section: the address of its title, and the order of its questions if that varies."""

    name: str
    title: str
    questions: Ordering | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """An attribute; `shorts` holds the addresses of short names. `kept` ones stay beside a response."""

    name: str
    label: str
    kind: Literal["codes", "number", "date"] = "codes"
    options: tuple[Choice, ...] = ()
    shorts: Mapping[str, str] = field(default_factory=dict)
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Draw:
    """A split: its arms with their relative sizes."""

    name: str
    arms: Mapping[str, int]


@dataclass(frozen=True)
class Compiled:
    """A study, compiled. `texts` is language -> address -> text; the first of `languages` has them all."""

    id: str
    languages: tuple[str, ...]
    anonymity: str
    screens: tuple[Screen, ...]
    start: Asked | None = None  # the first question, when it is an `info`: words of the start page
    thanks: Asked | None = None  # the last one, when it is an `info`: words of the thank-you page
    sections: tuple[Part, ...] = ()
    attributes: tuple[Known, ...] = ()
    splits: tuple[Draw, ...] = ()
    contact: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    privacy: Mapping[str, str] = field(default_factory=dict)  # as in study.yaml; `until.KIND`: ISO date

    @cached_property
    def questions(self) -> Mapping[str, Asked]:
        """Every question that is asked, by id, in order."""
        return {question.id: question for screen in self.screens for question in screen.questions}

    @cached_property
    def wording(self) -> Mapping[str, str]:
        """The texts of the first language that are frozen: all but the labels of tables."""
        return {
            key: text for key, text in self.texts[self.languages[0]].items() if not key.endswith(".label")
        }


def _is_label(address: str) -> bool:
    """Whether an address is that of a table's label: `skills.label`, `attributes.department.label`."""
    *of, last = address.removeprefix("attributes.").split(".")
    return last == "label" and len(of) == 1


def canonical(value: object) -> str:
    """Give plain data as canonical JSON: sorted keys, no spaces, UTF-8; a float is refused."""
    return json.dumps(_no_floats(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def as_json(compiled: Compiled) -> str:
    """Write the compiled form as canonical JSON, one line."""
    return canonical(as_plain(compiled)) + "\n"


def from_json(text: str) -> Compiled:
    """Read what `as_json` wrote."""
    return _read(Compiled, json.loads(text))


def as_plain(value: object) -> Any:
    """Give a value of the compiled form as dicts, lists and texts; fields at their default are left out."""
    if isinstance(value, _NODES):
        return node_as_json(value)
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((each, getattr(value, each.name)) for each in fields(value))
        return {each.name: as_plain(part) for each, part in pairs if not _is_default(each, part)}
    if isinstance(value, Mapping):
        return {str(key): as_plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [as_plain(each) for each in value]
    if isinstance(value, Decimal | date):
        return str(value)
    return str(value) if isinstance(value, str) else value


def _is_default(of: Field[Any], value: object) -> bool:
    default = of.default_factory() if of.default_factory is not MISSING else of.default
    return type(value) is type(default) and value == default


def _no_floats(value: object) -> object:
    if isinstance(value, float):
        raise TypeError(f"the compiled form holds no floats, got {value!r}")
    if isinstance(value, Mapping):
        return {key: _no_floats(each) for key, each in value.items()}
    return [_no_floats(each) for each in value] if isinstance(value, list | tuple) else value


_T = TypeVar("_T")


@cache
def _hints(kind: Hashable) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(kind: type[_T], value: Mapping[str, Any]) -> _T:
    """Build a dataclass of the compiled form from plain data, by its type hints."""
    hints = _hints(cast(Any, kind))
    return kind(**{name: _value(hints[name], each) for name, each in value.items()})


def _value(hint: Any, value: Any) -> Any:
    if hint == Node:
        return node_from_json(value)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _of_union(tuple(each for each in inner if each is not type(None)), value)
    if origin is tuple:
        return tuple(_value(inner[0], each) for each in value)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _value(inner[1], each) for key, each in value.items()}
    return _read(hint, value) if is_dataclass(hint) and isinstance(hint, type) else value


def _of_union(kinds: tuple[Any, ...], value: Any) -> Any:
    if set(kinds) == set(get_args(Node)):
        return node_from_json(value)
    if Decimal in kinds or date in kinds:
        return date.fromisoformat(value) if _DATE.fullmatch(value) else Decimal(value)
    return _value(kinds[0], value)
