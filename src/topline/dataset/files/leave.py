"""From a data set to the columns of a file: every answer and every missing value as that format writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from topline.base import Finding
from topline.base.words import words
from topline.dataset.codebook import (
    FILE_KINDS,
    NO_VALUE,
    Column,
    Labels,
    Value,
)
from topline.dataset.codebook_of import codebook_of
from topline.dataset.data import FIRST_MISSING, Codes, Dataset, Floats, first_missing
from topline.dataset.files.dates import from_days
from topline.dataset.files.raw import MADE_UP_COLUMN, DateUnit, RawColumn, RawFile, RawSet
from topline.dataset.kinds import system_code, system_label

#: How a format writes the missing values of a column: gives the column back with their codes.
Recode = Callable[[Column, Floats], Column]
_WIDE: Final = 1 << 16


@dataclass(frozen=True)
class Style:
    """What a format can say: the unit of its dates, and how it codes missing values."""

    dates: DateUnit
    recode: Recode


def leave(data: Dataset, style: Style) -> RawFile:
    """The columns of a data set as a file of that style holds them; the codebook's order."""
    book = codebook_of(data)
    findings: list[Finding] = []
    columns = [_column(data, column, style, findings) for column in book.columns]
    if data.made_up and MADE_UP_COLUMN not in book.by_source:
        columns.append(_made_up(data))
    if data.study.settings:
        findings.append(Finding("study-left"))
    sources = {column.name: column.source for column in book.columns}
    sets = tuple(
        RawSet(
            entry.source,
            tuple(sources[name] for name in entry.columns),
            entry.counted,
            entry.labels,
            entry.labelled_by,
            entry.label_of_first,
        )
        for entry in book.sets
    )
    return RawFile(
        n=data.n,
        columns=tuple(columns),
        sets=sets,
        grids=book.grids,
        title=book.title,
        notes=book.notes,
        weight=sources.get(book.weight, ""),
        languages=book.languages,
        findings=_once(findings),
    )


def _column(data: Dataset, column: Column, style: Style, findings: list[Finding]) -> RawColumn:
    index, column = missing_index(data, column)
    numbers = _numbers(data, column, index)
    before, column = column, style.recode(column, numbers)
    _tell(before, column, findings)
    missing = column.missing
    values = _texts(data, column, index) if column.storage == "text" else _written(data, column, index, style)
    letters = None
    if any(isinstance(value.code, str) for value in missing) and column.storage == "number":
        named = [None, *(value.code if isinstance(value.code, str) else None for value in missing)]
        letters = pl.Series([named[place] for place in index], dtype=pl.String)
    labelled: dict[float | str, Labels] = {
        value.code: value.labels
        for value in (*column.values, *missing)
        if value.code is not None and value.labels
    }
    return RawColumn(
        source=column.source,
        values=values.alias(column.source),
        labels=column.labels,
        texts=column.texts,
        value_labels=labelled,
        declared=column.declared,
        letters=letters,
        measure=column.measure,
        format=column.format,
        width=column.width,
        dates=style.dates if column.kind == "date" else "",
        name=column.name,
        kind=column.kind,
        names={value.code: value.name for value in column.values if value.code is not None},
        kinds={value.code: (value.kind, value.in_base) for value in missing if value.code is not None},
    )


