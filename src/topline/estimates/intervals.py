"""95% intervals: of shares on the logit scale, of means straight; quantiles of t with the design's df."""

from __future__ import annotations

from math import isfinite, isnan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.estimates.student import quantile, quantiles, two_sided_p

Ints = NDArray[np.intp]

LEVEL = 0.95
#: Figures that are nearer to each other than this share of them are one figure, but for rounding.
_SAME: Final = 1e-12


def share_intervals(p: Floats, se: Floats, df: Ints, level: float = LEVEL) -> tuple[Floats, Floats]:
    """The logit intervals of shares 0 < p < 1 (...): logit(p) -+ t se / (p (1 - p)), turned back.

    The convention of R's svyciprop(method = "logit") with df = degf(design) (Lumley 2010, Complex Surveys,
    section 2.4; Korn and Graubard 1998). NaN at 0 and 1, where a logit has no end and the linearised error
    is 0 however few were asked, where df is 0 and where the design gives no error.
    """
    some = (p > 0.0) & (p < 1.0) & (df > 0)
    inside = np.where(some, p, np.nan)
    odds = np.log(inside / (1 - inside))
    with np.errstate(over="ignore"):  # beyond the range of numbers an end is 0 or 1
        half = quantiles((1 + level) / 2, df) * se / (inside * (1 - inside))
        return 1 / (1 + np.exp(half - odds)), 1 / (1 + np.exp(-half - odds))


def mean_intervals(mean: Floats, se: Floats, df: Ints, level: float = LEVEL) -> tuple[Floats, Floats]:
    """The intervals of means or differences (...): value -+ t se (R's confint with df = degf(design))."""
    half = np.where(df > 0, quantiles((1 + level) / 2, df), np.nan) * se
    return mean - half, mean + half


def share_interval(p: float, se: float, df: int, level: float = LEVEL) -> tuple[float, float] | None:
    """The interval of one share; None where there is none."""
    return _one(share_intervals(np.array(p), np.array(se), np.array(df), level))


def mean_interval(mean: float, se: float, df: int, level: float = LEVEL) -> tuple[float, float] | None:
    """The interval of one mean or difference; None where there is none."""
    return _one(mean_intervals(np.array(mean), np.array(se), np.array(df), level))


def gap(a: float, b: float) -> float:
    """The difference a - b, 0 where only the rounding of sums makes one.

    Where all answers are alike the error is 0 too, and what rounding leaves would pass any test: a mean of
    answers that are all 0.1 is 0.1 or 0.09999999999999999, as the weights happen to be.
    """
    return 0.0 if abs(a - b) <= _SAME * max(abs(a), abs(b)) else a - b


def gaps(a: Floats, b: Floats) -> Floats:
    """The same of many (...)."""
    return np.where(np.abs(a - b) <= _SAME * np.maximum(np.abs(a), np.abs(b)), 0.0, a - b)


def p_value(difference: float, se: float, df: int) -> float | None:
    """The two-sided p of a difference by t; None where the design gives no error."""
    if not (isfinite(difference) and isfinite(se)) or df < 1:
        return None
    if se == 0.0:
        return 1.0 if difference == 0.0 else 0.0
    return two_sided_p(difference / se, df)


def p_values(difference: Floats, se: Floats, df: int, under: float = 1.0) -> list[float]:
    """The p of many differences (p,) with errors, by t; 1 for each that is not below `under`.

    Which ones are not shows from one quantile, so that most need no p worked out. All 1 without a degree of
    freedom.
    """
    if df < 1:
        return [1.0] * len(difference)
    least = quantile(1 - under / 2, df) * (1 - _SAME) if under < 1 else 0.0
    some = np.abs(difference) > least * se
    pairs = zip(difference.tolist(), se.tolist(), some, strict=True)
    return [(p_value(one, error, df) or 0.0) if over else 1.0 for one, error, over in pairs]


def holm(ps: list[float]) -> list[float]:
    """P-values adjusted for a family by Holm's step-down method (Holm 1979), in the order given."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    adjusted, running = [0.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(ps) - rank) * ps[i]))
        adjusted[i] = running
    return adjusted


def _one(interval: tuple[Floats, Floats]) -> tuple[float, float] | None:
    low, high = float(interval[0]), float(interval[1])
    return None if isnan(low) or isnan(high) else (low, high)


def benjamini_hochberg(ps: list[float]) -> list[float]:
    """P-values adjusted for the rate of false discoveries (Benjamini and Hochberg 1995), in order."""
    order = sorted(range(len(ps)), key=lambda i: -ps[i])
    adjusted, least = [0.0] * len(ps), 1.0
    for rank, i in enumerate(order):
        least = min(least, ps[i] * len(ps) / (len(ps) - rank))
        adjusted[i] = least
    return adjusted
