"""Weights and the errors after weighting against saved results of R's survey; `pytest -s` lists the cases.

Weights to 1e-9 relative (raked ones 1e-6, R's own precision there), estimates and errors likewise. After
raking R stops its projection of residuals after ten rounds; on the two-stage sample its errors are up to
2e-5 away from where they go, which a test here shows.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from tests.estimates.api import cases, coded, design, numbers
from tests.weights.samples import DESIGNS, api99, base, error, stype, wide

from topline.estimates import cell_sums, means, number_means, number_sums
from topline.weights import Distance, Total, Weighted, calibrate, post_stratify, rake, trim

FUNCTIONS = ("postStratify", "rake", "calibrate", "rake+trimWeights")
covered: set[str] = set()


@pytest.fixture(scope="module", autouse=True)
def _print_covered() -> Iterator[None]:
    yield
    left = [id for id, case in cases().items() if case["fn"] in FUNCTIONS and id not in covered]
    print(f"\nR survey weighting cases reproduced ({len(covered)}): {', '.join(sorted(covered))}")
    print(f"left out: {', '.join(left) or 'none'}. svystandardize is no weighting of Topline's.")
    print("Errors of clustered designs come from Topline's residuals and the variance of samples.py.")


def calibrated(name: str, distance: Distance) -> Weighted:
    """A sample calibrated to type of school and the score of 1999 (the types add up to everybody)."""
    return calibrate(base(name), (stype(name), api99(name)), distance)


WAYS: dict[str, tuple[Callable[[str], Weighted], float]] = {
    "poststratify": (lambda name: post_stratify(base(name), stype(name)), 1e-9),
    "rake2": (lambda name: rake(base(name), (stype(name), wide(name))), 1e-6),
    "calibrate.linear": (lambda name: calibrated(name, Distance()), 1e-9),
    "calibrate.raking": (lambda name: calibrated(name, Distance("raking")), 1e-9),
    "calibrate.logit": (lambda name: calibrated(name, Distance("logit", (0.4, 2.5))), 1e-9),
    "calibrate.linear_bounded": (lambda name: calibrated(name, Distance("linear", (0.5, 2.0))), 1e-9),
}


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("way", WAYS)
def test_weights(name: str, way: str) -> None:
    """The weights are R's, and so is their Kish effective n."""
    weigh, rel = WAYS[way]
    compare_weights(f"{name}.w.{way}", weigh(name), rel)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("way", WAYS)
def test_errors_from_residuals(name: str, way: str) -> None:
    """Means, totals, shares and means of groups have R's errors: those of residuals from the calibration."""
    weigh, rel = WAYS[way]
    weighted, expected = weigh(name), cases()[f"{name}.w.{way}"]["result"]
    rel = 2e-5 if (name, way) == ("clus2", "rake2") else rel
    compare(name, weighted, expected, rel)
    w, enroll = weighted.weights, np.nan_to_num(numbers(name, "enroll"))
    total = expected["total_enroll"]
    assert w @ enroll == pytest.approx(total["estimate"]["enroll"], rel=rel)
    assert residual_error(name, weighted, w * enroll) == pytest.approx(total["se"]["enroll"], rel=rel)
    improved = (coded(name, "comp.imp")[0] == 1).astype(float)
    check_mean(name, weighted, improved, expected["prop_comp"], "comp.impYes", rel)
    for at, (estimate, se) in enumerate(
        zip(expected["by_stype"]["estimate"], expected["by_stype"]["se"], strict=True)
    ):
        inside = (coded(name, "stype")[0] == at).astype(float)
        mean = float(w @ (inside * numbers(name, "api00")) / (w @ inside))
        z = w * inside * (numbers(name, "api00") - mean) / (w @ inside)
        assert mean == pytest.approx(estimate, rel=rel)
        assert residual_error(name, weighted, z) == pytest.approx(se, rel=rel)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("way", WAYS)
def test_known_totals_have_no_error(name: str, way: str) -> None:
    """The number of schools of each type is known, so its error is 0."""
    weighted = WAYS[way][0](name)
    for at in range(3):
        z = weighted.weights * (coded(name, "stype")[0] == at)
        assert residual_error(name, weighted, z) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("strict", [False, True])
def test_trimmed_weights(name: str, strict: bool) -> None:
    """Raked weights cut between two limits are trimWeights', and so is the error of a mean."""
    case = f"{name}.w.trim.strict_{str(strict).upper()}"
    trimmed = trimmed_by(case, name, strict)
    compare_weights(case, trimmed, 1e-6)
    compare(name, trimmed, cases()[case]["result"], 5e-6 if name == "clus2" else 1e-6)


