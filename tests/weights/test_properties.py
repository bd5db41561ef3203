"""Properties of weights on random data, and two methods that must agree."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.weights.samples import api99, base, stype

from topline.base import ToplineError
from topline.designs import Design
from topline.estimates import cell_sums, means, standard_error
from topline.weights import (
    Distance,
    Margin,
    Weighted,
    adjust_response,
    calibrate,
    cap,
    crossed,
    post_stratify,
    rake,
    trim_weights,
)

QUICK = settings(max_examples=60, deadline=None)
BOUNDS = (0.2, 4.0)


def letters(k: int) -> tuple[str, ...]:
    """Labels of k groups."""
    return tuple("abcdefgh"[:k])


@st.composite
def people(draw: st.DrawFn) -> tuple[np.ndarray, tuple[Margin, ...]]:
    """Base weights of 30 to 120 people and one to three margins that some weights meet.

    The margins are those of other weights, not far from the base, so they agree and can be met.
    """
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    n, sizes = draw(st.integers(30, 120)), draw(st.lists(st.integers(2, 4), min_size=1, max_size=3))
    weights = random.uniform(0.5, 2.0, n)
    wanted = weights * random.uniform(0.8, 1.25, n) * draw(st.sampled_from([1.0, 1.0, 1.1]))
    margins = []
    for place, k in enumerate(sizes):
        codes = random.integers(0, k, n).astype(np.uint8)
        assume(len(np.unique(codes)) == k)
        counts = np.bincount(codes, wanted, minlength=k)
        margins.append(Margin(f"margin {place}", codes, counts, letters(k)))
    return weights, tuple(margins)


def weigh(way: str, weights: np.ndarray, margins: Sequence[Margin]) -> Weighted:
    """One of the ways to weight; bounds that cannot be kept are no case."""
    if way == "rake":
        return rake(weights, margins)
    bounded = BOUNDS if way in ("bounded", "logit") else None
    name = {"bounded": "linear"}.get(way, way)
    try:
        return calibrate(weights, margins, Distance(name, bounded))
    except ToplineError as error:
        assume(error.findings[0].id not in ("calibrate_bounded", "bounds_infeasible"))
        raise


def refused(error: ToplineError, *ids: str) -> None:
    """The error is one of these, so the random case is none."""
    assert error.findings[0].id in ids


WAYS = ("rake", "linear", "raking", "logit", "bounded")


@QUICK
@given(people(), st.sampled_from(WAYS))
def test_margins_hold(given: tuple[np.ndarray, tuple[Margin, ...]], way: str) -> None:
    """Whatever the way, every group has its count to 1e-10 of it, and every person a finite weight."""
    found = weigh(way, *given)
    assert np.isfinite(found.weights).all()
    for margin in found.margins:
        assert margin.off < 1e-10


@QUICK
@given(people(), st.sampled_from(WAYS), st.integers(0, 2**32 - 1))
def test_order_of_people_changes_nothing(
    given: tuple[np.ndarray, tuple[Margin, ...]], way: str, seed: int
) -> None:
    """The same people in another order have the same weights."""
    weights, margins = given
    order = np.random.default_rng(seed).permutation(len(weights))
    turned = [Margin(m.name, m.codes[order], m.counts, m.labels) for m in margins]
    found = weigh(way, weights, margins).weights
    assert weigh(way, weights[order], turned).weights == pytest.approx(found[order], rel=1e-9, abs=1e-12)


@QUICK
@given(people())
def test_promises_of_the_distances(given: tuple[np.ndarray, tuple[Margin, ...]]) -> None:
    """Raking gives weights above 0; bounded distances keep each factor between their bounds."""
    weights, margins = given
    assert weigh("rake", weights, margins).weights.min() > 0
    assert weigh("raking", weights, margins).weights.min() > 0
    for way in ("logit", "bounded"):
        factors = weigh(way, weights, margins).weights / weights
        assert BOUNDS[0] - 1e-12 <= factors.min() <= factors.max() <= BOUNDS[1] + 1e-12


@QUICK
@given(people())
def test_true_margins_are_left_alone(given: tuple[np.ndarray, tuple[Margin, ...]]) -> None:
    """Weights that meet the margins already stay as they are, whatever the way."""
    weights, margins = given
    true = [Margin(m.name, m.codes, m.sums(weights), m.labels) for m in margins]
    for way in WAYS:
        assert weigh(way, weights, true).weights == pytest.approx(weights, rel=1e-10)


@QUICK
@given(people())
def test_one_margin_is_post_stratification(given: tuple[np.ndarray, tuple[Margin, ...]]) -> None:
    """With one margin, raking, linear and raking-distance calibration all are post-stratification."""
    weights, margins = given
    expected = post_stratify(weights, margins[0]).weights
    for way in ("rake", "linear", "raking"):
        assert weigh(way, weights, margins[:1]).weights == pytest.approx(expected, rel=1e-10)
    replied = adjust_response(weights, margins[0])
    assert replied.weights == pytest.approx(expected, rel=1e-12)
    assert replied.calibration is None


@QUICK
@given(people())
def test_raking_on_people_is_raking_on_cells(given: tuple[np.ndarray, tuple[Margin, ...]]) -> None:
    """Iterative fitting over people, without cells, and calibration with the raking distance agree."""
    weights, margins = given
    by_row = weights.copy()
    for _ in range(2000):
        before = by_row
        for margin in margins:
            by_row = by_row * (margin.counts / margin.sums(by_row))[margin.codes]
        if np.abs(by_row / before - 1).max() < 1e-15:
            break
    assert rake(weights, margins).weights == pytest.approx(by_row, rel=1e-9)
    assert weigh("raking", weights, margins).weights == pytest.approx(by_row, rel=1e-8)


@QUICK
@given(people())
def test_linear_calibration_is_the_nearest(given: tuple[np.ndarray, tuple[Margin, ...]]) -> None:
    """Linear weights are the least of sum (w - d)^2 / d under the margins; with bounds, inside them.

    Conditions of Karush, Kuhn and Tucker: the gradient is a sum of margins, plus, where a bound is met, a
    multiplier that pushes outwards.
    """
    weights, margins = given
    design = np.hstack([np.eye(len(m.counts))[m.codes] for m in margins])
    gradient = weigh("linear", weights, margins).weights / weights - 1
    assert gradient == pytest.approx(_projected(design, gradient), abs=1e-8)
    low, high = 0.85, 1.2
    try:
        factors = calibrate(weights, margins, Distance("linear", (low, high))).weights / weights
    except ToplineError as error:
        return refused(error, "calibrate_bounded", "bounds_infeasible")
    inside = (factors > low + 1e-9) & (factors < high - 1e-9)
    # With few people free the multipliers are not unique, and nothing can be said of their signs
    assume(np.linalg.matrix_rank(design[inside]) == np.linalg.matrix_rank(design))
    slopes = np.linalg.lstsq(design[inside], factors[inside] - 1, rcond=None)[0]
    push = design @ slopes - (factors - 1)
    assert push[inside] == pytest.approx(0.0, abs=1e-7)
    assert (push[factors <= low + 1e-9] <= 1e-7).all()
    assert (push[factors >= high - 1e-9] >= -1e-7).all()


def _projected(design: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(design @ np.linalg.lstsq(design, y, rcond=None)[0])


@QUICK
@given(people(), st.floats(1.5, 4.0))
def test_a_cap_holds_with_the_margins(given: tuple[np.ndarray, tuple[Margin, ...]], largest: float) -> None:
    """Cut and raked again until both hold: no weight above the limit, and every count true."""
    weights, margins = given
    raked = rake(weights, margins)
    try:
        found = cap(raked, largest, lambda base: rake(base, margins))
    except ToplineError as error:
        return refused(error, "cap_infeasible", "cap_unfinished", "rake_unfinished")
    assert found.diagnostics.largest <= largest * (1 + 2e-6)
    assert max(margin.off for margin in found.margins) < 1e-10
    assert np.array_equal(found.base, weights)


@QUICK
@given(people(), st.floats(0.2, 0.9), st.floats(1.2, 3.0))
def test_trimming_keeps_the_total(
    given: tuple[np.ndarray, tuple[Margin, ...]], lower: float, upper: float
) -> None:
    """Strict trimming leaves no weight outside and the total as it was."""
    weights, mean = given[0], given[0].mean()
    try:
        found = trim_weights(weights, lower=lower * mean, upper=upper * mean, strict=True)
    except ToplineError as error:
        return refused(error, "trim_all", "trim_unfinished")
    assert found.sum() == pytest.approx(weights.sum(), rel=1e-12)
    assert lower * mean <= found.min() <= found.max() <= upper * mean


@QUICK
@given(people(), st.sampled_from(WAYS), st.integers(0, 2**32 - 1))
def test_cell_sums_give_the_error_of_residuals(
    given: tuple[np.ndarray, tuple[Margin, ...]], way: str, seed: int
) -> None:
    """The error of a share in a group from cell sums is that of a residual for each person, strata or not."""
    found, random = weigh(way, *given), np.random.default_rng(seed)
    assume(found.weights.min() >= 0)
    n = len(found.weights)
    strata = np.arange(n) % 3
    design = found.design(Design("design", given[0], strata, ("x", "y", "z"), np.full(3, 400.0)))
    groups, codes = random.integers(0, 2, n), random.integers(0, 3, n)
    estimates = means(cell_sums(design, groups, 2, codes, 3), np.eye(3))
    for group in range(2):
        for code in range(3):
            w = np.where(groups == group, found.weights, 0.0)
            mean = estimates.value[group, code]
            z = w * ((codes == code) - mean) / w.sum()
            expected = standard_error(design, z)
            assert estimates.se[group, code] == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_crossing_is_a_margin_of_pairs() -> None:
    """Grade by age has a group for each pair, in the order of the counts; who lacks one is outside."""
    grade = Margin("Grade", np.array([0, 1, 1, 7], dtype=np.uint8), np.zeros(2), ("low", "high"))
    age = Margin("Age", np.array([2, 0, 2, 0], dtype=np.uint8), np.zeros(3), ("young", "middle", "old"))
    found = crossed("Grade x Age", (grade, age), np.arange(6).reshape(2, 3))
    assert list(found.codes) == [2, 3, 5, 6]
    assert found.labels[3] == "high x young"
    assert list(found.counts) == [0, 1, 2, 3, 4, 5]


def test_many_cells_are_cut_to_the_occupied_ones() -> None:
    """Margins whose table would have 10^10 cells are raked on the few that somebody is in."""
    random = np.random.default_rng(1)
    codes = [random.integers(0, 100, 2000) for _ in range(5)]
    margins = [
        Margin(f"m{place}", c, np.bincount(c, minlength=100) * 2.0, tuple(map(str, range(100))))
        for place, c in enumerate(codes)
    ]
    found = rake(np.ones(2000), margins)
    assert found.cells <= 2000
    assert found.weights == pytest.approx(2.0)


def test_numbers_and_bounds_together() -> None:
    """A total of a number is met within bounds, too."""
    found = calibrate(base("srs"), (stype("srs"), api99("srs")), Distance("raking", (0.7, 1.5)))
    factors = found.weights / base("srs")
    assert max(margin.off for margin in found.margins) < 1e-10
    assert 0.7 <= factors.min() <= factors.max() <= 1.5
