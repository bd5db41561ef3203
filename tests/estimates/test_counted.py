"""Loops by bincount and compiled ones: whichever makes the sums, they are the same to the last bit."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topline.designs import Calibration, Design, Stage
from topline.designs.calibrated import Term
from topline.estimates import Cells, Groups, Item, bases_of, counted, scan

N = 90


def _design(kind: str, raked: bool, rng: np.random.Generator) -> Design:
    """People drawn in strata, clusters that lie mixed, or units drawn within clusters."""
    weights = rng.lognormal(0, 0.7, N) * (rng.random(N) > 0.1)
    unit = rng.permutation(np.repeat(np.arange(N // 3), 3))
    cluster = unit // 3
    terms = (Term(rng.integers(0, 4, N), 4), Term(np.zeros(N, dtype=np.uint8), 1, rng.normal(0, 1, N)))
    found = Design(
        "model",
        weights,
        cluster % 3,
        ("a", "b", "c"),
        np.full(3, 40.0),
        calibration=Calibration(terms, np.ones(N), weights) if raked else None,
    )
    if kind == "people":
        return replace(found, population=np.full(3, 400.0))
    second = Stage(unit, np.full(len(np.unique(cluster)), 50.0)) if kind == "stages" else None
    return replace(found, clusters=cluster, second=second)


def _sums(design: Design, seed: int) -> list[Cells]:
    rng = np.random.default_rng(seed)
    widths, depths = (1, 2, 5), (1, 4)
    codes = [rng.integers(0, k + 1, N).astype(np.uint8) for k in widths]
    items = [Item(c, k, bases_of(np.eye(k))) for c, k in zip(codes, widths, strict=True)]
    blocks = [Groups(rng.integers(0, d + 1, N).astype(np.uint8), d) for d in depths]
    return scan(design, items, blocks)


@pytest.mark.parametrize("kind", ["people", "clusters", "stages"])
@pytest.mark.parametrize("raked", [False, True])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_both_make_the_same_sums(kind: str, raked: bool, seed: int) -> None:
    """Of people, clusters and units within them, with calibrated weights and without."""
    design = _design(kind, raked, np.random.default_rng(seed))
    small = _sums(design, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counted, "ADDITIONS", 0)
        large = _sums(design, seed)
    for one, other in zip(small, large, strict=True):
        for name in ("n", "w", "w2", "squares", "gross", "df"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_small_data_need_no_numba() -> None:
    """A table of a few thousand people does not load the compiled loops, which takes longer than it does."""
    program = (
        "import sys, numpy as np;"
        "from topline.designs import Design;"
        "from topline.estimates import Groups, Item, bases_of, scan;"
        "n = 5000; code = (np.arange(n) % 3).astype(np.uint8);"
        "design = Design('model', np.ones(n), np.zeros(n, dtype=int));"
        "scan(design, [Item(code, 3, bases_of(np.eye(3)))] * 100, [Groups(code, 3)] * 5);"
        "print('numba' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
