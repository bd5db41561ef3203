"""The equations of calibration, solved by Newton's method on cells (or people, with numbers among them)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from topline.dataset import Floats
from topline.designs.calibrated import Term, fitted, gram, solve, stacked
from topline.weights.distances import Distance

TOLERANCE: Final = 1e-12  # of each total, relative
STEPS: Final = 100
_HALVINGS: Final = 30


@dataclass(frozen=True, eq=False)
class Solution:
    """Factors (C,), steps taken, and how far each total is off, relative (P,)."""

    factors: Floats
    steps: int
    off: Floats


def solve_calibration(
    terms: Sequence[Term],
    base: Floats,
    totals: Floats,
    distance: Distance,
    tolerance: float = TOLERANCE,
    steps: int = STEPS,
) -> Solution:
    """Find factors with sum base F(x'b) x = totals (P,), as near as Newton's steps come.

    A step that brings the totals no nearer is halved. Whoever calls this checks `off`.
    """
    absolute = [Term(t.codes, t.levels, None if t.values is None else np.abs(t.values)) for t in terms]
    scale = np.maximum(np.maximum(np.abs(totals), stacked(absolute, base)), np.finfo(np.float64).tiny)
    slopes = np.zeros(len(totals))
    factors, rate = distance.factors(fitted(terms, slopes))
    miss = totals - stacked(terms, base * factors)
    done, close = 0, False
    while done < steps and not close:
        done += 1
        step = solve(gram(terms, base * rate), miss)
        least = float(np.abs(miss / scale).max())
        for _ in range(_HALVINGS):
            u = fitted(terms, slopes + step)
            factors, rate = distance.factors(u)
            found = totals - stacked(terms, base * factors)
            if np.abs(found / scale).max() < least or least == 0.0:
                break
            step = step / 2
        else:
            factors, rate = distance.factors(fitted(terms, slopes))
            break
        slopes, miss = slopes + step, found
        close = bool(np.abs(miss / scale).max() <= tolerance)
    return Solution(factors, done, np.abs(miss / scale))
