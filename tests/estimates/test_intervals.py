"""Intervals, p-values and Student's t at their edges."""

from math import exp, inf, log, log1p, nan, pi, tan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topline.base import ToplineError
from topline.estimates import (
    benjamini_hochberg,
    effective_n,
    holm,
    mean_interval,
    p_value,
    p_values,
    proportion_interval,
    share_interval,
)
from topline.estimates.proportions import INTERVALS, Method
from topline.estimates.special import beta_quantile, beta_tail
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


@given(
    p=st.floats(0.0, 1.0) | st.floats(0.0, 1e-290) | st.floats(1 - 1e-14, 1.0),
    se=st.floats(0.0, 1.0) | st.floats(0.0, 1e-290) | st.floats(0.0, allow_infinity=True),
    df=st.integers(0, 10**6),
    n=st.integers(0, 10**7),
)
@pytest.mark.parametrize("method", INTERVALS)
def test_every_share_has_an_interval_or_none(method: Method, p: float, se: float, df: int, n: int) -> None:
    """However small, large or unsure a share is: its interval holds it and ends in 0 to 1, or is NaN."""
    low, high = proportion_interval(p, se, df, n, method)
    if np.isnan(low):
        assert np.isnan(high)
        assert df < 1 or n < 1 or se == inf or p in (0.0, 1.0) or (method == "likelihood" and n < 2)
        return
    assert low <= p * (1 + 1e-13) + 1e-307
    assert p <= high * (1 + 1e-13) + 1e-307
    assert method == "mean" or 0.0 <= low <= high <= 1.0


@given(p=st.floats(1e-250, 1 - 1e-15), se=st.floats(1e-290, 0.4))
def test_wilson_ends_where_the_score_test_does(p: float, se: float) -> None:
    """Both ends x solve (x - p)^2 = t^2 x (1 - x)/n, in logs that no small share leaves."""
    n, t = min(effective_n(p, se), 1e300), quantile(0.975, 50)
    for x in proportion_interval(p, se, 50, 1000, "wilson"):
        if x > 1e-290 and abs(x - p) > 1e-3 * p and 1 - x > 1e-6:
            assert 2 * log(abs(x - p)) == pytest.approx(2 * log(t) + log(x) + log1p(-x) - log(n), abs=1e-6)


@given(p=st.floats(1e-250, 1 - 1e-9), se=st.floats(1e-4, 0.4))
def test_likelihood_ends_where_it_has_dropped(p: float, se: float) -> None:
    """At both ends twice the log likelihood of 200 people has dropped by t^2 times the design effect."""
    wanted = quantile(0.975, 50) ** 2 * 200 / 199 * 200 * (se / p) * (se / (1 - p))
    for x in proportion_interval(p, se, 50, 200, "likelihood"):
        if 1e-300 < x < 1 - 1e-9 and abs(x - p) > 1e-2 * p:
            drop = 400 * (p * (log(p) - log(x)) + (1 - p) * (log1p(-p) - log1p(-x)))
            assert drop == pytest.approx(wanted, rel=1e-6)


def test_likelihood_of_one_person_has_no_interval() -> None:
    """One person has no dispersion n/(n - 1); of two it is there."""
    assert proportion_interval(0.3, 0.1, 1, 1, "likelihood") == (pytest.approx(nan, nan_ok=True),) * 2
    low, high = proportion_interval(0.3, 0.1, 1, 2, "likelihood")
    assert 0.0 <= low < 0.3 < high <= 1.0


@given(
    a=st.floats(1e-300, 0.999) | st.floats(1e-3, 0.999),
    b=st.floats(1.0, 1e6),
    p=st.sampled_from([1e-6, 0.025, 0.5, 0.975]),
)
def test_quantiles_of_beta_that_lie_near_nothing(a: float, b: float, p: float) -> None:
    """Under a quantile there is p, also where it is far below what halving the scale would reach."""
    x = beta_quantile(p, a, b)
    if x == 0.0:
        assert beta_tail(1e-307, a, b) >= p
    elif x < 1.0:
        assert beta_tail(x, a, b) == pytest.approx(p, rel=1e-9)
    assert beta_quantile(0.025, 0.5, 1.0) == pytest.approx(0.025**2, rel=1e-13)
    assert beta_quantile(0.025, 0.01, 1.0) == pytest.approx(exp(100 * log(0.025)), rel=1e-11)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1)), max_size=8), st.integers(0, 500))
def test_p_values_that_decide(found: list[tuple[float, float]], df: int) -> None:
    """Below the level each p is that of its difference; the others are 1, and so is all without df."""
    value, se = np.array([one[0] for one in found]), np.array([one[1] for one in found])
    for p, one, error in zip(p_values(value, se, df, under=0.05), value, se, strict=True):
        wanted = p_value(float(one), float(error), df)
        assert p == (wanted if wanted is not None and wanted < 0.05 else 1.0)


def test_a_share_beyond_numbers_warns_of_nothing() -> None:
    """A share of 1e-300 with an error of 0.1 may be anything: 0 to 1."""
    assert share_interval(1e-300, 0.1, 100) == (0.0, 1.0)


def test_an_interval_must_be_known() -> None:
    """A method that does not exist is refused, with those that do."""
    with pytest.raises(ToplineError, match="Use one of logit, beta, wilson"):
        proportion_interval(0.2, 0.1, 9, 10, "wald")
    assert proportion_interval(0.2, 0.1, 0, 10) == (pytest.approx(nan, nan_ok=True),) * 2
