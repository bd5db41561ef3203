"""A design as what it does to variances: levels of nested units, and what each unit's total counts for.

Whatever the design, the variance of a total of linearised values z is a sum over levels of
sum(factor * (total of z in the unit)^2): for people drawn in strata, f_h z^2 of each person less f_h/n_h of
each stratum's total squared, with f_h = (1 - n_h/N_h) n_h/(n_h - 1); for clusters, the same of the totals of
primary units; for two stages, n_h/N_h times the same within each primary unit is added (Särndal, Swensson and
Wretman 1992, Model Assisted Survey Sampling, result 4.3.1; R's survey: multistage()). So every estimator is
written once, over levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from topline.base import fail
from topline.dataset import Floats

#: What becomes of a stratum with one unit: R's options(survey.lonely.psu = "fail", "adjust", ...).
Lonely = Literal["refuse", "adjust", "average", "remove", "certainty"]
LONELY: tuple[Lonely, ...] = ("refuse", "adjust", "average", "remove", "certainty")

Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Units drawn within clusters: `units` (n,) the unit of each person, `population` (m,) how many units
    each cluster has.
    """

    units: Ints
    population: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Units of one level over people in the design's order: unit u is rows `starts[u]` to `starts[u + 1]`.

    `factors` (U,) is what the square of a unit's total counts for, `persons` (U,) what the square of each of
    its people's values does.
    """

    starts: Ints
    factors: Floats
    persons: Floats

    def totals(self, z: Floats) -> Floats:
        """The totals of values (n, ...) in the design's order over each unit (U, ...)."""
        found: Floats = np.add.reduceat(z, self.starts[:-1], axis=0)
        return found

    @property
    def of_rows(self) -> Ints:
        """The unit of each row (n,)."""
        return np.repeat(np.arange(len(self.factors)), np.diff(self.starts))


@dataclass(frozen=True, slots=True, eq=False)
class Nested:
    """The levels of a design over its people in `order` (n,), None where they lie in it already."""

    order: Ints | None
    levels: tuple[Level, ...]

    def ordered(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values (n, ...) in the design's order."""
        return values if self.order is None else values[self.order]


def fractions_left(sizes: Floats, population: Floats | None) -> Floats:
    """1 - n/N of each stratum: 1 where units count as drawn with replacement, 0 where all were drawn."""
    if population is None:
        return np.ones(len(sizes))
    return np.where(population - sizes > 1e-7 * population, 1.0 - sizes / population, 0.0)


def factors_of(sizes: Floats, left: Floats, lonely: Lonely) -> tuple[Floats, Floats]:
    """What a unit's square counts for, and what the square of its stratum's total takes off (both (H,)).

    A lonely unit counts 0, as do all units of strata that were taken whole; with `adjust` it is compared with
    0, the mean of linearised values over the whole sample.
    """
    own = np.where(sizes > 1, left * sizes / np.maximum(sizes - 1.0, 1.0), 0.0)
    minus = own / np.maximum(sizes, 1.0)
    alone = (sizes == 1) & (left > 0.0)
    if lonely == "adjust":
        own = np.where(alone, left, own)
    if lonely == "average" and alone.any():
        share = len(sizes) / max(len(sizes) - int(alone.sum()), 1)
        return own * share, minus * share
    return own, minus


def people_in_strata(strata: Ints, sizes: Floats, left: Floats, lonely: Lonely) -> Nested:
    """The one level of a design whose people were drawn themselves."""
    order = _order(strata)
    own, minus = factors_of(sizes, left, lonely)
    starts, present = _segments(strata if order is None else strata[order])
    return Nested(order, (Level(starts, -minus[present], own[present]),))


def clusters_in_strata(
    strata: Ints, clusters: Ints, second: Stage | None, sizes: Floats, left: Floats, lonely: Lonely
) -> Nested:
    """The levels of a clustered design: strata, clusters, and the units drawn within them."""
    keys = (clusters, strata) if second is None else (second.units, clusters, strata)
    sorted_rows: Ints = np.lexsort(keys).astype(np.intp)
    order = None if np.all(np.diff(sorted_rows) == 1) else sorted_rows
    strata, clusters = (values if order is None else values[order] for values in (strata, clusters))
    own, minus = factors_of(sizes, left, lonely)
    starts, present = _segments(strata)
    levels = [Level(starts, -minus[present], np.zeros(len(present)))]
    first, ids = _segments(clusters)
    inside = strata[first[:-1]]
    factors = own[inside]
    if second is None:
        return Nested(order, (*levels, Level(first, factors, np.zeros(len(ids)))))
    units = second.units if order is None else second.units[order]
    starts, _ = _segments(units)
    parents = np.searchsorted(first, starts[:-1], side="right") - 1
    inner = np.bincount(parents, minlength=len(ids)).astype(np.float64)
    left2 = fractions_left(inner, second.population[ids])
    own2, minus2 = factors_of(inner, left2, lonely)
    share = 1.0 - left[inside]
    own2, minus2 = own2 * share, minus2 * share
    if len(starts) == len(units) + 1:  # every unit is one person
        return Nested(order, (*levels, Level(first, factors - minus2, own2)))
    last = Level(starts, own2[parents], np.zeros(len(parents)))
    return Nested(order, (*levels, Level(first, factors - minus2, np.zeros(len(ids))), last))


def check_second(second: Stage, clusters: Ints, lonely: Lonely) -> None:
    """Refuse second-stage units that lie in two clusters, are more than there are, or stand alone."""
    pairs = np.unique(np.stack([second.units, clusters]), axis=1)
    if len(np.unique(pairs[0])) < pairs.shape[1]:
        fail("units_not_nested")
    inner = np.bincount(pairs[1], minlength=len(second.population)).astype(np.float64)
    over = inner > second.population
    if over.any():
        fail("units_overfull", n=int(inner[over][0]), population=float(second.population[over][0]))
    alone = (inner == 1) & (second.population > 1)
    if alone.any() and lonely in ("refuse", "average"):
        fail("units_lonely", n=int(alone.sum()))


def _order(strata: Ints) -> Ints | None:
    if (np.diff(strata) >= 0).all():
        return None
    narrow = strata.astype(np.uint16) if strata.max() < 1 << 16 else strata  # sorted by digits: faster
    return np.argsort(narrow, kind="stable").astype(np.intp)


def _segments(ids: Ints) -> tuple[Ints, Ints]:
    """Where runs of the same id start (U + 1,), and their ids (U,)."""
    begins = np.flatnonzero(np.concatenate([[len(ids) > 0], ids[1:] != ids[:-1]]))
    return np.append(begins, len(ids)).astype(np.intp), ids[begins]
