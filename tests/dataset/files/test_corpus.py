"""Real files of SPSS and Stata: all of them load, and a .sav file that is written again is the same."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pyreadstat
import pytest
from tests.conftest import lacking
from tests.dataset.files.made import same

from topline.dataset import Dataset, read, write
from topline.dataset.codebook import NO_VALUE, Column

SPSS = 25  # files in formats/sav


@pytest.fixture(scope="module")
def files(shared_data: Path) -> list[Path]:
    """Every file of SPSS and Stata beside the project."""
    folder = shared_data / "formats"
    found = sorted([*(folder / "sav").iterdir(), *(folder / "stata").glob("*.dta")])
    assert len(found) == SPSS + 1
    return found


def outside(path: Path) -> tuple[dict[str, list[Any]], Any]:
    """The file as pyreadstat gives it, values that the file calls missing among them."""
    settings: dict[str, Any] = {"output_format": "dict", "disable_datetime_conversion": True}
    if path.suffix == ".por":
        return pyreadstat.read_por(path, **settings)
    reader = pyreadstat.read_dta if path.suffix == ".dta" else pyreadstat.read_sav
    return reader(path, user_missing=True, **settings)


def test_every_file_loads_with_all_that_it_says(files: list[Path]) -> None:
    """Rows, columns, labels of columns and values, and which cells are missing, are pyreadstat's own."""
    for path in files:
        values, meta = outside(path)
        data = read(path)
        assert data.book is not None
        assert data.n == len(values[meta.column_names[0]])
        assert [column.source for column in data.book.columns] == meta.column_names
        for column in data.book.columns:
            assert list(column.labels.values()) == [
                label for label in [meta.column_names_to_labels[column.source]] if label
            ]
            told = {
                v.code: next(iter(v.labels.values())) for v in (*column.values, *column.missing) if v.labels
            }
            assert told == meta.variable_value_labels.get(column.source, {}), (path.name, column.source)
            expected = [is_missing(value, column, meta) for value in values[column.source]]
            assert list(missing_of(data, column)) == expected, (path.name, column.source)


def is_missing(value: Any, column: Column, meta: Any) -> bool:
    """Whether a cell is missing by pyreadstat's account of the file."""
    if value is None or value == "" or (isinstance(value, float) and np.isnan(value)):
        return True
    ranges = meta.missing_ranges.get(column.source, [])
    return any(part["lo"] <= value <= part["hi"] for part in ranges)


def missing_of(data: Dataset, column: Column) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which people have no answer in a column (n,)."""
    return data.kinds(column.name) > 0


@pytest.mark.parametrize("ending", [".sav", ".zsav", ".parquet"])
def test_written_again_nothing_is_lost(ending: str, files: list[Path], tmp_path: Path) -> None:
    """Through .sav, .zsav or Parquet and back: no label, missing value, set or answer differs."""
    for path in files[:SPSS]:
        data = read(path)
        notes = write(data, tmp_path / f"again{ending}")
        assert notes == (), path.name
        assert same(data, read(tmp_path / f"again{ending}")) == [], path.name


def test_stata_is_written_again(files: list[Path], tmp_path: Path) -> None:
    """The Stata file comes back with every label and answer."""
    data = read(files[-1])
    assert write(data, tmp_path / "again.dta") == ()
    assert same(data, read(tmp_path / "again.dta")) == []


def test_answers_are_those_of_the_file(shared_data: Path) -> None:
    """Codes lead back to the file's values: the answers of a labelled column, cell by cell."""
    path = shared_data / "formats" / "stata" / "anes_2020_stata_example.dta"
    values, _ = outside(path)
    data = read(path)
    assert data.book is not None
    column = data.book.by_source["V201102"]
    codes = np.array([value.code for value in column.values])
    assert (codes[data.codes(column.name)] == values["V201102"]).all()
    assert data.study.variables["v201102"].options[3].label == "1. Yes, voted"


def test_missing_values_keep_their_codes(shared_data: Path) -> None:
    """Values that a file calls missing stay apart, each with its own code, though no label says why."""
    data = read(shared_data / "formats" / "sav" / "pyreadstat_simple_alltypes.sav")
    assert data.book is not None
    column = data.book.by_name["z"]
    assert [(value.code, value.kind) for value in column.missing] == [
        (-9.0, "unclear"),
        (999.0, "unclear"),
        (None, NO_VALUE),
    ]
    assert column.declared == ((-999.0, 0.0), 999.0)
    assert list(data.origins["z"]) == [1, 3, 0, 2, 0, 3]


def test_portable_files_keep_their_missing_values(tmp_path: Path) -> None:
    """Values that a .por file calls missing, one by one or as a range, are there with their labels."""
    if shutil.which("pspp") is None:
        lacking("PSPP", "apt install pspp")
    commands = """DATA LIST LIST NOTABLE /a b (F4.0) s (A3).
BEGIN DATA
1 -9 x
9 2 zz
END DATA.
VALUE LABELS a 1 'Yes' 9 'Refused'.
MISSING VALUES a (8,9) b (LO THRU -1) s ('zz').
EXPORT OUTFILE='a.por'.
"""
    subprocess.run(["pspp", "-"], input=commands, text=True, cwd=tmp_path, check=True, capture_output=True)
    data = read(tmp_path / "a.por")
    assert data.book is not None
    assert [[(v.code, v.kind) for v in column.missing] for column in data.book.columns] == [
        [(8.0, "unclear"), (9.0, "refused")],
        [(-9.0, "unclear")],
        [("zz", "unclear")],
    ]
    write(data, tmp_path / "a.sav")
    assert same(data, read(tmp_path / "a.sav")) == []


def test_response_sets_are_variables(shared_data: Path) -> None:
    """Sets of a file, dichotomies and categories, are multiple responses as if they had been asked here."""
    data = read(shared_data / "formats" / "sav" / "pyreadstat_simple_alltypes.sav")
    variable = data.study.variables["mymrset"]
    assert (variable.kind, variable.label) == ("set", "My multiple response set")
    assert [option.name for option in variable.options] == ["bool1", "bool2", "bool3"]
    assert [option.name for option in data.study.variables["categorical_array"].options] == list("abcd")
    assert data.option_codes("categorical_array", "a").tolist()[0] == 1
