"""Intervals of one proportion, by name; each states its source, and all take the same six numbers.

`logit` is what tables use. `beta` is for small or extreme shares, `wilson` between; `mean` is the straight
one that may leave 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import asin, exp, inf, log, nan, pi, sin, sqrt
from types import MappingProxyType
from typing import Final, Literal

from topline.base import fail
from topline.estimates.special import beta_quantile
from topline.estimates.student import quantile

#: An effective n beyond this says no more: the interval is p itself.
_MANY: Final = 1e300

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
        return effective_n(self.p, self.se) if self.se > 0 else float(self.n)


def effective_n(p: float, se: float) -> float:
    """P (1 - p) / se^2, in an order in which neither a square nor a product leaves the range of numbers."""
    return p / se * ((1 - p) / se)


def proportion_interval(
    p: float, se: float, df: float, n: int, method: Method = "logit", level: float = 0.95
) -> tuple[float, float]:
    """The interval of a share; NaN where the method has none (no df, or 0 and 1 for logit, asin, likelihood).

    `p` and `se` are from 0 to 1, `df` those of the design, `n` people. `beta` is Korn and Graubard's (1998,
    Survey Methodology 24, 193-201), with n / deff cut at n; `wilson` Wilson's (1927, JASA 22, 209-212) with
    the effective n; `logit`, `xlogit`, `asin`, `likelihood` and `mean` are those of R's svyciprop (Lumley
    2010, Complex Surveys, section 2.4). Raises ToplineError for another method.
    """
    if method not in INTERVALS:
        fail("interval_unknown", method=method, allowed=", ".join(INTERVALS))
    if not (0.0 <= p <= 1.0 and 0.0 <= se < inf) or df < 1 or n < 1:
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
    return _from_odds(odds - half), _from_odds(odds + half)


def _from_odds(odds: float) -> float:
    """The share with these log odds, however large they are."""
    return 1 / (1 + exp(-odds)) if odds > 0 else exp(odds) / (1 + exp(odds))


def _asin(x: Proportion) -> tuple[float, float]:
    """On the scale of asin(sqrt(p)), where the variance hardly depends on p (R's method asin).

    The scale ends at 0 and 1, beyond which R's interval turns back.
    """
    if not 0.0 < x.p < 1.0:
        return nan, nan
    middle, half = asin(sqrt(x.p)), x.t * x.se / (2 * sqrt(x.p * (1 - x.p)))
    return sin(max(middle - half, 0.0)) ** 2, sin(min(middle + half, pi / 2)) ** 2


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
    low, high = _score(x.p, 1 - x.p, x.effective, x.t)
    # the upper end is 1 less the lower end of 1 - p, which has more digits where p is large
    high = high if x.p <= 0.5 else 1.0 - _score(1 - x.p, x.p, x.effective, x.t)[0]
    return min(low, x.p), max(high, x.p)  # the share lies within, whatever rounding says


def _score(p: float, q: float, n: float, t: float) -> tuple[float, float]:
    """The roots of Wilson's equation: the upper, and the lower as their product p^2 n/(n + t^2) over it."""
    n, square = min(n, _MANY), t * t
    high = (p * n + square / 2 + t * sqrt(p * n * q + square / 4)) / (n + square)
    return p * (p * n / ((n + square) * high)), min(high, 1.0)


def _likelihood(x: Proportion) -> tuple[float, float]:
    """Where twice the drop of the log likelihood of n people is t^2 deff; both ends by bisection.

    The Rao-Scott scaling of the likelihood ratio (Rao and Scott 1984, Annals of Statistics 12, 46-60). R's
    method likelihood interpolates the same curve by a spline, and is off by up to 1e-3. None of one person,
    whose dispersion n/(n - 1) has no value.
    """
    if not 0.0 < x.p < 1.0 or x.n < 2:
        return nan, nan
    # dispersion n/(n - 1), design variance over naive variance n se^2/(p q); both sides halved and over n
    bound = x.t**2 * x.n / (x.n - 1) * (x.se / x.p) * (x.se / (1 - x.p)) / 2
    return _crossing(x.p, bound, 0.0), _crossing(x.p, bound, 1.0)


def _drop(p: float, at: float) -> float:
    """The drop of the log likelihood of one person: p log(p/at) + (1 - p) log((1 - p)/(1 - at))."""
    off = at - p
    return p * _excess(off / p, at, p) + (1 - p) * _excess(-off / (1 - p), 1 - at, 1 - p)


def _excess(z: float, at: float, p: float) -> float:
    """Z - log(1 + z) with z = at/p - 1, which loses no digits near 0."""
    if abs(z) < 1e-2:
        return z * z * (1 / 2 - z * (1 / 3 - z * (1 / 4 - z * (1 / 5 - z * (1 / 6 - z * (1 / 7 - z / 8))))))
    return z - log(at / p) if at > 0.0 else inf


def _crossing(p: float, bound: float, outer: float) -> float:
    """Where the drop reaches a bound between p and an end of the scale."""
    inner = p
    while (middle := (inner + outer) / 2) not in (inner, outer):  # a thousand halvings at the most
        if _drop(p, middle) < bound:
            inner = middle
        else:
            outer = middle
    return middle


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
