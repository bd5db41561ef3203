"""The page on waves: its two studies are made, its commands are typed."""

from pathlib import Path

import pytest
from tests.docs.pages import run_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "compare-waves.md"


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who follows the page sees what it prints, and has the file that it speaks of."""
    monkeypatch.chdir(tmp_path)
    assert len(run_page(PAGE, tmp_path)) == 9
    lines = (tmp_path / "change.csv").read_text("utf-8").splitlines()
    assert lines[0].startswith('"Staff survey: change from 2025 to 2026. Not checked for disclosure')
    assert lines[3].startswith("happy,Happy,,agree,Agree,answer,,,,2026,57.0,500,500.0,,2025,9.0,2.3")
