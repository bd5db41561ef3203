"""What weights were calibrated to, kept for variances: after calibration only residuals vary.

A total that the weights hit has no sampling error, so linearised values are replaced by their residuals from
a regression on the calibration variables: z - s x'b, b = argmin sum q (z/s - x'b)^2, with the calibrated
weights s and regression weights q (Deville and Särndal 1992, JASA 87, 376-382, result 5; Särndal, Swensson
and Wretman 1992, Model Assisted Survey Sampling, section 6.6). q follows R's survey: the weights before for
post-stratification and calibration, 1 for raking (Lumley 2010, Complex Surveys, chapter 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs.levels import Nested

#: Directions of the normal equations with less than this share of the largest one are counted as none:
#: each margin holds the total once more, so there are always some.
_RANK = 1e-11


def group_sums(codes: NDArray[Any], of: Floats, size: int) -> Floats:
    """The sum of `of` (n,) in each of `size` groups."""
    return np.bincount(codes, of, minlength=size).astype(np.float64, copy=False)


@dataclass(frozen=True, eq=False)
class Term:
    """Calibration variables: indicators of `levels` groups by `codes` (n,), or a number `values` (n,).

    A number has one level, and all its codes are 0.
    """

    codes: NDArray[Any]
    levels: int
    values: Floats | None = None

    def sums(self, of: Floats) -> Floats:
        """The totals of `of` (n,) over each variable (levels,)."""
        weights = of if self.values is None else of * self.values
        return group_sums(self.codes, weights, self.levels)

    def within(self, groups: NDArray[np.intp], depth: int) -> Term:
        """The same variables within each of `depth` groups (n,): of group g they are g * levels and on."""
        return Term(groups * self.levels + self.codes, depth * self.levels, self.values)

    def spread(self, slopes: Floats) -> Floats:
        """The value of slopes (levels,) for each person (n,)."""
        found: Floats = slopes[self.codes]
        return found if self.values is None else found * self.values


def stacked(terms: Sequence[Term], of: Floats) -> Floats:
    """The totals of `of` (n,) over the variables of all terms, one after another (P,)."""
    return np.concatenate([term.sums(of) for term in terms])


def fitted(terms: Sequence[Term], slopes: Floats) -> Floats:
    """X'b for each person (n,), from slopes b (P,)."""
    out = np.zeros(len(terms[0].codes))
    start = 0
    for term in terms:
        out += term.spread(slopes[start : start + term.levels])
        start += term.levels
    return out


def gram(terms: Sequence[Term], q: Floats) -> Floats:
    """X'QX of the variables of all terms (P, P), from two-way tables; q (n,)."""
    size = sum(term.levels for term in terms)
    full = np.zeros((size, size))
    start = np.cumsum([0, *(term.levels for term in terms)])
    for i, a in enumerate(terms):
        for j, b in enumerate(terms[i:], i):
            block = _cross(a, b, q)
            full[start[i] : start[i + 1], start[j] : start[j + 1]] = block
            full[start[j] : start[j + 1], start[i] : start[i + 1]] = block.T
    return full


def solve(matrix: Floats, right: Floats) -> Floats:
    """The least solution of symmetric equations that may be singular but have one; right (P,) or (P, ...)."""
    return _applied(inverse(matrix), right)


def inverse(matrix: Floats) -> Floats:
    """The matrix (P, P) that gives the least solution of symmetric equations that may be singular."""
    scale = 1.0 / np.sqrt(np.maximum(np.diag(matrix), np.finfo(np.float64).tiny))
    scale[np.diag(matrix) <= 0.0] = 0.0
    scaled = np.linalg.pinv(matrix * scale * scale[:, None], rcond=_RANK, hermitian=True)
    return np.asarray(scaled * scale * scale[:, None])


def _applied(matrix: Floats, right: Floats) -> Floats:
    found: Floats = matrix @ right.reshape(len(right), -1)
    return found.reshape(right.shape)


@dataclass(frozen=True, eq=False)
class Calibration:
    """The variables, the regression weights q (n,) and the calibrated weights s (n,) before any trimming."""

    terms: tuple[Term, ...]
    q: Floats
    s: Floats

    @cached_property
    def normal(self) -> Floats:
        """X'QX (P, P)."""
        return gram(self.terms, self.q)

    def slopes(self, right: Floats) -> Floats:
        """The coefficients b of X'QX b = right, both (P, ...)."""
        return _applied(self._inverse, right)

    @cached_property
    def _inverse(self) -> Floats:
        return inverse(self.normal)

    def ratio(self, of: Floats) -> Floats:
        """Of / s (n,), 0 where s is 0: nobody there counts."""
        return np.divide(of, self.s, out=np.zeros(len(of)), where=self.s != 0.0)

    def residuals(self, z: Floats) -> Floats:
        """Linearised values z (n,) less what the calibration variables explain (n,)."""
        slopes = self.slopes(stacked(self.terms, self.q * self.ratio(z)))
        return z - self.s * fitted(self.terms, slopes)


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """Of the calibration variables x, times the calibrated weights s: `totals` by level (U, P), and
    `products` (P, P), the variance matrix of their totals.
    """

    totals: tuple[Floats, ...]
    products: Floats


def explained(calibration: Calibration, nested: Nested) -> Explained:
    """The calibration variables' totals and their variance matrix under the levels of a design."""
    totals, products = [], np.zeros(())
    size = sum(term.levels for term in calibration.terms)
    for level in nested.levels:
        rows = np.empty(len(calibration.s), dtype=np.intp)
        rows[... if nested.order is None else nested.order] = level.of_rows
        units = len(level.factors)
        parts = [
            term.within(rows, units).sums(calibration.s).reshape(units, -1) for term in calibration.terms
        ]
        found = np.concatenate(parts, axis=1)
        totals.append(found)
        products = products + found.T @ (level.factors[:, None] * found)
        if level.persons.any():
            products = products + gram(calibration.terms, level.persons[rows] * calibration.s**2)
    return Explained(tuple(totals), np.broadcast_to(products, (size, size)))


def _cross(a: Term, b: Term, q: Floats) -> Floats:
    """The two-way table of two terms (levels of a, levels of b)."""
    if a is b and a.values is None:
        return np.diag(a.sums(q))
    for term in (a, b):
        q = q if term.values is None else q * term.values
    index = a.codes.astype(np.intp) * b.levels + b.codes
    return group_sums(index, q, a.levels * b.levels).reshape(a.levels, b.levels)
