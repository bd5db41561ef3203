"""The page on tables: its study is made, its commands are typed, and its files hold what it says."""

import csv
from pathlib import Path

import openpyxl
import pytest
from tests.docs.pages import run_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "make-tables.md"


def guests() -> str:
    """The answers of 240 guests: those who had cake would tell a friend."""
    lines = ["guest,day,tell,had_1,had_2,had_3"]
    for guest in range(240):
        cake = guest % 3 == 0
        tell = 8 + guest % 3 if cake else guest % 11
        lines.append(f"{guest},{1 + guest // 150},{tell},{guest % 2},{int(guest % 4 == 1)},{int(cake)}")
    return "\n".join(lines) + "\n"


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who follows the page has both files, with net scores, letters of shared columns and marks explained."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cafe").mkdir()
    (tmp_path / "cafe" / "answers.csv").write_text(guests(), "utf-8")
    page = tmp_path / PAGE.name
    page.write_text(PAGE.read_text("utf-8").replace("$ mkdir cafe\n", ""), "utf-8")
    assert len(run_page(page, tmp_path)) == 2
    sheet = openpyxl.load_workbook(tmp_path / "tables.xlsx").worksheets[1]
    rows = {str(row[0].value): [cell.value for cell in row[1:]] for row in sheet.iter_rows()}
    assert rows["Answer"][3:] == [
        "What they had: Coffee (a)",
        "What they had: Tea (b) [u]",
        "What they had: Cake (c) [u]",
        "Groups: those who had cake or tea",
    ]
    nps = "Net promoter score (9 to 10 less 0 to 6, in points)"
    assert rows[nps][0] == -31
    assert rows[f"{nps}: differs (+ above and − below the rest, or above the columns named)"][5] == "ab"
    with (tmp_path / "tables.csv").open(encoding="utf-8", newline="") as file:
        assert "Low bases by the profile nchs." in next(csv.reader(file))[0]
