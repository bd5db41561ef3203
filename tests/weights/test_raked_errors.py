"""Errors after raking unequal weights: whose residuals they are of."""

import numpy as np
import pytest

from topline.designs import Design
from topline.estimates import cell_sums, means
from topline.weights import Distance, Margin, Weighted, calibrate, rake

rng = np.random.default_rng(29)
STRATUM = np.repeat([0, 1], 150)  # drawn alike, though the first is eighteen times the second
BASE = np.where(STRATUM == 0, 60.0, 10 / 3)
GRADE = rng.integers(0, 3, 300)
SEX = rng.integers(0, 2, 300)
YES = (rng.random(300) < 0.2 + 0.25 * GRADE + 0.1 * SEX).astype(int)
MARGINS = (
    Margin("Grade", GRADE, np.array([3500.0, 3200.0, 2800.0]), ("a", "b", "c")),
    Margin("Sex", SEX, np.array([5000.0, 4500.0]), ("f", "m")),
)


def error(weighted: Weighted) -> float:
    """The standard error of a share in the small stratum."""
    design = weighted.design(Design("design", BASE, STRATUM, ("large", "small"), np.array([9000.0, 500.0])))
    found = means(cell_sums(design, STRATUM, 2, YES, 2), np.eye(2))
    return float(found.se[1, 1])


def test_errors_of_calibration_after_raking() -> None:
    """By the weights before, raking has the errors of calibration with the raking distance."""
    other = calibrate(BASE, MARGINS, Distance("raking"))
    raked = rake(BASE, MARGINS, errors="calibrate")
    assert raked.weights == pytest.approx(other.weights)
    assert error(raked) == pytest.approx(error(other))
    assert "convention of R's calibrate" in str(raked)
    assert "convention of R's rake" in str(rake(BASE, MARGINS))


def test_errors_of_rake_are_larger_in_a_small_stratum() -> None:
    """R's convention for rake lets everybody count alike, which overstates the error of the small stratum."""
    assert error(rake(BASE, MARGINS)) > 1.3 * error(rake(BASE, MARGINS, errors="calibrate"))


def test_equal_weights_make_no_difference() -> None:
    """Where the weights before are equal, both ways have the same errors."""
    even = np.full(300, 30.0)
    found = [rake(even, MARGINS, errors=way) for way in ("rake", "calibrate")]  # type: ignore[arg-type]
    assert error(found[0]) == pytest.approx(error(found[1]))
    assert [("R's rake" in str(each)) for each in found] == [True, True]
