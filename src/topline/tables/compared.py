"""Differences of the columns of a block, or of each column and the rest, with their errors.

A mean R = y'(m T) / b'(m T) of the groups that m adds up, of the groups' totals T (groups, codes), has the
derivatives m (y - R b) / b'(m T) by them, and so the covariance matrix of means follows from that of the
cells' totals (Woodruff 1971, JASA 66, 411-414). Columns that share people (answers of a multiple response,
named groups) have the covariance of those people in it. The rest of a column is everybody else in the base,
also those in no column: it has 1 for everybody and -1 for the column in its m. The Total would hold the
column itself.

With replicate weights the difference is worked out anew under each, as everywhere else
(`designs.replicates`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs import Design, Replicates
from topline.estimates import Groups, drawn_cells, drawn_numbers, gaps, joint_cells, joint_numbers
from topline.tables.groups import Span
from topline.tables.measures import Measure

Ints = NDArray[np.intp]

_NOBODY: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """Differences (M, P) of some `rows` (M,) of a table, NaN without one: of column `one` (P,) and `other`,
    or the rest where other is -1. `se` is NaN where the design gives none.
    """

    rows: Ints
    one: Ints
    other: Ints
    value: Floats
    se: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows that are of the same cells: top and bottom of their ratio by the totals of one group (M, K)."""

    rows: Ints
    top: Floats
    bottom: Floats


def differences(measure: Measure, design: Design, span: Span, *, against_rest: bool) -> Iterator[Differences]:
    """The differences of every two columns of a span, or of each and the rest, some rows at a time."""
    parts, own, rest = _parts(span)
    columns = np.arange(len(own))
    if against_rest:
        masks, pairs = np.concatenate([own, rest]), np.stack([columns, columns + len(own)])
    else:
        masks, pairs = own, np.array([*combinations(columns, 2)], dtype=np.intp).reshape(-1, 2).T
    named = np.where(pairs < len(own), pairs, -1)
    for rows, totals, errors in _sums(measure, design, parts):
        value = _means(rows, totals, masks)
        if design.replicates is None:
            se = _linearised(rows, totals, masks, value, errors, pairs)
        else:
            se = _replicated(rows, design.replicates, masks, value, errors, pairs)
        yield Differences(rows.rows, named[0], named[1], gaps(value[:, pairs[0]], value[:, pairs[1]]), se)


def _sums(
    measure: Measure, design: Design, parts: tuple[Groups, ...]
) -> Iterator[tuple[_Rows, Floats, Floats]]:
    """Rows, the totals (C,) that they are of, and the covariances (C, C) or replicates (R, C) of these."""
    drawn = design.replicates is not None
    if measure.amounts is not None:
        of_numbers = drawn_numbers if drawn else joint_numbers
        rows = _Rows(np.zeros(1, dtype=np.intp), np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]]))
        yield rows, *of_numbers(design, measure.amounts, *parts)
    of_cells = drawn_cells if drawn else joint_cells
    for number, item in enumerate(measure.items):
        places, values = measure.values_of(number)
        rows = _Rows(np.array(places), np.nan_to_num(values), np.isfinite(values).astype(np.float64))
        yield rows, *of_cells(design, item, *parts)


def _parts(span: Span) -> tuple[tuple[Groups, ...], Floats, Floats]:
    """The groups to sum, and which of them each column (D, groups) and its rest add up."""
    if span.shared:
        everybody = Groups(np.zeros(len(span.parts[0].codes), dtype=np.uint8), 1)
        own = np.eye(len(span.parts) + 1)[1:]
        return (everybody, *span.parts), own, np.eye(1, len(span.parts) + 1) - own
    groups = span.parts[0]
    # one more group: people in none belong to the rest
    codes = np.minimum(groups.codes, groups.depth).astype(np.uint16)
    own = np.eye(groups.depth + 1)[:-1]
    return (Groups(codes, groups.depth + 1),), own, 1.0 - own


def _bottom(rows: _Rows, table: Floats, masks: Floats) -> Floats:
    """The sums below (..., M, S) of tables (..., G, K), NaN where nobody is in them."""
    people = table @ rows.bottom.T
    weight = masks @ people
    # a rest of nobody is a difference of equal sums
    some = weight > _NOBODY * people.max(axis=-2, initial=0.0)[..., None, :]
    return np.where(some, weight, np.nan).swapaxes(-1, -2)


def _means(rows: _Rows, totals: Floats, masks: Floats) -> Floats:
    """The means (..., M, S) of several sums of groups, masks (S, G), from totals (..., G K)."""
    table = totals.reshape(*totals.shape[:-1], masks.shape[1], -1)
    top: Floats = (masks @ (table @ rows.top.T)).swapaxes(-1, -2)
    return top / _bottom(rows, table, masks)


def _linearised(
    rows: _Rows, totals: Floats, masks: Floats, value: Floats, covariance: Floats, pairs: Ints
) -> Floats:
    """The errors (M, P) of differences from the covariances (C, C) of totals."""
    safe = _bottom(rows, totals.reshape(masks.shape[1], -1), masks)
    one, other = pairs
    se = np.empty((len(value), pairs.shape[1]))
    for row, (top, bottom) in enumerate(zip(rows.top, rows.bottom, strict=True)):
        by_code = (top - value[row][:, None] * bottom) / safe[row][:, None]
        slopes = (masks[:, :, None] * by_code[:, None, :]).reshape(len(masks), -1)
        apart = slopes[one] - slopes[other]
        se[row] = np.sqrt(np.maximum(((apart @ covariance) * apart).sum(axis=1), 0.0))
    return se


def _replicated(
    rows: _Rows, replicates: Replicates, masks: Floats, value: Floats, drawn: Floats, pairs: Ints
) -> Floats:
    """The errors (M, P) of differences from the totals under each replicate weight (R, C)."""
    one, other = pairs
    under: NDArray[Any] = _means(rows, drawn, masks)
    apart = under[..., one] - under[..., other]
    return np.sqrt(replicates.variance(apart, value[:, one] - value[:, other]))
