"""Cell sums: all that an estimate and its error need to know of the people.

Of people in groups d and codes k the sums are the totals of weights and the covariance matrix of these
totals, so every measure that gives each code a value (share, net, score, mean), and every ratio or
difference of such, follows by the delta method: its variance is a'Va with a its derivatives by the totals
(Woodruff 1971, JASA 66, 411-414; Särndal, Swensson and Wretman 1992, section 5.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs import Replicates

Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """Codes (n,), 0 to width-1, anything else outside; `bases` (S, K), the sets of codes that are a base."""

    codes: NDArray[Any]
    width: int
    bases: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups (n,), 0 to depth-1, anything else in none."""

    codes: NDArray[Any]
    depth: int


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Sums in D groups by K codes.

    `n`, `w`, `w2` (D, K): people, weights, squared weights. `squares` (D, K, K): the covariance matrix of
    `w` in each group, NaN where the design gives no errors; `gross` (D, K): how large the parts are that its
    diagonal is the difference of. `df` (D, S): for each of `bases` (S, K), active units less active strata.
    Of a number y, the two codes are 1 and y: `w` holds the sums of w and w y. With replicate weights `drawn`
    (R, D, K) holds `w` under each, and `squares` is NaN.
    """

    n: Floats
    w: Floats
    w2: Floats
    squares: Floats
    gross: Floats
    bases: Bools
    df: Ints
    replicates: Replicates | None = None
    drawn: Floats | None = None

    def df_of(self, base: Bools) -> Ints:
        """The degrees of freedom (D,) of measures whose base are these codes (K,)."""
        found = np.flatnonzero((self.bases == base).all(axis=1))
        if not len(found):
            raise ValueError("these codes are no base of the cells")
        return self.df[:, found[0]]


def bases_of(values: Floats) -> Bools:
    """The bases of measures (S, K) whose values (M, K) are NaN outside; all codes is always one of them."""
    found = np.vstack([np.ones((1, values.shape[1]), dtype=bool), np.isfinite(values)])
    return np.unique(found, axis=0)


def narrow(codes: NDArray[Any], width: int) -> NDArray[Any]:
    """Codes (n,) in 8 or 16 bits; everything outside 0 to width-1 becomes `width`."""
    to = np.uint8 if width < 256 else np.uint16
    if codes.dtype.kind == "i":
        codes = codes.view(f"u{codes.dtype.itemsize}")  # -1 becomes the largest
    if codes.dtype.itemsize == 1 and width > 255:
        return codes.astype(to)
    cut: NDArray[Any] = np.minimum(codes, codes.dtype.type(width))
    return cut.astype(to, copy=False)
