"""Files that cannot be read, each with one error: what was given, what is allowed, what to do."""

from pathlib import Path

import pytest
from tests.dataset.files.made import YES_NO, data_of, numbers, texts

from topline.base import ToplineError
from topline.dataset import read, write


def refusal(path: Path) -> str:
    """The one error that reading gives, without the folder."""
    with pytest.raises(ToplineError) as caught:
        read(path)
    assert len(caught.value.findings) == 1
    return str(caught.value).replace(f"{path.parent}/", "")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A folder with one small file of each format that we write."""
    data = data_of(
        numbers("q", [1, 0, None] * 50, value_labels=YES_NO), texts("t", [f"text {n}" for n in range(150)])
    )
    for ending in ("sav", "zsav", "dta", "parquet", "csv"):
        write(data, tmp_path / f"good.{ending}")
    return tmp_path


def test_what_is_no_file(tmp_path: Path) -> None:
    """Nothing there, a folder, an empty file, an unknown ending."""
    (tmp_path / "folder.sav").mkdir()
    (tmp_path / "empty.sav").touch()
    (tmp_path / "notes.docx").write_text("x")
    assert refusal(tmp_path / "none.sav") == (
        "none.sav error: there is no such file. Give the path of a data file, from where you are or in full."
    )
    assert refusal(tmp_path / "folder.sav") == (
        "folder.sav error: this is a folder. Give a data file in it: one that ends in .sav, .zsav, .por, "
        ".dta, .parquet, .csv."
    )
    assert refusal(tmp_path / "empty.sav") == (
        "empty.sav error: the file is empty (0 bytes). Copy or save it again."
    )
    assert refusal(tmp_path / "notes.docx") == (
        "notes.docx error: the name has .docx, which says nothing that Topline reads. It reads .sav, .zsav, "
        ".por, .dta, .parquet, .csv; save or rename the file so."
    )


@pytest.mark.parametrize(
    ("name", "of", "instead"),
    [
        ("a.sav", "good.dta", ": it is Stata (.dta)"),
        ("a.dta", "good.sav", ": it is SPSS (.sav)"),
        ("a.parquet", "good.zsav", ": it is SPSS (.zsav)"),
        ("a.csv", "good.parquet", ": it is Parquet (.parquet)"),
        ("a.por", "good.csv", ""),
        ("a.sav", "good.csv", ""),
    ],
)
def test_not_what_the_ending_says(name: str, of: str, instead: str, good: Path) -> None:
    """A file under a wrong name is called what it is, where that can be told."""
    (good / name).write_bytes((good / of).read_bytes())
    said = refusal(good / name)
    assert said.startswith(f"{name} error: the file ends in {Path(name).suffix} but is not ")
    assert f"{instead}. Give it the ending of what it is, or save it again as " in said


@pytest.mark.parametrize("ending", ["sav", "zsav", "dta", "parquet"])
def test_broken_off_anywhere(ending: str, good: Path) -> None:
    """A file that was cut off, in its head, in the middle or before its last byte, is never half read."""
    whole = (good / f"good.{ending}").read_bytes()
    for left in (40, 400, len(whole) // 2, len(whole) - 9):
        (good / f"cut.{ending}").write_bytes(whole[:left])
        assert "breaks off or is damaged" in refusal(good / f"cut.{ending}"), left


def test_wrong_encoding(tmp_path: Path) -> None:
    """CSV in an old encoding: save it as UTF-8. Nothing is guessed."""
    (tmp_path / "old.csv").write_bytes("a,b\n1,été\n".encode("latin-1"))
    assert refusal(tmp_path / "old.csv").endswith("Save it again with Unicode (UTF-8).")


def test_nobody_in_it(tmp_path: Path) -> None:
    """A header without rows has nothing to tabulate."""
    (tmp_path / "header.csv").write_text("a,b\n")
    assert refusal(tmp_path / "header.csv") == (
        "header.csv error: the file has a header but no rows. There is nothing to tabulate."
    )


def test_what_cannot_be_written(good: Path) -> None:
    """An ending that Topline does not write, and a place that is none; nothing is left behind."""
    data = read(good / "good.sav")
    before = sorted(good.iterdir())
    with pytest.raises(ToplineError, match=r"does not write files with \.por\. It writes \.sav, "):
        write(data, good / "out.por")
    with pytest.raises(ToplineError, match="cannot be written"):
        write(data, good / "good.csv" / "out.sav")
    assert sorted(good.iterdir()) == before


def test_what_a_format_cannot_hold(tmp_path: Path) -> None:
    """A number beyond Stata's largest is refused, with the formats that hold it."""
    with pytest.raises(ToplineError) as caught:
        write(data_of(numbers("huge", [1e308, 2.5])), tmp_path / "huge.dta")
    said = str(caught.value).replace(f"{tmp_path}/", "")
    assert said.startswith("huge.dta error: Stata cannot hold this: ")
    assert said.endswith("Write it as .parquet or .csv.")
    assert list(tmp_path.iterdir()) == []
