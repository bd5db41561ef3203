"""Rounding half up, of every number that can be held."""

from decimal import Decimal
from fractions import Fraction
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topline.base import ToplineError, half_up

numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(numbers, st.integers(0, 4))
def test_every_number_is_rounded_to_the_nearest(value: float, decimals: int) -> None:
    """What comes out is a number of so many places, no further off than half a step and the noise cut off."""
    found = half_up(value, decimals)
    assert -found.as_tuple().exponent == decimals
    off = abs(Fraction(found) - Fraction(value))
    assert off <= Fraction(1, 2 * 10**decimals) + Fraction(1, 10**9)


@given(st.fractions(), st.integers(0, 4))
def test_a_share_of_counts_is_rounded_exactly(share: Fraction, decimals: int) -> None:
    """Of an exact fraction nothing is cut off: half a step is the most."""
    assert abs(Fraction(half_up(share, decimals)) - share) <= Fraction(1, 2 * 10**decimals)


@given(numbers)
def test_numbers_below_0_are_rounded_as_those_above(value: float) -> None:
    """Half goes away from 0 on both sides, and nothing is -0."""
    assert Fraction(half_up(-value, 1)) == -Fraction(half_up(value, 1))
    assert str(half_up(-abs(value) * 1e-320)) == "0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.5e19, "15000000000000000000"),
        (2.0**70, "1180591620717411303424"),
        (Fraction(10**40 + 1, 2), "5000000000000000000000000000000000000001"),
        (Decimal("1234567890123456789012345678901234.5"), "1234567890123456789012345678901235"),
    ],
)
def test_large_numbers_keep_their_digits(value: float | Fraction | Decimal, text: str) -> None:
    """Above 1e19 too, where the usual 28 digits do not reach to the noise that is cut off."""
    assert str(half_up(value)) == text


def test_what_no_number_can_hold_is_refused() -> None:
    """A sum that ran over is no figure, and the message says what to look for."""
    with pytest.raises(ToplineError, match=r"larger than 1\.8e308"):
        half_up(inf)
    with pytest.raises(ToplineError, match="give amounts in a larger unit"):
        half_up(-inf, 1)
