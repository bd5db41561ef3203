"""Empty groups, groups of one, constants, sparse tables and impossible arguments: no number, or a refusal."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topline.base import ToplineError
from topline.designs import Design, replicated
from topline.estimates import (
    association,
    cohen_kappa,
    design_kappa,
    difference,
    mean_design_effect,
    mean_vector,
    quantile,
    ratio,
    totals,
    variance,
)

N = 50
NUMBERS = np.random.default_rng(1).normal(size=N)
NOBODY, ONE = np.zeros(N, dtype=bool), np.arange(N) == 3


def drawn(n: int = N) -> Design:
    """People drawn with replacement, of equal weight."""
    return Design("model", np.ones(n), np.zeros(n, dtype=int))


def test_nobody_has_no_mean() -> None:
    """An empty group has no mean, ratio, variance or design effect; its total is 0, with no interval."""
    column = NUMBERS[:, None]
    for found in (
        mean_vector(drawn(), column, NOBODY),
        ratio(drawn(), column, column, NOBODY),
        variance(drawn(), NUMBERS, NOBODY),
    ):
        assert np.isnan(np.concatenate([found.value, found.se, *found.interval()])).all()
        assert (found.n, found.df) == (0, 0)
    assert np.isnan(mean_design_effect(drawn(), NUMBERS, NOBODY))
    total = totals(drawn(), column, NOBODY)
    assert total.value[0] == 0.0
    assert np.isnan(total.interval()).all()


def test_one_person_has_no_interval() -> None:
    """A mean of one person has no degree of freedom, and so no interval that is one point; no variance."""
    found = mean_vector(drawn(), NUMBERS[:, None], ONE)
    assert (found.value[0], found.df) == (NUMBERS[3], 0)
    assert np.isnan(found.interval()).all()
    assert np.isnan(variance(drawn(), NUMBERS, ONE).value[0])
    assert np.isnan(mean_design_effect(drawn(), NUMBERS, ONE))


def test_a_constant_has_no_design_effect() -> None:
    """Where all gave one number neither the design nor a simple sample has an error: their ratio is none."""
    assert np.isnan(mean_design_effect(drawn(), np.full(N, 2.0)))


def test_a_group_that_some_replicates_do_not_have() -> None:
    """If a replicate gives a group no weight, its error is not known; the figure stays."""
    full, group = np.ones(N), np.arange(N) < 5
    weights = np.stack([np.where(np.arange(N) // 5 == part, 0.0, 10 / 9) for part in range(10)], axis=1)
    design = Design("design", full, np.zeros(N, dtype=int), replicates=replicated(weights, full, "JK1"))
    found = mean_vector(design, NUMBERS[:, None], group)
    assert found.value[0] == pytest.approx(NUMBERS[:5].mean())
    assert np.isnan(found.se[0])
    apart = difference(design, (NUMBERS, group), (NUMBERS, ~group))
    assert apart.value == pytest.approx(NUMBERS[:5].mean() - NUMBERS[5:].mean())
    assert np.isnan(apart.se)


@pytest.mark.parametrize("method", ["F", "Chisq", "Wald", "adjWald"])
def test_tables_too_sparse_to_test(method: str) -> None:
    """Three groups that each gave an answer of their own: as R says, singular, in words and with a way on."""
    codes = np.repeat([0, 1, 2], 20)
    with pytest.raises(ToplineError, match="a table of 3 by 3 groups with 6 cells that nobody is in"):
        association(drawn(60), codes, 3, codes, 3, method)  # type: ignore[arg-type]
    joined = association(drawn(60), codes > 0, 2, codes > 0, 2, method)  # type: ignore[arg-type]
    assert joined.p < 1e-10


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=40))
def test_a_test_or_a_refusal(pairs: list[tuple[int, int]]) -> None:
    """Whatever the table, a p from 0 to 1 or a refusal in words."""
    rows, columns = (np.array(part) for part in zip(*pairs, strict=True))
    for method in ("F", "Chisq", "Wald", "adjWald"):
        try:
            found = association(drawn(len(pairs)), rows, 3, columns, 3, method)  # type: ignore[arg-type]
        except ToplineError:
            continue
        assert 0.0 <= found.p <= 1.0 or found.ddf < 1


def test_codes_that_are_none() -> None:
    """A code beyond k was counted as another pair of codes: 0 and 3 of two codes as 1 and 1."""
    said = "codes go from 0 to 1 of k = 2 codes, and negative ones are no code: 3 is neither"
    for kappa in (cohen_kappa, lambda *rest: design_kappa(drawn(4), *rest)):
        with pytest.raises(ToplineError, match=said):
            kappa([0, 0, 0, 1], [0, 0, 3, 1], 2)
        with pytest.raises(ToplineError, match="for 1 things and the second for 3"):
            kappa([0], [0, 1, 1], 2)


def test_kappa_of_people_without_weight() -> None:
    """If only people of weight 0 were coded twice, kappa is of nobody."""
    design = Design("model", np.array([0.0, 0.0, 1.0, 1.0]), np.zeros(4, dtype=int))
    assert design_kappa(design, [0, 1, -1, -1], [0, 1, 0, 0], 2).value is None


def test_quantiles_that_cannot_be() -> None:
    """A share outside 0 to 1 or an unknown rule gave a number; now a refusal."""
    with pytest.raises(ToplineError, match=r"a quantile of 2 cannot be: give a share from 0 to 1"):
        quantile(drawn(), NUMBERS, 2)
    with pytest.raises(ToplineError, match="Use one of math, school, hf7"):
        quantile(drawn(), NUMBERS, 0.5, "hf8")  # type: ignore[arg-type]
