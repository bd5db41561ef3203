"""Rounding: once, last, half up.

A float such as 100 * 0.285 is 28.499999999999996; rounding the decimal after cutting it to nine places
gives what a person with a pencil would write.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import isinf

from topline.base.findings import fail

_NOISE = Decimal("1e-9")
#: Digits for every float, the largest of which has 309 before the point; 28 are usual, and fail above 1e19.
_DIGITS = Context(prec=800, rounding=ROUND_HALF_UP)


def half_up(value: float | Decimal | Fraction, decimals: int = 0) -> Decimal:
    """Round half away from zero to `decimals` places; exact for `Fraction`, noise of floats cut at 1e-9.

    What rounds to 0 is 0, never -0. Raises ToplineError for what is infinite: sums that no number can hold.

    >>> half_up(100 * 0.285), half_up(Fraction(57, 2)), half_up(2.25, 1)
    (Decimal('29'), Decimal('29'), Decimal('2.3'))
    """
    step = Decimal(1).scaleb(-decimals)
    if isinstance(value, Fraction):
        whole = abs(value) * 10**decimals
        rounded = (2 * whole.numerator + whole.denominator) // (2 * whole.denominator)
        return _DIGITS.multiply(Decimal(rounded), step).copy_sign(Decimal(-1 if value < 0 and rounded else 1))
    if isinstance(value, Decimal):
        exact = value
    elif isinf(value):
        fail("figure-infinite")
    else:
        exact = Decimal(value).quantize(_NOISE, context=_DIGITS)
    found = exact.quantize(step, context=_DIGITS)
    return found if found else abs(found)
