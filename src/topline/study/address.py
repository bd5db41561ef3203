"""Addresses of figures: one type and one parser (grammar: FORMAT.md section 6).

    figure  := (measure | stat "(" measure ")") {"/" filter} ["@" waves]
    measure := question ["." (row | "*")] [("=" | "!=") (answer {"," answer} | "*")]
             | "sets." name | "responses" | "invited" | "response_rate"
    filter  := groupname | attribute ("=" | "!=") groups
    groups  := group {"," group} | group ":" (group | "rest" | "all") | "*"
    address := figure ["?" condition {"&" condition}]

Claims, charts, tables and rehearsal targets all speak it. Whether the names exist is asked of
`topline.study.resolve`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, NoReturn

from topline.base import Mark, fail

COUNTERS: Final = ("responses", "invited", "response_rate")
STATS: Final = ("mean", "median", "base", "count", "index", "cite")
RANKS: Final = ("highest", "lowest")
BOUNDS: Final = ("over", "under")
DIRECTIONS: Final = ("rose", "fell")
ALL: Final = "*"

Operator = Literal["=", "!="]
_NAME = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True, order=True)
class Filter:
    """Whom a figure is of: `department=moj,dft`, `department=moj:rest`, `department=*`, or a named group.

    A named group has neither `op` nor `groups`. `versus` is the right side of a pair; the left is `groups`.
    """

    name: str
    op: Operator | None = None
    groups: tuple[str, ...] = ()
    versus: str | None = None

    def __post_init__(self) -> None:
        """Put the groups in one order: `a,b` and `b,a` are the same people."""
        object.__setattr__(self, "groups", tuple(sorted(set(self.groups))))

    def __str__(self) -> str:
        """Give the filter as it is written, without its slash."""
        versus = f":{self.versus}" if self.versus else ""
        return f"{self.name}{self.op or ''}{','.join(self.groups)}{versus}"


@dataclass(frozen=True, slots=True)
class Condition:
    """What the address asserts of its figures: who leads, a bound, a direction.

    `names` belong to `highest` and `lowest`, `bound` to `over` and `under`; `rose` and `fell` have neither.
    """

    kind: str
    names: tuple[str, ...] = ()
    bound: Decimal | None = None

    def __post_init__(self) -> None:
        """Write a bound one way: 50, never 50.0."""
        if self.bound is not None:
            object.__setattr__(self, "bound", Decimal(_plain(self.bound)))

    def __str__(self) -> str:
        """Give the condition as it is written."""
        if self.kind in RANKS:
            return f"{self.kind}={','.join(self.names)}"
        return self.kind if self.bound is None else f"{self.kind}={_plain(self.bound)}"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a figure stands. Frozen and hashable; `str()` gives the one canonical text.

    `name` is a question, attribute or derived variable, a set (`is_set`), or one of `COUNTERS`.
    `waves` is empty (this wave), one wave, a pair (a change), or `("*",)`.
    """

    name: str
    row: str | None = None
    op: Operator | None = None
    answers: tuple[str, ...] = ()
    stat: str | None = None
    is_set: bool = False
    filters: tuple[Filter, ...] = ()
    waves: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        """Put answers and filters in one order, so that equal figures have equal addresses."""
        object.__setattr__(self, "answers", tuple(sorted(set(self.answers))))
        object.__setattr__(self, "filters", tuple(sorted(self.filters, key=lambda f: f.name)))

    @property
    def variable(self) -> str:
        """The measured variable as `question` or `grid.row`."""
        return f"{self.name}.{self.row}" if self.row else self.name

    @property
    def figure(self) -> Address:
        """The address without its conditions: what is asked of the released figures."""
        return replace(self, conditions=()) if self.conditions else self

    @property
    def is_counter(self) -> bool:
        """Whether it counts people of the fieldwork: responses, invited, response rate."""
        return self.stat is None and not self.is_set and self.name in COUNTERS

    @property
    def is_spread(self) -> bool:
        """Whether it names several figures at once: a `*`, or a set."""
        stars = (*self.answers, *(group for f in self.filters for group in f.groups), *self.waves)
        return self.is_set or self.row == ALL or ALL in stars

    @property
    def is_contrast(self) -> bool:
        """Whether it compares two groups or two waves."""
        return len(self.waves) == 2 or any(f.versus for f in self.filters)

    def sides(self) -> tuple[Address, Address]:
        """The two figures of a contrast, left first. `rest` and `all` become filters on the left group.

        Raises ValueError if the address is no contrast.
        """
        if len(self.waves) == 2:
            return replace(self, waves=self.waves[:1]), replace(self, waves=self.waves[1:])
        for pair in self.filters:
            if pair.versus:
                others = tuple(f for f in self.filters if f is not pair)
                left = replace(pair, versus=None)
                return replace(self, filters=(*others, left)), replace(
                    self, filters=(*others, *_versus(pair))
                )
        raise ValueError(f"{self} compares nothing")

    def __str__(self) -> str:
        """Give the canonical text, without the `#` that stands before it in a link."""
        measure = f"sets.{self.name}" if self.is_set else self.variable
        measure += f"{self.op or ''}{','.join(self.answers)}"
        text = f"{self.stat}({measure})" if self.stat else measure
        text += "".join(f"/{f}" for f in self.filters)
        text += f"@{':'.join(self.waves)}" if self.waves else ""
        return text + (f"?{'&'.join(map(str, self.conditions))}" if self.conditions else "")


