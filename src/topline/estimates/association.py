"""Tests of association in a table of two variables: Rao and Scott's corrections, and Wald's.

All of them need the totals of the cells and their covariance matrix alone. Pearson's X^2 is of weighted
shares, as if n people had been drawn at random. First order: X^2 over the mean generalised design effect is
chi-squared. Second order: over their sum it is F with d0 and d0 * df degrees, d0 = (sum delta)^2 / sum
delta^2 (Rao and Scott 1981, JASA 76, 221-230, and 1984, Annals of Statistics 12, 46-60; Thomas and Rao 1987).
As R's svychisq, the observed shares stand in the generalised design effects, and contrasts are unweighted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NoReturn

import numpy as np
from numpy.typing import NDArray

from topline.base import fail
from topline.dataset import Floats
from topline.designs import Design
from topline.estimates.cells import Groups, Item, bases_of, narrow
from topline.estimates.special import chi_squared_tail, f_tail
from topline.estimates.sums import active_df, joint_cells

Statistic = Literal["F", "Chisq", "Wald", "adjWald"]
#: A matrix of correlations with a larger condition number has no inverse, but for rounding.
_SINGULAR: Final = 1e14
#: The sum of design effects under which there is no error to test by, as of two people or of a census.
_NOTHING: Final = 1e-12
STATISTICS: tuple[Statistic, ...] = ("F", "Chisq", "Wald", "adjWald")


@dataclass(frozen=True, slots=True)
class Association:
    """A test: its statistic, p, degrees of freedom (`ddf` infinite of chi-squared) and how it was made."""

    statistic: float
    p: float
    ndf: float
    ddf: float
    method: Statistic
    n: int


def association(
    design: Design,
    rows: NDArray[np.generic],
    row_count: int,
    columns: NDArray[np.generic],
    column_count: int,
    method: Statistic = "F",
) -> Association:
    """Test whether two coded variables (n,) are independent; rows and columns with nobody are left out.

    `F` (second order) and `Chisq` (first order) are the corrections of Rao and Scott (1981, JASA 76, 221-230;
    1984, Annals of Statistics 12, 46-60; Thomas and Rao 1987, JASA 82, 630-636) to Pearson's X^2 of weighted
    shares; observed shares stand in the generalised design effects, and contrasts are unweighted, as in R's
    svychisq. `Wald` and `adjWald` test the same by the covariances of the cells (Koch, Freeman and Freeman
    1975, International Statistical Review 43, 59-78). Codes outside 0 to `row_count` - 1 and `column_count`
    - 1 are no answers. Raises ToplineError for another method, and for a table with one row or one column, or
    with too many empty cells to be tested.
    """
    if method not in STATISTICS:
        fail("test_unknown", method=method, allowed=", ".join(STATISTICS))
    groups, item = Groups(rows, row_count), Item(columns, column_count, bases_of(np.ones((1, column_count))))
    totals, matrix = joint_cells(design, item, groups)
    table = totals.reshape(row_count, column_count)
    keep = np.outer(table.sum(axis=1) > 0, table.sum(axis=0) > 0).ravel()
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape) < 2:
        fail("table_too_small", rows=table.shape[0], columns=table.shape[1])
    inside = (narrow(rows, row_count) < row_count) & (narrow(columns, column_count) < column_count)
    counted = inside & (design.weights > 0)
    df = float(active_df(design, counted, np.zeros(len(inside), dtype=np.intp), 1)[0])
    covariance, n = matrix[np.ix_(keep, keep)], int(counted.sum())
    if method in ("Wald", "adjWald"):
        return _wald(table, covariance, df, method, n)
    return _rao_scott(table, covariance, df, method, n)


def _rao_scott(table: Floats, covariance: Floats, df: float, method: Statistic, n: int) -> Association:
    p = table / table.sum()
    expected = np.outer(p.sum(axis=1), p.sum(axis=0))
    pearson = n * float(((p - expected) ** 2 / expected).sum())
    flat = p.ravel()
    of_shares = _of_shares(covariance, flat) / table.sum() ** 2
    inverse = np.divide(1.0, flat, out=np.zeros(len(flat)), where=flat > 0)
    simple = _contrasted(np.diag(inverse), table.shape) / n
    _check(simple, table)
    delta = np.linalg.solve(simple, _contrasted(of_shares * np.outer(inverse, inverse), table.shape))
    trace = float(np.trace(delta))
    if trace <= _NOTHING:
        _refuse(table)
    if method == "Chisq":
        degrees = float(len(delta))
        p_value = chi_squared_tail(pearson / (trace / degrees), degrees)
        return Association(pearson, p_value, degrees, np.inf, method, n)
    d0 = trace**2 / float(np.trace(delta @ delta))
    return Association(pearson / trace, f_tail(pearson / trace, d0, d0 * df), d0, d0 * df, method, n)


def _wald(table: Floats, covariance: Floats, df: float, method: Statistic, n: int) -> Association:
    """Wald's test of the differences from independence, all cells but the first row and column (Koch,
    Freeman and Freeman 1975); `adjWald` is F with df - k + 1 (Fellegi 1980).
    """
    r, c = table.shape
    total, rows, columns = table.sum(), table.sum(axis=1), table.sum(axis=0)
    apart = table - np.outer(rows, columns) / total
    slopes = np.eye(r * c)
    slopes -= np.kron(np.eye(r), np.ones((c, c)) * columns[:, None]) / total
    slopes -= np.kron(np.ones((r, r)) * rows[:, None], np.eye(c)) / total
    slopes += np.outer(np.outer(rows, columns).ravel(), np.ones(r * c)) / total**2
    use = np.arange(r * c).reshape(r, c)[1:, 1:].ravel()
    of_apart = (slopes @ covariance @ slopes.T)[np.ix_(use, use)]
    _check(of_apart, table)
    wald = float(apart.ravel()[use] @ np.linalg.solve(of_apart, apart.ravel()[use]))
    k = float(len(use))
    ddf = df if method == "Wald" else df - k + 1
    statistic = wald / k if method == "Wald" else wald * ddf / (k * df)
    return Association(statistic, f_tail(statistic, k, ddf), k, ddf, method, n)


def _check(matrix: Floats, table: Floats) -> None:
    """Refuse a table so sparse that a matrix of it has no inverse, where R says that it is singular."""
    scale = np.sqrt(np.diag(matrix))
    if np.isnan(scale).any():  # of a design that states no errors: neither has the test any
        return
    if (scale > 0).all() and np.linalg.cond(matrix / np.outer(scale, scale)) < _SINGULAR:
        return
    _refuse(table)


def _refuse(table: Floats) -> NoReturn:
    fail("table_too_sparse", rows=table.shape[0], columns=table.shape[1], empty=int((table == 0).sum()))


def _of_shares(covariance: Floats, p: Floats) -> Floats:
    """The covariance of shares p (C,), times the total squared, from that of totals V."""
    sums = covariance.sum(axis=0)
    return np.asarray(covariance - np.outer(p, sums) - np.outer(sums, p) + sums.sum() * np.outer(p, p))


def _contrasted(matrix: Floats, shape: tuple[int, ...]) -> Floats:
    """X'MX of a matrix over cells (r c, r c), X the contrasts of interaction.

    They are products of contrasts that sum to 0 over rows and over columns: a level less the mean of all.
    """
    whole = matrix.reshape(*shape, *shape)
    for axis in range(4):
        rest = np.take(whole, range(1, whole.shape[axis]), axis=axis)
        whole = rest - whole.mean(axis=axis, keepdims=True)
    size = (shape[0] - 1) * (shape[1] - 1)
    return whole.reshape(size, size)
