"""Straight-lining: the same answer down a whole grid, and measures of how little the answers vary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topline.dataset.data import Codes, Dataset, Floats, first_missing
from topline.study.model import Question

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, repr=False)
class GridQuality:
    """How people answered one grid of `rows` rows and `answers` answers.

    Arrays are by person (n,), NaN or 0 for those not judged.

    `judged`: at least the wanted number of rows has an answer. `straight`: all of these are the same.
    `longest`: the longest run of one answer, rows in the order of the questionnaire, rows without an answer
    passed over. `variation`: 1 - sum of p_i^2 over the answers used, 0 for a straight line.
    """

    name: str
    label: str
    rows: int
    answers: int
    judged: Mask
    straight: Mask
    longest: NDArray[np.uint16]
    variation: Floats

    @property
    def n(self) -> int:
        """How many people answered it in a straight line."""
        return int(self.straight.sum())

    @property
    def of(self) -> int:
        """How many answered enough of it."""
        return int(self.judged.sum())

    def __repr__(self) -> str:
        """The grid and its count."""
        return f"{self.label}: {self.n:,} of {self.of:,} in a straight line"


def straight_lining(data: Dataset, rows: int = 3) -> tuple[GridQuality, ...]:
    """Every grid of the study that can have `rows` answered rows (at least 2), judged person by person.

    Identical answers over all rows: Y. Kim, J. Dykema, J. Stevenson, P. Black, D. P. Moberg 2019,
    Straightlining: overview of measurement, Social Science Computer Review 37(2), 214-233 (simple
    nondifferentiation and scale point variation). Longest string: J. A. Johnson 2005, Ascertaining the
    validity of individual protocols, Journal of Research in Personality 39(1), 103-129; A. W. Meade, S. B.
    Craig 2012, Identifying careless responses in survey data, Psychological Methods 17(3), 437-455. Where
    rows were shown in random order, the run is in the order of the questionnaire, not of the screen.
    """
    if rows < 2:
        raise ValueError(f"a line needs 2 rows, not {rows}")
    return tuple(_judged(question, columns, rows) for question, columns in _grids(data, rows))


def _grids(data: Dataset, rows: int) -> Iterator[tuple[Question, list[Codes]]]:
    for question in data.study:
        if question.kind == "grid":
            names = [f"{question.id}.{row.name}" for row in question.rows]
            columns = [data.codes(name) for name in names if name in data.columns]
            if len(columns) >= rows:
                yield question, columns


def _judged(question: Question, columns: list[Codes], rows: int) -> GridQuality:
    n, first = len(columns[0]), first_missing(columns[0])
    answered, differs = np.zeros(n, dtype=np.uint16), np.zeros(n, dtype=bool)
    run, longest = np.zeros(n, dtype=np.uint16), np.zeros(n, dtype=np.uint16)
    last = np.full(n, first, dtype=columns[0].dtype)
    highest = max((int(codes[codes < first].max(initial=0)) for codes in columns), default=0)
    counts = np.zeros((highest + 1, n), dtype=np.uint16)
    people = np.arange(n)
    for codes in columns:
        given = codes < first
        same = given & (codes == last)
        differs |= given & ~same & (answered > 0)
        run = np.where(same, run + 1, np.where(given, 1, run)).astype(np.uint16)
        longest = np.maximum(longest, run)
        last = np.where(given, codes, last)
        answered += given
        counts[codes[given], people[given]] += 1
    judged = answered >= rows
    share = counts / np.maximum(answered, 1)
    variation = np.where(judged, 1.0 - (share * share).sum(axis=0), np.nan)
    straight = judged & ~differs
    return GridQuality(
        name=question.id,
        label=question.label,
        rows=len(columns),
        answers=len(question.options),
        judged=judged,
        straight=straight,
        longest=np.where(judged, longest, 0).astype(np.uint16),
        variation=variation,
    )
