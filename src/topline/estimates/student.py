"""Student's t without a large library: its two-sided tail and its quantiles, to about 1e-13 relative.

The tail is the regularised incomplete beta function, by the continued fraction of DLMF 8.17.22
(https://dlmf.nist.gov/8.17.E22) evaluated with the modified Lentz method.
"""

from __future__ import annotations

from functools import cache
from math import exp, isinf, lgamma, log, log1p, pi
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_TINY: Final = 1e-300
_ENOUGH: Final = 1e-16
_STEPS: Final = 10_000
_LARGE: Final = 1_000.0  # from here the ratio of gammas is taken from its series, which loses no digits


def two_sided_p(t: float, df: float) -> float:
    """The probability that |T| is at least |t| with `df` degrees of freedom."""
    if isinf(t):
        return 0.0
    square = t * t
    # the smaller of x and 1 - x is formed without cancellation
    return _incomplete_beta(df / (df + square), square / (df + square), df / 2)


@cache
def quantile(p: float, df: float) -> float:
    """The value that T stays below with probability `p` (0 < p < 1)."""
    if p == 0.5:
        return 0.0
    tail = 2 * min(p, 1 - p)
    t = -NormalDist().inv_cdf(tail / 2)
    t += (t**3 + t) / (4 * df)  # first term of Cornish and Fisher
    log_density = -_log_beta_half(df / 2) - log(df) / 2
    for _ in range(100):
        density = exp(log_density - (df + 1) / 2 * log1p(t * t / df))
        # Newton on the log of the tail, which is nearly straight far out
        found = two_sided_p(t, df)
        step = found * log(found / tail) / (2 * density)
        t = max(t + step, t / 2)
        # the digits double with each step, so the next one would move nothing but rounding
        if abs(step) < 1e-9 * t:
            break
    return t if p > 0.5 else -t


def quantiles(p: float, df: NDArray[Any]) -> NDArray[np.float64]:
    """The quantiles (...) of many degrees of freedom (...); where there are none, of one.

    From 1,000 on by the asymptotic series in 1/df (Abramowitz and Stegun 26.7.5), whose next term is under
    1e-13 there; below, each number of degrees once.
    """
    z = NormalDist().inv_cdf(p)
    df = np.asarray(df)
    v = np.asarray(1.0 / np.maximum(df, 1.0))
    series = np.asarray(z + v * (
        _series(z, (1, 1)) / 4
        + v * (
            _series(z, (3, 16, 5)) / 96
            + v * (
                _series(z, (-15, 17, 19, 3)) / 384
                + v * (_series(z, (-945, -1920, 1482, 776, 79)) / 92160)
            )
        )
    ))  # fmt: skip
    few = v > 1e-3
    if few.any():
        found, place = np.unique(np.maximum(df[few], 1.0), return_inverse=True)
        series[few] = np.array([quantile(p, float(one)) for one in found])[place]
    return series


def _series(z: float, coefficients: tuple[int, ...]) -> float:
    """An odd polynomial of z, the lowest power first."""
    return sum(c * z ** (2 * power + 1) for power, c in enumerate(coefficients))


def _incomplete_beta(x: float, rest: float, a: float) -> float:
    """I_x(a, 1/2), with `rest` = 1 - x."""
    if x <= 0.0 or rest <= 0.0:
        return 0.0 if x <= 0.0 else 1.0
    front = exp(a * _log(x, rest) + 0.5 * log(rest) - _log_beta_half(a))
    if x < (a + 1) / (a + 2.5):
        return front / (a * _fraction(x, a, 0.5))
    return 1.0 - front / (0.5 * _fraction(rest, 0.5, a))


def _log(x: float, rest: float) -> float:
    return log1p(-rest) if rest < 0.5 else log(x)


def _log_beta_half(a: float) -> float:
    """Log B(a, 1/2)."""
    if a < _LARGE:
        return lgamma(a) + log(pi) / 2 - lgamma(a + 0.5)
    return log(pi / a) / 2 + 1 / (8 * a) - 1 / (192 * a**3)


def _fraction(x: float, a: float, b: float) -> float:
    """The denominator 1 + d1/(1 + d2/(1 + ...)) of DLMF 8.17.22."""
    f = c = 1.0
    d = 0.0
    for step in range(1, _STEPS):
        m, odd = divmod(step, 2)
        if odd:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / ((1 + term * d) or _TINY)
        c = (1 + term / c) or _TINY
        f *= c * d
        if abs(c * d - 1) < _ENOUGH:
            break
    return f
