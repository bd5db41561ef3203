"""How many answers are needed, and what a number of answers can show."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

from topline.base import fail

_NORMAL: Final = NormalDist()


def size_for_margin(
    margin: float,
    *,
    share: float = 0.5,
    level: float = 0.95,
    population: int | None = None,
    deff: float = 1.0,
    response: float = 1.0,
) -> int:
    """How many to invite so that a share is known to within `margin` at a level.

    n0 = z^2 p (1 - p) / d^2, and n = n0 / (1 + (n0 - 1) / N) for a population of N (Cochran 1977, section
    4.4, equations 4.1 and 4.2, pages 75 and 76); `deff` multiplies n0, `response` (the share expected to
    answer) divides the result, which is rounded up.
    """
    _between(margin=margin, share=share, level=level)
    if not 0 < response <= 1 or not deff > 0:
        fail("sample-number", name="response" if deff > 0 else "deff", given=response if deff > 0 else deff)
    z = _NORMAL.inv_cdf((1 + level) / 2)
    needed = deff * z * z * share * (1 - share) / (margin * margin)
    if population is not None:
        needed /= 1 + (needed - 1) / population
        needed = min(needed, population)
    asked = math.ceil(needed / response - 1e-9)
    return asked if population is None else min(asked, population)


def size_for_difference(
    first: float, second: float, *, level: float = 0.05, power: float = 0.8, deff: float = 1.0
) -> int:
    """How many answers each of two groups of one size needs, for a two-sided test of two shares.

    n = (z_a sqrt(2 p q) + z_b sqrt(p1 q1 + p2 q2))^2 / (p1 - p2)^2, p the mean of both (Fleiss, Levin and
    Paik 2003, Statistical Methods for Rates and Proportions, 3rd ed., equation 4.14, page 72), without
    correction for continuity; rounded up.
    """
    _between(first=first, second=second, level=level, power=power)
    if first == second:
        fail("sample-no-difference", given=first)
    a, b = _NORMAL.inv_cdf(1 - level / 2), _NORMAL.inv_cdf(power)
    together, apart = _spreads(first, second)
    root = a * together + b * apart
    return math.ceil(deff * root * root / (first - second) ** 2 - 1e-9)


def difference_power(
    number: float, first: float, second: float, *, level: float = 0.05, deff: float = 1.0
) -> float:
    """The power of that test with `number` answers in each group: the same equation, solved for it."""
    _between(first=first, second=second, level=level)
    together, apart = _spreads(first, second)
    a = _NORMAL.inv_cdf(1 - level / 2)
    return _NORMAL.cdf((math.sqrt(number / deff) * abs(first - second) - a * together) / apart)


def _spreads(first: float, second: float) -> tuple[float, float]:
    mean = (first + second) / 2
    apart = first * (1 - first) + second * (1 - second)
    return math.sqrt(2 * mean * (1 - mean)), math.sqrt(apart)


def _between(**shares: float) -> None:
    for name, value in shares.items():
        if not 0 < value < 1:
            fail("sample-share", name=name, given=value)