@pytest.mark.parametrize("name", ["srs", "strat"])
@pytest.mark.parametrize("way", WAYS)
def test_errors_from_cell_sums(name: str, way: str) -> None:
    """The same errors come out of cell sums, without a residual for each person."""
    weigh, rel = WAYS[way]
    weighted, expected = weigh(name), cases()[f"{name}.w.{way}"]["result"]
    calibrated_design = weighted.design(design(name))
    everybody = np.zeros(len(weighted.weights), dtype=np.intp)
    found = number_means(number_sums(calibrated_design, everybody, 1, numbers(name, "api00")))
    assert found.value[0, 0] == pytest.approx(expected["mean_api00"]["estimate"]["api00"], rel=rel)
    assert found.se[0, 0] == pytest.approx(expected["mean_api00"]["se"]["api00"], rel=rel)
    assert found.df[0, 0] == expected["mean_api00"]["df"]
    groups = coded(name, "stype")[0]
    by = number_means(number_sums(calibrated_design, groups, 3, numbers(name, "api00")))
    assert list(by.se[:, 0]) == pytest.approx(expected["by_stype"]["se"], rel=rel)
    cells = cell_sums(calibrated_design, everybody, 1, coded(name, "comp.imp")[0], 2)
    shares = means(cells, np.eye(2))
    assert list(shares.se[0]) == pytest.approx(list(expected["prop_comp"]["se"].values()), rel=rel)


@pytest.mark.parametrize("name", ["srs", "strat"])
def test_errors_of_trimmed_weights_from_cell_sums(name: str) -> None:
    """Trimmed weights differ from the calibrated ones within a cell; the sums know both."""
    case = cases()[f"{name}.w.trim.strict_TRUE"]
    found_design = trimmed_by(case["id"], name, True).design(design(name))
    found = number_means(number_sums(found_design, np.zeros(200, int), 1, numbers(name, "api00")))
    assert found.se[0, 0] == pytest.approx(case["result"]["mean_api00"]["se"]["api00"], rel=1e-6)


def test_the_population_size_of_numbers_alone() -> None:
    """A total of a number with the number of people gives R's weights of ~1 + api99."""
    weighted = calibrate(base("srs"), (Total("people", np.ones(200), 6194.0), api99("srs")))
    assert weighted.weights.sum() == pytest.approx(6194.0, rel=1e-12)
    assert weighted.weights @ numbers("srs", "api99") == pytest.approx(3914069.0, rel=1e-12)


def trimmed_by(case: str, name: str, strict: bool) -> Weighted:
    """Raked and cut: R's limits are weights of the sample, at 15 digits, and such a weight is inside."""
    limits = cases()[case]["spec"]
    raked = rake(base(name), (stype(name), wide(name)))
    lower, upper = limits["lower"] * (1 - 1e-9), limits["upper"] * (1 + 1e-9)
    return trim(raked, lower=lower, upper=upper, strict=strict)


def compare_weights(case: str, weighted: Weighted, rel: float) -> None:
    """R gives the first ten weights, their sum, least, most, sum of squares and Kish's effective n."""
    covered.add(case)
    expected = cases()[case]["result"]["weights"]
    w = weighted.weights
    assert len(w) == expected["n"]
    assert list(w[:10]) == pytest.approx(expected["first10"], rel=rel)
    found = (w.sum(), w.min(), w.max(), w @ w, weighted.diagnostics.effective)
    names = ("sum", "min", "max", "sum_sq", "kish_neff")
    assert found == pytest.approx([expected[name] for name in names], rel=rel)


def test_r_stops_its_projection_after_ten_rounds() -> None:
    """Ten rounds of taking out the mean of each margin give R's error of a raked mean, more rounds ours."""
    raked = rake(base("clus2"), (stype("clus2"), wide("clus2")))
    mean = float(raked.weights @ numbers("clus2", "api00") / raked.weights.sum())
    u = (numbers("clus2", "api00") - mean) / raked.weights.sum()
    errors = {}
    for rounds in (10, 100):
        left = u.copy()
        for _ in range(rounds):
            for codes in (coded("clus2", "stype")[0], coded("clus2", "sch.wide")[0]):
                left -= (np.bincount(codes, left) / np.bincount(codes))[codes]
        errors[rounds] = error("clus2", raked.weights * left)
    expected = cases()["clus2.w.rake2"]["result"]["mean_api00"]["se"]["api00"]
    assert errors[10] == pytest.approx(expected, rel=1e-9)
    assert errors[100] == pytest.approx(residual_error("clus2", raked, raked.weights * u), rel=1e-9)
    assert errors[100] != pytest.approx(expected, rel=1e-6)


def compare(name: str, weighted: Weighted, expected: dict, rel: float) -> None:
    """The mean of the score of 2000 and its error."""
    check_mean(name, weighted, numbers(name, "api00"), expected["mean_api00"], "api00", rel)


def check_mean(
    name: str, weighted: Weighted, y: np.ndarray, expected: dict, variable: str, rel: float
) -> None:
    """A mean and its error."""
    mean = float(weighted.weights @ y / weighted.weights.sum())
    z = weighted.weights * (y - mean) / weighted.weights.sum()
    assert mean == pytest.approx(expected["estimate"][variable], rel=rel)
    assert residual_error(name, weighted, z) == pytest.approx(expected["se"][variable], rel=rel)


def residual_error(name: str, weighted: Weighted, z: np.ndarray) -> float:
    """The error of a total of linearised values after calibration."""
    assert weighted.calibration is not None
    return error(name, weighted.calibration.residuals(z))
