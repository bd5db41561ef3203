"""A plan of a sample, and the sample that a seed draws by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from topline.base import fail
from topline.sampling.allocation import LEAST, Allocation, allocate
from topline.sampling.clusters import units_and_people
from topline.sampling.selection import generator, simple, stratified, systematic

Method = Literal["simple", "stratified", "systematic", "pps"]
METHODS: Final[tuple[Method, ...]] = ("simple", "stratified", "systematic", "pps")
Groups = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a sample of people is drawn.

    `by`: the attributes that make strata, or, of a systematic sample, that the frame is sorted by, or, of
    `pps`, the one whose groups are the units to draw first, `units` of them. `spread`: the standard deviation
    by stratum, for Neyman's allocation.
    """

    size: int
    seed: int
    method: Method = "simple"
    by: tuple[str, ...] = ()
    allocation: Allocation = "proportional"
    least: int = LEAST
    spread: Mapping[Groups, float] = field(default_factory=dict)
    units: int = 0


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum (or unit) of a sample: its groups, its people, how many were drawn, and the probability of
    each person before anything was drawn.
    """

    groups: Groups
    population: int
    drawn: int
    probability: float


@dataclass(frozen=True, eq=False)
class Sample:
    """Who was drawn: places in the frame (n,), and the strata with their probabilities."""

    plan: Plan
    places: NDArray[np.int64]
    strata: tuple[Stratum, ...]


def draw(plan: Plan, groups: Sequence[Groups]) -> Sample:
    """Draw a sample of a frame: `groups` has the groups of each person in the attributes `plan.by`.

    The probabilities are exact, and the same for the same frame, plan and seed. Raises ToplineError where
    the plan asks for what the frame has not.
    """
    if plan.method != "simple" and not plan.by:
        fail("sample-by-missing", method=plan.method)
    random = generator(plan.seed)
    if plan.method in ("simple", "systematic"):
        if not 0 < plan.size <= len(groups):
            fail("sample-size", given=plan.size, most=len(groups))
        if plan.method == "systematic":
            places = systematic(_sorted(groups, random), plan.size, random)
        else:
            places = simple(len(groups), plan.size, random)
        return Sample(plan, places, (Stratum((), len(groups), plan.size, plan.size / len(groups)),))
    names = sorted(set(groups), key=lambda each: tuple(name or "" for name in each))
    number = {name: place for place, name in enumerate(names)}
    strata = np.array([number[each] for each in groups], dtype=np.intp)
    counts = np.bincount(strata, minlength=len(names))
    sizes, chances = _sizes(plan, names, counts.tolist(), random)
    each = zip(names, counts.tolist(), sizes.tolist(), chances, strict=True)
    return Sample(plan, stratified(strata, sizes, random), tuple(Stratum(*values) for values in each))


def _sizes(
    plan: Plan, names: Sequence[Groups], counts: Sequence[int], random: np.random.Generator
) -> tuple[NDArray[np.int64], list[float]]:
    """How many are drawn from each stratum or unit, and the probability of each person in it."""
    if plan.method == "pps":
        called = [" x ".join(each or "-" for each in name) for name in names]
        sizes = units_and_people(counts, plan.size, plan.units, random, least=plan.least, names=called)
        return sizes, [plan.size / sum(counts)] * len(names)
    sizes = allocate(counts, plan.size, plan.allocation, spread=_spread(plan, names), least=plan.least)
    return sizes, (sizes / np.asarray(counts)).tolist()


def _sorted(groups: Sequence[Groups], random: np.random.Generator) -> NDArray[np.intp]:
    """The frame by its groups, and within them at random: no order of the list slips in."""
    shuffled = random.permutation(len(groups))
    keys = [tuple(name or "" for name in each) for each in groups]
    return np.array(sorted(shuffled, key=lambda place: keys[place]), dtype=np.intp)


def _spread(plan: Plan, names: Sequence[Groups]) -> list[float] | None:
    if plan.allocation != "neyman":
        return None
    if missing := [name for name in names if name not in plan.spread]:
        listed = "; ".join(" x ".join(each or "-" for each in name) for name in missing[:5])
        fail("sample-spread-groups", groups=listed)
    return [plan.spread[name] for name in names]
