"""What may be published: frozen values that claims, charts, tables of the report and the desk read.

Everything here has passed `disclosure.release`. A figure that is hidden carries its mark and nothing else:
no value, no base, no interval. Values are unrounded (claims are checked on them) and are never written to a
file; whoever prints rounds once, with `base.half_up`. Percentages are 0 to 100, differences are in points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from topline.base import fail
from topline.study.address import Address

Unit = Literal["percent", "mean", "count"]
Inference = Literal["descriptive", "design", "census-nonresponse", "model"]
RowKind = Literal["answer", "net", "missing", "mean"]

CONFIDENTIAL: Final = "[c]"  # hidden, so that nobody's answer can be worked out
UNAVAILABLE: Final = "[x]"  # too few for a figure of this kind
UNRELIABLE: Final = "[u]"  # shown, but on a low base


@dataclass(frozen=True, slots=True)
class Figure:
    """One released figure with everything that must be said beside it.

    `base` is the unweighted count of people in the denominator, `weighted_base` the sum of their weights and
    `effective` Kish's effective base. `low` and `high` bound the 95% interval; both are None when the
    inference gives none. `df` are the degrees of freedom behind them.
    """

    address: Address
    unit: Unit
    value: float | None
    base: int | None = None
    weighted_base: float | None = None
    effective: float | None = None
    low: float | None = None
    high: float | None = None
    df: int | None = None
    hidden: Literal["[c]", "[x]"] | None = None
    flags: tuple[str, ...] = ()
    question_label: str = ""  # of the question, with the row's after a colon in a grid
    answer_label: str = ""
    group_label: str = ""  # empty: everybody
    base_sentence: str = ""


@dataclass(frozen=True, slots=True)
class Contrast:
    """The difference `a - b` of two released figures, tested where the inference allows.

    `p` is two-sided and takes account of people who are in both; `adjusted` is p after Holm over the family
    that was asked for (the same as `p` for a family of one). All are None when a or b is hidden.
    """

    a: Figure
    b: Figure
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    adjusted: float | None = None
    df: int | None = None


@dataclass(frozen=True, slots=True)
class TableRequest:
    """A table asked for: a question (or `grid.row`, attribute, derived variable) by banner variables."""

    question: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a released table: a group of a banner variable, or Total (both names empty)."""

    variable: str
    group: str
    heading: str  # label of the variable, "" over Total
    label: str
    base: int | None
    weighted_base: float | None
    effective: float | None
    hidden: Literal["[c]", "[x]"] | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a released table; `item` is the grid row or "", `name` the answer, net or missing kind."""

    item: str
    item_label: str
    name: str
    label: str
    kind: RowKind
    cells: tuple[Figure, ...]  # one for each column


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """A table that may be published; only what is printed of it is rounded."""

    request: TableRequest
    label: str
    wording: str
    base_sentence: str
    measure: str  # what the figures are: "% of respondents" and the like
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()  # what the marks in it mean


@dataclass(frozen=True)
class Released:
    """All that was asked for and may be shown, with what a reader must know about it."""

    study: str
    title: str
    inference: Inference
    noun: Literal["respondents", "people"]
    made_up: bool
    made_up_sentence: str  # "" for real answers
    responses: int
    invited: int | None
    response_rate: float | None  # percent
    weighting: str  # a sentence
    data_hash: str
    figures: Mapping[Address, Figure] = field(default_factory=dict)
    spreads: Mapping[Address, tuple[Figure, ...]] = field(default_factory=dict)
    contrasts: Mapping[tuple[Address, Address], Contrast] = field(default_factory=dict)
    tables: Mapping[TableRequest, ReleasedTable] = field(default_factory=dict)
    excluded_sentence: str = ""  # whom declared rules of data quality took out

    def figure(self, address: Address) -> Figure:
        """The figure at an address that names one figure, whatever it asserts of it."""
        found = self.figures.get(address.figure)
        return found if found is not None else fail("not_requested", what=address)

    def spread(self, address: Address) -> tuple[Figure, ...]:
        """The figures that a spread (a `*` or a set) stands for, in the order of `spread_members`."""
        found = self.spreads.get(address.figure)
        return found if found is not None else fail("not_requested", what=address)

    def contrast(self, a: Address, b: Address) -> Contrast:
        """The difference of two figures, in the order of `Address.sides()` or of two members of a spread."""
        found = self.contrasts.get((a.figure, b.figure))
        return found if found is not None else fail("not_requested", what=f"{a} against {b}")

    def table(self, request: TableRequest) -> ReleasedTable:
        """The table of a question by a banner."""
        found = self.tables.get(request)
        return found if found is not None else fail("not_requested", what=request.question)
