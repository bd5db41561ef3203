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
from topline.tables.cells import Cell, CellRow, Flag, flag_of, grid_of
from topline.tables.groups import Block, block_of
from topline.tables.letters import Compare, Marks, letter, marks_of
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
    """One question by a banner under one design; `weighting` says in a sentence whose weights these are."""

    question: str
    by: tuple[str, ...]
    label: str
    wording: str
    base_sentence: str
    measure: str
    weighting: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def tabulated(study: Study, name: str) -> tuple[Variable, ...]:
    """The variables that a table of `name` shows: one, or the rows of a grid. Empty if there is none."""
    if name in study.variables:
        return (study.variables[name],)
    return tuple(
        v for v in study.variables.values() if v.source == "row" and v.question and v.question.id == name
    )


def build_table(name: str, by: tuple[str, ...], data: Dataset, design: Design) -> Table:
    """The table of a question (or `grid.row`, attribute, derived variable) by banner variables.

    Raises ToplineError for what has no table: open texts, dates and rankings.
    """
    return build_tables([name], by, data, design)[0]


def build_tables(
    names: Sequence[str],
    by: tuple[str, ...],
    data: Dataset,
    design: Design,
    compare: Compare | None = None,
) -> tuple[Table, ...]:
    """The tables of many questions by the same banner variables, from one pass over the people.

    `compare` marks columns that differ, which goes over the people once more for each question and block.
    """
    measures: list[list[Measure]] = []
    for name in names:
        some = [measure for v in tabulated(data.study, name) if (measure := measure_of(v, data))]
        if not some:
            fail("table_none", name=name)
        measures.append(some)
    blocks = [block_of(variable, data) for variable in by]
    groups = [Groups(np.zeros(data.n, dtype=np.uint8), 1), *(Groups(b.codes, len(b.names)) for b in blocks)]
    items = [item for some in measures for measure in some for item in measure.items]
    cells = iter(scan(design, items, groups) if items else [])
    out = []
    for name, some in zip(names, measures, strict=True):
        found = [m.estimates(design, [next(cells) for _ in m.items], groups) for m in some]
        marks = [
            None if compare is None else _marks(measure, design, groups, one, compare)
            for measure, one in zip(some, found, strict=True)
        ]
        columns = _columns(blocks, found, compare is not None and compare.test == "pairs")
        rows = [row for each in zip(some, found, marks, strict=True) for row in _rows(*each, len(some) > 1)]
        out.append(_table(name, by, some, columns, tuple(rows), data.study, design))
    return tuple(out)


def _marks(
    measure: Measure, design: Design, groups: Sequence[Groups], found: Estimates, compare: Compare
) -> Marks:
    """The marks of all columns (columns, rows): of the Total none, then block by block."""
    parts, start = [np.full((1, len(measure.rows)), "", dtype=object)], 1
    for block in groups[1:]:
        own = found.of_groups(slice(start, start + block.depth))
        parts.append(marks_of(measure, design, block, found.of_groups(slice(0, 1)), own, compare))
        start += block.depth
    return np.concatenate(parts)


def _rows(measure: Measure, found: Estimates, marks: Marks | None, of_grid: bool) -> list[Row]:
    """The rows of one variable; in the table of a whole grid they say which of its rows it is."""
    grid = grid_of(found, np.array([spec.kind != "mean" for spec in measure.rows]), marks)
    item = measure.variable.row if of_grid else None
    return [
        Row(item.name if item else "", item.label if item else "", spec, CellRow(grid, row))
        for row, spec in enumerate(measure.rows)
    ]


def _table(
    name: str,
    by: tuple[str, ...],
    measures: list[Measure],
    columns: tuple[Column, ...],
    rows: tuple[Row, ...],
    study: Study,
    design: Design,
) -> Table:
    first = measures[0].variable
    question = first.question
    return Table(
        name,
        by,
        _label(first, question, len(measures) > 1),
        question.ask if question else "",
        base_of(first, study),
        _measure_words(measures[0]),
        design.sentence,
        columns,
        rows,
    )


def _columns(blocks: list[Block], estimates: list[Estimates], lettered: bool) -> tuple[Column, ...]:
    """The heads of the columns; of several items, the largest base of each column."""
    heads = [("", "", "", words("total"))]
    letters = [""]
    for b in blocks:
        heads += [(b.variable, name, b.heading, label) for name, label in zip(b.names, b.labels, strict=True)]
        letters += [letter(place) if lettered else "" for place in range(len(b.names))]
    bases = np.stack([[getattr(e, name)[:, 0] for name in BASES] for e in estimates])  # (items, 3, columns)
    largest = np.take_along_axis(bases, bases[:, :1].argmax(axis=0)[None], axis=0)[0]
    return tuple(
        Column(*head, int(n), float(weighted), float(effective), flag_of(int(n), float(effective)), named)
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
