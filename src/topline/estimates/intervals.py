"""95% intervals: of shares on the logit scale, of means straight; quantiles of t with the design's df."""

from __future__ import annotations

from math import exp, isfinite, log

from topline.estimates.student import quantile, two_sided_p

LEVEL = 0.95


def share_interval(p: float, se: float, df: int, level: float = LEVEL) -> tuple[float, float] | None:
    """The logit interval of a share 0 < p < 1: logit(p) -+ t se / (p (1 - p)), turned back.

    The convention of R's svyciprop(method = "logit") with df = degf(design) (Lumley 2010, Complex Surveys,
    section 2.4; Korn and Graubard 1998). None at 0 and 1, where a logit has no end and the linearised error
    is 0 however few were asked, where df is 0 and where the design gives no error.
    """
    if not (0.0 < p < 1.0 and isfinite(se)) or df < 1:
        return None
    middle, half = log(p / (1 - p)), quantile((1 + level) / 2, df) * se / (p * (1 - p))
    return _logistic(middle - half), _logistic(middle + half)


def mean_interval(mean: float, se: float, df: int, level: float = LEVEL) -> tuple[float, float] | None:
    """The interval of a mean or difference: value -+ t se (R's confint with df = degf(design))."""
    if not (isfinite(mean) and isfinite(se)) or df < 1:
        return None
    half = quantile((1 + level) / 2, df) * se
    return mean - half, mean + half


def p_value(difference: float, se: float, df: int) -> float | None:
    """The two-sided p of a difference by t; None where the design gives no error."""
    if not (isfinite(difference) and isfinite(se)) or df < 1:
        return None
    if se == 0.0:
        return 1.0 if difference == 0.0 else 0.0
    return two_sided_p(difference / se, df)


def holm(ps: list[float]) -> list[float]:
    """P-values adjusted for a family by Holm's step-down method (Holm 1979), in the order given."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    adjusted, running = [0.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(ps) - rank) * ps[i]))
        adjusted[i] = running
    return adjusted


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))
