"""Differences of two means, with the covariance of groups that share people.

Cells cannot tell which two answers one person gave, so this goes over the people: the linearised values of
both means are subtracted person by person, and the variance of the difference is that of their sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs import Design
from topline.estimates.intervals import gap
from topline.estimates.residual import covariance
from topline.estimates.sums import active_df

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Difference:
    """a - b with its standard error (NaN without one) and degrees of freedom."""

    value: float
    se: float
    df: int


def linearised(design: Design, values: Floats, group: Mask) -> tuple[float, Floats]:
    """The mean of `values` (n,), NaN outside the base, over `group` (n,), and its linearised values (n,)."""
    inside = group & np.isfinite(values)
    weights = np.where(inside, design.weights, 0.0)
    total = float(weights.sum())
    if total == 0.0:
        return float("nan"), np.full(len(values), np.nan)
    y = np.where(inside, values, 0.0)
    mean = float(weights @ y) / total
    return mean, weights * (y - mean) / total


def standard_error(design: Design, z: Floats) -> float:
    """The standard error of a total of linearised values z (n,); if calibrated, of residuals."""
    return float(np.sqrt(np.maximum(covariance(design, z[:, None])[0, 0], 0.0)))


def difference(design: Design, a: tuple[Floats, Mask], b: tuple[Floats, Mask]) -> Difference:
    """The difference of two means, each given as values (n,) and group (n,).

    Its error holds the covariance of groups that share people, strata or clusters: linearised values are
    subtracted person by person (Deville 1999, Survey Methodology 25, 193-203). `df` counts the units (people
    or clusters) in either base, less the strata that they are in.
    """
    mean_a, z_a = linearised(design, *a)
    mean_b, z_b = linearised(design, *b)
    either = (a[1] & np.isfinite(a[0])) | (b[1] & np.isfinite(b[0]))
    counted = either & (design.weights > 0)
    df = int(active_df(design, counted, np.zeros(len(either), dtype=np.intp), 1)[0])
    if design.replicates is not None and design.intervals:
        full = np.array(mean_a - mean_b)
        drawn = np.array([_mean(w, *a) - _mean(w, *b) for w in design.replicates.weights.T])
        return Difference(gap(mean_a, mean_b), float(np.sqrt(design.replicates.variance(drawn, full))), df)
    return Difference(gap(mean_a, mean_b), standard_error(design, z_a - z_b), df)


def _mean(weights: Floats, values: Floats, group: Mask) -> float:
    inside = group & np.isfinite(values)
    total = float(weights[inside].sum())
    return float(weights[inside] @ values[inside]) / total if total > 0.0 else float("nan")
