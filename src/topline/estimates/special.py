"""The distributions that tests and intervals need: beta, F and chi-squared, to about 1e-12 relative.

The incomplete beta function is the continued fraction of DLMF 8.17.22, the incomplete gamma function the
series 8.7.1 and the continued fraction 8.9.2 (https://dlmf.nist.gov), with the modified Lentz method.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, lgamma, log, log1p, pi
from typing import Final

_TINY: Final = 1e-300
_ENOUGH: Final = 1e-16
_STEPS: Final = 100_000
_LEAST: Final = 2.2250738585072014e-308  # the smallest number with all its digits


def beta_tail(x: float, a: float, b: float) -> float:
    """I_x(a, b): the probability that a beta variable with a and b is at most x."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    front = exp(a * log(x) + b * log1p(-x) - log_beta(a, b))
    if x < (a + 1) / (a + b + 2):
        return front / (a * _lentz(lambda step: _beta_term(step, x, a, b)))
    return 1.0 - front / (b * _lentz(lambda step: _beta_term(step, 1.0 - x, b, a)))


def beta_quantile(p: float, a: float, b: float) -> float:
    """The value that a beta variable stays below with probability p; of a = 0 it is 0, of b = 0 it is 1.

    0 where it is smaller than a number can be, as for a far below 1.
    """
    if a <= 0.0 or b <= 0.0:
        return 0.0 if a <= 0.0 else 1.0
    if a < 1.0 <= b:
        return _near_nothing(p, a, b)
    if b < 1.0 <= a:
        return 1.0 - _near_nothing(1.0 - p, b, a)
    low, high = 0.0, 1.0
    x = a / (a + b)
    for _ in range(200):
        off = beta_tail(x, a, b) - p
        low, high = (x, high) if off < 0 else (low, x)
        density = exp((a - 1) * log(x) + (b - 1) * log1p(-x) - log_beta(a, b))
        step = off / density if density > 0 else inf
        new = x - step if low < x - step < high else (low + high) / 2
        if abs(new - x) <= 4e-16 * x:
            return new
        x = new
    return x


def _near_nothing(p: float, a: float, b: float) -> float:
    """The quantile for a < 1 <= b, which may lie anywhere down to 0: by Newton's method in log x.

    The log of the tail is concave in log x there, and the first term of its series (DLMF 8.17.7) lies above
    it, so the steps go up to the quantile and never past it.
    """
    scale = log_beta(a, b)
    at = (log(p) + log(a) + scale) / a
    for _ in range(200):
        x = exp(min(at, -_TINY))
        if x < _LEAST:
            return 0.0
        if x == 1.0:
            return x
        tail = beta_tail(x, a, b)
        step = log(tail / p) * tail / exp(a * at + (b - 1) * log1p(-x) - scale)
        at -= step
        if abs(step) <= 4e-16:
            break
    return exp(at)


def f_tail(f: float, df1: float, df2: float) -> float:
    """The probability that an F variable with df1 and df2 degrees of freedom is at least f."""
    return 1.0 if f <= 0.0 else beta_tail(df2 / (df2 + df1 * f), df2 / 2, df1 / 2)


def chi_squared_tail(x: float, df: float) -> float:
    """The probability that a chi-squared variable with df degrees of freedom is at least x."""
    a, x = df / 2, x / 2
    if x <= 0.0:
        return 1.0
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        total = term = 1.0 / a
        for step in range(1, _STEPS):
            term *= x / (a + step)
            total += term
            if term < _ENOUGH * total:
                break
        return 1.0 - front * total
    # Q(a, x) = front / (x + 1 - a - 1(1 - a)/(x + 3 - a - ...)), as one over a fraction of Lentz's kind
    d = 1.0 / (x + 1 - a)
    f, c = d, 1.0 / _TINY
    for step in range(1, _STEPS):
        numerator, b = -step * (step - a), x + 2 * step + 1 - a
        d = 1.0 / ((numerator * d + b) or _TINY)
        c = (b + numerator / c) or _TINY
        f *= c * d
        if abs(c * d - 1.0) < _ENOUGH:
            break
    return front * f


def log_beta(a: float, b: float) -> float:
    """Log B(a, b); where both are large by Stirling's series, which loses no digits."""
    small, large = min(a, b), max(a, b)
    if small < 10.0:
        if large < 1e3:
            return lgamma(small) + lgamma(large) - lgamma(small + large)
        ratio = _stirling(large) - _stirling(large + small) - small * log(large + small) + small
        return lgamma(small) + ratio + (large - 0.5) * -log1p(small / large)
    share = small / large
    corrections = _stirling(small) + _stirling(large) - _stirling(small + large)
    return (
        0.5 * log(2 * pi) - 0.5 * log(large) + corrections
        + (small - 0.5) * log(share / (1 + share)) - large * log1p(share)
    )  # fmt: skip


def _stirling(x: float) -> float:
    """What Stirling's formula lacks of log gamma (DLMF 5.11.1)."""
    y = 1 / (x * x)
    return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x


def _beta_term(step: int, x: float, a: float, b: float) -> float:
    m, odd = divmod(step, 2)
    if odd:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))


def _lentz(term: Callable[[int], float]) -> float:
    """The fraction 1 + d1/(1 + d2/(1 + ...))."""
    f = c = 1.0
    d = 0.0
    for step in range(1, _STEPS):
        d = 1 / ((1 + term(step) * d) or _TINY)
        c = (1 + term(step) / c) or _TINY
        f *= c * d
        if abs(c * d - 1) < _ENOUGH:
            break
    return f
