"""Cells of tables: kept as arrays, and made into values when somebody looks at one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from typing import overload

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.estimates import Estimates, mean_intervals, share_intervals
from topline.tables.low_base import MARKET, Flag, LowBase


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: percent (0 to 100) or a mean, unrounded, with its base. None where nobody is in the
    base. `marks` are those of comparisons (`letters`).
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
    marks: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The cells of some rows by columns: arrays (columns, rows), NaN where there is none.

    `shares` (rows,) says which rows are percentages.
    """

    estimates: Estimates
    shares: NDArray[np.bool_]
    value: Floats
    se: Floats
    low: Floats
    high: Floats
    marks: NDArray[np.object_] | None = None
    low_base: LowBase = MARKET

    def cell(self, column: int, row: int) -> Cell:
        """One cell as a value."""
        return next(self.cells(row, slice(column, column + 1)))

    def cells(self, row: int, columns: slice = slice(None)) -> Iterator[Cell]:
        """The cells of a row as values."""
        found, share = self.estimates, bool(self.shares[row])
        figures = [found.value, found.se, found.n, found.weighted, found.effective, found.df]
        printed = [self.value, self.se, self.low, self.high]
        # Python's numbers, all at once
        lists = [array[columns, row].tolist() for array in (*figures, *printed)]
        marks = [""] * len(lists[0]) if self.marks is None else self.marks[columns, row]
        for p, se, n, weighted, effective, df, *shown, mark in zip(*lists, marks, strict=True):
            flag = self.low_base.of_figure(p, se, n, effective, df, share=share)
            value, error, low, high = (None if isnan(number) else number for number in shown)
            yield Cell(value, n, weighted, effective, df, error, low, high, flag, mark)


@dataclass(frozen=True, slots=True, eq=False)
class CellRow(Sequence[Cell]):
    """The cells of one row, made when they are asked for."""

    grid: Grid
    row: int

    def __len__(self) -> int:
        return len(self.grid.value)

    @overload
    def __getitem__(self, place: int) -> Cell: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Cell, ...]: ...
    def __getitem__(self, place: int | slice) -> Cell | tuple[Cell, ...]:
        if isinstance(place, slice):
            return tuple(self.grid.cells(self.row, place))
        return self.grid.cell(range(len(self))[place], self.row)

    def __iter__(self) -> Iterator[Cell]:
        return self.grid.cells(self.row)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def grid_of(
    found: Estimates,
    shares: NDArray[np.bool_],
    marks: NDArray[np.object_] | None = None,
    low_base: LowBase = MARKET,
) -> Grid:
    """The cells of estimates (columns, rows): `shares` (rows,) become percentages with logit intervals."""
    low, high = mean_intervals(found.value, found.se, found.df)
    low[:, shares], high[:, shares] = share_intervals(
        found.value[:, shares], found.se[:, shares], found.df[:, shares]
    )
    by = np.where(shares, 100.0, 1.0)
    return Grid(found, shares, found.value * by, found.se * by, low * by, high * by, marks, low_base)


def cell_of(found: Estimates, *, share: bool, low_base: LowBase = MARKET) -> Cell:
    """The one cell of an estimate of one group and measure."""
    return grid_of(found, np.array([share]), low_base=low_base).cell(0, 0)
