"""Selection with unequal probabilities: in proportion to a size that is known for every unit.

For drawing offices, schools or departments, not people. Units that are so large that their probability would
pass 1 are certain: they are taken first, and the rest is reckoned anew without them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from topline.base import fail

Places = NDArray[np.int64]
Floats = NDArray[np.float64]
#: Sums of probabilities are whole numbers up to this.
_SMALL = 1e-9


def inclusion_probabilities(sizes: Sequence[float], number: int) -> Floats:
    """The probability of each unit (N,), in proportion to its size and at most 1; they sum to `number`.

    Särndal, Swensson and Wretman 1992, section 3.6.1, page 89. Raises ToplineError for sizes that are
    negative or no numbers, and for more units than have a size.
    """
    values = np.asarray(sizes, dtype=np.float64)
    if not np.isfinite(values).all() or (values < 0).any():
        place = int(np.flatnonzero(~np.isfinite(values) | (values < 0))[0])
        fail("sample-measure", unit=place + 1, given=f"{values[place]:g}")
    if not 0 < number <= np.count_nonzero(values):
        fail("sample-units", given=number, most=int(np.count_nonzero(values)))
    certain = np.zeros(len(values), dtype=bool)
    while True:
        free = np.where(certain, 0.0, values)
        left = number - int(certain.sum())
        found = np.where(certain, 1.0, left * free / max(free.sum(), np.finfo(float).tiny))
        over = (found >= 1 - _SMALL) & ~certain
        if not over.any():
            return found
        certain |= over


def systematic_unequal(probabilities: Floats, random: np.random.Generator) -> Places:
    """A systematic sample: units whose stretch of the line of probabilities holds one of the points
    u, u+1, ... (Madow 1949; Särndal, Swensson and Wretman 1992, section 3.6.2, page 96).

    The probabilities are exact. Pairs of units that lie unluckily are never drawn together, so no variance
    can be estimated without bias; put the frame in random order first, or take `brewer`.
    """
    ends = np.cumsum(probabilities)
    ends[-1] = number = _number(probabilities)
    points = np.arange(number) + random.random()
    return np.unique(np.searchsorted(ends, points, side="right")).astype(np.int64)


def brewer(probabilities: Floats, random: np.random.Generator) -> Places:
    """Brewer's sample of fixed size with exact probabilities (Brewer 1975, Austral. J. Statist. 17, 166-172;
    Tillé 2006, Sampling Algorithms, section 6.7, algorithm 6.10, page 112).

    Units are drawn one after another; with a = the probabilities already drawn, step i draws unit k in
    proportion to p_k (n - a - p_k) / (n - a - p_k (n - i + 1)). Certain units are taken first.
    """
    certain = probabilities >= 1 - _SMALL
    drawn = np.zeros(len(probabilities), dtype=bool)
    number = _number(probabilities) - int(certain.sum())
    for step in range(1, number + 1):
        chances = brewer_chances(probabilities, drawn, certain, number, step)
        drawn[random.choice(len(chances), p=chances)] = True
    return np.flatnonzero(drawn | certain).astype(np.int64)


def brewer_chances(
    probabilities: Floats, drawn: NDArray[np.bool_], certain: NDArray[np.bool_], number: int, step: int
) -> Floats:
    """The chance of each unit at one step of Brewer's method: 0 for the drawn and the certain ones."""
    free = ~drawn & ~certain
    left = number - float(probabilities[drawn].sum())
    chances = np.zeros(len(probabilities))
    own = probabilities[free]
    chances[free] = own * (left - own) / (left - own * (number - step + 1)) if step < number else own
    return np.asarray(chances / chances.sum())


def _number(probabilities: Floats) -> int:
    total = float(probabilities.sum())
    if abs(total - round(total)) > 1e-6:
        fail("sample-probabilities", given=f"{total:.6g}")
    return round(total)
