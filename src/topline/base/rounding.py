"""Rounding: once, last, half up.

A float such as 100 * 0.285 is 28.499999999999996; rounding the decimal after cutting it to nine places
gives what a person with a pencil would write.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_NOISE = Decimal("1e-9")


def half_up(value: float | Decimal | Fraction, decimals: int = 0) -> Decimal:
    """Round half away from zero to `decimals` places; exact for `Fraction`, noise of floats cut at 1e-9.

    What rounds to 0 is 0, never -0.

    >>> half_up(100 * 0.285), half_up(Fraction(57, 2)), half_up(2.25, 1)
    (Decimal('29'), Decimal('29'), Decimal('2.3'))
    """
    step = Decimal(1).scaleb(-decimals)
    if isinstance(value, Fraction):
        whole = abs(value) * 10**decimals
        rounded = (2 * whole.numerator + whole.denominator) // (2 * whole.denominator)
        return (Decimal(rounded) * step).copy_sign(Decimal(-1 if value < 0 and rounded else 1))
    exact = value if isinstance(value, Decimal) else Decimal(value).quantize(_NOISE, ROUND_HALF_UP)
    found = exact.quantize(step, ROUND_HALF_UP)
    return found if found else abs(found)
