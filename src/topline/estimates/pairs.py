"""The weighted tables of every two of many items, from one pass.

Small items are joined: two of five answers and an outside make one variable of 36 levels, and a table of two
such variables holds four of the tables that are wanted. So 45 items need some 300 tables instead of 990.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from topline.dataset import Floats
from topline.estimates.cells import Ints, Item, narrow

_LEVELS = 40  # of a joined variable: the table of two stays in the processor's cache
_ROWS = 1 << 14  # people at a time


@dataclass(frozen=True, slots=True, eq=False)
class PairTables:
    """Weighted counts: `tables[i, j]` is the table (K_i, K_j) of two items, without people outside."""

    widths: tuple[int, ...]
    places: tuple[tuple[int, int], ...]  # of each item: its variable, and its axis there
    shapes: tuple[tuple[int, ...], ...]  # of each variable: the levels of its items
    starts: Ints
    sums: Floats

    def __getitem__(self, pair: tuple[int, int]) -> Floats:
        (one, axis), (other, across) = (self.places[item] for item in pair)
        if other > one:
            return self[pair[1], pair[0]].T
        shape = (*self.shapes[one], *self.shapes[other])
        start = self.starts[one, other]
        table = self.sums[start : start + int(np.prod(shape))].reshape(shape)
        across += len(self.shapes[one])
        kept = table.sum(axis=tuple(at for at in range(len(shape)) if at not in (axis, across)))
        found: Floats = kept[: self.widths[pair[0]], : self.widths[pair[1]]]
        return found


def pair_tables(weights: Floats, items: Sequence[Item]) -> PairTables:
    """Sum weights (n,) in the table of every two items; of an item with itself, on the diagonal."""
    from topline.estimates.kernel import add_pairs  # brings numba

    joined, places = _joined(items)
    shapes = tuple(tuple(items[at].width + 1 for at in some) for some in joined)
    widths = np.array([int(np.prod(shape)) for shape in shapes])
    codes = np.empty((len(joined), len(weights)), dtype=np.uint16)
    for column, some in zip(codes, joined, strict=True):
        column[:] = narrow(items[some[0]].codes, items[some[0]].width)
        for at in some[1:]:
            column *= np.uint16(items[at].width + 1)
            column += narrow(items[at].codes, items[at].width)
    lengths = np.tril(np.outer(widths, widths))
    starts = (np.cumsum(lengths) - lengths.ravel()).reshape(lengths.shape)
    sums = np.zeros(int(lengths.sum()))
    add_pairs(np.ascontiguousarray(weights, dtype=np.float64), codes, widths, starts, _ROWS, sums)
    return PairTables(tuple(item.width for item in items), places, shapes, starts, sums)


def _joined(items: Sequence[Item]) -> tuple[list[list[int]], tuple[tuple[int, int], ...]]:
    """Which items make one variable, and the place of each in it; the smallest are joined first."""
    joined: list[list[int]] = []
    levels = 0
    for at in sorted(range(len(items)), key=lambda at: items[at].width):
        width = items[at].width + 1
        if joined and levels * width <= _LEVELS:
            joined[-1].append(at)
            levels *= width
        else:
            joined.append([at])
            levels = width
    places = {at: (variable, axis) for variable, some in enumerate(joined) for axis, at in enumerate(some)}
    return joined, tuple(places[at] for at in range(len(items)))
