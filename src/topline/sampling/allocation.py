"""Allocation: how many are drawn from each stratum of a population.

Proportional, equal, and Neyman's, which draws in proportion to N_h S_h (Cochran 1977, Sampling Techniques,
3rd ed., section 5.5, equation 5.26, page 99). A stratum that would give more than it has is taken whole and
the rest is allocated anew (section 5.8, page 104); a least number for each stratum is kept in the same way.
Whole numbers come by largest remainders.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from topline.base import fail

Allocation = Literal["proportional", "equal", "neyman"]
ALLOCATIONS: Final[tuple[Allocation, ...]] = ("proportional", "equal", "neyman")
#: Two people a stratum is the least from which its variance can be estimated.
LEAST: Final = 2
_HALVINGS: Final = 200
#: Shares that differ from a whole number by less than this are that number: they were reached by halving.
_WHOLE: Final = 1e-9

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def allocate(
    population: Sequence[int],
    size: int,
    how: Allocation = "proportional",
    *,
    spread: Sequence[float] | None = None,
    least: int = LEAST,
) -> Ints:
    """How many to draw from each stratum (k,): they sum to `size`, none is above its population.

    `spread` is the standard deviation of what is measured, by stratum; Neyman's allocation needs it. `least`
    is drawn from every stratum that has so many, else all of it. Raises ToplineError for a size that is not
    between the sum of these and the population, and for a spread that is missing, negative or 0 everywhere.
    """
    counts = np.asarray(population, dtype=np.int64)
    lowest = np.minimum(counts, least)
    if not 0 < size <= counts.sum():
        fail("sample-size", given=size, most=int(counts.sum()))
    if size < lowest.sum():
        fail("sample-size-least", given=size, least=least, strata=len(counts), needed=int(lowest.sum()))
    shares = _shares(_measure(counts, how, spread), lowest, counts, size)
    return _whole(shares, counts, size)


def _measure(counts: Ints, how: Allocation, spread: Sequence[float] | None) -> Floats:
    """What the sample is in proportion to."""
    if how == "equal":
        return np.where(counts > 0, 1.0, 0.0)
    if how == "proportional":
        return counts.astype(np.float64)
    if spread is None or len(spread) != len(counts):
        fail("sample-spread-missing", strata=len(counts), given=0 if spread is None else len(spread))
    deviations = np.asarray(spread, dtype=np.float64)
    if not np.isfinite(deviations).all() or (deviations < 0).any() or not (deviations * counts).any():
        fail("sample-spread", given=", ".join(f"{each:g}" for each in deviations))
    return counts * deviations


def _shares(measure: Floats, lowest: Ints, counts: Ints, size: int) -> Floats:
    """The shares in proportion to `measure` between `lowest` and `counts` that sum to `size`.

    The factor is found by halving; where strata without measure must fill up, they do so by their room.
    """

    def at(factor: float) -> Floats:
        return np.asarray(np.clip(measure * factor, lowest, counts))

    low, high = 0.0, float(counts.max()) / float(measure[measure > 0].min())
    if at(high).sum() < size:  # everything that has a measure is taken whole, and it is not enough
        taken = at(high)
        room = counts - taken
        return np.asarray(taken + room * ((size - taken.sum()) / room.sum()))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if at(middle).sum() < size else (low, middle)
    return at(high)


def _whole(shares: Floats, counts: Ints, size: int) -> Ints:
    """Whole numbers by largest remainders; of equal ones the first stratum's."""
    found = np.floor(shares + _WHOLE).astype(np.int64)
    remainders = np.where(found < counts, np.round(shares - found, 9), -1.0)
    order = np.argsort(-remainders, kind="stable")
    found[order[: size - int(found.sum())]] += 1
    return found
