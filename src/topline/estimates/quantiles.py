"""Quantiles of numbers, with Woodruff's intervals: those of the share below, turned back by the same rule.

Woodruff 1952 (JASA 47, 635-646). The rules are named as R's svyquantile names them; which one was used is
part of the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from topline.base import fail
from topline.dataset import Floats
from topline.designs import Design
from topline.estimates.linear import Mask, mean_vector
from topline.estimates.proportions import Method, proportion_interval
from topline.estimates.student import quantile as t_quantile

Rule = Literal["math", "school", "hf7"]
RULES: Final[tuple[Rule, ...]] = get_args(Rule)

_SAME = 1e-12  # shares of weights that differ by less are the same: sums of decimals are not exact


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile with its interval and standard error (half the interval over t), NaN where there is none."""

    value: float
    low: float
    high: float
    se: float
    df: int
    rule: Rule
    interval: Method


def quantile(
    design: Design,
    values: Floats,
    p: float,
    rule: Rule = "math",
    interval: Method = "mean",
    domain: Mask | None = None,
    level: float = 0.95,
) -> Quantile:
    """The p-quantile of a number (n,), NaN where there is none.

    `math`: the lowest value at which at least p of the weights are reached (R's qrule "math", the inverse of
    the distribution function); `school`: the mean of two where p is reached exactly (Hyndman and Fan's 2);
    `hf7`: interpolated as spreadsheets do (their 7; R. Hyndman, Y. Fan 1996, American Statistician 50,
    361-365). The interval is that of the share below the quantile, turned back (R. Woodruff 1952, JASA 47,
    635-646); `interval` says by which method. Raises ToplineError for another rule or method, and for a p
    outside 0 to 1.
    """
    if rule not in RULES:
        fail("quantile_rule", given=rule, allowed=", ".join(RULES))
    if not 0.0 <= p <= 1.0:
        fail("quantile_share", given=f"{p:g}")
    inside = np.isfinite(values) & (design.weights > 0)
    if domain is not None:
        inside &= domain
    x, w = values[inside], design.weights[inside]
    if not len(x):
        return Quantile(np.nan, np.nan, np.nan, np.nan, 0, rule, interval)
    found = invert(x, w, p, rule)
    below = np.where(inside, (values <= found).astype(np.float64), np.nan)
    share = mean_vector(design, below[:, None])
    ends = proportion_interval(float(share.value[0]), float(share.se[0]), share.df, share.n, interval, level)
    low, high = (invert(x, w, end, rule) if 0.0 <= end <= 1.0 else np.nan for end in ends)
    se = (high - low) / (2 * t_quantile((1 + level) / 2, share.df)) if share.df > 0 else np.nan
    return Quantile(found, low, high, se, share.df, rule, interval)


def invert(x: Floats, w: Floats, p: float, rule: Rule) -> float:
    """The value at p of the distribution of x (n,) with weights w (n,) above 0."""
    order = np.argsort(x, kind="stable")
    x, sums = x[order], np.cumsum(w[order])
    if rule == "hf7":
        if len(x) == 1:
            return float(x[0])
        return float(np.interp(p, np.append(0.0, sums[:-1]) / sums[-2], x))
    shares: NDArray[np.float64] = sums / sums[-1]
    reached = np.flatnonzero(shares <= p + _SAME)
    at = int(reached[-1]) if len(reached) else 0
    following = min(at + 1, len(x) - 1)
    if len(reached) and abs(p - shares[at]) <= _SAME:
        return float(x[at] if rule == "math" else (x[at] + x[following]) / 2)
    return float(x[following] if len(reached) else x[0])
