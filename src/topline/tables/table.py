"""A table: one question by a banner, every cell with its base, error and flags. Values that no verb
changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from topline.base import fail
from topline.base.words import words
from topline.dataset import Dataset
from topline.designs import Design
from topline.estimates import Estimates, Groups, scan
from topline.study.model import Question, Study, Variable
from topline.tables.bases import base_of
from topline.tables.cells import Cell, CellRow, grid_of
from topline.tables.groups import Span, spans_of
from topline.tables.letters import Compare, Marks, comparison, letter, marks_of
from topline.tables.low_base import Flag, LowBase, low_base_of
from topline.tables.measures import Measure, RowSpec, measure_of

BASES = ("n", "weighted", "effective")


@dataclass(frozen=True, slots=True)
class Column:
    """A group of a banner variable with its bases; Total has no names. Of a grid: the largest of its
    items.
    """

    variable: str
    group: str
    heading: str
    label: str
    base: int
    weighted_base: float
    effective: float
    flag: Flag
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with a cell for each column; `item` is the row of a grid that it belongs to."""

    item: str
    item_label: str
    spec: RowSpec
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """One question by a banner under one design; `weighting` says in a sentence whose weights these are.

    `low_base` is the profile that its flags follow; `comparison` says how columns were
    compared, if they were.
    """

    question: str
    by: tuple[str, ...]
    label: str
    wording: str
    base_sentence: str
    measure: str
    weighting: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    low_base: LowBase
    comparison: str = ""


def tabulated(study: Study, name: str) -> tuple[Variable, ...]:
    """The variables that a table of `name` shows: one, or the rows of a grid. Empty if there is none."""
    if name in study.variables:
        return (study.variables[name],)
    return tuple(
        v for v in study.variables.values() if v.source == "row" and v.question and v.question.id == name
    )


def build_table(
    name: str, by: tuple[str, ...], data: Dataset, design: Design, low_base: LowBase | None = None
) -> Table:
    """The table of a question (or `grid.row`, attribute, derived variable) by banner variables.

    Raises ToplineError for what has no table: open texts, dates and rankings.
    """
    return build_tables([name], by, data, design, low_base=low_base)[0]


def build_tables(
    names: Sequence[str],
    by: tuple[str, ...],
    data: Dataset,
    design: Design,
    compare: Compare | None = None,
    low_base: LowBase | None = None,
) -> tuple[Table, ...]:
    """The tables of many questions by the same banner variables, from one pass over the people.

    Low bases are flagged by the study's profile unless another is given.

    `compare` marks columns that differ, which goes over the people once more for each question and block.
    """
    measures: list[list[Measure]] = []
    for name in names:
        some = [measure for v in tabulated(data.study, name) if (measure := measure_of(v, data))]
        if not some:
            fail("table_none", name=name)
        measures.append(some)
    spans = spans_of(by, data)
    groups = [Groups(np.zeros(data.n, dtype=np.uint8), 1), *(part for span in spans for part in span.parts)]
    frame = _Frame(data, design, spans, compare, low_base or low_base_of(data.study))
    items = [item for some in measures for measure in some for item in measure.items]
    cells = iter(scan(design, items, groups) if items else [])
    out = []
    for name, some in zip(names, measures, strict=True):
        found = [m.estimates(design, [next(cells) for _ in m.items], groups) for m in some]
        out.append(_table(name, by, some, found, frame))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all tables of one banner share."""

    data: Dataset
    design: Design
    spans: list[Span]
    compare: Compare | None
    low_base: LowBase

    def marks(self, measure: Measure, found: Estimates) -> Marks | None:
        """The marks of all columns (columns, rows): of the Total none, then span by span."""
        if self.compare is None:
            return None
        parts, start = [np.full((1, len(measure.rows)), "", dtype=object)], 1
        for span in self.spans:
            own = found.of_groups(slice(start, start + len(span.heads)))
            total = found.of_groups(slice(0, 1))
            parts.append(marks_of(measure, self.design, span, total, own, self.compare))
            start += len(span.heads)
        return np.concatenate(parts)

    def comparison(self, found: list[Estimates]) -> str:
        """How columns were compared; nothing where none were."""
        df = [int(n) for one in found for n in one.df[0]]
        if self.compare is None or not (df and self.spans and self.design.intervals):
            return ""
        return comparison(self.compare, df, shared=any(span.shared for span in self.spans))


def _rows(measure: Measure, found: Estimates, frame: _Frame, of_grid: bool) -> list[Row]:
    """The rows of one variable; in the table of a whole grid they say which of its rows it is."""
    shares = np.array([spec.kind != "mean" for spec in measure.rows])
    grid = grid_of(found, shares, frame.marks(measure, found), frame.low_base)
    item = measure.variable.row if of_grid else None
    return [
        Row(item.name if item else "", item.label if item else "", spec, CellRow(grid, row))
        for row, spec in enumerate(measure.rows)
    ]


def _table(
    name: str, by: tuple[str, ...], measures: list[Measure], found: list[Estimates], frame: _Frame
) -> Table:
    first = measures[0].variable
    question = first.question
    rows = [
        row
        for measure, one in zip(measures, found, strict=True)
        for row in _rows(measure, one, frame, len(measures) > 1)
    ]
    return Table(
        name,
        by,
        _label(first, question, len(measures) > 1),
        question.ask if question else "",
        base_of([measure.variable for measure in measures], frame.data),
        _measure_words(measures[0]),
        frame.design.sentence,
        _columns(frame, found),
        tuple(rows),
        frame.low_base,
        frame.comparison(found),
    )


def _columns(frame: _Frame, estimates: list[Estimates]) -> tuple[Column, ...]:
    """The heads of the columns; of several items, the largest base of each column."""
    heads = [("", "", "", words("total"))]
    letters = [""]
    lettered = frame.compare is not None and frame.compare.test == "pairs"
    for span in frame.spans:
        heads += span.heads
        letters += [
            letter(place) if lettered and len(span.heads) > 1 else "" for place in range(len(span.heads))
        ]
    bases = np.stack([[getattr(e, name)[:, 0] for name in BASES] for e in estimates])  # (items, 3, columns)
    largest = np.take_along_axis(bases, bases[:, :1].argmax(axis=0)[None], axis=0)[0]
    return tuple(
        Column(
            *head,
            int(n),
            float(weighted),
            float(effective),
            frame.low_base.of_base(int(n), float(effective)),
            named,
        )
        for head, named, (n, weighted, effective) in zip(heads, letters, largest.T, strict=True)
    )


def _label(variable: Variable, question: Question | None, whole_grid: bool) -> str:
    if variable.row and question:
        return question.label if whole_grid else f"{question.label}: {variable.label}"
    return variable.label


def _measure_words(measure: Measure) -> str:
    if measure.variable.kind == "number":
        return words("measure-mean")
    return words("measure-share-many" if measure.variable.kind == "set" else "measure-share")
