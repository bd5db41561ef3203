"""A table: one question by a banner, every cell with its base, error and flags. Values that no verb
changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from topline.base import fail
from topline.base.words import words
from topline.dataset import Dataset
from topline.designs import Design
from topline.estimates import Estimates, mean_interval, means, share_interval
from topline.study.model import Question, Study, Variable
from topline.tables.bases import base_sentence
from topline.tables.groups import Block, block_of
from topline.tables.measures import Measure, RowSpec, measure_of

NO_FIGURE = 30  # under this base there is no figure
UNRELIABLE = 100  # under this one it is flagged

Flag = Literal["", "[u]", "[x]"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: percent (0 to 100) or a mean, unrounded, with its base. None where nobody is in the
    base.
    """

    value: float | None
    base: int
    weighted_base: float
    effective: float
    df: int
    se: float | None = None
    low: float | None = None
    high: float | None = None
    flag: Flag = ""


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


@dataclass(frozen=True, slots=True)
class Row:
    """One row with a cell for each column; `item` is the row of a grid that it belongs to."""

    item: str
    item_label: str
    spec: RowSpec
    cells: tuple[Cell, ...]


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


def flag_of(base: int, effective: float) -> Flag:
    """The flag of a low base, on the smaller of the unweighted and the effective one."""
    smaller = min(float(base), effective)
    return "[x]" if smaller < NO_FIGURE else "[u]" if smaller < UNRELIABLE else ""


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
    measures = [measure for v in tabulated(data.study, name) if (measure := measure_of(v, data))]
    if not measures:
        fail("table_none", name=name)
    blocks = [block_of(variable, data) for variable in by]
    rows: list[Row] = []
    bases: list[list[Cell]] = []
    for measure in measures:
        cells = _cells(measure, blocks, data, design)
        item = measure.variable.row if len(measures) > 1 else None
        rows += [
            Row(item.name if item else "", item.label if item else "", spec, tuple(row))
            for spec, row in zip(measure.rows, cells, strict=True)
        ]
        bases.append(cells[0])
    first = measures[0].variable
    question = first.question
    return Table(
        name,
        by,
        _label(first, question, len(measures) > 1),
        question.ask if question else "",
        base_sentence(question, data.study),
        _measure_words(measures[0]),
        design.sentence,
        _columns(blocks, bases),
        tuple(rows),
    )


def _cells(measure: Measure, blocks: list[Block], data: Dataset, design: Design) -> list[list[Cell]]:
    """Cells by row, then column: Total, then the groups of each block."""
    everybody = np.zeros(data.n, dtype=np.int32)
    estimates = [means(measure.moments(design, everybody, 1), design)]
    estimates += [means(measure.moments(design, b.codes, len(b.names)), design) for b in blocks]
    return [
        [_cell(spec, found, group, row) for found in estimates for group in range(found.value.shape[0])]
        for row, spec in enumerate(measure.rows)
    ]


def _cell(spec: RowSpec, found: Estimates, group: int, row: int) -> Cell:
    value, se = float(found.value[group, row]), float(found.se[group, row])
    base, df = int(found.n[group, row]), int(found.df[group, row])
    effective, weighted = float(found.effective[group, row]), float(found.weighted[group, row])
    if np.isnan(value):
        return Cell(None, base, weighted, effective, df, flag=flag_of(base, effective))
    return cell(value, se, base, weighted, effective, df, share=spec.kind != "mean")


def cell(
    value: float, se: float, base: int, weighted: float, effective: float, df: int, *, share: bool
) -> Cell:
    """A cell from an estimate: shares become percentages, with the interval that suits the measure."""
    interval = (share_interval if share else mean_interval)(value, se, df)
    by = 100.0 if share else 1.0
    low, high = (interval[0] * by, interval[1] * by) if interval else (None, None)
    error = None if np.isnan(se) else se * by
    return Cell(value * by, base, weighted, effective, df, error, low, high, flag_of(base, effective))


def _columns(blocks: list[Block], bases: list[list[Cell]]) -> tuple[Column, ...]:
    """The heads of the columns; of several items, the largest base of each column."""
    heads = [("", "", "", words("total"))]
    heads += [
        (b.variable, name, b.heading, label)
        for b in blocks
        for name, label in zip(b.names, b.labels, strict=True)
    ]
    largest = [max(column, key=lambda found: found.base) for column in zip(*bases, strict=True)]
    return tuple(
        Column(*head, found.base, found.weighted_base, found.effective, found.flag)
        for head, found in zip(heads, largest, strict=True)
    )


def _label(variable: Variable, question: Question | None, whole_grid: bool) -> str:
    if variable.row and question:
        return question.label if whole_grid else f"{question.label}: {variable.label}"
    return variable.label


def _measure_words(measure: Measure) -> str:
    if measure.variable.kind == "number":
        return words("measure-mean")
    return words("measure-share-many" if measure.variable.kind == "set" else "measure-share")
