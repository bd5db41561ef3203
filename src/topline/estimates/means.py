"""Means and shares of groups, with standard errors by Taylor linearisation.

A mean over a group is a ratio of totals, sum(w y) / sum(w), and its linearised values are z = w (y - mean)
/ sum(w) for people of the group and 0 for all others, who still count in n_h: a group is a domain, not a
sample of its own. The variance is sum over strata of (1 - n_h/N_h) n_h/(n_h - 1) (sum z^2 - (sum z)^2 /
n_h). Woodruff 1971; Lohr 2022, Sampling, 3rd ed., sections 4.3 and 9.1. R's survey gives the same for
svymean and svyby on designs without clusters. After calibration z is replaced by its residual from the
calibration variables (`topline.designs.calibrated`), again from sums: sum (z - s x'b)^2 = sum z^2 -
2 b' sum z s x + b' (sum s^2 x x') b.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs import Design
from topline.estimates.moments import Moments


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Means of M measures in D groups, each (D, M).

    `value` is NaN where nobody is in the base. `se` is NaN where the design gives no errors. `n`,
    `weighted` and `effective` are the bases: people, their weights, Kish's sum(w)^2 / sum(w^2). `df` counts
    people in the base less the strata that they are in.
    """

    value: Floats
    se: Floats
    n: NDArray[np.intp]
    weighted: Floats
    effective: Floats
    df: NDArray[np.intp]


def means(moments: Moments, design: Design) -> Estimates:
    """The means and their standard errors; a base whose weights are all zero counts as empty."""
    weighted = moments.w.sum(axis=0)
    some = weighted > 0
    safe = np.where(some, weighted, 1.0)
    value = moments.wy.sum(axis=0) / safe
    squares = moments.w2.sum(axis=0)
    effective = np.where(some, weighted**2 / np.where(some, squares, 1.0), 0.0)
    n = moments.n.sum(axis=0).astype(np.intp)
    df = n - (moments.n > 0).sum(axis=0)
    variance = _variance(moments, design, value, safe)
    if not design.intervals:
        variance = np.full_like(variance, np.nan)
    return Estimates(
        np.where(some, value, np.nan),
        np.where(some, np.sqrt(variance), np.nan),
        n,
        weighted,
        effective,
        df,
    )


def _variance(moments: Moments, design: Design, mean: Floats, total: Floats) -> Floats:
    """The variance; what is lost in the rounding of the sums that it is the difference of counts as 0."""
    sizes = np.maximum(design.sizes, 1)[:, None, None]
    factors = design.factors[:, None, None]
    z = (moments.wy - mean * moments.w) / total
    squares = (moments.w2yy + mean**2 * moments.w2) / total**2
    z2 = squares - 2 * mean * moments.w2y / total**2
    scale = (factors * squares).sum(axis=0)
    less = np.zeros(())
    if design.calibration is not None and design.intervals:
        slopes = design.calibration.slopes((moments.projy - mean * moments.proj) / total)
        by_stratum, products = design.explained
        z = z - np.tensordot(by_stratum, slopes, 1)
        square = (slopes * np.tensordot(products, slopes, 1)).sum(axis=0)
        less = 2 * (slopes * (moments.levy - mean * moments.lev)).sum(axis=0) / total - square
        scale = scale + np.abs(square)
    summed: Floats = (factors * (z2 - z * z / sizes)).sum(axis=0) - less
    noise = 64 * np.finfo(np.float64).eps * scale
    return np.where(summed > noise, summed, 0.0)
