"""Sums over people by stratum and group, from which every estimate of a share or mean follows.

For answers in codes they come from the sums of 1, w and w^2 in the cells stratum x group x code, one pass
over the data however many measures (answers, nets, complements, scores) are wanted: the estimator is a
function of cell sums, so the place where these are made can be exchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs import Design


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Sums in the cells stratum x group x code, each (H, D, K): people, weights, squared weights."""

    n: Floats
    w: Floats
    w2: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Sums over the base of each measure, each (H, D, M): of 1, w, w y, w^2, w^2 y, w^2 y^2."""

    n: Floats
    w: Floats
    wy: Floats
    w2: Floats
    w2y: Floats
    w2yy: Floats


def cell_sums(design: Design, groups: NDArray[Any], depth: int, codes: NDArray[Any], width: int) -> Cells:
    """Sum people, weights and squared weights by stratum, group and code.

    `groups` (n,) holds 0 to depth-1 and `codes` (n,) 0 to width-1; people of any other group or code are
    outside: -1, or a missing code.
    """
    inside = (groups >= 0) & (groups < depth) & (codes >= 0) & (codes < width)
    if inside.all():
        where: Any = slice(None)
    else:
        where = inside
    strata = len(design.strata_names)
    index = (design.strata[where] * depth + groups[where]) * width + codes[where]
    size, shape = strata * depth * width, (strata, depth, width)
    n = np.bincount(index, minlength=size).astype(np.float64).reshape(shape)
    if not design.weighted:
        return Cells(n, n, n)
    weights = design.weights[where]
    return Cells(n, _total(index, weights, shape), _total(index, weights * weights, shape))


def of_cells(cells: Cells, values: Floats) -> Moments:
    """The moments of measures of the codes: `values` (M, K) is y of each code, NaN outside the base."""
    base = np.isfinite(values).T.astype(np.float64)  # (K, M)
    y = np.nan_to_num(values).T
    return Moments(
        cells.n @ base, cells.w @ base, cells.w @ y, cells.w2 @ base, cells.w2 @ y, cells.w2 @ (y * y)
    )


def of_numbers(design: Design, groups: NDArray[Any], depth: int, values: Floats) -> Moments:
    """The moments of a number `values` (n,), NaN where there is none; one measure."""
    inside = (groups >= 0) & (groups < depth) & np.isfinite(values)
    strata = len(design.strata_names)
    index = design.strata[inside] * depth + groups[inside]
    w, y = design.weights[inside], values[inside]

    def total(of: Floats) -> Floats:
        return _total(index, of, (strata, depth, 1))

    return Moments(
        total(np.ones(len(w))), total(w), total(w * y), total(w * w), total(w * w * y), total(w * w * y * y)
    )


def _total(index: NDArray[np.intp], of: Floats, shape: tuple[int, int, int]) -> Floats:
    summed = np.bincount(index, of, minlength=shape[0] * shape[1] * shape[2])
    return summed.astype(np.float64, copy=False).reshape(shape)
