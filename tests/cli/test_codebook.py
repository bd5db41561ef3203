"""`topline codebook STUDY`."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from topline.cli import FINE, WRONG_USE, main

STUDY = "examples/non-voters-2020"


@pytest.mark.parametrize(("format", "start"), [("md", "# Codebook: "), ("csv", "column,"), ("ddi", "<?xml ")])
def test_each_format(
    format: str, start: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each format goes to standard output, or with -o to a file: the same bytes."""
    assert main(["codebook", str(root / STUDY), "--format", format]) == FINE
    shown = capsys.readouterr().out
    assert shown.startswith(start)
    assert main(["codebook", str(root / STUDY), "--format", format, "-o", str(tmp_path / "book")]) == FINE
    assert (tmp_path / "book").read_text("utf-8") == shown
    assert capsys.readouterr().out == f"Written: {tmp_path / 'book'}\n"


def test_markdown_without_a_word(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Markdown is what you get if you ask for nothing."""
    assert main(["codebook", str(root / STUDY)]) == FINE
    assert capsys.readouterr().out.startswith("# Codebook: Why many Americans don't vote\n")


@pytest.mark.parametrize(("ending", "start"), [("csv", "column,"), ("XML", "<?xml "), ("md", "# Codebook: ")])
def test_the_ending_of_the_file_says_which(ending: str, start: str, root: Path, tmp_path: Path) -> None:
    """A file for a spreadsheet or an archive holds what its name says; --format has the last word."""
    path = tmp_path / f"book.{ending}"
    assert main(["codebook", str(root / STUDY), "-o", str(path)]) == FINE
    assert path.read_text("utf-8").startswith(start)
    assert main(["codebook", str(root / STUDY), "-o", str(path), "--format", "md"]) == FINE
    assert path.read_text("utf-8").startswith("# Codebook: ")


def test_study_that_does_not_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A study that does not load: its findings on standard error, nothing on output, exit code 2."""
    (tmp_path / "study.yaml").write_text("topline: 1\nid: Small\n")
    (tmp_path / "questionnaire.yaml").write_text("questions: []\n")
    assert main(["codebook", str(tmp_path)]) == WRONG_USE
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "study.yaml:2:5 error: " in shown.err


def test_unknown_language(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A language that the study lacks is named, with those that it has."""
    assert main(["codebook", str(root / STUDY), "--language", "cy"]) == WRONG_USE
    assert capsys.readouterr().err == "error: the study has no language “cy”. It may be: en-US.\n"


def test_file_that_cannot_be_written(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A place that cannot be written to: which one, why, and what to do."""
    (tmp_path / "taken").mkdir()
    assert main(["codebook", str(root / STUDY), "-o", str(tmp_path / "taken")]) == WRONG_USE
    assert "cannot be written" in capsys.readouterr().err
    assert list((tmp_path / "taken").iterdir()) == []


def test_start_is_light(run_python: Callable[..., CompletedProcess[str]], tmp_path: Path) -> None:
    """The codebook is made without arrays, data frames or a web framework."""
    code = (
        "import sys; from topline.cli import main; "
        f"main(['codebook', '{STUDY}', '-o', '{tmp_path / 'book'}']); print(' '.join(sys.modules))"
    )
    loaded = run_python("-c", code).stdout.split()
    assert "topline.documents" in loaded
    assert {"numpy", "polars", "django", "openpyxl"}.isdisjoint(loaded)
