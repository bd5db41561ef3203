"""Intervals of one proportion, by name; each states its source, and all take the same six numbers.

`logit` is what tables use. `beta` is for small or extreme shares, `wilson` between; `mean` is the straight
one that may leave 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import asin, exp, log, nan, sin, sqrt
from types import MappingProxyType
from typing import Final, Literal

from topline.base import fail
from topline.estimates.special import beta_quantile
from topline.estimates.student import quantile

Method = Literal["logit", "beta", "wilson", "xlogit", "likelihood", "asin", "mean"]


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share p with its standard error, degrees of freedom and n, and the level that is wanted."""

    p: float
    se: float
    df: float
    n: int
    level: float = 0.95

    @property
    def t(self) -> float:
        """The quantile of t with df."""
        return quantile((1 + self.level) / 2, self.df)

    @property
    def effective(self) -> float:
        """N / deff: the simple random sample with the same variance, p (1 - p) / se^2."""
        return self.p * (1 - self.p) / self.se**2 if self.se > 0 else float(self.n)


def proportion_interval(
    p: float, se: float, df: float, n: int, method: Method = "logit", level: float = 0.95
) -> tuple[float, float]:
    """The interval of a share; NaN where the method has none (no df, or 0 and 1 for logit and likelihood).

    `p` and `se` are from 0 to 1, `df` those of the design, `n` people. `beta` is Korn and Graubard's (1998,
    Survey Methodology 24, 193-201), with n / deff cut at n; `wilson` Wilson's (1927, JASA 22, 209-212) with
    the effective n; `logit`, `xlogit`, `asin`, `likelihood` and `mean` are those of R's svyciprop (Lumley
    2010, Complex Surveys, section 2.4). Raises ToplineError for another method.
    """
    if method not in INTERVALS:
        fail("interval_unknown", method=method, allowed=", ".join(INTERVALS))
    if not (0.0 <= p <= 1.0 and se >= 0.0) or df < 1:
        return nan, nan
    return INTERVALS[method](Proportion(p, se, df, n, level))


def _mean(x: Proportion) -> tuple[float, float]:
    """P -+ t se (R's svyciprop method mean)."""
    return x.p - x.t * x.se, x.p + x.t * x.se


def _logit(x: Proportion) -> tuple[float, float]:
    """On the logit scale (R's methods logit, by iteration, and xlogit, in closed form; Lumley 2010, 2.4)."""
    if not 0.0 < x.p < 1.0:
        return nan, nan
    odds, half = log(x.p / (1 - x.p)), x.t * x.se / (x.p * (1 - x.p))
    return 1 / (1 + exp(half - odds)), 1 / (1 + exp(-half - odds))


def _asin(x: Proportion) -> tuple[float, float]:
    """On the scale of asin(sqrt(p)), where the variance hardly depends on p (R's method asin)."""
    if not 0.0 < x.p < 1.0:
        return nan, nan
    middle, half = asin(sqrt(x.p)), x.t * x.se / (2 * sqrt(x.p * (1 - x.p)))
    return sin(middle - half) ** 2, sin(middle + half) ** 2


def _beta(x: Proportion) -> tuple[float, float]:
    """Clopper and Pearson's interval with n replaced by the effective n, times (t of n - 1 / t of df)^2.

    Korn and Graubard 1998, Survey Methodology 24, 193-201. The effective n is not taken above n, where R's
    method beta takes it as it is. At 0 and 1 it is n: one end is the one-sided value.
    """
    tail = (1 - x.level) / 2
    ratio = quantile(1 - tail, x.n - 1) / x.t if x.n > 1 else 1.0
    n = min(x.effective, x.n) * ratio**2
    low = beta_quantile(tail, n * x.p, n * (1 - x.p) + 1)
    return low, beta_quantile(1 - tail, n * x.p + 1, n * (1 - x.p))


def _wilson(x: Proportion) -> tuple[float, float]:
    """Wilson's score interval with the effective n and t for z (Wilson 1927; Dean and Pagano 2015)."""
    n, t = x.effective, x.t
    middle = (x.p + t**2 / (2 * n)) / (1 + t**2 / n)
    half = t / (1 + t**2 / n) * sqrt(x.p * (1 - x.p) / n + t**2 / (4 * n**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _likelihood(x: Proportion) -> tuple[float, float]:
    """Where twice the drop of the log likelihood of n people is t^2 deff; both ends by bisection.

    The Rao-Scott scaling of the likelihood ratio (Rao and Scott 1984, Annals of Statistics 12, 46-60). R's
    method likelihood interpolates the same curve by a spline, and is off by up to 1e-3.
    """
    if not 0.0 < x.p < 1.0:
        return nan, nan
    # dispersion n/(n - 1), design variance over naive variance n se^2/(p q)
    bound = x.t**2 * x.n / (x.n - 1) * x.n * x.se**2 / (x.p * (1 - x.p))

    def drop(at: float) -> float:
        return 2 * x.n * (x.p * log(x.p / at) + (1 - x.p) * log((1 - x.p) / (1 - at)))

    return _crossing(drop, bound, x.p, 0.0), _crossing(drop, bound, x.p, 1.0)


def _crossing(drop: Callable[[float], float], bound: float, inner: float, outer: float) -> float:
    for _ in range(200):
        middle = (inner + outer) / 2
        if middle in (inner, outer):
            break
        if drop(middle) < bound:
            inner = middle
        else:
            outer = middle
    return (inner + outer) / 2


INTERVALS: Final[Mapping[Method, Callable[[Proportion], tuple[float, float]]]] = MappingProxyType(
    {
        "logit": _logit,
        "beta": _beta,
        "wilson": _wilson,
        "xlogit": _logit,
        "likelihood": _likelihood,
        "asin": _asin,
        "mean": _mean,
    }
)
