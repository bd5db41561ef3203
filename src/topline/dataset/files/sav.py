"""SPSS: .sav, .zsav and .por through pyreadstat; response sets, weight and long texts are put in by us."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from topline.base import Finding
from topline.dataset.codebook import Labels
from topline.dataset.data import Dataset
from topline.dataset.files.dates import spss_unit
from topline.dataset.files.leave import Style, leave
from topline.dataset.files.names import cut, left_behind, renamed
from topline.dataset.files.raw import RawColumn, RawFile, RawSet
from topline.dataset.files.recode import spss_codes
from topline.dataset.files.sav_dictionary import add_records, dictionary_of

NOTE: Final = 80  # bytes of a line of a document
LABEL: Final = 255  # bytes of the label of a column
VALUE_LABEL: Final = 120
TITLE: Final = 64
NAME: Final = 64


def read_sav(path: Path, language: str) -> RawFile:
    """Read a .sav or .zsav file; pyreadstat's errors and ValueError pass through."""
    import pyreadstat

    frame, meta = pyreadstat.read_sav(
        path, user_missing=True, disable_datetime_conversion=True, output_format="polars"
    )
    found = dictionary_of(path)
    numeric = {name for name, kind in meta.readstat_variable_types.items() if kind != "string"}
    sets = tuple(_set(entry, numeric, language) for entry in found.sets)
    return raw_file(frame, meta, language, sets, found.weight)


def read_por(path: Path, language: str) -> RawFile:
    """Read a portable file.

    `pyreadstat.read_por` turns values that the file calls missing into nothing; the function below it, which
    all its readers call, can give them as they are.
    """
    from pyreadstat.pyreadstat import parser_entry_point  # type: ignore[attr-defined]

    frame, meta = parser_entry_point(
        path,
        parser_format="por",
        user_missing=True,
        disable_datetime_conversion=True,
        output_format="polars",
    )
    return raw_file(frame, meta, language, (), "")


def raw_file(frame: pl.DataFrame, meta: Any, language: str, sets: tuple[RawSet, ...], weight: str) -> RawFile:
    """A file of SPSS from what pyreadstat gives."""
    columns = tuple(_column(frame[name], meta, language) for name in meta.column_names)
    return RawFile(
        n=frame.height,
        columns=columns,
        sets=sets,
        title=meta.file_label or "",
        notes=tuple(meta.notes),
        weight=weight,
    )


def _set(entry: RawSet, numeric: Container[str], language: str) -> RawSet:
    """A set as the dictionary has it, its counted value a number where its columns are."""
    counted = entry.counted
    if isinstance(counted, str) and entry.columns and entry.columns[0] in numeric:
        counted = float(counted)
    labels = {language: next(iter(entry.labels.values()))} if entry.labels else {}
    return replace(entry, counted=counted, labels=labels)


def _column(series: pl.Series, meta: Any, language: str) -> RawColumn:
    name = series.name
    text = meta.readstat_variable_types[name] == "string"
    format = meta.original_variable_types.get(name) or ""
    label = meta.column_names_to_labels.get(name)
    return RawColumn(
        source=name,
        values=series.cast(pl.String).fill_null("") if text else series.cast(pl.Float64),
        labels={language: label} if label else {},
        value_labels=value_labels(meta.variable_value_labels.get(name, {}), language, text=text),
        declared=tuple(_declared(part, text) for part in meta.missing_ranges.get(name, ())),
        measure=meta.variable_measure.get(name, "unknown"),
        format=format,
        width=meta.variable_display_width.get(name, 0),
        dates="" if text else spss_unit(format),
    )


def value_labels(found: Mapping[Any, str], language: str, *, text: bool) -> Mapping[float | str, Labels]:
    """Labels by value: numbers as float, texts as they are."""
    return {str(code) if text else float(code): {language: label} for code, label in found.items()}


def _declared(part: Any, text: bool) -> float | str | tuple[float, float]:
    low, high = (part["lo"], part["hi"]) if isinstance(part, dict) else (part, part)
    if text:
        return str(low)
    return float(low) if low == high else (float(low), float(high))


# --- writing


def write_sav(data: Dataset, path: Path, *, compress: bool = False) -> tuple[Finding, ...]:
    """Write a .sav file (`compress`: .zsav) to a path of our own; gives what the format could not take."""
    import pyreadstat

    raw = leave(data, Style("spss", spss_codes))
    findings = list(raw.findings)
    raw = renamed(raw, NAME, findings)
    language = raw.languages[0]
    columns = raw.columns
    labels: Any = {
        c.source: {
            code: cut(_text(labels, language), VALUE_LABEL, c.source, findings)
            for code, labels in c.value_labels.items()
        }
        for c in columns
        if c.value_labels
    }
    frame = pl.DataFrame([_as_wide(column).alias(column.source) for column in columns])
    pyreadstat.write_sav(
        frame,
        path,
        file_label=cut(raw.title, TITLE, "the title", findings),
        column_labels=[cut(_text(c.labels, language), LABEL, c.source, findings) for c in columns],
        note=[cut(line, NOTE, "a note", findings) for line in raw.notes] or None,
        variable_value_labels=labels,
        missing_ranges={c.source: [_range(part) for part in c.declared] for c in columns if c.declared},
        variable_measure={c.source: c.measure for c in columns},
        variable_display_width={c.source: c.width for c in columns if c.width},
        variable_format={c.source: _format(c) for c in columns if _format(c)},
        compress=compress,
        row_compress=not compress,
    )
    add_records(path, [replace(entry, source=_set_name(entry.source)) for entry in raw.sets], raw.weight)
    findings += left_behind(raw)
    return tuple(findings)


def _as_wide(column: RawColumn) -> pl.Series:
    """A column of texts as wide as its format, its labels and what it declares need.

    The width in the file is that of the longest text; SPSS takes blanks at the end for nothing.
    """
    if not column.is_text or not len(column.values):
        return column.values
    format = re.fullmatch(r"A(\d+)", column.format)
    codes = [str(code).encode() for code in (*column.value_labels, *column.declared)]
    width = max([int(format.group(1)) if format else 1, *map(len, codes)])
    first = column.values[0] or ""
    return pl.concat([pl.Series([first + " " * (width - len(first.encode()))]), column.values[1:]])


def _set_name(source: str) -> str:
    """The name of a response set as SPSS has it: a $, then letters, digits and a few signs."""
    return "$" + re.sub(r"[^\w.@#$]", "_", source.removeprefix("$")).encode()[: NAME - 1].decode(
        "utf-8", "ignore"
    )


def _text(labels: Labels, language: str) -> str:
    return labels.get(language) or next(iter(labels.values()), "")


def _range(part: float | str | tuple[float, float]) -> Any:
    return {"lo": part[0], "hi": part[1]} if isinstance(part, tuple) else part


def _format(column: RawColumn) -> str:
    """The format of a column; a date that came without one is shown as a date."""
    spss = column.format if not column.format.startswith("%") else ""
    return spss or ("SDATE10" if column.dates else "")
