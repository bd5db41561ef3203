"""Raking: iterative proportional fitting to several margins, on cells.

Each step multiplies the weights of a group by count / sum of weights, margin after margin, until all hold
(Deming and Stephan 1940, Annals of Mathematical Statistics 11, 427-444).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from topline.base import fail
from topline.dataset import Floats
from topline.weights.cells import Cells
from topline.weights.margins import Margin

TOLERANCE: Final = 1e-12  # of each count, relative
ROUNDS: Final = 1000


def rake_cells(
    cells: Cells, margins: Sequence[Margin], tolerance: float = TOLERANCE, rounds: int = ROUNDS
) -> tuple[Floats, int]:
    """The factor of each cell (C,) and the rounds taken.

    Raises ToplineError if a margin is still off by more than `tolerance` after `rounds`, with the group that
    is furthest off.
    """
    weights = cells.base.copy()
    wanted = [np.where(margin.counts > 0, margin.counts, 1.0) for margin in margins]
    worst = (0.0, 0, 0)
    for done in range(1, rounds + 1):
        worst = (0.0, 0, 0)
        for place, (margin, codes) in enumerate(zip(margins, cells.codes, strict=True)):
            sums = np.bincount(codes, weights, minlength=len(margin.counts))
            off = np.abs(sums - margin.counts) / wanted[place]
            at = int(np.argmax(off))
            worst = max(worst, (float(off[at]), place, at))
            weights *= np.divide(margin.counts, sums, out=np.zeros(len(sums)), where=sums > 0)[codes]
        # The sums were taken before each step: one more round than needed, and the margins are all true
        if worst[0] <= tolerance:
            factors = np.divide(weights, cells.base, out=np.zeros(len(weights)), where=cells.base > 0)
            return factors, done
    off_by, place, at = worst
    margin = margins[place]
    fail(
        "rake_unfinished",
        rounds=rounds,
        name=margin.name,
        group=margin.labels[at],
        off=f"{off_by:.2g}",
        tolerance=f"{tolerance:g}",
    )
