"""Cell sums under every kind of design: the same errors as the textbook's recursion over residuals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topline.designs import Design, Stage, replicated
from topline.estimates import (
    Groups,
    Item,
    bases_of,
    cell_sums,
    difference,
    joint_cells,
    linearised,
    means,
    number_means,
    number_sums,
    pair_tables,
    ratios,
    scan,
    standard_error,
)

K, D = 4, 3
SCORES = np.vstack([np.eye(K), [100.0, 50.0, 0.0, np.nan], [1.0, 1.0, 0.0, 0.0]])


@st.composite
def samples(draw: st.DrawFn) -> tuple[Design, np.ndarray, np.ndarray]:
    """People in one to three strata, each with two to five clusters of one to six; groups and codes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    strata, clusters, units = [], [], []
    kind = draw(st.sampled_from(["people", "clusters", "fpc", "two stages", "persons in two stages"]))
    for stratum in range(draw(st.integers(1, 3))):
        for cluster in range(rng.integers(2, 6)):
            size = rng.integers(2, 7)
            first = max(units, default=-1) + 1
            inner = np.arange(size) if kind == "persons in two stages" else np.arange(size) % 2
            strata += [stratum] * size
            clusters += [10 * stratum + cluster] * size
            units += list(first + inner)
    _, clustered = np.unique(clusters, return_inverse=True)
    order = rng.permutation(len(strata))
    strata, clustered, units = (np.array(ids)[order] for ids in (strata, clustered, units))
    weights = rng.lognormal(0, 1, len(order)) * (rng.random(len(order)) > 0.05)
    design = Design("design", weights, strata, tuple("ABC"[: max(strata) + 1]))
    if kind != "people":
        drawn = np.array([len(np.unique(clustered[strata == h])) for h in range(max(strata) + 1)])
        population = None if kind == "clusters" else drawn * rng.uniform(1, 4, len(drawn))
        inner = np.array([len(np.unique(units[clustered == c])) for c in range(max(clustered) + 1)])
        second = Stage(units, inner * rng.uniform(1, 4, len(inner))) if "stages" in kind else None
        design = replace(design, clusters=clustered, population=population, second=second)
    return design, rng.integers(-1, D, len(order)), rng.integers(0, K + 1, len(order))


def about_mean(totals: np.ndarray, population: float) -> float:
    """The variance of a sum of totals of units drawn out of a population."""
    n = len(totals)
    return (1 - n / population) * n / (n - 1) * ((totals - totals.mean()) ** 2).sum()


def by_recursion(design: Design, z: np.ndarray) -> float:
    """The variance stage by stage, as textbooks write it."""
    clusters = np.arange(len(z)) if design.clusters is None else design.clusters
    variance = 0.0
    for h in range(len(design.strata_names)):
        ids = np.unique(clusters[design.strata == h])
        totals = np.array([z[clusters == c].sum() for c in ids])
        population = np.inf if design.population is None else design.population[h]
        variance += about_mean(totals, population)
        for c in ids if design.second is not None else ():
            units = design.second.units
            inner = np.array([z[units == u].sum() for u in np.unique(units[clusters == c])])
            variance += len(ids) / population * about_mean(inner, design.second.population[c])
    return float(variance**0.5) if variance > 0 else 0.0


@settings(max_examples=80, deadline=None)
@given(samples())
def test_cells_give_the_errors_of_the_recursion(sample: tuple) -> None:
    """Shares, nets and means of scores from cell sums have the errors of residuals, stage by stage."""
    design, groups, codes = sample
    found = means(cell_sums(design, groups, D, codes, K, np.isfinite(SCORES)), SCORES)
    for d in range(D):
        for m, values in enumerate(SCORES):
            y = np.append(values, np.nan)[codes]
            mean, z = linearised(design, y, groups == d)
            if np.isnan(mean):
                assert np.isnan(found.value[d, m])
                continue
            assert found.value[d, m] == pytest.approx(mean, rel=1e-9, abs=1e-12)
            expected = by_recursion(design, z)
            scale = 1e-7 * max(abs(np.nan_to_num(values)))
            assert standard_error(design, z) == pytest.approx(expected, rel=1e-6, abs=scale)
            assert found.se[d, m] == pytest.approx(expected, rel=1e-6, abs=scale)


