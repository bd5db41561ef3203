"""Variances after calibration from tables by cell and margin, against residuals person by person."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topline.designs import Calibration, Design
from topline.designs.calibrated import Term
from topline.estimates import Groups, Item, bases_of, counted, covariance, means, scan

N = 180
WIDTHS = (2, 4, 3, 70, 300)  # the first two are joined, the last has codes of 16 bits
DEPTHS = (1, 5, 3)


def calibrated(rng: np.random.Generator) -> list[Design]:
    """Raked and number-calibrated weights in strata, in clusters out of order, and trimmed since."""
    weights = rng.lognormal(0, 0.5, N)
    strata = rng.permutation(np.repeat(np.arange(3), N // 3))
    terms = (Term(rng.integers(0, 4, N), 4), Term(rng.integers(0, 6, N).astype(np.uint8), 6))
    number = Term(np.zeros(N, dtype=np.uint8), 1, rng.normal(0, 1, N))
    raked = Calibration(terms, np.ones(N), weights)
    plain = Design("design", weights, strata, ("a", "b", "c"), np.array([80.0, 500.0, 60.0]))
    clusters = np.unique(strata * 10 + rng.integers(0, 10, N), return_inverse=True)[1]
    return [
        replace(plain, calibration=raked),
        replace(plain, calibration=Calibration((*terms, number), rng.lognormal(0, 0.3, N), weights)),
        replace(plain, population=None, clusters=clusters, calibration=raked),
        replace(plain, weights=np.minimum(weights, 1.5), calibration=raked),
    ]


@pytest.mark.parametrize("additions", [0, counted.ADDITIONS])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_cells_give_the_covariance_of_residuals(additions: int, seed: int) -> None:
    """Every item in every block has the covariance of its indicators' residuals, people outside included."""
    rng = np.random.default_rng(seed)
    codes = [rng.integers(0, k + 1, N).astype(np.uint16 if k > 255 else np.uint8) for k in WIDTHS]
    items = [Item(c, k, bases_of(np.ones((1, k)))) for c, k in zip(codes, WIDTHS, strict=True)]
    blocks = [Groups(rng.integers(0, d + 1, N).astype(np.uint8), d) for d in DEPTHS]
    for design in calibrated(rng):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(counted, "ADDITIONS", additions)  # by compiled loops, and by bincount
            found = scan(design, items, blocks)
        for item, cells in zip(items, found, strict=True):
            row = 0
            for block in blocks:
                for group in range(block.depth):
                    inside = (block.codes == group)[:, None]
                    some = np.arange(min(item.width, 3))
                    z = design.weights[:, None] * (inside & (item.codes[:, None] == some))
                    wanted = covariance(design, z)
                    assert cells.squares[row][: len(some), : len(some)] == pytest.approx(
                        wanted, rel=1e-8, abs=1e-7
                    )
                    row += 1


def test_a_total_that_weights_hit_has_no_error() -> None:
    """The share of a calibrated group is known, so that its error is nothing but rounding."""
    rng = np.random.default_rng(4)
    design = calibrated(rng)[0]
    assert design.calibration is not None
    codes = design.calibration.terms[0].codes.astype(np.uint8)
    cells = scan(design, [Item(codes, 4, bases_of(np.eye(4)))], [Groups(np.zeros(N, dtype=np.uint8), 1)])
    assert means(cells[0], np.eye(4)).se == pytest.approx(0.0, abs=1e-9)
