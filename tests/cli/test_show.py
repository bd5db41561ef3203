"""`topline show STUDY`."""

from pathlib import Path

import pytest

from topline.cli import FINE, WRONG_USE, main

STUDY = "examples/digital-public-services"


def test_page_goes_to_output_or_file(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without -o the page goes to standard output, with it to a file: the same bytes."""
    assert main(["show", str(root / STUDY)]) == FINE
    shown = capsys.readouterr().out
    assert shown.startswith("<!doctype html>\n")
    assert main(["show", str(root / STUDY), "-o", str(tmp_path / "page.html")]) == FINE
    assert (tmp_path / "page.html").read_text("utf-8") == shown


def test_language(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--language shows the texts of that language; one that the study lacks is an error."""
    assert main(["show", str(root / STUDY), "--language", "cy"]) == FINE
    assert '<span lang="cy">' in capsys.readouterr().out
    assert main(["show", str(root / STUDY), "--language", "fr"]) == WRONG_USE
    shown = capsys.readouterr()
    assert shown.err == "error: the study has no language “fr”. It may be: en, cy.\n"
    assert shown.out == ""


def test_study_that_does_not_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A study that does not load: its findings on standard error, no page, exit code 2."""
    assert main(["show", str(tmp_path), "-o", str(tmp_path / "page.html")]) == WRONG_USE
    shown = capsys.readouterr()
    assert "study.yaml" in shown.err
    assert not (tmp_path / "page.html").exists()


def test_failed_writing_keeps_what_was_there(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A place that cannot be written to is named; nothing half-written is left."""
    (tmp_path / "file").write_text("kept")
    assert main(["show", str(root / STUDY), "-o", str(tmp_path / "file" / "page.html")]) == WRONG_USE
    assert "cannot be written" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "kept"
