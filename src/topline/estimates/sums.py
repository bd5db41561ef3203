"""Cell sums of one item or of numbers in one block of groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs import Design
from topline.estimates.cells import Bools, Cells, Groups, Ints, Item, bases_of, narrow
from topline.estimates.residual import Feature, cells_of, drawn_totals, joint
from topline.estimates.scan import scan


def cell_sums(
    design: Design,
    groups: NDArray[Any],
    depth: int,
    codes: NDArray[Any],
    width: int,
    bases: Bools | None = None,
) -> Cells:
    """The cells of people in groups 0 to depth-1 with codes 0 to width-1; all others are outside.

    `bases` (S, K) are sets of codes that measures will take as their base; all codes is one of them anyway.
    """
    found = bases_of(np.ones((1, width)) if bases is None else np.where(bases, 1.0, np.nan))
    return scan(design, [Item(codes, width, found)], [Groups(groups, depth)])[0]


def number_sums(design: Design, groups: NDArray[Any], depth: int, values: Floats) -> Cells:
    """The cells of numbers (n,) or (n, Q), NaN where there is none: codes are 1 and each number.

    People who lack any of the numbers are outside. The base is the first code, which is 1 for everybody.
    """
    values = values[:, None] if values.ndim == 1 else values
    held = np.isfinite(values).all(axis=1) & (narrow(groups, depth) < depth)
    ones = np.column_stack([np.ones(len(held)), np.where(held[:, None], values, 0.0)])
    width, size = ones.shape[1], depth * ones.shape[1]
    start = np.where(held, groups, 0).astype(np.intp) * width
    features = [(np.where(held, start + q, size), design.weights * ones[:, q]) for q in range(width)]
    group = np.where(held, groups, depth).astype(np.intp)
    n, w2 = (
        np.repeat(_by_group(group, of, depth)[:, None], width, axis=1)
        for of in (np.ones(len(held)), design.weights**2)
    )
    w = _totals(features, size).reshape(depth, width)
    squared = [_by_group(group, value**2, depth) for _, value in features]
    gross = np.stack(squared, axis=1) * _largest(design)
    base = (np.arange(width) == 0)[None]
    df = active_df(design, held & (design.weights > 0), group, depth)[:, None]
    if design.replicates is not None:
        drawn = drawn_totals(design.replicates, features, design.weights, size).reshape(-1, depth, width)
        none = np.full((depth, width, width), np.nan)
        return Cells(n, w, w2, none, gross, base, df, design.replicates, drawn)
    blocks = joint(design, features, size).reshape(depth, width, depth, width)
    squares = np.stack([blocks[d, :, d, :] for d in range(depth)])
    return Cells(n, w, w2, squares, gross, base, df)


def joint_cells(design: Design, item: Item, *parts: Groups) -> tuple[Floats, Floats]:
    """The totals (D K,) of all cells and the covariance matrix (D K, D K) between them.

    D is the number of groups of all parts, one part after another. Within one part nobody is in two groups;
    people may be in groups of several parts, and the matrix holds what that adds.
    """
    return _joint(design, *_features(design, item, parts))


def joint_numbers(design: Design, values: Floats, *parts: Groups) -> tuple[Floats, Floats]:
    """The same of a number (n,), NaN where there is none: two totals a group, of w and of w times it."""
    return _joint(design, *_number_features(design, values, parts))


def drawn_cells(design: Design, item: Item, *parts: Groups) -> tuple[Floats, Floats]:
    """The same totals (D K,), and what they are under each of the design's replicate weights (R, D K)."""
    return _drawn(design, *_features(design, item, parts))


def drawn_numbers(design: Design, values: Floats, *parts: Groups) -> tuple[Floats, Floats]:
    """The same of a number (n,), NaN where there is none: two totals a group, of w and of w times it."""
    return _drawn(design, *_number_features(design, values, parts))


def _features(design: Design, item: Item, parts: Sequence[Groups]) -> tuple[list[Feature], int]:
    size = sum(groups.depth for groups in parts) * item.width
    features: list[Feature] = []
    start = 0
    for groups in parts:
        cells, own = cells_of(item, groups), groups.depth * item.width
        features.append((np.where(cells == own, size, start + cells), design.weights))
        start += own
    return features, size


def _number_features(design: Design, values: Floats, parts: Sequence[Groups]) -> tuple[list[Feature], int]:
    size = sum(groups.depth for groups in parts) * 2
    held = np.isfinite(values)
    features: list[Feature] = []
    start = 0
    for groups in parts:
        codes = narrow(groups.codes, groups.depth)
        cells = np.where(held & (codes < groups.depth), start + codes.astype(np.intp) * 2, size)
        features.append((cells, design.weights))
        features.append((np.minimum(cells + 1, size), design.weights * np.where(held, values, 0.0)))
        start += groups.depth * 2
    return features, size


def _joint(design: Design, features: list[Feature], size: int) -> tuple[Floats, Floats]:
    if design.replicates is not None:
        totals, drawn = _drawn(design, features, size)
        return totals, design.replicates.covariance(drawn, totals)
    return _totals(features, size), joint(design, features, size)


def _drawn(design: Design, features: list[Feature], size: int) -> tuple[Floats, Floats]:
    assert design.replicates is not None
    drawn = drawn_totals(design.replicates, features, design.weights, size)
    return _totals(features, size), drawn


def active_df(design: Design, inside: Bools, groups: Ints, depth: int) -> Ints:
    """Units with somebody `inside` (n,) less strata with somebody, in each group (depth,)."""
    if design.replicates is not None:
        return np.full(depth, design.replicates.df, dtype=np.intp)
    group = groups[inside]
    strata = _present(design.strata[inside], group, depth)
    if design.clusters is None:
        return np.asarray(np.bincount(group, minlength=depth) - strata)
    return np.asarray(_present(design.clusters[inside], group, depth) - strata)


def _present(ids: Ints, group: Ints, depth: int) -> Ints:
    """How many of the ids are in each group (depth,)."""
    seen = np.zeros((int(ids.max(initial=-1)) + 1, depth), dtype=bool)
    seen[ids, group] = True
    return np.asarray(seen.sum(axis=0))


def _by_group(group: Ints, of: Floats, depth: int) -> Floats:
    return np.bincount(group, of, minlength=depth + 1)[:depth].astype(np.float64, copy=False)


def _totals(features: list[Feature], size: int) -> Floats:
    found = np.zeros(size)
    for cell, value in features:
        found += _by_group(cell, value, size)
    return found


def _largest(design: Design) -> float:
    return max(float(np.abs(level.factors).max() + level.persons.max()) for level in design.nested.levels)
