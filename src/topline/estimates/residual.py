"""What the one pass leaves: sums over units as matrices, for covariances between groups, for numbers, for
calibrated and replicate weights; and variances of linearised values person by person.

A *feature* is a pair (cell (n,), value (n,)): each person adds a value to one cell of C, or, at cell C, to
none. Codes are one feature with the weights as values; a number y is two, w and w y.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from topline.dataset import Floats
from topline.designs import Design, Level, Replicates
from topline.estimates.cells import Groups, Ints, Item, narrow

Feature = tuple[Ints, Floats]

_AT_ONCE = 1 << 22  # numbers in a matrix of unit totals


def cells_of(item: Item, groups: Groups) -> Ints:
    """The cell of each person (n,): group * K + code, D * K for people in none."""
    codes, inside = narrow(item.codes, item.width), narrow(groups.codes, groups.depth)
    found = inside.astype(np.intp) * item.width + codes
    found[(codes == item.width) | (inside == groups.depth)] = groups.depth * item.width
    return np.asarray(found)


def joint(design: Design, features: Sequence[Feature], size: int) -> Floats:
    """The covariance matrix (C, C) of the cells' totals; not for replicate weights."""
    if not design.intervals:
        return np.full((size, size), np.nan)
    nested = design.nested
    features = [(nested.ordered(cell), nested.ordered(value)) for cell, value in features]
    out = np.zeros((size, size))
    for level in nested.levels:
        for units, totals in _unit_totals(level, features, size):
            out += totals.T @ (level.factors[units, None] * totals)
        if level.persons.any():
            out += _persons(level, features, size)
    if design.calibration is not None:
        crossed, slopes = _tied(design, features, size)
        both = crossed @ slopes
        out += slopes.T @ design.explained.products @ slopes - both - both.T
    return out


def covariance(design: Design, z: Floats) -> Floats:
    """The covariance matrix (p, p) of totals of linearised values z (n, p), NaN without errors.

    Sum over strata of (1 - f) m / (m - 1) times the squares of the totals of m units about their mean (Wolter
    2007, Introduction to Variance Estimation, 2nd ed., section 1.4). After calibration, of their residuals
    (Deville and Särndal 1992, JASA 87, 376-382). Not for replicate weights, which know no linearised values.
    """
    if not design.intervals or design.replicates is not None:
        return np.full((z.shape[1], z.shape[1]), np.nan)
    if design.calibration is not None:
        z = np.stack([design.calibration.residuals(column) for column in z.T], axis=1)
    z = design.nested.ordered(z)
    out, gross = np.zeros((z.shape[1], z.shape[1])), np.zeros(z.shape[1])
    for level in design.nested.levels:
        parts = [(level.factors[:, None], level.totals(z))]
        if level.persons.any():
            parts.append((level.persons[level.of_rows, None], z))
        for factor, values in parts:
            out += values.T @ (factor * values)
            gross += (np.abs(factor) * values**2).sum(axis=0)
    # what is lost in the rounding of the sums that a variance is the difference of counts as 0
    none = np.diag(out) <= 64 * np.finfo(np.float64).eps * gross
    out[none] = 0.0
    out[:, none] = 0.0
    return out


def drawn_totals(replicates: Replicates, features: Sequence[Feature], full: Floats, size: int) -> Floats:
    """The totals of the cells under each replicate weight (R, C); features hold values for weights `full`."""
    ratio = np.divide(1.0, full, out=np.zeros(len(full)), where=full > 0)
    out = np.zeros((replicates.weights.shape[1], size + 1))
    for cell, value in features:
        per_weight = value * ratio
        for at, weights in enumerate(replicates.weights.T):
            out[at] += np.bincount(cell, weights * per_weight, minlength=size + 1)
    return out[:, :-1]


def _unit_totals(level: Level, features: Sequence[Feature], size: int) -> Iterator[tuple[slice, Floats]]:
    """The totals of units by cell (u, C), some units at a time."""
    step = max(1, _AT_ONCE // (size + 1))
    for start in range(0, len(level.factors), step):
        units = slice(start, min(start + step, len(level.factors)))
        rows = slice(level.starts[units.start], level.starts[units.stop])
        count = units.stop - units.start
        lengths = np.diff(level.starts[units.start : units.stop + 1])
        offset = np.repeat(np.arange(count) * (size + 1), lengths)
        found = np.zeros(count * (size + 1))
        for cell, value in features:
            found += np.bincount(offset + cell[rows], value[rows], minlength=len(found))
        yield units, found.reshape(count, size + 1)[:, :-1]


def _persons(level: Level, features: Sequence[Feature], size: int) -> Floats:
    """What people themselves add: products of the values that one person has in two features."""
    out = np.zeros((size + 1, size + 1))
    factor = level.persons[level.of_rows]
    for i, (cell, value) in enumerate(features):
        out[np.diag_indices(size + 1)] += np.bincount(cell, factor * value**2, minlength=size + 1)
        for other, more in features[:i]:
            index = cell * (size + 1) + other
            found = np.bincount(index, factor * value * more, minlength=out.size).reshape(out.shape)
            out += found + found.T
    return out[:-1, :-1]


def _tied(design: Design, features: Sequence[Feature], size: int) -> tuple[Floats, Floats]:
    """Covariances of cells with the calibration variables (C, P), and the slopes of cells on them (P, C)."""
    calibration, nested = design.calibration, design.nested
    assert calibration is not None
    weights, s = nested.ordered(design.weights), nested.ordered(calibration.s)
    projection = nested.ordered(design.projection)
    by_weight = np.divide(1.0, weights, out=np.zeros(len(weights)), where=weights > 0)
    crossed, projected = np.zeros((size, len(design.explained.products))), []
    for level, explained in zip(nested.levels, design.explained.totals, strict=True):
        for units, totals in _unit_totals(level, features, size):
            crossed += totals.T @ (level.factors[units, None] * explained[units])
    persons = sum(level.persons[level.of_rows] for level in nested.levels)
    start = 0
    for term in calibration.terms:
        codes = nested.ordered(term.codes).astype(np.intp) * (size + 1)
        x = 1.0 if term.values is None else nested.ordered(term.values)
        lev, proj = np.zeros(term.levels * (size + 1)), np.zeros(term.levels * (size + 1))
        for cell, value in features:
            index = codes + cell
            lev += np.bincount(index, persons * s * value * x, minlength=len(lev))
            proj += np.bincount(index, projection * by_weight * value * x, minlength=len(lev))
        crossed[:, start : start + term.levels] += lev.reshape(term.levels, -1)[:, :-1].T
        projected.append(proj.reshape(term.levels, -1)[:, :-1])
        start += term.levels
    return crossed, calibration.slopes(np.concatenate(projected))
