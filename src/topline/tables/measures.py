"""What a question measures: for each row of its table, who counts and who is in the base.

A measure hides how the answers are kept. It gives sums by group for tables (cells, one pass) and values
person by person for single figures and contrasts; both are of the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from topline.base.words import words
from topline.dataset import Codes, Dataset, Floats, first_missing, missing_code
from topline.designs import Design
from topline.estimates import Cells, Estimates, Groups, Item, bases_of, means, number_means, number_sums
from topline.study.model import Missing, Variable

RowKind = Literal["answer", "net", "missing", "mean"]


@dataclass(frozen=True, slots=True)
class RowSpec:
    """One row of a question's table: an answer, a net, a missing kind in the base, or a mean.

    `points` says of a mean that it is a difference of shares, in points.
    """

    name: str
    label: str
    kind: RowKind
    points: bool = False

    def places(self, decimals: int) -> int:
        """The decimals of its figures, where percentages have `decimals`: of a mean one more."""
        return decimals + (self.kind == "mean" and not self.points)


@dataclass(frozen=True, eq=False)
class Measure:
    """The rows of one variable, over `columns` of codes.

    Each column (n,) holds 0 to k-1, and k or more for people outside the base. A row takes one column and
    gives each code a value y: `source[r]` is its column and `values[r]` (k,) its y, NaN where a code is no
    part of it. An answer of a list is 1 for its code; each option of a multiple response is a column of its
    own.
    """

    variable: Variable
    rows: tuple[RowSpec, ...]
    columns: tuple[Codes, ...]
    source: tuple[int, ...]
    values: tuple[Floats, ...]
    amounts: Floats | None = None  # instead of columns: a number (n,), with one row, its mean

    @cached_property
    def base(self) -> NDArray[np.bool_]:
        """Who is in the base (n,)."""
        if self.amounts is not None:
            return np.asarray(np.isfinite(self.amounts))
        return np.asarray(self.columns[0] < len(self.values[self.source.index(0)]))

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What is to be summed: one item a column; none of a number."""
        values = [self.values_of(number)[1] for number in range(len(self.columns))]
        return tuple(
            Item(column, found.shape[1], bases_of(found))
            for column, found in zip(self.columns, values, strict=True)
        )

    def estimates(self, design: Design, cells: Sequence[Cells], blocks: Sequence[Groups]) -> Estimates:
        """The estimates of each row (groups of all blocks, rows), from the cells of `items`."""
        if self.amounts is not None:
            parts = [number_means(number_sums(design, g.codes, g.depth, self.amounts)) for g in blocks]
            return Estimates.joined(parts, axis=0)
        order: list[int] = []
        parts = []
        for number, found in enumerate(cells):
            rows, values = self.values_of(number)
            order += rows
            parts.append(means(found, values))
        return Estimates.joined(parts, axis=1).pick(np.argsort(order))

    def values_of(self, number: int) -> tuple[list[int], Floats]:
        """The rows that take one column, and the values that they give its codes (rows, k)."""
        rows = [row for row, source in enumerate(self.source) if source == number]
        return rows, np.array([self.values[row] for row in rows])

    def of_row(self, row: int) -> Floats:
        """The y of each person for one row (n,), NaN outside its base."""
        if self.amounts is not None:
            return self.amounts
        column = self.columns[self.source[row]]
        values = np.append(self.values[row], np.nan)
        return values[np.minimum(column, len(values) - 1)]

    def share(self, names: Sequence[str], complement: bool = False) -> Floats:
        """Whether each person gave any of these answers, nets or kinds (n,): 1, 0, NaN outside the base.

        The complement is taken in the base: there it counts missing kinds too.
        """
        wanted = [row for row, spec in enumerate(self.rows) if spec.name in names and spec.kind != "mean"]
        given = np.any([self.of_row(row) == 1.0 for row in wanted], axis=0)
        return np.where(self.base, np.where(given != complement, 1.0, 0.0), np.nan)

    def mean(self) -> Floats | None:
        """The number or score of each person (n,), NaN without one; None if there is no mean.

        Of several scores, the one that is called mean, else the first that is no difference of nets.
        """
        means = [row for row, spec in enumerate(self.rows) if spec.kind == "mean"]
        means.sort(key=lambda row: (self.rows[row].points, self.rows[row].name != "mean"))
        return self.of_row(means[0]) if means else None


