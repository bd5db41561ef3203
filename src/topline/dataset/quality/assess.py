"""All checks of a data set at once: flags by name, what stands behind them, whom the rules take out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from topline.base import fail, half_up
from topline.base.words import words
from topline.dataset.data import Dataset
from topline.dataset.excluded import Excluded, Exclusions
from topline.dataset.filter import filter_rows
from topline.dataset.quality.duplicates import Duplicates, duplicates
from topline.dataset.quality.exclude import exclude, without
from topline.dataset.quality.flags import Flag, Mask
from topline.dataset.quality.nonresponse import ItemNonresponse, item_nonresponse, left_unanswered
from topline.dataset.quality.rules import QualityRules, quality_rules
from topline.dataset.quality.speed import Speed, speed
from topline.dataset.quality.straight import GridQuality, straight_lining

LEAST_ANSWERS: Final = 3


@dataclass(frozen=True, eq=False, repr=False)
class Quality:
    """What the checks found in `n` people. Nothing has been changed.

    `excluded` is what each declared rule takes out, `out` (n,) the people of all of them.
    """

    n: int
    rules: QualityRules
    flags: Mapping[str, Flag]
    items: tuple[ItemNonresponse, ...]
    grids: tuple[GridQuality, ...]
    speed: Speed | None
    duplicates: Duplicates
    excluded: tuple[Excluded, ...]
    out: Mask

    @cached_property
    def flagged(self) -> Mask:
        """Who has any flag (n,)."""
        found: Mask = np.logical_or.reduce([flag.people for flag in self.flags.values()])
        return found

    def __repr__(self) -> str:
        """The counts on one line."""
        counts = "; ".join(f"{flag!r}" for flag in self.flags.values())
        return f"{self.n:,} people: {counts}"


def assess(data: Dataset, rules: QualityRules) -> Quality:
    """Apply every check to the data as they were collected, before anybody is taken out."""
    grids = straight_lining(data, rules.rows)
    fast, alike = speed(data, rules), duplicates(data, rules)
    found = [fast.flag] if fast else []
    found += [_straight(grids, data.n, rules), _unanswered(data, rules), alike.flag]
    for each in rules.contradictions:
        masks = filter_rows(each.where, data, data.study)
        rule = words("quality-contradiction-rule", where=each.where.text)
        found.append(Flag(each.name, each.label, rule, masks.true, masks.true | masks.false))
    flags = {flag.name: flag for flag in found}
    out, excluded = exclude(flags, rules.exclusions, data.n)
    return Quality(data.n, rules, flags, item_nonresponse(data), grids, fast, alike, excluded, out)


def excluding(data: Dataset) -> Dataset:
    """The data without the people whom the rules of its study take out; as they are where no rule does.

    Raises ToplineError if nobody is left.
    """
    rules = quality_rules(data.study)
    if not rules.exclusions:
        return data
    found = assess(data, rules)
    if found.out.all():
        fail("quality-nobody-left", n=data.n)
    return replace(without(data, found.out), exclusions=Exclusions(found.out, found.excluded))


def _straight(grids: tuple[GridQuality, ...], n: int, rules: QualityRules) -> Flag:
    """People with enough straight grids among those that they answered.

    One answer of two for every row is often the truth, so grids of yes and no are counted and not held
    against anybody.
    """
    grids = tuple(grid for grid in grids if grid.answers >= LEAST_ANSWERS)
    judged = np.sum([grid.judged for grid in grids], axis=0) if grids else np.zeros(n, dtype=np.int64)
    lines = np.sum([grid.straight for grid in grids], axis=0) if grids else np.zeros(n, dtype=np.int64)
    people = (judged > 0) & (lines >= rules.straight_share * judged)
    share = half_up(100 * rules.straight_share)
    rule = words("quality-straight-rule", rows=rules.rows, share=share)
    return Flag("straight_lining", words("quality-straight"), rule, people, judged > 0)


def _unanswered(data: Dataset, rules: QualityRules) -> Flag:
    asked, left = left_unanswered(data)
    rule = words("quality-unanswered-rule", share=half_up(100 * rules.unanswered))
    people = (asked > 0) & (left > rules.unanswered * asked)
    return Flag("unanswered", words("quality-unanswered"), rule, people, asked > 0)
