"""A data file as its format gives it, before and after it is a data set: the one form between the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from topline.base import Finding
from topline.dataset.codebook import Code, ColumnKind, Grid, Labels

#: A column of this name, 1 for everybody, says in any file that the answers are made up.
MADE_UP_COLUMN: Final = "topline_made_up"

DateUnit = Literal["", "spss", "stata", "ordinal"]


@dataclass(frozen=True, eq=False)
class RawColumn:
    """One column: `values` Float64 (null: nothing there) or String, and what the file says about them.

    `letters` holds Stata's missing values (String, null elsewhere). `dates` says in which unit whole days
    stand, empty for what is no date. `labels` are of the column, `value_labels` of its values, by language.
    """

    source: str
    values: pl.Series
    labels: Labels = field(default_factory=dict)
    texts: Labels = field(default_factory=dict)
    value_labels: Mapping[float | str, Labels] = field(default_factory=dict)
    declared: tuple[float | str | tuple[float, float], ...] = ()
    letters: pl.Series | None = None
    measure: str = "unknown"
    format: str = ""
    width: int = 0
    dates: DateUnit = ""
    # Where a codebook says more than the file: Topline's name, the kind of column, names of answers, and of
    # missing values the kind and whether it is in the base.
    name: str = ""
    kind: ColumnKind | Literal[""] = ""
    names: Mapping[float | str, str] = field(default_factory=dict)
    kinds: Mapping[float | str, tuple[str, bool]] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        """Whether the column holds texts."""
        return self.values.dtype == pl.String


@dataclass(frozen=True)
class RawSet:
    """A response set by the file's names of its columns; see `codebook.ResponseSet`."""

    source: str
    columns: tuple[str, ...]
    counted: Code = None
    labels: Labels = field(default_factory=dict)
    labelled_by: Literal["column", "value"] = "column"
    label_of_first: bool = False


@dataclass(frozen=True, eq=False)
class RawFile:
    """A whole file. `weight` is the file's name of its weight column, empty without one."""

    n: int
    columns: tuple[RawColumn, ...]
    sets: tuple[RawSet, ...] = ()
    grids: tuple[Grid, ...] = ()
    title: str = ""
    notes: tuple[str, ...] = ()
    weight: str = ""
    languages: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
