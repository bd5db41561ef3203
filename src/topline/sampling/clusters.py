"""A sample in two stages: units in proportion to their people, then people of each unit that was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from topline.base import fail
from topline.sampling.unequal import brewer, inclusion_probabilities

Ints = NDArray[np.int64]
#: Numbers that differ from a whole one by less than this are that one: they were reached by dividing.
_WHOLE: Final = 1e-9


def units_and_people(
    people: Sequence[int],
    size: int,
    units: int,
    random: np.random.Generator,
    *,
    least: int = 2,
    names: Sequence[str] = (),
) -> Ints:
    """How many people to draw from each unit (k,), 0 from one that was not drawn; they sum to `size`.

    Units are drawn by Brewer's method with the probabilities p of `inclusion_probabilities`, in proportion to
    `people` (k,), and f N / p people are taken from a drawn one of N people, with f = size / all people: the
    same number from every unit that is not certain. So everybody's probability is f, and the sample weights
    itself (Kish 1965, Survey Sampling, chapter 7; Särndal, Swensson and Wretman 1992, section 4.3). Fractions
    become whole numbers by one random start for all units, which keeps the probabilities exact and the sum
    as it is.

    Raises ToplineError for fewer than two units or all of them, for fewer than `least` people from a unit,
    and for a unit, called by its name, that has fewer people than would be taken from it.
    """
    counts = np.asarray(people, dtype=np.int64)
    if not 0 < size <= counts.sum():
        fail("sample-size", given=size, most=int(counts.sum()))
    if not 2 <= units < len(counts):
        fail("sample-pps-units", given=units, there=len(counts), most=len(counts) - 1)
    chances = inclusion_probabilities(counts.tolist(), units)
    wanted = size / counts.sum() * counts / chances
    take = float(wanted[np.argmin(chances)])
    if take < least - _WHOLE:
        fail("sample-pps-least", given=size, units=units, least=least, needed=units * least)
    short = counts < np.ceil(wanted - _WHOLE)
    if short.any():
        place = int(np.flatnonzero(short)[0])
        unit, most = names[place] if names else place + 1, int(np.ceil(take - _WHOLE))
        fail("sample-pps-small", unit=unit, people=int(counts[place]), take=most)
    drawn = brewer(chances, random)
    ends = np.floor(np.cumsum(wanted[drawn]) + random.random() + _WHOLE).astype(np.int64)
    ends[-1] = size
    found = np.zeros(len(counts), dtype=np.int64)
    found[drawn] = np.diff(ends, prepend=0)
    return found
