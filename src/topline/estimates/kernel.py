"""The one loop over people, compiled when it is first called and kept on disk where that can be written.

Loaded late, by `scan` alone: it brings numba (docs/decisions/0003-cell-sums-by-numba.md).
"""

# mypy: disable-error-code="no-untyped-call, untyped-decorator"

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray


def _compiled(function: Callable[..., None]) -> Callable[..., None]:
    """Compile on the first call; without a disk cache where no folder can be written."""
    try:
        compiled: Callable[..., None] = njit(function, cache=True, nogil=True)
    except RuntimeError:  # numba found no place for its cache
        compiled = njit(function, nogil=True)
    return compiled


@_compiled
def add_level(
    starts: NDArray[Any],
    factors: NDArray[Any],
    persons: NDArray[Any],
    sign: int,
    weights: NDArray[Any],
    codes: NDArray[Any],
    widths: NDArray[Any],
    groups: NDArray[Any],
    depths: NDArray[Any],
    bases: NDArray[Any],
    sums: NDArray[Any],
    squares: NDArray[Any],
    gross: NDArray[Any],
    active: NDArray[Any],
) -> None:
    """Add one level of units to the sums of I items in O groups, block after block.

    People lie unit by unit: `weights` (n,), `codes` (I, n) with `widths` (I,) for people outside, `groups`
    (B, n) with `depths` (B,). Added to: `sums` (I, O, K, 3) of 1, w, w^2; `squares` (I, O, K, K), of
    factor * product of two totals, lower triangle; `gross` (I, O, K), the diagonal with all parts positive;
    `active` (I, O, S), `sign` for each unit with a positive total in the codes of `bases` (I, S, K).
    """
    deepest = np.uint64(depths.max() + 1)
    stride = np.uint64(widths.max() + 1)
    cells = np.zeros((deepest * stride, 4))
    seen = np.zeros(deepest, np.uint8)
    touched = np.zeros(deepest, np.uint64)
    for unit in range(len(factors)):
        first, last = np.uint64(starts[unit]), np.uint64(starts[unit + 1])
        factor, person = factors[unit], persons[unit]
        offset = np.uint64(0)
        for block in range(len(depths)):
            group = groups[block]
            count = 0
            for row in range(first, last):
                place = group[row]
                if seen[place] == 0:
                    seen[place] = 1
                    if place < depths[block]:
                        touched[count] = place
                        count += 1
            for item in range(len(widths)):
                code, width = codes[item], widths[item]
                for row in range(first, last):
                    cell = np.uint64(group[row]) * stride + np.uint64(code[row])
                    w = weights[row]
                    cells[cell, 0] += 1.0
                    cells[cell, 1] += w
                    cells[cell, 2] += w * w
                for at in range(count):
                    place = touched[at]
                    out = offset + place
                    start = place * stride
                    for k in range(width):
                        cell = start + np.uint64(k)
                        if cells[cell, 0] > 0.0:
                            total, square = cells[cell, 1], person * cells[cell, 2]
                            scaled = factor * total
                            sums[item, out, k, 0] += cells[cell, 0]
                            sums[item, out, k, 1] += total
                            sums[item, out, k, 2] += cells[cell, 2]
                            squares[item, out, k, k] += square
                            gross[item, out, k] += square + abs(scaled) * total
                            for j in range(k + 1):
                                squares[item, out, k, j] += scaled * cells[start + np.uint64(j), 1]
                    for base in range(bases.shape[1]):
                        for k in range(width):
                            if bases[item, base, k] and cells[start + np.uint64(k), 1] > 0.0:
                                active[item, out, base] += sign
                                break
                    for k in range(width + 1):
                        cell = start + np.uint64(k)
                        cells[cell, 0] = 0.0
                        cells[cell, 1] = 0.0
                        cells[cell, 2] = 0.0
            for place in range(deepest):
                seen[place] = 0
            offset += np.uint64(depths[block])
