"""`topline report`: exit codes, findings, the folder that it writes."""

import json
import shutil
from pathlib import Path

import pytest

from topline.cli import FINDINGS, FINE, WRONG_USE, main


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """A copy of the real study."""
    return Path(shutil.copytree(root / "examples" / "non-voters-2020", tmp_path / "study"))


def test_a_report_whose_claims_hold_is_written_with_exit_code_0(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page stands in the study's out/report; the last lines count; a warning fails it with --strict."""
    report = folder / "report.md"
    report.write_text(report.read_text("utf-8") + "\nThey are 12%.\n", "utf-8")
    assert main(["report", str(folder)]) == FINE
    assert (folder / "out" / "report" / "index.html").is_file()
    said = capsys.readouterr().out
    assert "17 claims checked, 0 wrong; 6 not checked yet, 1 unbound" in said
    assert main(["report", str(folder), "--strict"]) == FINDINGS


def test_a_false_claim_gives_exit_code_1_and_a_draft(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The finding names file, line and column; the page is written with its note."""
    report = folder / "report.md"
    report.write_text(report.read_text("utf-8").replace("nine in ten (90%)", "nine in ten (88%)"), "utf-8")
    assert main(["report", str(folder), "-o", str(tmp_path / "out"), "--format", "json"]) == FINDINGS
    found = [each for each in json.loads(capsys.readouterr().out) if each["severity"] == "error"]
    assert [(each["file"], each["line"], each["column"]) for each in found] == [("report.md", 13, 37)]
    assert found[0]["text"].startswith("“nine in ten (88%)” but registered=yes is 89.8% (95% CI ")
    assert "Does not hold" in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_without_a_text_or_answers_it_says_what_to_do(
    folder: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong use is explained on standard error."""
    study = folder / "study.yaml"
    study.write_text(study.read_text("utf-8").partition("\nreport:")[0] + "\n", "utf-8")
    (folder / "report.md").unlink()
    assert main(["report", str(folder)]) == WRONG_USE
    assert "there is no report here. Write its prose as Markdown" in capsys.readouterr().err
    assert main(["report", str(root / "tests" / "studies" / "every-kind")]) == WRONG_USE
    assert "names no file of answers. Say where they are: --data FILE" in capsys.readouterr().err


FALSE = (
    ("nine in ten (90%)", "nine in ten (88%)"),
    ("and [83%](#plans=yes)", "and [just under\nfour in five (81%)](#plans=yes)"),
    ("[65% of them are registered]", "[64% of them are registered]"),
)


def test_fix_mends_digits_and_nothing_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--fix puts true digits where that is enough, keeps the rest byte for byte, and says what it did."""
    report = folder / "report.md"
    before = report.read_text("utf-8")
    broken = before
    for old, new in FALSE:
        assert broken.count(old) == 1
        broken = broken.replace(old, new)
    report.write_text(broken, "utf-8")
    assert main(["report", str(folder), "--fix"]) == FINDINGS
    printed = capsys.readouterr()
    assert "mended: “nine in ten (88%)” is now “nine in ten (90%)”" in printed.err
    assert "1 wrong" in printed.out
    assert report.read_text("utf-8") == before.replace(*FALSE[1])


def test_fix_words_takes_the_first_true_wording(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--fix=words changes the words as well; what it writes holds."""
    report = folder / "report.md"
    report.write_text(report.read_text("utf-8").replace(*FALSE[1]), "utf-8")
    assert main(["report", str(folder), "--fix=words"]) == FINE
    assert "[just over four in five (83%)](#plans=yes)" in report.read_text("utf-8")
    assert "17 claims checked, 0 wrong" in capsys.readouterr().out


def test_a_mistyped_address_is_told_at_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A claim whose address cannot be read, and a waiver without a reason, are findings in a draft."""
    report = folder / "report.md"
    report.write_text("# Title\n\n[36%](#plans=yes/) and [many](#waive).\n", "utf-8")
    assert main(["report", str(folder)]) == FINDINGS
    said = capsys.readouterr().out
    assert "report.md:3:" in said
    assert "waive" in said
    assert "report.md:3:" in (folder / "out" / "report" / "index.html").read_text("utf-8")


def test_the_bytes_of_a_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A byte order mark and Windows line ends change nothing and stay; other encodings are told by line."""
    report = folder / "report.md"
    report.write_bytes("\ufeff# Title\r\n\r\nOf all, [1%](#plans=yes).\r\n".encode())
    assert main(["report", str(folder), "--fix"]) == FINE
    assert "1 claims checked, 0 wrong" in capsys.readouterr().out
    assert report.read_bytes() == "\ufeff# Title\r\n\r\nOf all, [83%](#plans=yes).\r\n".encode()
    assert "<h1" in (folder / "out" / "report" / "index.html").read_text("utf-8")
    report.write_bytes(b"# Caf\n\n\xe9\n")
    assert main(["report", str(folder)]) == WRONG_USE
    assert "report.md:3 error: the byte 0xe9 is not UTF-8." in capsys.readouterr().err
