"""The one loop over people, compiled when it is first called and kept on disk where that can be written.

Loaded late, by `scan` alone: it brings numba (docs/decisions/0004).
"""

# mypy: disable-error-code="no-untyped-call, untyped-decorator"

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile on the first call; without a disk cache where no folder can be written."""
    try:
        compiled: Callable[..., Any] = njit(function, cache=True, nogil=True)
    except RuntimeError:  # numba found no place for its cache
        compiled = njit(function, nogil=True)
    return compiled


@_compiled
def _touched(group: Array, seen: Array, found: Array) -> int:
    """Write the groups of some people, each once, to `found`; give how many there are. `seen` stays 0."""
    count = 0
    for place in group:
        if seen[place] == 0:
            seen[place] = 1
            found[count] = place
            count += 1
    for at in range(count):
        seen[found[at]] = 0
    return count


@_compiled
def _scatter(cells: Array, stride: int, group: Array, code: Array, weights: Array) -> None:
    """Add w, w^2 and 1 of people to their cells (group * stride + code, lane)."""
    for row in range(len(weights)):
        # unsigned, so that no index is looked at for its sign
        cell = np.uint64(group[row]) * np.uint64(stride) + np.uint64(code[row])
        w = weights[row]
        cells[cell, 0] += w
        cells[cell, 1] += w * w
        cells[cell, 2] += 1.0


@_compiled
def _add_group(cells: Array, start: int, width: int, factor: float, person: float, into: Array) -> None:
    """Add the cells of one unit and group to the group's sums (K, 4 + K)."""
    for k in range(width):
        cell = start + np.uint64(k)
        if cells[cell, 2] > 0.0:
            total = cells[cell, 0]
            scaled = factor * total
            into[k, 0] += cells[cell, 2]
            into[k, 1] += total
            into[k, 2] += cells[cell, 1]
            into[k, 3] += person * cells[cell, 1]
            for j in range(k + 1):
                into[k, 4 + j] += scaled * cells[start + np.uint64(j), 0]


@_compiled
def _add_active(cells: Array, start: int, width: int, sign: int, bases: Array, active: Array) -> None:
    """Count the unit in each base (S, K) that has a positive total."""
    for base in range(len(bases)):
        for k in range(width):
            if bases[base, k] and cells[start + np.uint64(k), 0] > 0.0:
                active[base] += sign
                break


@_compiled
def _empty(cells: Array, start: int, width: int) -> None:
    """Empty the cells of one unit and group, of people outside too: another block may have it."""
    for k in range(width + 1):
        for lane in range(3):
            cells[start + np.uint64(k), lane] = 0.0


def add_level(
    starts: Array,
    factors: Array,
    persons: Array,
    sign: int,
    weights: Array,
    codes: Array,
    widths: Array,
    groups: Array,
    depths: Array,
    bases: Array,
    sums: Array,
    active: Array,
) -> None:
    """Add one level of units to the sums of I items in O groups, block after block.

    People lie unit by unit: `weights` (n,), `codes` (I, n) with `widths` (I,) for people outside, `groups`
    (B, n) with `depths` (B,). Added to: `sums` (I, O, K, 4 + K) of 1, w, w^2, person * w^2, then of factor *
    product of two codes' totals, lower triangle; `active` (I, O, S), `sign` for each unit with a positive
    total in the codes of `bases` (I, S, K).
    """
    wide, deep = int(widths.max()) + 1, int(depths.max()) + 1
    room = np.zeros((deep * wide, 4)), np.zeros(deep, np.uint8), np.zeros(deep, np.int64)
    arrays = (starts, factors, persons, sign, weights, codes, widths, groups, depths, bases, sums, active)
    _add_level(*arrays, *room)


@_compiled
def _add_level(
    starts: Array,
    factors: Array,
    persons: Array,
    sign: int,
    weights: Array,
    codes: Array,
    widths: Array,
    groups: Array,
    depths: Array,
    bases: Array,
    sums: Array,
    active: Array,
    cells: Array,
    seen: Array,
    touched: Array,
) -> None:
    """Do the work of `add_level` in room that is 0 before and after; making it here would take a second to
    compile: `cells` ((D + 1) (K + 1), 4), `seen` and `touched` (D + 1,), D the largest depth, K the largest
    width.
    """
    stride = len(cells) // len(seen)
    for unit in range(len(factors)):
        first, last = starts[unit], starts[unit + 1]
        offset = 0
        for block in range(len(depths)):
            group = groups[block, first:last]
            count = _touched(group, seen, touched)
            for item in range(len(widths)):
                width, base = widths[item], bases[item]
                _scatter(cells, stride, group, codes[item, first:last], weights[first:last])
                for at in range(count):
                    out, start = offset + touched[at], np.uint64(touched[at] * stride)
                    if touched[at] < depths[block]:
                        _add_group(cells, start, width, factors[unit], persons[unit], sums[item, out])
                        _add_active(cells, start, width, sign, base, active[item, out])
                    _empty(cells, start, width)
            offset += depths[block]


@_compiled
def add_pairs(weights: Array, codes: Array, widths: Array, starts: Array, rows: int, out: Array) -> None:
    """Add the weighted table of every two of P variables to `out`, some people at a time.

    `codes` (P, n) run from 0 to `widths` (P,) - 1. The table of i and j < i, or of i with itself, has
    `widths[i] * widths[j]` places from `starts[i, j]` on.
    """
    for first in range(0, len(weights), rows):
        w = weights[first : first + rows]
        for i in range(len(widths)):
            one = codes[i, first : first + rows]
            for j in range(i + 1):
                other, width = codes[j, first : first + rows], np.uint64(widths[j])
                table = out[starts[i, j] :]
                for row in range(len(w)):
                    table[np.uint64(one[row]) * width + np.uint64(other[row])] += w[row]


@_compiled
def add_ties(
    codes: Array,
    stride: int,
    index: Array,
    starts: Array,
    lanes: Array,
    lane_of: Array,
    rows: int,
    out: Array,
) -> None:
    """Add two values of each person to the cells of J tables of one item, some people at a time.

    The row of `codes` (n,) in table j is `index[j]` (n,); tables have `stride` columns and lie in `out`
    (places, 2) from `starts[j]` on. The values are `lanes[lane_of[j % T]]` (n, 2).
    """
    columns = np.uint64(stride)
    for first in range(0, len(codes), rows):
        last = min(first + rows, len(codes))
        for j in range(len(index)):
            table, lane = out[starts[j] :], lanes[lane_of[j % len(lane_of)]]
            for row in range(first, last):
                cell = np.uint64(index[j, row]) * columns + np.uint64(codes[row])
                table[cell, 0] += lane[row, 0]
                table[cell, 1] += lane[row, 1]


@_compiled
def add_units(
    starts: Array, weights: Array, codes: Array, width: int, groups: Array, depths: Array, out: Array
) -> None:
    """Add the weights of people to the cells of one item in each unit: `out` (U, places).

    Of every block the places are its groups and one more, by the codes and one more.
    """
    stride = width + 1
    for unit in range(len(out)):
        offset = 0
        for block in range(len(depths)):
            totals, group = out[unit, offset:], groups[block]
            for row in range(starts[unit], starts[unit + 1]):
                totals[np.uint64(group[row]) * np.uint64(stride) + np.uint64(codes[row])] += weights[row]
            offset += (depths[block] + 1) * stride
