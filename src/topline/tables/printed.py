"""Figures as they are printed: rounded once, half up; marks in the place of what has no figure."""

from __future__ import annotations

from typing import Protocol

from topline.base import half_up
from topline.tables.low_base import UNSURE, Flag
from topline.tables.measures import RowSpec
from topline.tables.table import Column

NOBODY = "-"
LOW = "[low]"


class Printable(Protocol):
    """A figure with its flag: a cell of a table, or one wave of a trend."""

    @property
    def value(self) -> float | None:
        """Unrounded; None where nobody is in the base."""

    @property
    def flag(self) -> Flag:
        """The flag of a low base."""


def shown(cell: Printable, spec: RowSpec, decimals: int = 0) -> str:
    """A cell as text: `36`, `[x]` under the smallest base, `[low]` between 0 and 0.5, `-` if nobody is in
    it.
    """
    if cell.value is None:
        return NOBODY
    if cell.flag == "[x]":
        return cell.flag
    if spec.kind == "mean":
        return f"{half_up(cell.value, spec.places(decimals)):z,}"
    rounded = half_up(cell.value, decimals)
    return LOW if not rounded and cell.value > 0 else str(rounded)


def lettered(column: Column) -> str:
    """The label of a column, with the letter that other columns name it by."""
    return f"{column.label} ({column.letter})" if column.letter else column.label


def own_mark(cell: Printable, column: Column) -> str:
    """The mark of a figure that is given, where the head of its column does not say it already."""
    return UNSURE if cell.flag == UNSURE != column.flag and cell.value is not None else ""


def rounded(value: float | None, decimals: int = 1) -> str | None:
    """A number for a file: rounded half up, None where there is none."""
    return None if value is None else f"{half_up(value, decimals):z}"
