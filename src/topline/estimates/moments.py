"""Sums over people by stratum and group, from which every estimate of a share or mean follows.

For answers in codes they come from the sums of 1, w and w^2 in the cells stratum x group x code, one pass
over the data however many measures (answers, nets, complements, scores) are wanted: the estimator is a
function of cell sums, so the place where these are made can be exchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs import Design, Term


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Sums in the cells stratum x group x code, each (H, D, K): people, weights, squared weights.

    After calibration also, for each of its P variables x, sums of x times the design's `projection` and
    `leverage` by group and code, each (P, D, K); else P is 0.
    """

    n: Floats
    w: Floats
    w2: Floats
    proj: Floats
    lev: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Sums over the base of each measure, each (H, D, M): of 1, w, w y, w^2, w^2 y, w^2 y^2.

    After calibration also by calibration variable, each (P, D, M), of 1 and y as in `Cells`.
    """

    n: Floats
    w: Floats
    wy: Floats
    w2: Floats
    w2y: Floats
    w2yy: Floats
    proj: Floats
    projy: Floats
    lev: Floats
    levy: Floats

    def pick(self, rows: NDArray[Any]) -> Moments:
        """The moments of some measures, or of all in another order."""
        return Moments(*(getattr(self, field.name)[:, :, rows] for field in fields(self)))


def joined(parts: Sequence[Moments]) -> Moments:
    """The moments of the measures of several parts, one after another."""
    names = [field.name for field in fields(Moments)]
    return Moments(*(np.concatenate([getattr(part, name) for part in parts], axis=2) for name in names))


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
    cell = groups[where].astype(np.intp) * width + codes[where]
    index = design.strata[where] * (depth * width) + cell
    size, shape = strata * depth * width, (strata, depth, width)
    n = np.bincount(index, minlength=size).astype(np.float64).reshape(shape)
    proj, lev = _by_variable(design, where, cell, (depth, width))
    if not design.weighted:
        return Cells(n, n, n, proj, lev)
    weights = design.weights[where]
    w, w2 = _total(index, weights, shape), _total(index, weights * weights, shape)
    return Cells(n, w, w2, proj, lev)


def of_cells(cells: Cells, values: Floats) -> Moments:
    """The moments of measures of the codes: `values` (M, K) is y of each code, NaN outside the base."""
    base = np.isfinite(values).T.astype(np.float64)  # (K, M)
    y = np.nan_to_num(values).T
    w2, w2y, w2yy = cells.w2 @ base, cells.w2 @ y, cells.w2 @ (y * y)
    tied = cells.proj @ base, cells.proj @ y, cells.lev @ base, cells.lev @ y
    return Moments(cells.n @ base, cells.w @ base, cells.w @ y, w2, w2y, w2yy, *tied)


def of_numbers(design: Design, groups: NDArray[Any], depth: int, values: Floats) -> Moments:
    """The moments of a number `values` (n,), NaN where there is none; one measure."""
    inside = (groups >= 0) & (groups < depth) & np.isfinite(values)
    strata = len(design.strata_names)
    cell = groups[inside].astype(np.intp)
    index = design.strata[inside] * depth + cell
    w, y = design.weights[inside], values[inside]

    def total(of: Floats) -> Floats:
        return _total(index, of, (strata, depth, 1))

    proj, lev = _by_variable(design, inside, cell, (depth, 1))
    projy, levy = _by_variable(design, inside, cell, (depth, 1), y)
    w2, w2y, w2yy = total(w * w), total(w * w * y), total(w * w * y * y)
    return Moments(total(np.ones(len(w))), total(w), total(w * y), w2, w2y, w2yy, proj, projy, lev, levy)


def _by_variable(
    design: Design, where: Any, cell: NDArray[np.intp], shape: tuple[int, int], y: Floats | None = None
) -> tuple[Floats, Floats]:
    """Sums of the calibration variables, times projection and leverage (and y), by cell: each (P, D, K)."""
    none = np.zeros((0, *shape))
    if design.calibration is None or not design.intervals:
        return none, none
    size = shape[0] * shape[1]
    proj, lev = design.projection[where], design.leverage[where]
    if y is not None:
        proj, lev = proj * y, lev * y
    sums: tuple[list[Floats], list[Floats]] = ([], [])
    for term in design.calibration.terms:
        values = None if term.values is None else term.values[where]
        crossed = Term(term.codes[where].astype(np.intp) * size + cell, term.levels * size, values)
        for found, of in zip(sums, (proj, lev), strict=True):
            found.append(crossed.sums(of).reshape(term.levels, *shape))
    return np.concatenate(sums[0]), np.concatenate(sums[1])


def _total(index: NDArray[np.intp], of: Floats, shape: tuple[int, int, int]) -> Floats:
    summed = np.bincount(index, of, minlength=shape[0] * shape[1] * shape[2])
    return summed.astype(np.float64, copy=False).reshape(shape)