def parse_address(text: str, mark: Mark | None = None) -> Address:
    """Read an address; a leading `#` is allowed. `mark` is the place of the text's first character.

    Raises ToplineError, with the place of the fault, if the text does not follow the grammar.
    """
    return _Parser(text, mark).address()


class _Parser:
    def __init__(self, text: str, mark: Mark | None) -> None:
        self.text, self.mark = text, mark
        self.at = 1 if text.startswith("#") else 0

    def address(self) -> Address:
        if self.at == len(self.text):
            self.fail("address_empty")
        address = self.statistic()
        filters: list[Filter] = []
        while self.skip("/"):
            start = self.at
            filters.append(self.filter())
            if filters[-1].name in {f.name for f in filters[:-1]}:
                self.fail("address_twice", start, name=filters[-1].name)
        address = replace(address, filters=tuple(filters), waves=self.waves() if self.skip("@") else ())
        if sum(bool(f.versus) for f in filters) + (len(address.waves) == 2) > 1:
            self.fail("address_pairs", 0)
        conditions = [self.condition()] if self.skip("?") else []
        while conditions and self.skip("&"):
            conditions.append(self.condition())
        if self.at < len(self.text):
            self.fail("address_rest", found=self.text[self.at :])
        return replace(address, conditions=tuple(conditions))

    def statistic(self) -> Address:
        opening = re.compile(r"([A-Za-z0-9_]*)\(").match(self.text, self.at)
        if not opening:
            return self.measure()
        if opening[1] not in STATS:
            self.fail("address_stat", stat=opening[1], allowed=", ".join(STATS))
        self.at = opening.end()
        address = self.measure()
        if not self.skip(")"):
            self.expected("a closing parenthesis")
        return replace(address, stat=opening[1])

    def measure(self) -> Address:
        start = self.at
        name = self.name("a question")
        if name == "sets" and self.skip("."):
            return Address(self.name("the name of a set"), is_set=True)
        row = self.name("a row or *", star=True) if self.skip(".") else None
        op = self.operator()
        answers = self.names("an answer or net") if op else ()
        if name in COUNTERS and (row or op):
            self.fail("address_counter", start, name=name)
        return Address(name, row, op, answers)

    def filter(self) -> Filter:
        name = self.name("an attribute or a group")
        if self.skip("."):
            name += "." + self.name("a row")
        if not (op := self.operator()):
            return Filter(name)
        groups = self.names("a group")
        if len(groups) == 1 and groups[0] != ALL and self.skip(":"):
            return Filter(name, op, groups, self.name("a group, rest or all"))
        return Filter(name, op, groups)

    def waves(self) -> tuple[str, ...]:
        if self.skip(ALL):
            return (ALL,)
        wave = self.name("a wave or *")
        return (wave, self.name("a wave")) if self.skip(":") else (wave,)

    def condition(self) -> Condition:
        start = self.at
        kind = self.name("a condition")
        if kind in DIRECTIONS:
            return Condition(kind)
        if kind not in (*RANKS, *BOUNDS):
            self.fail("address_condition", start, condition=kind)
        if not self.skip("="):
            self.expected(f"= after {kind}")
        if kind in RANKS:
            return Condition(kind, self.names("a name", star=False))
        found = re.compile(r"[^&]*").match(self.text, self.at)
        number = found[0] if found else ""
        try:
            bound = Decimal(number)
        except InvalidOperation:
            self.fail("address_number", found=number, condition=kind)
        if not bound.is_finite():
            self.fail("address_number", found=number, condition=kind)
        self.at += len(number)
        return Condition(kind, bound=bound)

    def operator(self) -> Operator | None:
        if self.skip("!="):
            return "!="
        return "=" if self.skip("=") else None

    def names(self, expected: str, star: bool = True) -> tuple[str, ...]:
        found = [self.name(expected, star)]
        while found[0] != ALL and self.skip(","):
            found.append(self.name(expected))
        return tuple(found)

    def name(self, expected: str, star: bool = False) -> str:
        if star and self.skip(ALL):
            return ALL
        found = _NAME.match(self.text, self.at)
        if not found:
            self.expected(expected)
        self.at = found.end()
        return found[0]

    def skip(self, token: str) -> bool:
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def expected(self, what: str) -> NoReturn:
        self.fail("address_expected", expected=what, found=self.text[self.at :] or "the end")

    def fail(self, id: str, at: int | None = None, **values: object) -> NoReturn:
        offset = self.at if at is None else at
        mark = replace(self.mark, column=self.mark.column + offset) if self.mark else None
        fail(id, mark, address=self.text, **values)


def _versus(pair: Filter) -> tuple[Filter, ...]:
    if pair.versus == "all":
        return ()
    if pair.versus == "rest":
        return (Filter(pair.name, "!=" if pair.op == "=" else "=", pair.groups),)
    return (Filter(pair.name, pair.op, (pair.versus or "",)),)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
