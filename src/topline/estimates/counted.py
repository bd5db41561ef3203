"""The loops of `kernel` for small data, by NumPy's bincount: the same sums to the last bit, and no numba.

Loading numba and its compiled loops costs 0.7 s of CPU, which tables of a few thousand people need not pay
(docs/decisions/0018). Each sum is made in the order in which `kernel` makes it, so it does not depend on the
size of a file; a test compares them bit by bit.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

#: Up to here bincount is quicker than a first call of the loop: additions of people, numbers in one matrix.
ADDITIONS: Final = 8_000_000
NUMBERS: Final = 1 << 20


def loops_for(people: int, passes: int, numbers: int = 0) -> ModuleType:
    """Where the loops are for so many passes over people, which fill matrices of so many numbers: here, or
    in `kernel`.
    """
    if people * passes <= ADDITIONS and numbers <= NUMBERS:
        return sys.modules[__name__]
    from topline.estimates import kernel  # brings numba

    return kernel


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
    """What `kernel.add_level` adds to `sums` (I, O, K, 4 + K) and `active` (I, O, S), of the same arrays."""
    unit = _unit_of_rows(starts)
    lanes = (weights, weights * weights, None)
    offset = 0
    for block, depth in enumerate(depths):
        at = unit * (depth + 1) + groups[block]
        for item, width in enumerate(widths):
            shape = (len(factors), depth + 1, width + 1)
            w, w2, n = (
                np.bincount(at * (width + 1) + codes[item], lane, int(np.prod(shape)))
                .reshape(shape)[:, :depth, :width]
                .astype(np.float64)
                for lane in lanes
            )
            into = sums[item, offset : offset + depth, :width]
            for place, part in enumerate((n, w, w2, persons[:, None, None] * w2)):
                into[..., place] += _in_order(part)
            scaled = factors[:, None, None] * w
            for k in range(width):  # the lower triangle
                into[:, k, 4 : 5 + k] += _in_order(scaled[:, :, k, None] * w[:, :, : k + 1])
            inside = (w > 0.0) @ bases[item, :, :width].T
            active[item, offset : offset + depth] += sign * inside.sum(axis=0)
        offset += depth


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
    """What `kernel.add_ties` adds to `out` (places, 2), of the same arrays; `rows` changes nothing here."""
    for table, of in enumerate(index):
        cells = of.astype(np.intp) * stride + codes
        for lane, values in enumerate(lanes[lane_of[table % len(lane_of)]].T):
            found = np.bincount(cells, values)
            out[starts[table] : starts[table] + len(found), lane] += found


def add_units(
    starts: Array, weights: Array, codes: Array, width: int, groups: Array, depths: Array, out: Array
) -> None:
    """What `kernel.add_units` adds to `out` (U, places), of the same arrays."""
    first, last = starts[0], starts[-1]
    unit, offset = _unit_of_rows(starts - first), 0
    for block, depth in enumerate(depths):
        places = int(depth + 1) * (width + 1)
        within = groups[block, first:last].astype(np.intp) * (width + 1) + codes[first:last]
        found = np.bincount(unit * places + within, weights[first:last], len(out) * places)
        out[:, offset : offset + places] += found.reshape(len(out), places)
        offset += places


def _in_order(parts: Array) -> Array:
    """The sum over units (U, ...), one after another; `sum` would make some of them in pairs."""
    found: Array = np.add.accumulate(parts, axis=0)[-1]
    return found


def _unit_of_rows(starts: Array) -> Array:
    """The unit of each row."""
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))
