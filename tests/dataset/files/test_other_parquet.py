"""Parquet that other programs wrote; names in any script; long lists; kinds that came later."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.dataset.files.made import YES_NO, data_of, numbers, same, texts

from topline.base import ToplineError
from topline.dataset import codebook_of, missing_code, read, write
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


@pytest.mark.parametrize("ending", [".sav", ".dta", ".csv", ".parquet"])
def test_lists_of_over_two_hundred_answers(ending: str, tmp_path: Path) -> None:
    """A list of 300 towns has codes of 16 bits, and its missing values stay missing."""
    labels = {float(code): {"und": f"Town {code}"} for code in range(300)} | {999.0: {"und": "Refused"}}
    data = data_of(
        numbers("town", [0, 299, 999, None], value_labels=labels, declared=(999.0,), format="F8.2", width=8)
    )
    assert data.codes("town").dtype == np.uint16
    write(data, tmp_path / f"towns{ending}")
    again = read(tmp_path / f"towns{ending}")
    assert again.codes("town").tolist() == data.codes("town").tolist()
    assert again.kinds("town").tolist() == [0, 0, missing_code("refused"), 251]
    if ending != ".dta":
        assert same(data, again) == []


@pytest.mark.parametrize("ending", [".sav", ".dta", ".csv"])
def test_kinds_that_came_after_reading(ending: str, tmp_path: Path) -> None:
    """An answer that a rule of data quality took out is written with that kind, though the file had none."""
    data = data_of(numbers("q", [1, 0, 1], value_labels=YES_NO), numbers("hours", [-7.5, 1, 2]))
    codes = data.codes("q").copy()
    codes[0] = missing_code("invalid")
    write(replace(data, columns={"q": codes}), tmp_path / f"a{ending}")
    assert read(tmp_path / f"a{ending}").kinds("q").tolist() == [missing_code("invalid"), 0, 0]
