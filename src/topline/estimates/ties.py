"""What calibration explains of the variances of cells, from sums by cell and calibration group.

A residual z - s x'b has b linear in z, so the variance of totals of residuals is V - C B - (C B)' + B'E B: V
of the cells, E of the calibration variables, C between the two, and B the slopes of cells on the variables
(`topline.designs.calibrated`). C and B need of the people only sums by cell and variable: of a margin, a
table of group by code by margin. So no residual is made person by person, and the cost is that of a few
tables more. Small items are joined: of two with four answers and an outside, one table has 25 columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs import Calibration, Design, Level
from topline.estimates.cells import Ints
from topline.estimates.counted import loops_for

_AT_ONCE: Final = 1 << 22  # numbers in a matrix of unit totals
_ROWS: Final = 1 << 12  # people at a time
_LEVELS: Final = 40  # of a joined item: its tables stay in the processor's cache


class Ties:
    """The people of one pass, in the design's order, tied to the calibration variables.

    `weights` (n,), and `groups` (B, n) with `depths` (B,) for people in none; `items` is how many there are.
    """

    def __init__(
        self, design: Design, weights: Floats, groups: NDArray[Any], depths: Ints, items: int
    ) -> None:
        assert design.calibration is not None
        self.design, self.calibration = design, design.calibration
        self.weights, self.groups, self.depths = weights, groups, depths
        self.widths = np.array([term.levels for term in self.calibration.terms])
        self.lanes, self.lane_of = _lanes(design, self.calibration, weights)
        self.index = self._index()
        self.loops = loops_for(len(weights), items * len(self.index))

    def explained(self, codes: NDArray[Any], widths: Ints) -> Iterator[tuple[Floats, Floats]]:
        """What to add to the covariances (O, K, K) of each item's cells, and its size (O, K).

        `codes` (I, n) are `widths` (I,) for people outside.
        """
        for items in _joined(widths):
            joint = codes[items.start].astype(np.uint16)
            for item in range(items.start + 1, items.stop):
                joint = joint * np.uint16(widths[item] + 1) + codes[item]
            shape = tuple(int(width) + 1 for width in widths[items])
            sums = self._with_persons(joint, int(np.prod(shape)))
            for place in range(len(shape)):
                item = items.start + place
                found = sums.reshape(*sums.shape[:2], *shape, -1)
                others = tuple(2 + at for at in range(len(shape)) if at != place)
                crossed, projected = found.sum(axis=others)[:, :, : widths[item]]
                crossed += self._with_units(codes[item], int(widths[item]))
                yield self._residual(crossed, projected)

    def _residual(self, crossed: Floats, projected: Floats) -> tuple[Floats, Floats]:
        """The same of one item, from C and the right sides of the slopes, both (O, K, P)."""
        slopes = self.calibration.slopes(projected.reshape(-1, projected.shape[-1]).T)
        slopes = slopes.T.reshape(projected.shape)  # (O, K, P)
        square = (slopes @ self.design.explained.products) @ np.swapaxes(slopes, 1, 2)
        both = crossed @ np.swapaxes(slopes, 1, 2)
        found: Floats = square - both - np.swapaxes(both, 1, 2)
        return found, np.abs(np.einsum("okk->ok", square))

    def _index(self) -> NDArray[np.uint32]:
        """The group and calibration group of each person, of every block with every term (B T, n)."""
        ordered = [self.design.nested.ordered(term.codes) for term in self.calibration.terms]
        out = np.empty((len(self.depths) * len(ordered), len(self.weights)), dtype=np.uint32)
        for place, row in enumerate(out):
            block, term = divmod(place, len(ordered))
            np.multiply(self.groups[block], np.uint32(self.widths[term]), out=row, dtype=np.uint32)
            row += ordered[term].astype(np.uint32)
        return out

    def _with_persons(self, codes: NDArray[Any], stride: int) -> Floats:
        """What people add to C, and the right sides of the slopes (2, O, S, P), by codes 0 to S - 1."""
        sizes = np.outer(self.depths + 1, self.widths).ravel() * stride
        starts = np.cumsum(sizes) - sizes
        sums = np.zeros((int(sizes.sum()), 2))
        self.loops.add_ties(codes, stride, self.index, starts, self.lanes, self.lane_of, _ROWS, sums)
        out = np.empty((2, int(self.depths.sum()), stride, int(self.widths.sum())))
        row = 0
        for block, depth in enumerate(self.depths):
            column = 0
            for term, levels in enumerate(self.widths):
                start = starts[block * len(self.widths) + term]
                found = sums[start : start + depth * levels * stride]
                table = found.reshape(depth, levels, stride, 2)
                out[:, row : row + depth, :, column : column + levels] = table.transpose(3, 0, 2, 1)
                column += levels
            row += depth
        return out

    def _with_units(self, codes: NDArray[Any], width: int) -> Floats:
        """What totals of units add to C (O, K, P)."""
        places = int((self.depths + 1).sum())
        kept = np.concatenate([np.arange(d) + s for d, s in zip(self.depths, self._starts(), strict=True)])
        crossed = np.zeros((places * (width + 1), int(self.widths.sum())))
        for level, explained in zip(self.design.nested.levels, self.design.explained.totals, strict=True):
            for units in _some(level, places * (width + 1)):
                starts = level.starts[units.start : units.stop + 1]
                totals = np.zeros((units.stop - units.start, places * (width + 1)))
                arrays = (self.weights, codes, width, self.groups, self.depths)
                self.loops.add_units(starts, *arrays, totals)
                crossed += totals.T @ (level.factors[units, None] * explained[units])
        return crossed.reshape(places, width + 1, -1)[kept, :width]

    def _starts(self) -> Ints:
        """Where the groups of each block begin, with one more a block for people in none."""
        return np.asarray(np.cumsum(self.depths + 1) - (self.depths + 1))


def _lanes(design: Design, calibration: Calibration, weights: Floats) -> tuple[Floats, Ints]:
    """What each person adds to C and to the slopes (L, n, 2), and which of L each term takes (T,).

    Indicators share the first; a number multiplies it.
    """
    nested = design.nested
    persons = sum(level.persons[level.of_rows] for level in nested.levels)
    projected = np.where(weights > 0, nested.ordered(design.projection), 0.0)
    lanes = [np.column_stack([persons * nested.ordered(calibration.s) * weights, projected])]
    places = []
    for term in calibration.terms:
        places.append(0 if term.values is None else len(lanes))
        if term.values is not None:
            lanes.append(lanes[0] * nested.ordered(term.values)[:, None])
    return np.stack(lanes), np.array(places)


def _joined(widths: Ints) -> Iterator[slice]:
    """Items one after another whose codes make one code of few levels."""
    start, levels = 0, 1
    for item, width in enumerate(widths):
        if item > start and levels * (width + 1) > _LEVELS:
            yield slice(start, item)
            start, levels = item, 1
        levels *= width + 1
    yield slice(start, len(widths))


def _some(level: Level, size: int) -> Iterator[slice]:
    """The units of a level, some at a time."""
    step = max(1, _AT_ONCE // size)
    for start in range(0, len(level.factors), step):
        yield slice(start, min(start + step, len(level.factors)))
