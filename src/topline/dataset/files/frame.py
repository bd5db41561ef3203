"""Columns of a Polars frame as a file's columns: what Parquet from elsewhere holds, and plain CSV."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from topline.base import Finding
from topline.dataset.codebook import Labels
from topline.dataset.files.raw import RawColumn, RawFile

_UNIX_DAY: Final = date(1970, 1, 1).toordinal()
_LARGEST_EXACT: Final = 1 << 53  # beyond it, floats skip whole numbers
_NUMBER: Final = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_CODE_LIKE: Final = r"^[+-]?0\d"  # 007: a code, not a number
_DATE: Final = r"^\d{4}-\d{2}-\d{2}$"


def raw_of_frame(frame: pl.DataFrame, language: str) -> RawFile:
    """A file without labels; columns of lists and other nested things are left out, and a finding says so."""
    columns, findings = [], []
    for series in frame:
        column = _column(series, language)
        if column is None:
            findings.append(Finding("column-left", {"column": series.name, "type": series.dtype}))
        else:
            columns.append(column)
    return RawFile(frame.height, tuple(columns), findings=tuple(findings))


def _column(series: pl.Series, language: str) -> RawColumn | None:
    name, dtype = series.name, series.dtype
    if dtype == pl.Boolean:
        said: dict[float | str, Labels] = {0.0: {language: "false"}, 1.0: {language: "true"}}
        return RawColumn(name, series.cast(pl.Float64), value_labels=said)
    if isinstance(dtype, pl.Categorical | pl.Enum):
        texts = series.cast(pl.String).fill_null("")
        order = dtype.categories if isinstance(dtype, pl.Enum) else sorted(texts.unique())
        return RawColumn(name, texts, value_labels={text: {} for text in order if text})
    if dtype == pl.Date:
        return RawColumn(name, series.to_physical().cast(pl.Float64) + _UNIX_DAY, dates="ordinal")
    if isinstance(dtype, pl.Datetime):
        days = series.cast(pl.Date)
        if (days.cast(dtype) == series).all():
            return _column(days, language)
        return RawColumn(name, series.dt.to_string("iso").fill_null(""))
    if dtype.is_numeric():
        exact = dtype.is_float() or not (series.cast(pl.Float64).abs() > _LARGEST_EXACT).any()
        return RawColumn(name, series.cast(pl.Float64) if exact else series.cast(pl.String).fill_null(""))
    if dtype in (pl.String, pl.Time):
        return RawColumn(name, series.cast(pl.String).fill_null(""))
    if dtype == pl.Null:
        return RawColumn(name, series.cast(pl.Float64))
    return None


def typed(series: pl.Series) -> RawColumn:
    """A column of texts as numbers or dates, where all of its texts are such."""
    texts = series.fill_null("")
    some = texts.filter(texts != "")
    if len(some) and some.str.contains(_NUMBER).all() and not some.str.contains(_CODE_LIKE).any():
        numbers = texts.replace("", None).cast(pl.Float64)
        if not (numbers.abs() > _LARGEST_EXACT).any():
            return RawColumn(series.name, numbers)
    if len(some) and some.str.contains(_DATE).all():
        days = texts.replace("", None).str.to_date("%Y-%m-%d", strict=False)
        if days.null_count() == len(texts) - len(some):
            return RawColumn(series.name, days.to_physical().cast(pl.Float64) + _UNIX_DAY, dates="ordinal")
    return RawColumn(series.name, texts)
