"""The page on data quality: its study is made, its commands are typed."""

from pathlib import Path

import pytest
from tests.docs.pages import run_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "check-data-quality.md"


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who follows the page sees what it prints, and tables that say who was taken out."""
    monkeypatch.chdir(tmp_path)
    assert len(run_page(PAGE, tmp_path)) == 3
    said = " ".join(PAGE.read_text("utf-8").split()).split("hold the sentence: *")[1].split("*")[0]
    assert said in (tmp_path / "tables.csv").read_text("utf-8")
