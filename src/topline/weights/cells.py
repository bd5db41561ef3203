"""Rows collapsed to the cells of all margins: iterations then cost the same however many people answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs.calibrated import group_sums
from topline.weights.margins import Margin

#: Tables of up to this many cells, or twice as many as people, are crossed without asking who is in them.
_DENSE: Final = 1 << 16


@dataclass(frozen=True, eq=False)
class Cells:
    """The occupied cells: `index` (n,) the cell of each person, `base` (C,) the weight in it, `codes` (M, C).

    `codes[m]` is the group of each cell in margin m.
    """

    index: NDArray[np.intp]
    base: Floats
    codes: tuple[NDArray[np.intp], ...]

    def __len__(self) -> int:
        return len(self.base)


def collapse(margins: Sequence[Margin], base: Floats) -> Cells:
    """Collapse people to cells: one pass over the codes, and one over the weights.

    A table that would be large beside the number of people is cut to its occupied cells before the next
    margin is crossed with it.
    """
    index: NDArray[Any] = margins[0].codes.astype(np.int32)
    size = len(margins[0].counts)
    groups: tuple[NDArray[np.intp], ...] = (np.arange(size),)
    dense = max(_DENSE, 2 * len(base))
    for margin in margins[1:]:
        k = len(margin.counts)
        if size * k > dense:
            index, groups, size = _occupied(index, groups, size)
        index = (
            index * np.int32(k) + margin.codes
            if size * k < 1 << 31
            else index.astype(np.int64) * k + margin.codes
        )
        groups = (*(np.repeat(codes, k) for codes in groups), np.tile(np.arange(k), size))
        size *= k
    index, groups, size = _occupied(index, groups, size)
    return Cells(index, group_sums(index, base, size), groups)


def _occupied(
    index: NDArray[Any], groups: tuple[NDArray[np.intp], ...], size: int
) -> tuple[NDArray[np.intp], tuple[NDArray[np.intp], ...], int]:
    """Number the cells that somebody is in, in their order."""
    index = index.astype(np.intp)
    present = np.zeros(size, dtype=bool)
    present[index] = True
    if present.all():
        return index, groups, size
    number = np.cumsum(present) - 1
    return number[index], tuple(codes[present] for codes in groups), int(present.sum())
