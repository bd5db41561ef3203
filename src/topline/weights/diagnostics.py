"""What weights cost: Kish's design effect, effective n, the largest and smallest, how many are zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topline.dataset import Floats


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Of `n` weights: their total, Kish's design effect, and extremes as multiples of the mean weight.

    `deff` = n sum(w^2) / sum(w)^2, `effective` = n / deff = sum(w)^2 / sum(w^2) (Kish 1965, Survey Sampling,
    section 11.7; Kish 1992, Journal of Official Statistics 8, 183-200). `n` counts people, never weights.
    """

    n: int
    total: float
    deff: float
    effective: float
    largest: float
    smallest: float
    extreme: int
    zeros: int
    negative: int


#: A weight of more than this many times the mean, or less than its inverse, is called extreme.
EXTREME = 5.0


def diagnose(weights: Floats) -> Diagnostics:
    """The diagnostics of weights (n,) whose sum is above 0."""
    # einsum, since a dot product of a million numbers sets threads spinning for longer than it takes
    n, total, squares = len(weights), float(weights.sum()), float(np.einsum("i,i", weights, weights))
    mean = total / n
    return Diagnostics(
        n=n,
        total=total,
        deff=n * squares / total**2,
        effective=total**2 / squares,
        largest=float(weights.max()) / mean,
        smallest=float(weights.min()) / mean,
        extreme=int(np.count_nonzero((weights > EXTREME * mean) | (weights < mean / EXTREME))),
        zeros=int(np.count_nonzero(weights == 0.0)),
        negative=int(np.count_nonzero(weights < 0.0)),
    )
