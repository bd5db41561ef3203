"""What is known of the columns of a data set: the codebook that travels with answers from anywhere.

A file from elsewhere has labels, values and missing values, and no questionnaire. This value holds all that
it says, so that it can be written again without loss; `study_of` makes from it the study that tables and
estimates read. Texts are by language; `und` stands where a file does not say which language it is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from topline.dataset.data import FIRST_MISSING, FIRST_MISSING_WIDE
from topline.study.model import MISSING_KINDS

Labels = Mapping[str, str]  # text by language
Code = float | str | None  # how a file writes a value; None: nothing stands there
Storage = Literal["number", "text"]
ColumnKind = Literal["codes", "number", "date", "text"]

UNKNOWN_LANGUAGE: Final = "und"
#: Kinds that only files from elsewhere bring: nothing stands there; declared missing, and no label says why.
NO_VALUE: Final = "no_value"
UNCLEAR: Final = "unclear"
#: Every kind in the order of its codes in a column; the first eleven are those that conditions can name.
FILE_KINDS: Final = (*MISSING_KINDS, NO_VALUE, UNCLEAR)


def kind_code(kind: str, wide: bool = False) -> int:
    """The code of a missing kind in a column, those of files from elsewhere included."""
    return (FIRST_MISSING_WIDE if wide else FIRST_MISSING) + FILE_KINDS.index(kind)


@dataclass(frozen=True, slots=True)
class Value:
    """One value that may stand in a column: as the file writes it, Topline's name for it, its labels.

    `kind` is empty for an answer, else a missing kind. In a column of numbers a `code` of `.a` to `.z` is one
    of Stata's missing values.
    """

    code: Code
    name: str
    labels: Labels = field(default_factory=dict)
    kind: str = ""
    in_base: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file. `name` is Topline's, `source` the file's.

    `values` are the answers, in the order of their codes in the data set (of a number: those with a label);
    `missing` every value that is no answer. `declared` is what the file calls missing: single values, and
    ranges as pairs. `texts` is the wording of the question. `scored`: the codes are numbers that can be
    averaged. `asked` is False for what is tabulated only as a part of something else.
    """

    name: str
    source: str
    kind: ColumnKind
    storage: Storage = "number"
    labels: Labels = field(default_factory=dict)
    texts: Labels = field(default_factory=dict)
    values: tuple[Value, ...] = ()
    missing: tuple[Value, ...] = ()
    declared: tuple[float | str | tuple[float, float], ...] = ()
    measure: str = "unknown"
    format: str = ""
    width: int = 0
    scored: bool = False
    asked: bool = True

    def label(self, language: str) -> str:
        """The label in that language, else in another, else the file's name of the column."""
        return self.labels.get(language) or next(iter(self.labels.values()), "") or self.source


@dataclass(frozen=True, slots=True)
class ResponseSet:
    """A multiple response over several columns, named by `Column.name`.

    With a `counted` value each column is an option, chosen where it holds that value; without, the columns
    hold the options that were named. `labelled_by`: options are called as their column, or as the label of
    the counted value there. `label_of_first`: the set has the label of its first column.
    """

    name: str
    source: str
    columns: tuple[str, ...]
    counted: Code = None
    labels: Labels = field(default_factory=dict)
    labelled_by: Literal["column", "value"] = "column"
    label_of_first: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns that are the rows of one question; they are named `grid.row`."""

    name: str
    labels: Labels = field(default_factory=dict)
    texts: Labels = field(default_factory=dict)


@dataclass(frozen=True)
class Codebook:
    """All columns of a data set, in the order of the file, with what holds for the whole of it."""

    languages: tuple[str, ...]
    columns: tuple[Column, ...]
    sets: tuple[ResponseSet, ...] = ()
    grids: tuple[Grid, ...] = ()
    title: str = ""
    notes: tuple[str, ...] = ()
    weight: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by Topline's name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def by_source(self) -> Mapping[str, Column]:
        """Columns by their names in the file."""
        return {column.source: column for column in self.columns}