def measure_of(variable: Variable, data: Dataset) -> Measure | None:
    """The measure of a variable; None for kinds without a table yet (rankings, dates, open text)."""
    if variable.kind == "codes":
        return _of_codes(variable, data)
    if variable.kind == "set":
        return _of_set(variable, data)
    if variable.kind == "number":
        row = RowSpec("mean", words("measure-mean"), "mean")
        return Measure(variable, (row,), (), (), (), data.numbers(variable.name).values)
    return None


def kinds_in_base(variable: Variable) -> tuple[Missing, ...]:
    """The missing kinds that count as answers of this variable, in the order in which they are shown."""
    return variable.counted


def in_base(variable: Variable, data: Dataset) -> Codes:
    """Codes with the missing kinds of the base after the answers (n,), higher ones for all else."""
    codes = data.codes(variable.name)
    kinds = kinds_in_base(variable)
    if not kinds:
        return codes
    out = codes.copy()
    out[codes >= first_missing(codes)] = np.iinfo(codes.dtype).max
    for place, kind in enumerate(kinds):
        out[codes == missing_code(kind.name, codes.dtype == np.uint16)] = len(variable.options) + place
    return out


def _of_codes(variable: Variable, data: Dataset) -> Measure:
    kinds = kinds_in_base(variable)
    names = [option.name for option in variable.options]
    width = len(names) + len(kinds)
    rows = [RowSpec(option.name, option.label, "answer") for option in variable.options]
    rows += [RowSpec(kind.name, kind.label, "missing") for kind in kinds]
    values: list[Floats] = list(np.eye(width))
    for net in variable.nets:
        rows.append(RowSpec(net.name, net.label, "net"))
        values.append(np.array([float(name in net.of) for name in names] + [0.0] * len(kinds)))
    for name, scores in variable.scores.items():
        difference = _difference(name, variable)
        label = difference or words("measure-score")
        if not difference and len([one for one in variable.scores if not _difference(one, variable)]) > 1:
            label = f"{label}: {name}"
        rows.append(RowSpec(name, label, "mean", points=bool(difference)))
        scored = [np.nan if score is None else float(score) for score in scores]
        values.append(np.array(scored + [0.0 if difference else np.nan] * len(kinds)))
    return Measure(variable, tuple(rows), (in_base(variable, data),), (0,) * len(rows), tuple(values))


def _difference(name: str, variable: Variable) -> str:
    """The label of a score that is a difference of two nets; nothing if it is none.

    Its mean is R = 100 (P - D), P and D the shares of the two; the variance that follows from the cells is
    100^2 (var P + var D - 2 cov(P, D)), the covariance under the design included (Rocks 2016, The American
    Statistician 70, 365-372, gives the same for simple random samples). People of missing kinds in the base
    count as neither, so that it is the difference of the two rows above it.
    """
    scores = variable.scores[name]
    if name == "mean" or None in scores or {*scores} not in ({-100, 0, 100}, {-100, 100}):
        return ""
    if name == "nps":
        return words("measure-nps")
    sides = []
    for side in (100, -100):
        of = tuple(o.name for o, score in zip(variable.options, scores, strict=True) if score == side)
        labels = [net.label for net in variable.nets if {*net.of} == {*of}]
        labels += [option.label for option in variable.options if of == (option.name,)]
        sides.append(labels[0] if labels else "")
    return words("measure-difference", above=sides[0], below=sides[1]) if all(sides) else name


def _of_set(variable: Variable, data: Dataset) -> Measure:
    kinds = data.kinds(variable.name)
    inside = kinds == 0
    rows, columns = [], []
    for kind in kinds_in_base(variable):
        inside |= kinds == missing_code(kind.name)
    for option in variable.options:
        rows.append(RowSpec(option.name, option.label, "answer"))
        columns.append(data.option_codes(variable.name, option.name) == 1)
    for kind in kinds_in_base(variable):
        rows.append(RowSpec(kind.name, kind.label, "missing"))
        columns.append(kinds == missing_code(kind.name))
    for net in variable.nets:
        rows.append(RowSpec(net.name, net.label, "net"))
        columns.append(np.any([data.option_codes(variable.name, name) == 1 for name in net.of], axis=0))
    coded = tuple(np.where(inside, column, np.uint8(2)).astype(np.uint8) for column in columns)
    one = np.array([0.0, 1.0])
    return Measure(variable, tuple(rows), coded, tuple(range(len(rows))), (one,) * len(rows))
