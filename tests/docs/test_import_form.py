"""The page on importing a form: its form is made, its commands are typed."""

import csv
import re
from pathlib import Path

import pytest
from tests.docs.pages import blocks, run_page
from tests.forms.workbooks import workbook

from topline.study import read_study

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "import-an-xlsform.md"


def sheets() -> dict[str, list[list[str]]]:
    """The form of the page: the tables under the names of its sheets."""
    found = {}
    for name, table in re.findall(
        r"^(survey|choices|settings)\n\n((?:\|.*\n)+)", PAGE.read_text("utf-8"), re.M
    ):
        rows = [[cell.strip() for cell in line.strip("|\n").split(" |")] for line in table.splitlines()]
        found[name] = [rows[0], *rows[2:]]
    return found


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has the form of the page sees what it prints, and has a study in two languages."""
    monkeypatch.chdir(tmp_path)
    workbook(tmp_path / "lunch.xlsx", **sheets())
    assert len(run_page(PAGE, tmp_path)) == 2
    assert read_study(tmp_path / "lunch").languages == ("en", "fr")
    with (tmp_path / "lunch" / "import-notes.csv").open(newline="", encoding="utf-8") as file:
        assert {(row["sheet"], row["row"]) for row in csv.DictReader(file)} >= {
            ("survey", "2"),
            ("survey", "7"),
        }


def test_every_fence_is_closed() -> None:
    """No block of the page escapes the test for want of a fence."""
    assert len(re.findall(r"^ *```", PAGE.read_text("utf-8"), re.M)) == 2 * len(blocks(PAGE))
