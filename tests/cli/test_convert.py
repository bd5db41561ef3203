"""`topline convert FILE -o FILE`."""

from pathlib import Path

import pytest
from tests.dataset.files.made import YES_NO, data_of, numbers, texts

from topline.cli import FINE, WRONG_USE, main
from topline.dataset import codebook_of, read, write
from topline.dataset.files.raw import RawSet


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with answers.sav: two columns of a set, one more, and a value that nobody called missing."""
    monkeypatch.chdir(tmp_path)
    labels = YES_NO | {-9.0: {"und": "-9. Refused"}}
    data = data_of(
        numbers("q1_1", [1, 0, -9], value_labels=labels, labels={"und": "Radio"}),
        numbers("q1_2", [1, 1, -9], value_labels=labels),
        texts("town", ["Bangor", "Bangor", "Ystrad"]),
        sets=[RawSet("$q1", ("q1_1", "q1_2"), 1.0)],
    )
    write(data, tmp_path / "answers.sav")
    return tmp_path


def test_converted_and_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was written is said, and what the format has no place for; that is no finding."""
    assert main(["convert", "answers.sav", "-o", "answers.dta", "--missing=-9"]) == FINE
    shown = capsys.readouterr()
    assert shown.out == (
        "answers.dta: 3 people, 3 columns\n"
        "note: missing values that are not in the base are written as Stata's letters .a to .z, with their "
        "labels.\n"
        "note: multiple-response sets are not written ($q1); their columns are there, 1 for chosen.\n"
    )
    assert shown.err == ""
    assert [value.kind for value in codebook_of(read("answers.dta")).by_name["q1_1"].missing] == ["refused"]


def test_nothing_to_tell(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Parquet and back to .sav loses nothing, so nothing is said."""
    assert main(["convert", "answers.sav", "-o", "a.parquet"]) == FINE
    assert main(["convert", "a.parquet", "-o", "b.sav"]) == FINE
    assert capsys.readouterr().out == "a.parquet: 3 people, 3 columns\nb.sav: 3 people, 3 columns\n"


def test_the_answers_of_a_study(root: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The folder of a study stands for its answers, read through its questionnaire."""
    assert main(["convert", str(root / "examples" / "non-voters-2020"), "-o", "voters.parquet"]) == FINE
    assert capsys.readouterr().out == "voters.parquet: 5,836 people, 119 columns\n"
    assert read("voters.parquet").study.id == "non_voters_2020"


def test_the_source_is_never_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the file itself nor, under another spelling, its codebook."""
    before = (folder / "answers.sav").read_bytes()
    assert main(["convert", "answers.sav", "-o", f"{folder}/../{folder.name}/answers.sav"]) == WRONG_USE
    said = "answers.sav error: the source itself would be overwritten. Give another name after -o.\n"
    assert capsys.readouterr().err == said
    assert (folder / "answers.sav").read_bytes() == before
    assert main(["convert", "answers.sav", "-o", "a.csv"]) == FINE
    assert main(["convert", "a.csv", "--codebook", "a.codebook.csv", "-o", "a.sav"]) == FINE


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.sav", "-o", "a.sav"], "none.sav error: there is no such file."),
        (["answers.sav", "-o", "a.xlsx"], "a.xlsx error: Topline does not write files with .xlsx."),
        (
            ["answers.sav", "--codebook", "a.csv", "-o", "b.csv"],
            "answers.sav error: a codebook was given for ",
        ),
        (
            ["own.parquet", "--missing=-9", "-o", "b.csv"],
            "own.parquet error: values to call missing were given ",
        ),
    ],
)
def test_wrong_use(arguments: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong use is explained on standard error; nothing is written."""
    write(read("answers.sav"), "own.parquet")
    before = sorted(folder.iterdir())
    assert main(["convert", *arguments]) == WRONG_USE
    assert capsys.readouterr().err.startswith(said)
    assert sorted(folder.iterdir()) == before


def test_codes_that_are_no_numbers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--missing` takes numbers between commas, and says so."""
    with pytest.raises(SystemExit):
        main(["convert", "answers.sav", "--missing=-9,x", "-o", "a.sav"])
    said = "argument --missing: “-9,x” is not a list of numbers. Write it as in -9,-8\n"
    assert capsys.readouterr().err.endswith(said)
