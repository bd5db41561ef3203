"""Where all answers are alike rounding alone makes differences, which must not look like findings."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tables.test_table import people

from topline.base import half_up
from topline.designs import Design, replicated
from topline.estimates import Groups, difference, gap, number_means, number_sums, p_value
from topline.tables import Compare
from topline.tables.change import Point, change_of
from topline.tables.groups import Span
from topline.tables.letters import marks_of
from topline.tables.measures import Measure, RowSpec

N = 200
ALIKE = [1.0, 0.1, 3.3, -7.7]


def weighted(seed: int) -> Design:
    """People drawn with replacement, with weights that no sum adds up exactly."""
    return Design("model", np.random.default_rng(seed).lognormal(0.0, 0.5, N), np.zeros(N, dtype=int))


@given(st.integers(0, 10_000), st.sampled_from(ALIKE))
def test_no_difference_of_groups_that_answer_alike(seed: int, value: float) -> None:
    """100% of one group and 100% of another do not differ, nor means of one number, whatever the weights."""
    first = np.arange(N) < 33
    found = difference(weighted(seed), (np.full(N, value), first), (np.full(N, value), ~first))
    assert (found.value, p_value(found.value, found.se, found.df)) == (0.0, 1.0)


def test_no_difference_by_replicate_weights() -> None:
    """The same under replicate weights, which would each bring a rounding of their own."""
    random = np.random.default_rng(3)
    full = random.lognormal(size=N)
    drawn = replicated(full[:, None] * random.poisson(1.0, (N, 40)), full, "bootstrap")
    design = Design("design", full, np.zeros(N, dtype=int), replicates=drawn)
    first = np.arange(N) < 33
    found = difference(design, (np.full(N, 0.1), first), (np.full(N, 0.1), ~first))
    assert (found.value, p_value(found.value, found.se, found.df)) == (0.0, 1.0)


@pytest.mark.parametrize("test", ["pairs", "against_rest"])
@pytest.mark.parametrize("shared", [False, True])
def test_no_marks_of_columns_that_answer_alike(tmp_path: Path, test: str, shared: bool) -> None:
    """Columns whose people all gave one number get no marks, from whatever weights and with whom shared."""
    variable = people(tmp_path).study.variables["likes"]
    column = (np.arange(N) >= 90).astype(np.uint8)
    half = [Groups(np.where(part, 0, 1).astype(np.uint8), 1) for part in (column == 0, np.arange(N) >= 80)]
    span = Span((), tuple(half) if shared else (Groups(column, 2),))
    for seed in range(20):
        design, numbers = weighted(seed), np.full(N, 0.1)
        measure = Measure(variable, (RowSpec("mean", "Mean", "mean"),), (), (), (), numbers)
        total = number_means(number_sums(design, np.zeros(N, dtype=np.uint8), 1, numbers))
        found = number_means(number_sums(design, column, 2, numbers))
        marks = marks_of(measure, design, span, total, found, Compare(test))  # type: ignore[arg-type]
        assert not any(marks.ravel())


def test_no_change_of_a_mean_that_all_gave() -> None:
    """Two waves in which everybody answered 3.3 have not changed, though the sums end in another digit."""
    then, now = (Point(value, 0.0, 99, 100, 100.0) for value in (3.3, 3.3000000000000003))
    made = change_of(then, now, share=False)
    assert (made.value, made.p, made.verdict) == (0.0, 1.0, "no significant change")


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_gap_is_a_difference(a: float, b: float) -> None:
    """But for what rounding makes of equal figures."""
    assert gap(a, b) == pytest.approx(a - b, abs=1e-6 * 1e-6 * max(abs(a), abs(b)))
    assert gap(a, b) == -gap(b, a)


def test_nothing_rounds_to_minus_zero() -> None:
    """A score of -0.3 is printed as 0."""
    assert [str(half_up(value)) for value in (-0.3, -0.0, 0.3, -0.5)] == ["0", "0", "0", "-1"]
    assert str(half_up(-0.04, 1)) == "0.0"
