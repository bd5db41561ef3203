"""Selection with equal probabilities within a frame or a stratum: simple random and systematic.

Every draw comes from one generator, PCG64 of NumPy, whose seed is kept: the same seed on the same frame in
the same order draws the same people.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from topline.base import fail

Places = NDArray[np.int64]


def generator(seed: int) -> np.random.Generator:
    """The generator of a seed."""
    return np.random.Generator(np.random.PCG64(seed))


def simple(population: int, size: int, random: np.random.Generator) -> Places:
    """A simple random sample without replacement: places 0 to N-1, in order.

    Every set of `size` is equally likely (Cochran 1977, section 2.1, page 18); each person's probability is
    size / population.
    """
    _fits(population, size)
    return np.sort(random.choice(population, size, replace=False, shuffle=False)).astype(np.int64)


def stratified(strata: NDArray[np.intp], sizes: Places, random: np.random.Generator) -> Places:
    """A simple random sample of `sizes[h]` from each stratum h: places in the frame, in order.

    `strata` (N,) numbers the stratum of each person from 0. A person's probability is n_h / N_h (Cochran
    1977, section 5.1, page 89).
    """
    drawn = []
    for number, size in enumerate(sizes):
        people = np.flatnonzero(strata == number)
        drawn.append(people[simple(len(people), int(size), random)])
    return np.sort(np.concatenate(drawn)).astype(np.int64)


def systematic(order: NDArray[np.intp], size: int, random: np.random.Generator) -> Places:
    """A systematic sample along an order of the frame: places in the frame, in order.

    The step is N / n, a fraction as a rule, and the start is uniform within one step, so that everybody's
    probability is n / N exactly (Cochran 1977, section 8.1, page 206; the fractional interval: Särndal,
    Swensson and Wretman 1992, Model Assisted Survey Sampling, section 3.4.2, page 77). An order by
    attributes spreads the sample over them: implicit stratification.
    """
    _fits(len(order), size)
    # Whole-number arithmetic: with floats the last step could fall beyond the end
    start = int(random.integers(len(order)))
    steps = (np.arange(size, dtype=np.int64) * len(order) + start) // size
    return np.sort(order[steps]).astype(np.int64)


def _fits(population: int, size: int) -> None:
    if not 0 <= size <= population:
        fail("sample-size", given=size, most=population)
