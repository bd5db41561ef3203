"""Which columns differ: letters of the columns that a figure is above, or marks of above and below the rest.

Two-sided tests of differences of shares or means by t, with the design's variance and the covariance of the
two columns, from the covariance matrix of the cells' totals; columns that share people (answers of a multiple
response, named groups) have the covariance of those people in it. The rest of a column is everybody else in
the base, also those in no column; the Total would hold the column itself. The degrees of freedom are those of
the question's base: its units less their strata. A column with a base under 30 (people or effective) takes no
part. The family for Holm's and Benjamini and Hochberg's adjustment is the pairs of one row in one block.

A mean R = y'(m T) / b'(m T) of the groups that m adds up, of the groups' totals T (groups, codes), has the
derivatives m (y - R b) / b'(m T) by them, and a difference of two means the difference of their derivatives
(Woodruff 1971, JASA 66, 411-414). The rest has 1 for everybody and -1 for the column in its m.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from string import ascii_lowercase
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from topline.base.words import words
from topline.dataset import Floats
from topline.designs import Design
from topline.estimates import (
    Estimates,
    Groups,
    benjamini_hochberg,
    gap,
    holm,
    joint_cells,
    joint_numbers,
    p_value,
)
from topline.study import Study
from topline.tables.groups import Span
from topline.tables.measures import Measure

Marks = NDArray[np.object_]
Pair = tuple[int, int]
_Ratio = tuple[Floats, Floats]  # of a row, top and bottom by the totals of one group (K,)

ABOVE, BELOW = "+", "−"
#: Columns with a smaller base (people or effective) are not compared, whatever profile tables follow.
LEAST_COMPARED: Final = 30
_NOBODY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Compare:
    """How columns are compared: `pairs` of a block, or each `against_rest`; two-sided at `level`."""

    test: Literal["pairs", "against_rest"] = "pairs"
    level: float = 0.05
    adjust: Literal["none", "holm", "bh"] = "none"


def compare_of(study: Study) -> Compare | None:
    """What `analysis: compare:` asks for; None if it says nothing."""
    analysis = study.settings.get("analysis")
    found = analysis.get("compare") if isinstance(analysis, Mapping) else None
    if not isinstance(found, Mapping):
        return None
    level = float(str(found.get("level", 0.05)))
    return Compare(found["test"], level, found.get("adjust", "none"))


def letter(place: int) -> str:
    """The letter of a column of a block: a to z, then aa, ab and on."""
    more, rest = divmod(place, len(ascii_lowercase))
    return (letter(more - 1) if more else "") + ascii_lowercase[rest]


def comparison(compare: Compare, df: Sequence[int], *, shared: bool) -> str:
    """How columns were compared, in words, with the degrees of freedom of the tests."""
    low, high = min(df), max(df)
    freedom = f"{low:,}" if low == high else words("compared-df", low=f"{low:,}", high=f"{high:,}")
    said = words(
        f"compared-{compare.test}",
        level=f"{compare.level:g}",
        df=freedom,
        adjusted=words(f"compared-adjust-{compare.adjust}"),
    )
    return f"{said} {words('compared-shared')}" if shared else said


def marks_of(
    measure: Measure, design: Design, span: Span, total: Estimates, found: Estimates, compare: Compare
) -> Marks:
    """The marks of each column of a block and row (D, rows); without errors, none.

    `total` (1, rows) and `found` (D, rows) are the estimates of everybody and of the block.
    """
    out = np.full(found.value.shape, "", dtype=object)
    if not design.intervals:
        return out
    enough = np.minimum(found.n, found.effective) >= LEAST_COMPARED
    parts, own, rest = _parts(span)
    for ratios, totals, covariance in _sums(measure, design, parts):
        table = totals.reshape(own.shape[1], -1)
        for row, ratio in ratios.items():
            sides = _sides(ratio, table, own, rest, compare)
            ps = {
                pair: p
                for pair, (value, se) in _differences(sides, covariance, enough[:, row]).items()
                if (p := p_value(value, se, int(total.df[0, row]))) is not None
            }
            _write(out[:, row], _adjusted(ps, compare), sides, compare)
    return out


@dataclass(frozen=True, slots=True)
class _Side:
    """A mean with its derivatives by the totals of all cells (C,)."""

    value: float
    slopes: Floats


def _sums(
    measure: Measure, design: Design, parts: tuple[Groups, ...]
) -> Iterator[tuple[dict[int, _Ratio], Floats, Floats]]:
    """Rows as ratios, and the totals and covariances that they are of: item by item, or of a number."""
    if measure.amounts is not None:
        yield (
            {0: (np.array([0.0, 1.0]), np.array([1.0, 0.0]))},
            *joint_numbers(design, measure.amounts, *parts),
        )
    for number, item in enumerate(measure.items):
        ratios = {
            row: (np.nan_to_num(measure.values[row]), np.isfinite(measure.values[row]).astype(np.float64))
            for row, source in enumerate(measure.source)
            if source == number
        }
        yield ratios, *joint_cells(design, item, *parts)


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


def _sides(
    ratio: _Ratio, table: Floats, own: Floats, rest: Floats, compare: Compare
) -> list[tuple[_Side, _Side | None]]:
    """Each column, and the rest if it is compared with that."""
    sides = _means(ratio, table, own)
    if compare.test == "pairs":
        return [(side, None) for side in sides]
    return list(zip(sides, _means(ratio, table, rest), strict=True))


def _means(ratio: _Ratio, table: Floats, masks: Floats) -> list[_Side]:
    """The means of several sums of groups, masks (S, D), with their derivatives."""
    y, base = ratio
    people = table @ base
    weight = masks @ people
    some = weight > _NOBODY * people.max(initial=0.0)  # a rest of nobody is a difference of equal sums
    safe = np.where(some, weight, 1.0)
    mean = np.where(some, masks @ (table @ y) / safe, np.nan)
    rows = (y - mean[:, None] * base) / safe[:, None]
    slopes = (masks[:, :, None] * rows[:, None, :]).reshape(len(masks), -1)
    return [_Side(float(one), slope) for one, slope in zip(mean, slopes, strict=True)]


def _differences(
    sides: list[tuple[_Side, _Side | None]], covariance: Floats, enough: NDArray[np.bool_]
) -> dict[Pair, tuple[float, float]]:
    """The differences that are tested, with their errors; of a column and the rest under (column, -1)."""
    out: dict[Pair, tuple[float, float]] = {}
    able = [column for column in range(len(sides)) if enough[column]]
    if sides and sides[0][1] is not None:
        tested = [((column, -1), sides[column][0], sides[column][1]) for column in able]
    else:
        tested = [((a, b), sides[a][0], sides[b][0]) for a, b in combinations(able, 2)]
    for pair, one, other in tested:
        if other is not None and np.isfinite(one.value) and np.isfinite(other.value):
            slopes = one.slopes - other.slopes
            variance = float(slopes @ covariance @ slopes)
            out[pair] = gap(one.value, other.value), float(np.sqrt(max(variance, 0.0)))
    return out


def _adjusted(ps: dict[Pair, float], compare: Compare) -> dict[Pair, float]:
    if compare.adjust == "none":
        return ps
    adjust = holm if compare.adjust == "holm" else benjamini_hochberg
    return dict(zip(ps, adjust(list(ps.values())), strict=True))


def _write(
    out: Marks, ps: dict[Pair, float], sides: list[tuple[_Side, _Side | None]], compare: Compare
) -> None:
    for (a, b), p in ps.items():
        if p >= compare.level:
            continue
        other = sides[a][1] if b < 0 else sides[b][0]
        higher = other is not None and sides[a][0].value > other.value
        if b < 0:
            out[a] = ABOVE if higher else BELOW
        elif higher:
            out[a] += letter(b)
        else:
            out[b] += letter(a)
