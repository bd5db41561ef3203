"""Duplicate content: people whose answers are the same, or nearly, over enough questions."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from topline.base.words import words
from topline.dataset.codebook import FILE_KINDS
from topline.dataset.data import FIRST_MISSING, Dataset, Floats, first_missing
from topline.dataset.quality.flags import Flag
from topline.dataset.quality.nonresponse import NOT_ASKED, asked_variables
from topline.dataset.quality.rules import QualityRules
from topline.study.model import CHOSEN_MISSING, Variable

#: Pairs that are compared at most; with more, only people who are exactly alike are found.
MOST_PAIRS: Final = 500_000_000
_BROKE_OFF: Final = FIRST_MISSING + FILE_KINDS.index("not_reached")
_SPARE: Final = 1e-9  # 0.95 of 20 questions is 19, also where a float says 18.999999999999996
Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Duplicates:
    """The flag, with the nearest other person of everybody who is flagged.

    `match` (n,) is the share of questions on which that person gave the same answer, NaN for the others;
    `twin` (n,) the place of that person, -1 for the others. `exact` counts people alike on every question.
    `whole`: every pair was looked at that can be as near as the rule asks; where not, only exact ones were.
    """

    flag: Flag
    questions: int
    exact: int
    match: Floats
    twin: NDArray[np.int64]
    whole: bool = True


def duplicates(data: Dataset, rules: QualityRules, most_pairs: int = MOST_PAIRS) -> Duplicates:
    """Flag people who are like somebody else on at least `rules.match` of the questions put to everybody.

    Percent match: N. Kuriakose, M. Robbins 2016, Don't get duped: fraud through duplication in public
    opinion surveys, Statistical Journal of the IAOS 32(3), 283-291, who propose 0.85. How near people come
    to each other by nature depends on the number of questions and answers, on n and on how alike they are (K.
    Simmons, A. Mercer, S. Schwarzer, C. Kennedy 2016, Evaluating a new proposal for detecting data
    falsification in surveys, the same 327-338): hence the higher value here, and never a proof.

    Compared are all questions but open ones that nobody was routed past; a set of answers counts as one. No
    answer is like nothing; a chosen “don't know” is an answer. The search is exact: two people who differ on
    at most d questions agree on one of d + 1 blocks of questions throughout, and only such pairs are
    compared. If these are over `most_pairs`, only people who are alike on all questions are found.
    """
    rows, none = _rows(data, rules.seconds)
    width = rows.shape[1]
    nobody = np.zeros(data.n, dtype=bool)
    label = words("quality-duplicate")
    if width < rules.questions:
        said = words("quality-duplicate-few", n=width, least=rules.questions)
        lone = np.full(data.n, -1, dtype=np.int64)
        return Duplicates(
            Flag("duplicate", label, said, nobody, nobody), width, 0, np.full(data.n, np.nan), lone
        )
    most = floor((1.0 - rules.match) * width + _SPARE)
    judged = (rows == none).sum(axis=1) <= most
    people = np.flatnonzero(judged)
    nearest, twin, whole = _search(rows[people], none, most, most_pairs)
    found = nearest <= most
    flagged, match = nobody.copy(), np.full(data.n, np.nan)
    flagged[people[found]] = True
    match[people[found]] = 1.0 - nearest[found] / width
    twins = np.full(data.n, -1, dtype=np.int64)
    twins[people[found]] = people[twin[found]]
    said = words(
        "quality-duplicate-rule" if whole else "quality-duplicate-bounded",
        share=f"{100 * rules.match:g}", n=width, most=f"{most_pairs:,}",
    )  # fmt: skip
    return Duplicates(
        Flag("duplicate", label, said, flagged, judged), width, int((nearest == 0).sum()), match, twins, whole
    )


def _search(rows: Array, none: int, most: int, most_pairs: int) -> tuple[Array, Array, bool]:
    """The least number of differences of each person from another, if at most `most`, and from whom."""
    from topline.dataset.quality.pairs import compare_pairs, keys_of

    nearest = np.full(len(rows), most + 1, dtype=np.int64)
    twin = np.full(len(rows), -1, dtype=np.int64)
    blocks = _blocks(rows, most + 1)
    grouped = []
    for number, block in enumerate(blocks):
        part = np.ascontiguousarray(rows[:, block])
        able = np.flatnonzero((part != none).all(axis=1))
        grouped.append(_grouped(keys_of(part[able], number), able))
    pairs = sum(int((np.diff(starts) * (np.diff(starts) - 1) // 2).sum()) for _, starts in grouped)
    whole = pairs <= most_pairs
    if not whole:
        able = np.flatnonzero((rows != none).all(axis=1))
        order, starts = _grouped(keys_of(rows[able], 0), able)
        # of many who are all alike, each is compared with the next one only
        ends = np.flatnonzero(np.diff(np.repeat(np.arange(len(starts) - 1), np.diff(starts))) == 0)
        for one, other in ((order[ends], order[ends + 1]), (order[ends + 1], order[ends])):
            nearest[one], twin[one] = 0, other
        return nearest, twin, False
    for order, starts in grouped:
        compare_pairs(rows, none, order, starts, most, nearest, twin)
    return nearest, twin, True


def _grouped(keys: Array, people: Array) -> tuple[Array, Array]:
    """People in the order of their keys, and where each group of equal keys with two or more begins."""
    by = np.argsort(keys, kind="stable")
    edges = np.flatnonzero(np.diff(keys[by])) + 1
    bounds = np.concatenate([[0], edges, [len(by)]]).astype(np.int64)
    sizes = np.diff(bounds)
    kept = np.repeat(sizes > 1, sizes)
    starts = np.concatenate([[0], np.cumsum(sizes[sizes > 1])]).astype(np.int64)
    return people[by[kept]], starts


def _blocks(rows: Array, number: int) -> list[Array]:
    """The questions dealt to blocks, those that tell people apart best first, so that no block is weak."""
    told = []
    for place in range(rows.shape[1]):
        shares = np.bincount(rows[:, place]) / max(len(rows), 1)
        told.append(float((shares * shares).sum()))
    order = np.argsort(told)
    return [order[first::number] for first in range(min(number, len(order)))]


def _rows(data: Dataset, seconds: str) -> tuple[Array, int]:
    """One row of codes a person (n, q), and the code that is like nothing; durations are no answers."""
    compared = [v for v in asked_variables(data) if v.kind != "text" and v.name != seconds]
    columns = [_column(variable, data) for variable in compared]
    kept = [column for column in columns if column is not None]
    highest = max((int(column.max(initial=0)) for column in kept), default=0)
    dtype: type[np.unsignedinteger[Any]] = np.uint16 if highest < np.iinfo(np.uint16).max else np.uint32
    rows = np.zeros((data.n, len(kept)), dtype=dtype)
    for place, column in enumerate(kept):
        rows[:, place] = column
    return rows, 0


def _column(variable: Variable, data: Dataset) -> Array | None:
    """A question as numbers from 1, 0 where there is no answer; None if somebody was routed past it."""
    kinds = data.kinds(variable.name)
    chosen = np.isin(kinds, [FIRST_MISSING + FILE_KINDS.index(kind) for kind in CHOSEN_MISSING])
    past = [FIRST_MISSING + FILE_KINDS.index(kind) for kind in sorted(NOT_ASKED)]
    if (np.isin(kinds, past) & (kinds != _BROKE_OFF)).any():
        return None
    if variable.name in data.columns:
        codes = data.codes(variable.name)
        answers = np.where(codes < first_missing(codes), codes, 0).astype(np.int64)
    elif variable.name in data.choices:
        answers = _numbered(np.array(list(data.choices[variable.name].values())).T)
    else:
        answers = _numbered(np.nan_to_num(data.numbers(variable.name).values)[:, None])
    top = int(answers.max(initial=0)) + 2
    return np.where(
        kinds == 0, answers + 1, np.where(chosen, top + kinds.astype(np.int64) - FIRST_MISSING, 0)
    )


def _numbered(rows: Array) -> Array:
    """Different rows as numbers from 0."""
    packed = np.ascontiguousarray(rows)
    whole = packed.view(np.dtype((np.void, packed.dtype.itemsize * packed.shape[1]))).ravel()
    return np.unique(whole, return_inverse=True)[1].astype(np.int64)
