"""Means, shares and ratios of groups from cell sums, with standard errors by Taylor linearisation.

A mean over a group is a ratio of two totals, R = top / bottom. Both are sums of the totals t of cells, so R
has the derivatives a = (top - R bottom) / (total of bottom) by them and the variance a'Va (`cells`). A group
is a domain, not a sample of its own: people outside it still count in n_h (Lohr 2022, Sampling, 3rd ed.,
sections 4.3 and 9.1). R's survey gives the same for svymean, svyratio and svyby; of replicate weights it
takes the ratio of each replicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.estimates.cells import Cells


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Means of M measures in D groups, each (D, M).

    `value` is NaN where nobody is in the base. `se` is NaN where the design gives no errors. `n`,
    `weighted` and `effective` are the bases: people, their weights, Kish's sum(w)^2 / sum(w^2). `df` counts
    units (people or clusters) in the base less the strata that they are in.
    """

    value: Floats
    se: Floats
    n: NDArray[np.intp]
    weighted: Floats
    effective: Floats
    df: NDArray[np.intp]

    @classmethod
    def joined(cls, parts: Sequence[Estimates], axis: int) -> Estimates:
        """Several results as one: their groups (axis 0) or their measures (axis 1), one after another."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in parts], axis=axis) for name in names))

    def of_groups(self, groups: slice) -> Estimates:
        """Some groups."""
        return Estimates(*(getattr(self, field.name)[groups] for field in fields(self)))

    def pick(self, measures: NDArray[np.intp]) -> Estimates:
        """Some measures, or all in another order."""
        return Estimates(*(getattr(self, field.name)[:, measures] for field in fields(self)))


def means(cells: Cells, values: Floats) -> Estimates:
    """The means of measures of the codes: `values` (M, K) is y of each code, NaN outside the base."""
    return ratios(cells, np.nan_to_num(values), np.isfinite(values).astype(np.float64))


def number_means(cells: Cells) -> Estimates:
    """The means of each number of `number_sums` (D, Q)."""
    top = np.eye(cells.w.shape[1])[1:]
    return ratios(cells, top, np.broadcast_to(np.eye(1, cells.w.shape[1]), top.shape), 0)


def ratios(cells: Cells, top: Floats, bottom: Floats, base: int | None = None) -> Estimates:
    """The ratios top / bottom of totals, both (M, K) in terms of the codes.

    A base whose weights are all zero counts as empty. `base` are the codes that bases count, if not those of
    `bottom`.
    """
    counted = bottom != 0.0
    if base is not None:
        counted = np.zeros(bottom.shape, dtype=bool)
        counted[:, base] = True
    inside = counted.T.astype(np.float64)
    total = cells.w @ bottom.T
    some = total != 0.0
    safe = np.where(some, total, 1.0)
    value = (cells.w @ top.T) / safe
    weighted, squares = cells.w @ inside, cells.w2 @ inside
    effective = np.where(some, weighted**2 / np.where(squares > 0, squares, 1.0), 0.0)
    df = np.stack([cells.df_of(mask) for mask in counted], axis=1)
    variance = _variance(cells, top, bottom, value, safe)
    return Estimates(
        np.where(some, value, np.nan),
        np.where(some, np.sqrt(variance), np.nan),
        np.rint(cells.n @ inside).astype(np.intp),
        weighted,
        effective,
        df,
    )


def _variance(cells: Cells, top: Floats, bottom: Floats, value: Floats, total: Floats) -> Floats:
    """The variance; what is lost in the rounding of the sums that it is the difference of counts as 0."""
    if cells.replicates is not None and cells.drawn is not None:
        under = cells.drawn @ bottom.T
        drawn = (cells.drawn @ top.T) / np.where(under != 0.0, under, np.nan)
        return cells.replicates.variance(drawn, value)
    slopes = (top - value[:, :, None] * bottom) / total[:, :, None]  # (D, M, K)
    found: Floats = ((slopes @ cells.squares) * slopes).sum(axis=2)
    noise = 64 * np.finfo(np.float64).eps * (slopes**2 @ cells.gross[:, :, None])[:, :, 0]
    return np.where(found > noise, found, np.where(np.isnan(found), np.nan, 0.0))
