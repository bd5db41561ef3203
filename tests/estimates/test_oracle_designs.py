"""Lonely units and replicate weights against saved results of R's survey (tests/oracle/designs.R)."""

import json
from functools import cache

import numpy as np
import pytest
from tests.estimates.api import FOLDER, columns, numbers

from topline.base import ToplineError
from topline.designs import Design, Replicates, replicated
from topline.estimates import cell_sums, mean_vector, means, number_means, number_sums, ratio, totals

near = {"rel": 1e-9, "abs": 1e-12}


@cache
def saved() -> dict:
    """R's results."""
    return json.loads((FOLDER / "designs.json").read_text("utf-8"))


def one_high_school(lonely: str) -> tuple[Design, np.ndarray]:
    """The stratified sample with one high school left, and its values."""
    types = columns("strat")["stype"]
    rows = np.r_[np.flatnonzero(types != "H"), np.flatnonzero(types == "H")[:1]]
    levels, strata = np.unique(types[rows], return_inverse=True)
    weights = numbers("strat", "pw")[rows]
    design = Design("design", weights, strata, tuple(map(str, levels)), lonely=lonely)
    return design, np.column_stack([numbers("strat", "api00"), numbers("strat", "meals")])[rows]


@pytest.mark.parametrize("lonely", ["adjust", "average", "remove", "certainty"])
def test_lonely_units(lonely: str) -> None:
    """Each choice gives the errors of R's survey.lonely.psu, also from cell sums."""
    expected = saved()["lonely"][lonely]
    design, values = one_high_school(lonely)
    found = mean_vector(design, values)
    assert list(found.value) == pytest.approx(expected["mean"], **near)
    assert list(found.se) == pytest.approx(expected["se"], **near)
    assert found.df == expected["df"]
    assert list(totals(design, values[:, :1]).se) == pytest.approx(expected["total_se"], **near)
    cells = number_means(number_sums(design, np.zeros(len(values), int), 1, values[:, 0]))
    assert cells.se[0, 0] == pytest.approx(expected["se"][0], **near)


def test_lonely_units_are_refused_unless_said() -> None:
    """Nothing is computed without a choice, and the message names R's option."""
    with pytest.raises(ToplineError, match=r"H has 1 answers.*survey.lonely.psu"):
        one_high_school("refuse")


@pytest.mark.parametrize("method", ["JKn", "JK1", "BRR", "Fay", "Fay_mse", "bootstrap"])
def test_replicate_weights(method: str) -> None:
    """Means, ratios, totals and covariances have the errors of R's svrepdesign, whose df is rank - 1."""
    expected, data = saved()["replicates"][method], saved()["data"]
    weights = np.array(expected["weights"], dtype=float)
    n = len(weights)
    rscales = np.array(expected["rscales"], dtype=float)
    replicates = Replicates(weights, expected["scale"], rscales, expected["mse"])
    if method not in ("JKn", "JK1"):
        rho = 0.3 if method.startswith("Fay") else 0.0
        made = replicated(weights, np.ones(n), method.removesuffix("_mse"), rho)
        expected_scale = pytest.approx(expected["scale"] if method != "bootstrap" else 1 / 11, **near)
        assert made.scale == expected_scale
    design = Design("design", np.ones(n), np.zeros(n, dtype=np.intp), replicates=replicates)
    alive, arrests = (np.array(data[name], dtype=float) for name in ("alive", "arrests"))
    both = mean_vector(design, np.column_stack([alive, arrests]))
    assert list(both.se) == pytest.approx(expected["mean_se"], **near)
    assert list(both.covariance.ravel()) == pytest.approx(expected["covariance"], **near)
    share = ratio(design, alive[:, None], arrests[:, None])
    assert (share.value[0], share.se[0]) == pytest.approx(
        (expected["ratio"][0], expected["ratio_se"][0]), **near
    )
    assert list(totals(design, alive[:, None]).se) == pytest.approx(expected["total_se"], **near)
    assert share.df == expected["df"]
    cells = number_means(number_sums(design, np.zeros(n, int), 1, alive))
    assert cells.se[0, 0] == pytest.approx(expected["mean_se"][0], **near)


def test_shares_under_replicate_weights() -> None:
    """A share from cell sums is the mean of its indicator."""
    expected = saved()["replicates"]["JK1"]
    weights = np.array(expected["weights"], dtype=float)
    replicates = Replicates(weights, expected["scale"], np.ones(weights.shape[1]))
    design = Design("design", np.ones(6), np.zeros(6, dtype=np.intp), replicates=replicates)
    codes = np.array([0, 1, 1, 0, 2, 1])
    found = means(cell_sums(design, np.zeros(6, int), 1, codes, 3), np.eye(3))
    for code in range(3):
        one = mean_vector(design, (codes == code).astype(float)[:, None])
        assert (found.value[0, code], found.se[0, code]) == pytest.approx((one.value[0], one.se[0]), **near)
