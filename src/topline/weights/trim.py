"""Trimming: large weights cut, what is cut off given to the others, and margins made true again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from topline.base import fail
from topline.dataset import Floats
from topline.weights.margins import Margin, check_base
from topline.weights.result import Weighted, warnings_of

#: After trimming and weighting anew a weight may be over the limit by this share of it.
OVER: Final = 1e-6
ROUNDS: Final = 200


def trim_weights(
    weights: Floats, *, lower: float = 0.0, upper: float = np.inf, strict: bool = False
) -> Floats:
    """Cut weights (n,) to between `lower` and `upper`, and spread what was cut evenly over the others.

    The total stays. `strict` repeats it until no weight is outside, as what is spread may push some over
    (R: trimWeights(upper, lower, strict)). Raises ToplineError where all weights end at the limits.
    """
    check_base(weights)
    if not 0 <= lower < upper:
        fail("trim_limits", lower=lower, upper=upper)
    mean = float(weights.mean())
    if not lower <= mean <= upper:
        fail("trim_mean", mean=f"{mean:.6g}", lower=f"{lower:.6g}", upper=f"{upper:.6g}")
    for _ in range(ROUNDS):
        outside = (weights < lower) | (weights > upper)
        if not outside.any():
            return weights
        if outside.all():
            fail("trim_all", lower=f"{lower:.6g}", upper=f"{upper:.6g}")
        cut = np.clip(weights, lower, upper)
        weights = np.where(outside, cut, cut + float((weights - cut).sum()) / int((~outside).sum()))
        if not strict:
            return weights
    fail("trim_unfinished", rounds=ROUNDS, lower=f"{lower:.6g}", upper=f"{upper:.6g}")


def trim(weighted: Weighted, *, lower: float = 0.0, upper: float = np.inf, strict: bool = False) -> Weighted:
    """Trim a result; its margins are true no longer, and the report shows by how much they moved.

    Errors are still those of the residuals at the weights before trimming, as in R's survey.
    """
    weights = trim_weights(weighted.weights, lower=lower, upper=upper, strict=strict)
    return replace(weighted, weights=weights, method="trimming", findings=warnings_of(weights))


def cap(weighted: Weighted, largest: float, again: Callable[[Floats], Weighted]) -> Weighted:
    """Cut weights above `largest` times the mean and weight `again`, until both hold.

    `again` weights the cut weights (n,) to the same targets, as `lambda base: rake(base, margins)`. The
    limit holds up to `OVER`. Raises ToplineError for a group that needs a mean weight above the limit, and
    where cutting and weighting never agree.
    """
    limit = largest * float(weighted.weights.mean())
    for target in weighted.targets:
        if isinstance(target, Margin):
            people = np.maximum(target.sums((weighted.base > 0).astype(np.float64)), 1.0)
            for at in np.flatnonzero(target.counts / people > limit):
                needed = f"{target.counts[at] / people[at] * largest / limit:.4g}"
                fail(
                    "cap_infeasible", name=target.name, group=target.labels[at], needed=needed, limit=largest
                )
    found, rounds, over = weighted, weighted.rounds, 0
    for _ in range(ROUNDS):
        over = int(np.count_nonzero(found.weights > limit * (1 + OVER)))
        if not over:
            return replace(found, base=weighted.base, rounds=rounds)
        found = again(np.minimum(found.weights, limit))
        rounds += found.rounds
    fail("cap_unfinished", rounds=ROUNDS, n=over, limit=largest)
