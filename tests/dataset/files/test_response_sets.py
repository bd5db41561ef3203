"""Multiple-response sets in .sav files: pyreadstat and PSPP read what we write."""

import shutil
import subprocess
from pathlib import Path

import pyreadstat
import pytest
from tests.conftest import lacking
from tests.dataset.files.made import YES_NO, data_of, numbers, same, texts

from topline.dataset import Dataset, missing_code, read, write
from topline.dataset.files.raw import RawSet


def every_set() -> Dataset:
    """A set of each kind: dichotomies of numbers and texts, called as their values, and categories."""
    answers = {1.0: {"und": "Rail"}, 2.0: {"und": "Bus"}, 3.0: {"und": "Car"}}
    return data_of(
        numbers("a_long_name_1", [1, 0, 0, None], value_labels=YES_NO, labels={"und": "Radio"}),
        numbers("a_long_name_2", [1, 1, 0, None], value_labels=YES_NO, labels={"und": "Papers"}),
        texts("s1", ["Yes", "No", "", "No"], format="A3"),
        texts("s2", ["No", "Yes", "No", "No"], format="A3"),
        numbers("c1", [1, 2, None, 3], value_labels=answers),
        numbers("c2", [2, None, None, 1], value_labels=answers),
        numbers("w", [1.5, 0.5, 1, 1]),
        sets=[
            RawSet("$news", ("a_long_name_1", "a_long_name_2"), 1.0, {"und": "Sources of news"}),
            RawSet("$words", ("s1", "s2"), "Yes", {"und": "Wörter"}),
            RawSet("$ways", ("c1", "c2"), None, {"und": "Ways to go"}),
            RawSet("$by_value", ("a_long_name_1", "a_long_name_2"), 0.0, {}, "value"),
            RawSet("$first", ("a_long_name_2", "a_long_name_1"), 1.0, {}, "value", label_of_first=True),
        ],
        weight="w",
    )


@pytest.mark.parametrize("ending", [".sav", ".zsav"])
def test_sets_and_weight_survive(ending: str, tmp_path: Path) -> None:
    """Every kind of set comes back, with the weight, through a plain and a compressed file."""
    data = every_set()
    assert write(data, tmp_path / f"sets{ending}") == ()
    again = read(tmp_path / f"sets{ending}")
    assert again.book is not None
    assert [column.source for column in again.book.columns] == [c.source for c in data.book.columns]  # type: ignore[union-attr]
    assert again.book.sets == data.book.sets  # type: ignore[union-attr]
    assert again.weights is not None
    assert again.weights.tolist() == [1.5, 0.5, 1, 1]


@pytest.mark.parametrize("ending", [".sav", ".zsav"])
def test_pyreadstat_reads_our_sets(ending: str, tmp_path: Path) -> None:
    """An independent reader finds the same names, labels, columns and counted values, and all the rows."""
    write(every_set(), tmp_path / f"sets{ending}")
    frame, meta = pyreadstat.read_sav(tmp_path / f"sets{ending}", output_format="polars")
    found = {
        name: (entry["type"], entry["label"], entry["variable_list"]) for name, entry in meta.mr_sets.items()
    }
    pair = ["a_long_name_1", "a_long_name_2"]
    assert found == {
        "news": ("D", "Sources of news", pair),
        "words": ("D", "Wörter", ["s1", "s2"]),
        "by_value": ("E", "", pair),
        "first": ("E", "", pair[::-1]),
        "ways": ("C", "Ways to go", ["c1", "c2"]),
    }
    assert [meta.mr_sets[name]["counted_value"] for name in ("news", "by_value", "first")] == [1, 0, 1]
    assert frame["w"].to_list() == [1.5, 0.5, 1, 1]


@pytest.mark.parametrize("ending", [".sav", ".zsav"])
def test_pspp_reads_our_sets(ending: str, tmp_path: Path) -> None:
    """PSPP itself, whose documentation of the format we follow, lists the sets and the weight."""
    if shutil.which("pspp") is None:
        lacking("PSPP", "apt install pspp")
    write(every_set(), tmp_path / f"sets{ending}")
    commands = f"GET FILE='sets{ending}'.\nMRSETS /DISPLAY NAME=ALL.\nSHOW WEIGHT.\nLIST.\n"
    done = subprocess.run(
        ["pspp", "-o", "-", "-O", "format=csv", "-"],
        input=commands,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert '$news,Sources of news,Dichotomies,1,"a_long_name_1' in lines
    assert '$words,Wörter,Dichotomies,Yes,"s1' in lines
    assert any(line.startswith("$ways,Ways to go,Categories,") for line in lines)
    assert any(line.startswith("$by_value,") for line in lines)
    assert any("WEIGHT" in line and line.rstrip(".").endswith("w") for line in lines)
    assert lines[-4:] == ["1.00,1.00,Yes,No,1.00,2.00,1.50", *lines[-3:]]


def test_who_chose_nothing_left_the_set_blank() -> None:
    """An option is "not chosen" only for people who chose another; else the set is blank."""
    data = every_set()
    blank = missing_code("blank")
    assert data.option_codes("news", "a_long_name_1").tolist()[:3] == [1, 0, blank]
    assert data.kinds("news").tolist()[3] == data.kinds("a_long_name_1").tolist()[3] != blank
    assert data.option_codes("ways", "bus").tolist() == [1, 1, data.kinds("c1")[2], 0]


def test_members_have_no_table_of_their_own() -> None:
    """The columns of a set are attributes: filters may use them, and only the set is tabulated."""
    study = every_set().study
    assert [question.id for question in study] == ["first", "news", "by_value", "words", "ways"]
    assert [attribute.name for attribute in study.attributes][:2] == ["a_long_name_1", "a_long_name_2"]


def test_parquet_keeps_sets(tmp_path: Path) -> None:
    """Our own format gives back the very same data set."""
    data = every_set()
    write(data, tmp_path / "sets.parquet")
    assert same(data, read(tmp_path / "sets.parquet")) == []
