"""CSV: alone, with columns as they look, or with a codebook beside it that says what they are."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from topline.base import Finding, Mark, fail
from topline.base.files import write_atomically
from topline.dataset.codebook import Labels
from topline.dataset.data import Dataset
from topline.dataset.files.codebook_csv import (
    Described,
    DescribedFile,
    codebook_path,
    codebook_text,
    read_codebook,
    sets_of,
    written_code,
)
from topline.dataset.files.frame import typed
from topline.dataset.files.leave import Style, leave
from topline.dataset.files.raw import RawColumn, RawFile
from topline.dataset.files.recode import plain_codes

_NUMBER: Final = r"-?\d+(\.\d+)?(e-?\d+)?"
_LETTER: Final = r"^\.[a-z]$"
_UNIX_DAY: Final = date(1970, 1, 1).toordinal()
_SEPARATORS: Final = (",", ";", "\t", "|")


def read_plain_csv(path: Path, language: str, codebook: Path | None = None) -> RawFile:
    """Read a CSV file, with its codebook if there is one beside it or one is given."""
    beside = codebook or codebook_path(path)
    described = read_codebook(beside) if codebook or beside.is_file() else None
    frame = pl.read_csv(
        path,
        infer_schema=False,
        glob=False,
        separator=_separator(path),
        encoding="utf8",
        raise_if_empty=False,
    )
    if described is None:
        return RawFile(frame.height, tuple(typed(series) for series in frame))
    lacking = [name for name in described.columns if name not in frame.columns]
    if lacking:
        fail("codebook-column", Mark(str(beside)), column=lacking[0], file=path.name)
    return _described(frame, described, language, Mark(str(beside)))


def _separator(path: Path) -> str:
    """What stands most often in the heading: comma, semicolon, tab or bar."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
    return max(_SEPARATORS, key=head.count)


def _described(frame: pl.DataFrame, found: DescribedFile, language: str, mark: Mark) -> RawFile:
    languages = found.languages or (language,)
    columns = tuple(
        _column(series, found.columns[series.name], languages[0], mark)
        if series.name in found.columns
        else typed(series)
        for series in frame
    )
    numeric = [column.source for column in columns if not column.is_text]
    return RawFile(
        n=frame.height,
        columns=columns,
        sets=sets_of(found, numeric),
        grids=tuple(found.grids),
        title=found.title,
        notes=tuple(found.notes),
        weight=found.weight,
        languages=found.languages,
    )


def _column(series: pl.Series, found: Described, language: str, mark: Mark) -> RawColumn:
    """A column as its codebook has it: a text stays one, letters of Stata are missing values."""
    head = found.head
    texts = series.fill_null("")
    letters = None
    if head.get("kind") == "text" or head.get("format", "").startswith("A"):
        raw = RawColumn(series.name, texts)
    else:
        raw, letters = _numbers_in(texts, found)

    def own(labels: Labels) -> Labels:
        return {name or language: text for name, text in labels.items()}

    raw = _as_said(raw, texts, found)
    values = [(_code(value[0], raw, mark), value) for value in found.values]
    declared = json.loads(head.get("declared") or "[]")
    return replace(
        raw,
        labels=own(found.labels),
        texts=own(found.texts),
        value_labels={code: own(labels) for code, (_, _, labels) in values},
        declared=tuple(tuple(part) if isinstance(part, list) else part for part in declared),
        letters=letters,
        measure=head.get("measure") or "unknown",
        format=head.get("format", ""),
        width=int(head.get("width") or 0),
        name=head.get("variable", ""),
        kind=head.get("kind", ""),  # type: ignore[arg-type]
        names={code: line["name"] for code, (_, line, _) in values if line.get("name")},
        kinds={
            code: (line["missing"], line.get("in_base") == "yes")
            for code, (_, line, _) in values
            if line.get("missing")
        },
    )


def _code(text: str, raw: RawColumn, mark: Mark) -> float | str:
    """A value of the codebook as the column holds it; ToplineError for a text in a column of numbers."""
    if raw.is_text or re.fullmatch(_LETTER, text):
        return text
    if not re.fullmatch(_NUMBER, text):
        what = f"the code “{text}” for {raw.source}, a column of numbers"
        fail("codebook-bad", mark, what=what, allowed="a number, or a letter from .a to .z")
    return float(text)


def _as_said(raw: RawColumn, texts: pl.Series, found: Described) -> RawColumn:
    """A column that holds what its codebook says; ToplineError where something else stands in it."""
    kind = found.head.get("kind", "")
    if kind not in ("number", "date"):
        return raw
    gone = ["", *(code for code, line, _ in found.values if line.get("missing"))]
    answers = texts.filter(~(texts.is_in(gone) | texts.str.contains(_LETTER)))
    if len(answers) and (raw.is_text or bool(raw.dates) != (kind == "date")):
        bad = next((text for text in answers if not re.fullmatch(_NUMBER, text)), answers[0])
        fail("codebook-mismatch", Mark(raw.source), kind=kind, value=bad)
    return replace(raw, dates="ordinal") if kind == "date" else raw


def _numbers_in(texts: pl.Series, found: Described) -> tuple[RawColumn, pl.Series | None]:
    """A column of numbers or dates with the codes of its missing values, and letters; else one of texts."""
    lettered = texts.str.contains(_LETTER)
    gone = [code for code, line, _ in found.values if line.get("missing") and re.fullmatch(_NUMBER, code)]
    coded = texts.is_in(gone)
    bare = texts.zip_with(~(lettered | coded), pl.repeat("", len(texts), eager=True))
    raw = typed(bare.alias(texts.name))
    if raw.is_text and (bare != "").any():
        return RawColumn(texts.name, texts), None
    values = pl.repeat(None, len(texts), dtype=pl.Float64, eager=True) if raw.is_text else raw.values
    codes = texts.zip_with(coded, pl.repeat(None, len(texts), dtype=pl.String, eager=True)).cast(pl.Float64)
    letters = texts.zip_with(lettered, pl.repeat(None, len(texts), dtype=pl.String, eager=True))
    return replace(raw, values=values.zip_with(~coded, codes)), letters if lettered.any() else None


def write_plain_csv(data: Dataset, path: Path, codebook: Path) -> tuple[Finding, ...]:
    """Write a CSV file to a path of our own, and its codebook where it belongs."""
    raw = leave(data, Style("ordinal", plain_codes))
    frame = pl.DataFrame([_cells(column) for column in raw.columns])
    frame.write_csv(path)
    write_atomically(codebook, codebook_text(raw))
    return raw.findings


def _cells(column: RawColumn) -> pl.Series:
    """A column as texts: codes without a decimal point, dates as 2026-05-31, letters as they are."""
    if column.is_text:
        return column.values.alias(column.source)
    if column.dates:
        days = (column.values - _UNIX_DAY).cast(pl.Int32).cast(pl.Date).cast(pl.String)
        gone = [code for code in column.kinds if isinstance(code, float)]
        cells = days.zip_with(~column.values.is_in(gone), _numbers(column.values))
    else:
        cells = _numbers(column.values)
    if column.letters is not None:
        cells = cells.zip_with(column.letters.is_null(), column.letters)
    return cells.alias(column.source)


def _numbers(values: pl.Series) -> pl.Series:
    whole = values.drop_nulls()
    if ((whole == whole.floor()) & (whole.abs() < 1e15)).all():
        return values.cast(pl.Int64).cast(pl.String)
    return pl.Series([None if value is None else written_code(value) for value in values], dtype=pl.String)