def _made_up(data: Dataset) -> RawColumn:
    """The column that says in every format that nobody gave these answers."""
    language = str(data.study.languages[0])
    label = {language: words("made-up", language)}
    ones = pl.repeat(1.0, data.n, dtype=pl.Float64, eager=True)
    return RawColumn(MADE_UP_COLUMN, ones, labels=label, name=MADE_UP_COLUMN, kind="number")


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings without those that say the same again."""
    return tuple({str(finding): finding for finding in findings}.values())


def _tell(before: Column, after: Column, findings: list[Finding]) -> None:
    """Note the codes of missing values that had to change."""
    pairs = zip(before.missing, after.missing, strict=True)
    changed = [(old, new) for old, new in pairs if isinstance(old.code, float) and old.code != new.code]
    if any(isinstance(new.code, str) for _, new in changed):
        findings.append(Finding("missing-letters"))
    moved = [(old.code, new.code, new.kind) for old, new in changed if isinstance(new.code, float)]
    if moved:
        changes = ", ".join(f"{kind} {old:g} is written as {new:g}" for old, new, kind in moved)
        findings.append(Finding("missing-recoded", {"column": before.source, "changes": changes}))


def missing_index(data: Dataset, column: Column) -> tuple[NDArray[np.uint16], Column]:
    """Which missing value each person has (n,): 0 for an answer, else 1 + place in `column.missing`.

    A kind that the codebook does not list for the column, as a filter or a rule may bring, is added to it.
    """
    kinds = kinds_of(data, column)
    if column.name in data.origins:
        index = np.where(kinds > 0, data.origins[column.name], 0)
        if not ((index == 0) & (kinds > 0)).any():
            return index.astype(np.uint16), column
    missing = list(column.missing)
    table = np.zeros(256, dtype=np.uint16)
    for code in (int(code) for code in np.unique(kinds) if code):
        kind = FILE_KINDS[code - FIRST_MISSING]
        place = next((n for n, value in enumerate(missing) if value.kind == kind), None)
        if place is None:
            place = len(missing)
            missing.append(_added(kind, data.study.languages[0]))
        table[code] = place + 1
    return table[kinds], replace(column, missing=tuple(missing))


def kinds_of(data: Dataset, column: Column) -> NDArray[np.uint8]:
    """Why there is no answer in a column (n,): 0 where there is one, else the code of the kind."""
    if data.has(column.name):
        return data.kinds(column.name)
    if column.name.rpartition(".")[0] not in data.choices:
        return np.zeros(data.n, dtype=np.uint8)  # the weight
    codes = _codes(data, column)
    return np.where(codes >= FIRST_MISSING, codes, 0).astype(np.uint8)


def _added(kind: str, language: str) -> Value:
    code = system_code(kind)
    if kind == NO_VALUE:
        return Value(None, kind, kind=kind)
    return Value(None if code is None else float(code), kind, {language: system_label(kind, language)}, kind)


def _codes(data: Dataset, column: Column) -> Codes:
    """The codes of a column, which may be an option of a multiple response."""
    if column.name in data.columns:
        return data.columns[column.name]
    name, _, option = column.name.rpartition(".")
    return data.option_codes(name, option)


def _numbers(data: Dataset, column: Column, index: NDArray[np.uint16]) -> Floats:
    """The different numbers that are answers, sorted: codes of missing values keep clear of them."""
    if column.storage == "text":
        return np.zeros(0)
    if column.kind == "codes":
        return np.sort([value.code for value in column.values if isinstance(value.code, float)])
    values = _amounts(data, column)
    return np.unique(values[(index == 0) & np.isfinite(values)])


def _amounts(data: Dataset, column: Column) -> NDArray[np.float64]:
    if column.name in data.amounts:
        return data.amounts[column.name].values
    if data.weights is None:
        return np.full(data.n, np.nan)
    return data.weights


def _written(data: Dataset, column: Column, index: NDArray[np.uint16], style: Style) -> pl.Series:
    """A column of numbers, null where nothing stands (or one of Stata's letters)."""
    if column.kind == "codes":
        codes = _codes(data, column)
        table = np.full(_WIDE, np.nan)
        for place, value in enumerate(column.values):
            table[place] = value.code
        values = np.where(codes < first_missing(codes), table[codes], np.nan)
    else:
        values = _amounts(data, column)
        values = from_days(values, style.dates) if column.kind == "date" else values
    codes_of = [np.nan, *(v.code if isinstance(v.code, float) else np.nan for v in column.missing)]
    written = np.where(index > 0, np.array(codes_of)[index], values)
    return pl.Series(written, nan_to_null=True)


def _texts(data: Dataset, column: Column, index: NDArray[np.uint16]) -> pl.Series:
    gone = ["", *(str(value.code or "") for value in column.missing)]
    if column.kind == "codes":
        codes = _codes(data, column)
        known = pl.Series([*(str(value.code) for value in column.values), *gone], dtype=pl.String)
        place = np.where(index > 0, index.astype(np.int64) + len(column.values), codes)
        return known.gather(pl.Series(place.astype(np.uint32)))
    texts = data.texts[column.name].values if column.name in data.texts else ("",) * data.n
    return pl.Series(
        [gone[place] if place else text for text, place in zip(texts, index, strict=True)], dtype=pl.String
    )
