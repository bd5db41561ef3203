"""What must hold of estimates whatever the answers: two methods agree, and nothing depends on how rows
lie.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topline.designs import Design, Replicates, replicated
from topline.estimates import (
    Estimates,
    cell_sums,
    difference,
    linearised,
    means,
    number_means,
    number_sums,
    standard_error,
)

K, D = 4, 3
near = {"rel": 1e-9, "abs": 1e-12}


@st.composite
def samples(draw: st.DrawFn) -> tuple[Design, np.ndarray, np.ndarray]:
    """A design with one to three strata, groups (-1: none) and codes (K or more: outside the base)."""
    strata = draw(st.integers(1, 3))
    n = draw(st.integers(2 * strata, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    stratum = np.concatenate([np.repeat(np.arange(strata), 2), rng.integers(0, strata, n - 2 * strata)])
    weights = np.ones(n) if draw(st.booleans()) else rng.lognormal(0, 1, n)
    names = tuple(str(name) for name in range(strata))
    sizes = np.bincount(stratum, minlength=strata)
    population = sizes * rng.uniform(1, 5, strata) if draw(st.booleans()) else None
    design = Design("design", weights, stratum, names, population)
    return design, rng.integers(-1, D, n), rng.integers(0, K + 1, n)


def shares(design: Design, groups: np.ndarray, codes: np.ndarray) -> Estimates:
    """Shares of each code in each group, from cell sums."""
    return means(cell_sums(design, groups, D, codes, K), np.eye(K))


def person_by_person(design: Design, groups: np.ndarray, codes: np.ndarray, code: int, group: int) -> tuple:
    """Share and error of one code in one group from linearised values (the residual formula)."""
    y = np.where(codes < K, (codes == code).astype(float), np.nan)
    mean, z = linearised(design, y, groups == group)
    return mean, standard_error(design, z)


@settings(max_examples=60, deadline=None)
@given(samples())
def test_cells_and_residuals_agree(sample: tuple[Design, np.ndarray, np.ndarray]) -> None:
    """The error from sums by cell is the error from linearised values, person by person."""
    design, groups, codes = sample
    found = shares(design, groups, codes)
    for group in range(D):
        for code in range(K):
            mean, error = person_by_person(design, groups, codes, code, group)
            if np.isnan(mean):
                assert np.isnan(found.value[group, code])
                continue
            assert found.value[group, code] == pytest.approx(mean, **near)
            assert found.se[group, code] == pytest.approx(error, rel=1e-6, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(sample: tuple, random: object) -> None:
    """Shuffled people give the same shares and errors."""
    design, groups, codes = sample
    order = np.array(random.sample(range(len(codes)), len(codes)))  # type: ignore[attr-defined]
    other = Design(
        "design", design.weights[order], design.strata[order], design.strata_names, design.population
    )
    same(shares(design, groups, codes), shares(other, groups[order], codes[order]))


@settings(max_examples=40, deadline=None)
@given(samples(), st.floats(0.01, 100))
def test_the_scale_of_weights_does_not_matter(sample: tuple, factor: float) -> None:
    """Weights that are all multiplied by one number give the same shares, errors and effective bases."""
    design, groups, codes = sample
    other = Design("design", design.weights * factor, design.strata, design.strata_names, design.population)
    same(shares(design, groups, codes), shares(other, groups, codes))


@settings(max_examples=40, deadline=None)
@given(samples())
def test_a_group_is_everybody_else_with_weight_zero(sample: tuple) -> None:
    """A domain estimate is that of all people where those outside have the weight 0."""
    design, groups, codes = sample
    zeroed = Design(
        "design",
        np.where(groups == 0, design.weights, 0.0),
        design.strata,
        design.strata_names,
        design.population,
    )
    together = shares(zeroed, np.zeros_like(groups), codes)
    apart = shares(design, groups, codes)
    for name in ("value", "se", "weighted", "effective"):
        a, b = getattr(apart, name)[0], getattr(together, name)[0]
        assert list(a) == pytest.approx(list(b), rel=1e-7, abs=1e-8, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(samples())
def test_nets_and_scores_from_cells_are_those_of_numbers(sample: tuple) -> None:
    """A score is a number that a code stands for: its mean from cells is the mean of the numbers."""
    design, groups, codes = sample
    scores = np.array([100.0, 50.0, 0.0, np.nan])
    from_cells = means(cell_sums(design, groups, D, codes, K, np.isfinite(scores)[None]), scores[None, :])
    numbers = np.array([*scores, np.nan])[codes]
    same(from_cells, number_means(number_sums(design, groups, D, numbers)))


@settings(max_examples=40, deadline=None)
@given(samples())
def test_a_difference_with_itself_is_certain(sample: tuple) -> None:
    """A group has no difference from itself, and the error of it is 0: the covariance is in."""
    design, groups, codes = sample
    side = (np.where(codes < K, (codes == 1).astype(float), np.nan), groups == 0)
    found = difference(design, side, side)
    assert np.isnan(found.value) or (found.value, found.se) == (0.0, 0.0)


def same(one: Estimates, other: Estimates) -> None:
    """Two results are equal, but for the last digits and the sum of weights."""
    for name in ("value", "se", "effective"):
        a, b = getattr(one, name).ravel(), getattr(other, name).ravel()
        assert list(a) == pytest.approx(list(b), rel=1e-6, abs=1e-5, nan_ok=True), name
    assert (one.n == other.n).all()
    assert (one.df == other.df).all()


def test_textbook_case() -> None:
    """20 of 100 said yes, drawn with replacement: the error is sqrt(p q / (n - 1))."""
    codes = np.repeat([0, 1], [20, 80])
    design = Design("model", np.ones(100), np.zeros(100, dtype=np.intp))
    found = means(cell_sums(design, np.zeros(100, int), 1, codes, 2), np.eye(2))
    assert found.value[0, 0] == 0.2
    assert found.se[0, 0] == pytest.approx((0.2 * 0.8 / 99) ** 0.5, **near)


@settings(max_examples=40, deadline=None)
@given(samples(), st.integers(0, 2**32 - 1))
def test_splitting_rows_changes_nothing(sample: tuple, seed: int) -> None:
    """A person's row cut into several, the weight shared out among them, gives the same shares and errors.

    The rows stay one unit, as the clusters say.
    """
    design, groups, codes = sample
    rng = np.random.default_rng(seed)
    n = len(codes)
    rows = np.repeat(np.arange(n), rng.integers(1, 4, n))
    parts = rng.uniform(0.1, 1.0, len(rows))
    weights = design.weights[rows] * parts / np.bincount(rows, parts)[rows]
    whole = Design(
        "design", design.weights, design.strata, design.strata_names, design.population, clusters=np.arange(n)
    )
    split = Design(
        "design", weights, design.strata[rows], design.strata_names, design.population, clusters=rows
    )
    one, other = shares(whole, groups, codes), shares(split, groups[rows], codes[rows])
    for name in ("value", "se", "weighted"):
        a, b = getattr(one, name), getattr(other, name)
        assert list(a.ravel()) == pytest.approx(list(b.ravel()), rel=1e-7, abs=1e-8, nan_ok=True)


def test_sums_of_parts_are_the_sums_of_the_whole() -> None:
    """Cells of two halves of the people add up to the cells of all: sums can be made anywhere."""
    rng = np.random.default_rng(3)
    n = 500
    weights, groups, codes = rng.lognormal(0, 1, n), rng.integers(0, D, n), rng.integers(0, K, n)
    whole = cell_sums(Design("model", weights, np.zeros(n, dtype=int)), groups, D, codes, K)
    halves = [
        cell_sums(
            Design("model", weights[part], np.zeros(n // 2, dtype=int)), groups[part], D, codes[part], K
        )
        for part in (slice(None, n // 2), slice(n // 2, None))
    ]
    for name in ("n", "w", "w2"):
        assert getattr(whole, name) == pytest.approx(sum(getattr(half, name) for half in halves))


def clustered_sample() -> tuple[Design, np.ndarray, np.ndarray]:
    """Two thousand people in 200 clusters of 10 strata, whose answers are alike within a cluster."""
    rng = np.random.default_rng(17)
    clusters = np.repeat(np.arange(200), 10)
    strata = clusters // 20
    mean = rng.normal(1.5, 0.5, 200)[clusters] + 0.05 * strata
    codes = np.clip(np.round(mean + rng.normal(0, 1, len(mean))), 0, K - 1).astype(int)
    names = tuple(str(name) for name in range(10))
    design = Design("design", rng.lognormal(0, 0.4, len(codes)), strata, names, clusters=clusters)
    return design, rng.integers(0, D, len(codes)), codes


def jackknife(design: Design) -> Replicates:
    """JKn: each cluster left out once, the others of its stratum counting for it (Wolter 2007, ch. 4)."""
    clusters = design.clusters
    assert clusters is not None
    drawn = np.tile(design.weights[:, None], (1, 200))
    for out in range(200):
        drawn[design.strata == out // 20, out] *= 20 / 19
        drawn[clusters == out, out] = 0.0
    return Replicates(drawn, 1.0, np.full(200, 19 / 20))


def bootstrap(design: Design, times: int) -> Replicates:
    """Rao and Wu 1988: 19 of the 20 clusters of a stratum with replacement, weights times 20 / 19."""
    rng = np.random.default_rng(23)
    clusters = design.clusters
    assert clusters is not None
    drawn = np.stack([rng.multinomial(19, np.full(20, 1 / 20), size=times).T for _ in range(10)])
    factors = drawn.reshape(200, times) * 20 / 19
    return replicated(design.weights[:, None] * factors[clusters], design.weights, "bootstrap")


@pytest.mark.parametrize("way", ["jackknife", "bootstrap"])
def test_replicate_and_linearised_errors_agree_on_large_samples(way: str) -> None:
    """Shares in groups of a clustered sample: replicate weights give errors within 5% of linearised ones."""
    design, groups, codes = clustered_sample()
    made = jackknife(design) if way == "jackknife" else bootstrap(design, 1500)
    linear = shares(design, groups, codes)
    again = shares(Design("design", design.weights, design.strata, replicates=made), groups, codes)
    assert again.value == pytest.approx(linear.value)
    assert np.abs(again.se / linear.se - 1).max() < 0.05  # the largest of 12 cells
