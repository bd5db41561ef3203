"""Intervals, p-values and Student's t at their edges."""

from math import nan, pi, tan

import pytest

from topline.base import ToplineError
from topline.estimates import (
    benjamini_hochberg,
    holm,
    mean_interval,
    p_value,
    proportion_interval,
    share_interval,
)
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


def test_benjamini_hochberg() -> None:
    """The largest p stays, the next is multiplied by m/(m - 1), and none rises above the one after it."""
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert benjamini_hochberg([]) == []


def test_beta_interval_at_none_and_all() -> None:
    """At 0 and 1 the beta interval is Clopper and Pearson's of n people: its other end is one-sided."""
    low, high = proportion_interval(0.0, 0.0, 99, 100, "beta")
    assert (low, high) == (0.0, pytest.approx(1 - 0.025 ** (1 / 100), rel=1e-9))
    assert proportion_interval(1.0, 0.0, 99, 100, "beta") == (
        pytest.approx(0.025 ** (1 / 100), rel=1e-9),
        1.0,
    )


def test_beta_interval_of_a_simple_random_sample() -> None:
    """The effective n is never over n: 20 of 100 gives Clopper and Pearson's interval (R's binom.test)."""
    found = proportion_interval(0.2, 0.03, 99, 100, "beta")
    assert found == pytest.approx((0.126655552101956, 0.291842689088628), rel=1e-9)


def test_wilson_interval() -> None:
    """With as many degrees as is normal, 20 of 100 gives Wilson's interval (R's prop.test, uncorrected)."""
    found = proportion_interval(0.2, (0.2 * 0.8 / 100) ** 0.5, 1e9, 100, "wilson")
    assert found == pytest.approx((0.133366933331033, 0.288829165593159), rel=1e-7)


def test_an_interval_must_be_known() -> None:
    """A method that does not exist is refused, with those that do."""
    with pytest.raises(ToplineError, match="Use one of logit, beta, wilson"):
        proportion_interval(0.2, 0.1, 9, 10, "wald")
    assert proportion_interval(0.2, 0.1, 0, 10) == (pytest.approx(nan, nan_ok=True),) * 2
