"""Files of population counts: CSV with `id` for the groups of one variable, or a column for each variable.

`id,population` gives the counts of one variable; `grade,age,population` those of two crossed. Other counts
than of the population may stand there too, as `invited,replied`. A group `missing` holds those without an
answer, as a class of their own.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from topline.base import Mark, fail
from topline.dataset import Floats
from topline.study.model import Variable

COLUMNS: Final = ("population",)
MISSING: Final = "missing"


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts by the groups of one or more variables: each of `columns` (k1, k2, ...).

    `groups` names the groups of each variable in the study's order, `missing` last where the file has it.
    """

    variables: tuple[Variable, ...]
    groups: tuple[tuple[str, ...], ...]
    columns: Mapping[str, Floats]


def read_counts(variable: Variable, path: Path) -> Floats:
    """The count of each answer of a variable (k,), in the order of its options.

    Raises ToplineError for a group that is unknown, missing or there twice, and for what is not a positive
    number.
    """
    counts = read_crossed({variable.name: variable}, variable.name, path, missing=False)
    return counts.columns["population"]


def read_crossed(
    known: Mapping[str, Variable],
    name: str,
    path: Path,
    columns: Sequence[str] = COLUMNS,
    *,
    missing: bool = True,
) -> Counts:
    """Read the counts of the variable `name`, or of the variables that the header names, among those `known`.

    A group of one variable needs a count; a crossing that the file leaves out has none (0).
    """
    rows = _rows(path, name)
    header = rows[0][1] if rows else []
    wanted = header[: -len(columns)] if tuple(header[-len(columns) :]) == tuple(columns) else []
    if not wanted:
        fail("counts_header", Mark(str(path), 1), columns=",".join(("id", *columns)))
    variables = tuple(_variable(known, name if column == "id" else column, path) for column in wanted)
    named: list[set[str]] = [
        {cells[place] for _, cells in rows[1:] if cells} for place in range(len(variables))
    ]
    groups = tuple(
        tuple(option.name for option in variable.options)
        + ((MISSING,) if missing and MISSING in used and not variable.option(MISSING) else ())
        for variable, used in zip(variables, named, strict=True)
    )
    shape = tuple(map(len, groups))
    found = {column: np.full(shape, np.nan) for column in columns}
    for line, cells in rows[1:]:
        mark = Mark(str(path), line)
        at = _place(cells, variables, groups, mark)
        if not np.isnan(found[columns[0]][at]):
            fail("counts_twice", mark, group=" x ".join(cells[: len(variables)]))
        for column, text in zip(columns, cells[len(variables) :], strict=False):
            # A crossing may hold nobody, and nobody may have replied; a single group would better be merged
            zero = len(variables) > 1 or len(columns) > 1
            found[column][at] = _count(text, cells[0], variables[0].name, mark, zero=zero)
    if len(variables) == 1:
        lacking = [g for g, value in zip(groups[0], found[columns[0]], strict=True) if np.isnan(value)]
        if lacking:
            fail("counts_missing", Mark(str(path)), groups=", ".join(lacking), name=name)
    return Counts(variables, groups, {column: np.nan_to_num(counts) for column, counts in found.items()})


def _rows(path: Path, name: str) -> list[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            return [(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
    except FileNotFoundError:
        fail("counts_no_file", Mark(str(path)), name=name)


def _variable(known: Mapping[str, Variable], name: str, path: Path) -> Variable:
    variable = known.get(name)
    if variable is None or variable.kind != "codes":
        fail("weighting_no_variable", Mark(str(path), 1), name=name)
    return variable


def _place(
    cells: list[str], variables: tuple[Variable, ...], groups: tuple[tuple[str, ...], ...], mark: Mark
) -> tuple[int, ...]:
    at = []
    for variable, names, cell in zip(variables, groups, [*cells, *[""] * len(groups)], strict=False):
        if cell not in names:
            fail("counts_unknown", mark, group=cell, name=variable.name, allowed=", ".join(names))
        at.append(names.index(cell))
    return tuple(at)


def _count(text: str, group: str, name: str, mark: Mark, *, zero: bool) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not (np.isfinite(number) and (number > 0 or (zero and number == 0))):
        fail("counts_not_positive", mark, group=group, value=text, name=name)
    return number