@settings(max_examples=40, deadline=None)
@given(samples())
def test_one_pass_equals_the_sums_of_matrices(sample: tuple) -> None:
    """The compiled loop gives what bincount and matrix products give, item by item."""
    design, groups, codes = sample
    items = [Item(codes, K, bases_of(SCORES)), Item(codes[::-1].copy(), K + 1, bases_of(np.eye(K + 1)))]
    blocks = [Groups(groups, D), Groups(np.zeros(len(codes), dtype=int), 1)]
    for item, cells in zip(items, scan(design, items, blocks), strict=True):
        start = 0
        for block in blocks:
            totals, matrix = joint_cells(design, item, block)
            size = (block.depth, item.width)
            part = slice(start, start := start + block.depth)
            assert cells.w[part] == pytest.approx(totals.reshape(size), rel=1e-12)
            expected = matrix.reshape(size * 2)
            for d in range(block.depth):
                assert cells.squares[part][d] == pytest.approx(expected[d, :, d, :], rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(samples())
def test_contrasts_of_groups_from_cells(sample: tuple) -> None:
    """Differences of two groups, and of a group and the rest, from cell sums are those of residuals."""
    design, groups, codes = sample
    totals, matrix = joint_cells(design, Item(codes, K, bases_of(np.eye(K))), Groups(groups, D))
    table = totals.reshape(D, K)
    for rest in (np.array([1]), np.array([1, 2])):
        sides = [table[[0]].sum(0), table[rest].sum(0)]
        if not all(side.sum() > 0 for side in sides):
            continue
        slopes = np.zeros((D, K))
        for sign, rows, side in ((1, [0], sides[0]), (-1, rest, sides[1])):
            p = side[2] / side.sum()
            slopes[rows] += sign * (np.eye(K)[2] - p) / side.sum()
        y = np.where(codes < K, (codes == 2).astype(float), np.nan)
        expected = difference(design, (y, groups == 0), (y, np.isin(groups, rest)))
        se = np.sqrt(max(slopes.ravel() @ matrix @ slopes.ravel(), 0.0))
        assert se == pytest.approx(expected.se, rel=1e-6, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(samples())
def test_numbers_are_codes_of_their_own(sample: tuple) -> None:
    """A mean of a number, and a ratio of two, have the errors of residuals."""
    design, groups, codes = sample
    y, x = codes * 3.0 + 5, np.where(codes == 0, np.nan, codes + 1.0)
    found = number_means(number_sums(design, groups, D, y))
    ratio = ratios(
        number_sums(design, groups, D, np.column_stack([y, x])),
        np.array([[0.0, 1, 0]]),
        np.array([[0.0, 0, 1]]),
        0,
    )
    for d in range(D):
        mean, z = linearised(design, y, groups == d)
        if not np.isnan(mean):
            assert found.se[d, 0] == pytest.approx(by_recursion(design, z), rel=1e-6, abs=1e-6)
        inside = (groups == d) & np.isfinite(x)
        w = np.where(inside, design.weights, 0.0)
        bottom = w @ np.nan_to_num(x)
        if bottom > 0:
            r = w @ y / bottom
            assert ratio.value[d, 0] == pytest.approx(r, rel=1e-9)
            z = w * (y - r * np.nan_to_num(x)) / bottom
            assert ratio.se[d, 0] == pytest.approx(by_recursion(design, z), rel=1e-6, abs=1e-7)


def test_a_jackknife_of_people_is_the_linearised_error() -> None:
    """JK1 weights of a simple random sample give the error of a mean exactly, from cells as from people."""
    rng = np.random.default_rng(3)
    n = 40
    codes, y = rng.integers(0, K, n), rng.normal(size=n)
    design = Design("design", np.ones(n), np.zeros(n, dtype=np.intp))
    weights = (1 - np.eye(n)) * n / (n - 1)
    drawn = replace(design, replicates=replicated(weights, design.weights, "JK1"))
    everybody = np.zeros(n, dtype=np.intp)
    for build, of in ((number_sums, (y,)), (cell_sums, (codes, K))):
        results = []
        for each in (design, drawn):
            cells = build(each, everybody, 1, *of)
            results.append(number_means(cells) if build is number_sums else means(cells, np.eye(K)))
        assert results[0].se == pytest.approx(results[1].se, rel=1e-9)
        assert (results[1].df == n - 1).all()
    a, b = (y, codes < 2), (y, codes >= 1)
    assert difference(drawn, a, b).se == pytest.approx(difference(design, a, b).se, rel=0.05)


def test_tables_of_every_two_items() -> None:
    """Joined or alone, each two items have the table that they have by themselves; outside is left out."""
    rng = np.random.default_rng(5)
    widths = (5, 3, 40, 5, 2)
    codes = [rng.integers(0, k + 1, 500).astype(np.uint8) for k in widths]
    weights = rng.lognormal(size=500)
    found = pair_tables(
        weights, [Item(c, k, bases_of(np.eye(k))) for c, k in zip(codes, widths, strict=True)]
    )
    for i, one in enumerate(codes):
        for j, other in enumerate(codes):
            expected = np.zeros((widths[i] + 1, widths[j] + 1))
            np.add.at(expected, (one, other), weights)
            assert found[i, j] == pytest.approx(expected[:-1, :-1], rel=1e-12)
