"""The one loop over pairs of people, compiled when it is first called.

Loaded late, by `duplicates` alone: it brings numba (docs/decisions/0004).
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
def compare_pairs(
    rows: Array, none: int, order: Array, starts: Array, most: int, nearest: Array, twin: Array
) -> None:
    """Compare every pair of people within each group, and note for both the nearest with `most` differences.

    `rows` (n, q) holds codes; `none` is like nothing, not even itself. `order[starts[g]:starts[g + 1]]` are
    the people of group g. `nearest` (n,) is the least number of differences so far, `twin` (n,) with whom.
    """
    width = rows.shape[1]
    for group in range(len(starts) - 1):
        for at in range(starts[group], starts[group + 1]):
            one = order[at]
            for after in range(at + 1, starts[group + 1]):
                other = order[after]
                apart = 0
                for place in range(width):
                    code = rows[one, place]
                    if code != rows[other, place] or code == none:
                        apart += 1
                        if apart > most:
                            break
                if apart <= most:
                    if apart < nearest[one]:
                        nearest[one], twin[one] = apart, other
                    if apart < nearest[other]:
                        nearest[other], twin[other] = apart, one


def keys_of(rows: Array, seed: int) -> Array:
    """A number (n,) for each row, the same for the same codes; others collide with a chance of 2^-64."""
    random = np.random.default_rng(seed)
    total = np.zeros(len(rows), dtype=np.uint64)
    for place in range(rows.shape[1]):
        table = random.integers(1, 2**64 - 1, 1 + int(rows[:, place].max(initial=0)), dtype=np.uint64)
        total += table[rows[:, place]]
    return total
