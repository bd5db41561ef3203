"""Parquet that other programs wrote, and names in any script."""

from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.dataset.files.made import YES_NO, data_of, numbers, texts

from topline.base import ToplineError
from topline.dataset import codebook_of, read, write
from topline.dataset.files.raw import RawSet


def test_columns_of_every_type(tmp_path: Path) -> None:
    """Each type of column becomes a list, number, date or text; nested ones are left out with a warning."""
    frame = pl.DataFrame(
        {
            "flag": [True, False, None],
            "level": pl.Series(["low", "high", "low"], dtype=pl.Enum(["low", "middle", "high"])),
            "town": pl.Series(["b", "a", "b"], dtype=pl.Categorical),
            "day": [date(2020, 1, 1), None, date(1, 1, 1)],
            "midnight": [datetime(2020, 1, 1), None, datetime(2021, 1, 1)],
            "moment": [datetime(2020, 1, 1, 5), None, datetime(2021, 1, 1)],
            "large": [2**60 + 1, 1, 2],
            "share": [0.5, float("nan"), None],
            "nothing": pl.Series([None] * 3, dtype=pl.Null),
            "nested": [[1], [2], [3]],
        }
    )
    frame.write_parquet(tmp_path / "other.parquet")
    data = read(tmp_path / "other.parquet", language="en")
    assert {column.name: column.kind for column in codebook_of(data).columns} == {
        "flag": "codes", "level": "codes", "town": "codes", "day": "date", "midnight": "date",
        "moment": "text", "large": "text", "share": "number", "nothing": "number",
    }  # fmt: skip
    assert [option.label for option in data.study.variables["level"].options] == ["low", "middle", "high"]
    assert [option.label for option in data.study.variables["flag"].options] == ["false", "true"]
    assert data.codes("town").tolist() == [1, 0, 1]
    assert data.numbers("day").values[[0, 2]].tolist() == [date(2020, 1, 1).toordinal(), 1]
    assert data.texts["large"].values[0] == str(2**60 + 1)
    assert (data.numbers("share").kinds > 0).tolist() == [False, True, True]
    assert [str(note) for note in data.notes] == [
        "warning: column nested is left out: Topline has no use for columns of type List(Int64)."
    ]


def test_a_later_version_is_refused(tmp_path: Path) -> None:
    """A file of a Topline that is newer than this one says so."""
    frame = pl.DataFrame({"a": [1]})
    frame.write_parquet(tmp_path / "new.parquet", metadata={"topline": '{"version": 2}'})
    with pytest.raises(ToplineError, match="written in version 2 of Topline's format; this Topline reads"):
        read(tmp_path / "new.parquet")


def test_names_in_any_script(tmp_path: Path) -> None:
    """Columns, sets and labels in Hebrew and with accents survive .sav, with a set over them and a weight."""
    names = ("ותק_א", "ותק_ב", "Ünï_cödé_var_with_a_long_name_12345")
    data = data_of(
        *(numbers(name, [1, 0, 1], value_labels=YES_NO, format="F8.2", width=8) for name in names),
        texts("שם", ["א" * 300, "b", "c"], format="A600", width=8, measure="nominal"),
        numbers("גיל", [1, 2.5, 3], format="F8.2", width=8, labels={"und": "גיל"}),
        sets=[RawSet("$סט", names, 1.0, {"und": "מדבק"})],
        weight="גיל",
    )
    assert write(data, tmp_path / "hebrew.sav") == ()
    again = read(tmp_path / "hebrew.sav")
    assert codebook_of(again) == codebook_of(data)
    assert again.weights is not None
    assert np.array_equal(again.weights, [1, 2.5, 3])


def test_weights_that_are_none(tmp_path: Path) -> None:
    """Who has no weight or a negative one weighs 0, and a warning says how many they are."""
    data = data_of(numbers("q", [1, 0, 1]), numbers("w", [-1, None, 2]), weight="w")
    assert data.weights is not None
    assert data.weights.tolist() == [0, 0, 2]
    assert [str(note) for note in data.notes] == [
        "warning: 2 people have no weight in w, or a negative one: they weigh 0, as in SPSS."
    ]
    write(data, tmp_path / "w.sav")
    assert read(tmp_path / "w.sav").numbers("w").values[[0, 2]].tolist() == [-1, 2]
