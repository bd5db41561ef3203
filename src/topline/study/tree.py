"""Conditions as trees (FORMAT.md section 5): frozen, comparable, free of positions in their identity.

`ask_if`, `where` and checks are parsed to one of these by `topline.study.parse`; four readings walk them: the
route (`evaluate`), the table filter over arrays (in `dataset`), the base sentence, and the static checks.
Answers are stored by name; a name that is a net is resolved when it is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from topline.base import Mark

Comparison = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Ref:
    """A variable: `name`, or `grid.row`."""

    name: str
    row: str | None = None
    mark: Mark | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """Give it as it is written."""
        return f"{self.name}.{self.row}" if self.row else self.name


@dataclass(frozen=True, slots=True)
class Compare:
    """`REF = ANSWER|NET|NUMBER|DATE`, `REF < NUMBER` and so on. An answer or net is a `str`."""

    ref: Ref
    op: Comparison
    value: str | Decimal | date
    mark: Mark | None = field(default=None, compare=False)  # of the value


@dataclass(frozen=True, slots=True)
class In:
    """`REF in [a, b]`: the answer (or net of answers) is one of them; `not in` is `negated`."""

    ref: Ref
    values: tuple[str, ...]
    negated: bool = False
    marks: tuple[Mark, ...] = field(default=(), compare=False)  # of each value


@dataclass(frozen=True, slots=True)
class Has:
    """`REF has a`, `REF has any [a, b]`, `REF has all [a, b]`, of a multiple response."""

    ref: Ref
    values: tuple[str, ...]
    how: Literal["any", "all"] = "any"
    marks: tuple[Mark, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Count:
    """`count(REF) >= 2`: how many options of a multiple response are chosen."""

    ref: Ref
    op: Comparison
    value: int


@dataclass(frozen=True, slots=True)
class Is:
    """`REF is [not] KIND`: a missing kind, `missing`, `answered` or `not_asked`. Never unknown."""

    ref: Ref
    state: str
    negated: bool = False
    mark: Mark | None = field(default=None, compare=False)  # of the state


@dataclass(frozen=True, slots=True)
class InGroup:
    """A named group: stands for its condition."""

    name: str
    mark: Mark | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`not X`: unknown stays unknown."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Node, ...]


Node = Compare | In | Has | Count | Is | InGroup | Not | And | Or


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed expression with the text it was written as."""

    node: Node
    text: str = field(compare=False, default="")
    mark: Mark | None = field(compare=False, default=None)
