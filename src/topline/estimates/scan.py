"""Cell sums of many items in many blocks of groups, in one pass over the people.

The only place that knows how the sums are made: whatever else can sum weights by unit, group and code (a
GROUP BY on a database, say) can stand in for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs import Design, Replicates
from topline.estimates.cells import Bools, Cells, Groups, Item, narrow
from topline.estimates.counted import loops_for
from topline.estimates.residual import cells_of, drawn_totals
from topline.estimates.ties import Ties


def scan(design: Design, items: Sequence[Item], blocks: Sequence[Groups]) -> list[Cells]:
    """The cells of each item, over the groups of all blocks, one block after another."""
    found: dict[int, Cells] = {}
    for wide in (False, True):  # codes of 8 and of 16 bits
        places = [at for at, item in enumerate(items) if (item.width > 255) == wide]
        if places:
            found |= dict(zip(places, _pass(design, [items[at] for at in places], blocks), strict=True))
    return [found[at] for at in range(len(items))]


def _pass(design: Design, items: Sequence[Item], blocks: Sequence[Groups]) -> list[Cells]:
    """The cells of items whose codes have the same number of bits."""
    nested, levels = design.nested, design.nested.levels
    ordered = _stack([nested.ordered(narrow(item.codes, item.width)) for item in items])
    grouped = _stack([nested.ordered(narrow(g.codes, g.depth)).astype(np.uint16) for g in blocks])
    weights = np.ascontiguousarray(nested.ordered(design.weights), dtype=np.float64)
    widths = np.array([item.width for item in items])
    depths = np.array([g.depth for g in blocks])
    bases = _padded([item.bases for item in items], int(widths.max()))
    shape = (len(items), int(depths.sum()), int(widths.max()))
    sums = np.zeros((*shape, 4 + shape[2]))
    sizes = np.zeros(shape)
    active = np.zeros((*shape[:2], bases.shape[1]), dtype=np.int64)
    for number, level in enumerate(levels):
        part = np.zeros_like(sums)
        sign = {0: -1, 1: 1}.get(number, 0)
        numbers = len(level.factors) * (int(depths.max()) + 1) * (shape[2] + 1) ** 2
        loops = loops_for(len(weights), len(items) * len(blocks), numbers)
        arrays = (ordered, widths, grouped, depths, bases, part, active)
        loops.add_level(level.starts, level.factors, level.persons, sign, weights, *arrays)
        sums[..., :3] = part[..., :3]
        sums[..., 3:] += part[..., 3:]
        sizes += np.abs(np.diagonal(part[..., 4:], axis1=2, axis2=3))
    if len(levels) == 1:
        active += _people(design, sums, bases, items, blocks)
    found = [_cells(design, item, blocks, sums[at], sizes[at], active[at]) for at, item in enumerate(items)]
    if not design.intervals or design.calibration is None or design.replicates is not None:
        return found
    explained = Ties(design, weights, grouped, depths, len(items)).explained(ordered, widths)
    return [_residual(cells, *each) for cells, each in zip(found, explained, strict=True)]


def _cells(
    design: Design,
    item: Item,
    blocks: Sequence[Groups],
    sums: Floats,
    sizes: Floats,
    active: NDArray[np.int64],
) -> Cells:
    """The cells of one item, cut to its codes."""
    k, s = item.width, len(item.bases)
    n, w, w2 = (np.ascontiguousarray(sums[:, :k, lane]) for lane in range(3))
    lower = sums[:, :k, 4 : 4 + k]
    whole = lower + np.swapaxes(np.tril(lower, -1), 1, 2)
    own = sums[:, :k, 3]  # of people themselves
    whole[:, np.arange(k), np.arange(k)] += own
    gross, df = sizes[:, :k] + own, active[:, :s].astype(np.intp)
    if design.replicates is not None:
        parts = [_drawn(design, design.replicates, item, g) for g in blocks]
        df = np.full_like(df, design.replicates.df)
        none = np.full_like(whole, np.nan)
        return Cells(n, w, w2, none, gross, item.bases, df, design.replicates, np.concatenate(parts, axis=1))
    if not design.intervals:
        whole = np.full_like(whole, np.nan)
    return Cells(n, w, w2, whole, gross, item.bases, df)


def _residual(cells: Cells, explained: Floats, size: Floats) -> Cells:
    """The cells with the variances of residuals."""
    return replace(cells, squares=cells.squares + explained, gross=cells.gross + size)


def _drawn(design: Design, replicates: Replicates, item: Item, groups: Groups) -> Floats:
    """The totals of one block under each replicate weight (R, D, K)."""
    size = groups.depth * item.width
    found = drawn_totals(replicates, [(cells_of(item, groups), design.weights)], design.weights, size)
    return found.reshape(-1, groups.depth, item.width)


def _people(
    design: Design, sums: Floats, bases: Bools, items: Sequence[Item], blocks: Sequence[Groups]
) -> NDArray[np.int64]:
    """How many people with a positive weight are in each base (I, O, S)."""
    counts = sums[..., 0]
    if design.zeros:
        counts = counts.copy()
        nobody = design.weights == 0.0
        for at, item in enumerate(items):
            start = 0
            for g in blocks:
                cells = cells_of(item, g)[nobody]
                inside = cells[cells < g.depth * item.width]
                np.subtract.at(counts[at], (start + inside // item.width, inside % item.width), 1.0)
                start += g.depth
    found: NDArray[np.int64] = np.einsum("iok,isk->ios", counts, bases).astype(np.int64)
    return found


def _stack(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """Columns below each other, each contiguous."""
    out = np.empty((len(columns), len(columns[0])), dtype=columns[0].dtype)
    for row, column in zip(out, columns, strict=True):
        row[:] = column
    return out


def _padded(bases: list[Bools], width: int) -> Bools:
    out = np.zeros((len(bases), max(len(b) for b in bases), width), dtype=bool)
    for row, base in zip(out, bases, strict=True):
        row[: base.shape[0], : base.shape[1]] = base
    return out
