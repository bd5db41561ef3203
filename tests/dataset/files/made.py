"""Data sets made in the test itself: columns as a file would give them, arranged as any file is."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from topline.dataset import Dataset
from topline.dataset.files.arrive import arrange
from topline.dataset.files.raw import RawColumn, RawFile, RawSet

YES_NO = {0.0: {"und": "No"}, 1.0: {"und": "Yes"}}


def numbers(name: str, values: Sequence[float | None], **said: object) -> RawColumn:
    """A column of numbers; None where nothing stands."""
    column = RawColumn(name, pl.Series(name, values, dtype=pl.Float64))
    return replace(column, **said)  # type: ignore[arg-type]


def texts(name: str, values: Sequence[str], **said: object) -> RawColumn:
    """A column of texts."""
    column = RawColumn(name, pl.Series(name, values, dtype=pl.String))
    return replace(column, **said)  # type: ignore[arg-type]


def data_of(*columns: RawColumn, sets: Sequence[RawSet] = (), **whole: object) -> Dataset:
    """The data set of such columns."""
    raw = RawFile(len(columns[0].values), columns, tuple(sets))
    return arrange(replace(raw, **whole), "made")  # type: ignore[arg-type]


def same(one: Dataset, other: Dataset) -> list[str]:
    """What differs between two data sets: parts of the codebook, arrays, texts. Empty if nothing does."""
    assert one.book is not None
    assert other.book is not None
    differ = [
        f"{a.name}: {a} != {b}" for a, b in zip(one.book.columns, other.book.columns, strict=True) if a != b
    ]
    for name in ("languages", "sets", "grids", "title", "notes", "weight"):
        if getattr(one.book, name) != getattr(other.book, name):
            differ.append(f"{name}: {getattr(one.book, name)} != {getattr(other.book, name)}")
    arrays, others = dict(one._arrays()), dict(other._arrays())
    differ += sorted(arrays.keys() ^ others.keys())
    for name in arrays.keys() & others.keys():
        number = arrays[name].dtype.kind == "f"
        if not np.array_equal(arrays[name], others[name], equal_nan=number):
            differ.append(f"array {name}")
    differ += [f"texts {name}" for name in one.texts if one.texts[name].values != other.texts[name].values]
    return differ
