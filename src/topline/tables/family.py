"""Which changes are tested together, and what that does to their p-values.

Who looks through many changes for those that are large finds some by chance. The family is what is looked
through: the changes of one row in one block (everybody over the waves; all groups of the variable over the
waves), or all changes of a run. Holm's method (1979, Scandinavian Journal of Statistics 6, 65-70) keeps the
chance of one false finding in a family under the level, however its tests depend on each other; Benjamini and
Hochberg's (1995, JRSS B 57, 289-300) the share of false ones among those found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from topline.base.words import words
from topline.estimates import benjamini_hochberg, holm
from topline.tables.change import Change
from topline.tables.low_base import NO_FIGURE
from topline.tables.trend import Trend, TrendRow

Adjust = Literal["none", "holm", "bh"]
Over = Literal["row", "all"]


@dataclass(frozen=True, slots=True)
class Family:
    """How p-values are corrected, and over what: on and by row unless said, as for any scan."""

    adjust: Adjust = "holm"
    over: Over = "row"

    @property
    def sentence(self) -> str:
        """The convention, as it is printed over the changes."""
        if self.adjust == "none":
            return words("change-adjust-none")
        return words(f"change-adjust-{self.adjust}", over=words(f"change-over-{self.over}"))

    def said_of(self, trends: Sequence[Trend]) -> list[str]:
        """The sentence, where one of the changes was corrected."""
        changes = [made for trend in trends for row in trend.rows for made in row.changes]
        return [self.sentence] if any(made and made.adjusted is not None for made in changes) else []


def adjusted(trends: Sequence[Trend], family: Family) -> tuple[Trend, ...]:
    """The trends with p-values corrected in families of more than one.

    Figures under the smallest base are in no family, and neither are changes without a test.
    """
    if family.adjust == "none":
        return tuple(trends)
    families: dict[object, list[Change]] = defaultdict(list)
    for trend in trends:
        for row in trend.rows:
            tested = [made for made in row.changes if made is not None and _tested(made)]
            families[_key(trend, row, family.over)] += tested
    correct = holm if family.adjust == "holm" else benjamini_hochberg
    new: dict[int, Change] = {}  # by the identity of the change: equal ones may be in two families
    for changes in families.values():
        if len(changes) < 2:
            continue  # nothing was looked through
        for made, p in zip(changes, correct([made.p or 0.0 for made in changes]), strict=True):
            new[id(made)] = replace(made, adjusted=p)
    return tuple(replace(trend, rows=tuple(_with(row, new) for row in trend.rows)) for trend in trends)


def _with(row: TrendRow, new: Mapping[int, Change]) -> TrendRow:
    return replace(row, changes=tuple(new.get(id(made), made) for made in row.changes))


def _key(trend: Trend, row: TrendRow, over: Over) -> object:
    """What rows of one family have in common."""
    return (trend.question, row.item, row.spec.name, bool(row.group)) if over == "row" else ""


def _tested(made: Change) -> bool:
    return made.p is not None and made.flag != NO_FIGURE
