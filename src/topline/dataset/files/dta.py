"""Stata: .dta through pyreadstat. Missing values are `.` and the letters `.a` to `.z`, which have labels."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final

import polars as pl

from topline.base import Finding
from topline.dataset.codebook import Labels
from topline.dataset.data import Dataset
from topline.dataset.files.dates import stata_unit
from topline.dataset.files.leave import Style, leave
from topline.dataset.files.names import cut, left_behind, renamed
from topline.dataset.files.raw import RawColumn, RawFile
from topline.dataset.files.recode import stata_letters

NAME: Final = 32
LABEL: Final = 80
_LARGEST_LABELLED: Final = 2_147_483_620
_FIRST, _LAST, _TAIL = b"<stata_dta>", b"</stata_dta>", 64  # how files begin and end since version 13
_LETTER: Final = re.compile(r"[a-z]")


def read_dta(path: Path, language: str) -> RawFile:
    """Read a .dta file of any version; pyreadstat's errors and ValueError pass through."""
    import pyreadstat

    with path.open("rb") as file:
        tagged = file.read(len(_FIRST)) == _FIRST
        file.seek(-min(_TAIL, path.stat().st_size), os.SEEK_END)
        if tagged and _LAST not in file.read():
            raise ValueError(f"its end, {_LAST.decode()}, is missing")
    frame, meta = pyreadstat.read_dta(
        path, user_missing=True, disable_datetime_conversion=True, output_format="polars"
    )
    return RawFile(
        n=frame.height,
        columns=tuple(_column(frame[name], meta, language) for name in meta.column_names),
        title=meta.file_label or "",
        notes=tuple(meta.notes),
    )


def _column(series: pl.Series, meta: Any, language: str) -> RawColumn:
    name = series.name
    text = meta.readstat_variable_types[name] == "string"
    letters = None
    if series.dtype == pl.Object or (series.dtype == pl.String and not text):
        cells = series.to_list()
        letters = pl.Series(
            [f".{cell}" if isinstance(cell, str) else None for cell in cells], dtype=pl.String
        )
        series = pl.Series(
            name,
            [None if isinstance(cell, str) or cell is None else float(cell) for cell in cells],
            dtype=pl.Float64,
        )
    label = meta.column_names_to_labels.get(name)
    format = meta.original_variable_types.get(name) or ""
    return RawColumn(
        source=name,
        values=series.cast(pl.String).fill_null("") if text else series.cast(pl.Float64),
        labels={language: label} if label else {},
        value_labels={
            f".{code}" if isinstance(code, str) else float(code): {language: label}
            for code, label in meta.variable_value_labels.get(name, {}).items()
        },
        letters=letters,
        format=format,
        dates="" if text else stata_unit(format),
    )


def write_dta(data: Dataset, path: Path) -> tuple[Finding, ...]:
    """Write a .dta file to a path of our own; gives what the format could not take."""
    import pyreadstat

    raw = leave(data, Style("stata", stata_letters))
    findings = list(raw.findings)
    raw = renamed(raw, NAME, findings, plain=True)
    language = raw.languages[0]
    labels = {c.source: _labels(c, language, findings) for c in raw.columns}
    letters = {
        c.source: [code for code in labels[c.source] if isinstance(code, str)] + _used(c)
        for c in raw.columns
        if not c.is_text
    }
    told: Any = {name: found for name, found in labels.items() if found}
    frame = pl.DataFrame([_cells(c, letters.get(c.source, [])) for c in raw.columns])
    pyreadstat.write_dta(
        frame,
        path,
        file_label=cut(raw.title, LABEL, "the title", findings, "characters"),
        column_labels=[
            cut(_text(c.labels, language), LABEL, c.source, findings, "characters") or None
            for c in raw.columns
        ],
        variable_value_labels=told,
        missing_user_values={name: sorted(set(found)) for name, found in letters.items() if found},
        variable_format={c.source: _format(c) for c in raw.columns if _format(c)},
    )
    findings += left_behind(raw)
    if raw.sets:
        findings.append(Finding("sets-left", {"names": ", ".join(entry.source for entry in raw.sets)}))
    if raw.weight:
        findings.append(Finding("weight-left", {"column": raw.weight}))
    if raw.notes:
        findings.append(Finding("notes-left", {"what": "the notes on the file are"}))
    return tuple(findings)


def _text(labels: Labels, language: str) -> str:
    return labels.get(language) or next(iter(labels.values()), "")


def _used(column: RawColumn) -> list[str]:
    return [] if column.letters is None else [letter[1:] for letter in column.letters.drop_nulls().unique()]


def _cells(column: RawColumn, letters: list[str]) -> pl.Series:
    """A column as pyreadstat takes it: letters stand among numbers in a column of objects."""
    if column.is_text or not letters:
        return column.values.alias(column.source)
    found = column.letters if column.letters is not None else [None] * len(column.values)
    cells = [letter[1:] if letter else value for letter, value in zip(found, column.values, strict=True)]
    return pl.Series(column.source, cells, dtype=pl.Object)


def _labels(column: RawColumn, language: str, findings: list[Finding]) -> dict[int | float | str, str]:
    """Labels of values: Stata has them for whole numbers and letters, not for texts."""
    found: dict[int | float | str, str] = {}
    left = 0
    for code, labels in column.value_labels.items():
        if isinstance(code, str) and not column.is_text and _LETTER.fullmatch(code[1:]):
            found[code[1:]] = _text(labels, language)
        elif isinstance(code, float) and code.is_integer() and abs(code) <= _LARGEST_LABELLED:
            found[int(code)] = _text(labels, language)
        else:
            left += 1
    if left:
        what = f"{left} labels of values that are not whole numbers ({column.source}) are"
        findings.append(Finding("notes-left", {"what": what}))
    return found


def _format(column: RawColumn) -> str:
    if column.format.startswith("%"):
        return column.format
    return "%td" if column.dates else ""
