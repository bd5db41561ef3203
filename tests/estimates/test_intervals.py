"""Intervals, p-values and Student's t at their edges."""

from math import nan, pi, tan

import pytest

from topline.estimates import holm, mean_interval, p_value, share_interval
from topline.estimates.student import quantile, two_sided_p


def test_quantiles_with_a_closed_form() -> None:
    """With one degree of freedom t is Cauchy, with two it has a closed form; the tail turns it back."""
    assert quantile(0.975, 1) == pytest.approx(tan(pi * 0.475), rel=1e-13)
    assert quantile(0.9, 2) == pytest.approx(0.8 / (2 * 0.9 * 0.1) ** 0.5, rel=1e-13)
    assert quantile(0.25, 1) == pytest.approx(-1, rel=1e-13)
    assert quantile(0.5, 7) == 0.0


@pytest.mark.parametrize("df", [1, 3, 30, 999, 1001, 5835, 10**7])
def test_quantile_and_tail_are_inverse(df: int) -> None:
    """The tail beyond the quantile is what was asked for, small df and large."""
    for p in (0.6, 0.9, 0.975, 0.9999, 1 - 1e-9):
        assert two_sided_p(quantile(p, df), df) == pytest.approx(
            2 * (1 - p), rel=1e-6 if p > 0.9999 else 1e-10
        )


def test_a_share_of_nothing_or_all_has_no_logit_interval() -> None:
    """At 0 and 1 the logit has no end: no interval is given."""
    assert share_interval(0.0, 0.0, 100) is None
    assert share_interval(1.0, 0.0, 100) is None


def test_without_an_error_there_is_no_interval() -> None:
    """A design without errors, or no degree of freedom, gives neither interval nor p."""
    assert share_interval(0.5, nan, 100) is None
    assert mean_interval(0.5, 0.1, 0) is None
    assert p_value(0.5, nan, 100) is None


def test_p_of_a_certain_difference() -> None:
    """Where the error is 0, a difference is certain and none is none."""
    assert p_value(0.2, 0.0, 10) == 0.0
    assert p_value(0.0, 0.0, 10) == 1.0


def test_holm() -> None:
    """The smallest p is multiplied by the size of the family, the next by one less, and none falls back."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
