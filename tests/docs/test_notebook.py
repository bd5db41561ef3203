"""The page on Python: its examples run and print what stands there."""

import doctest
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of docs/how-to/work-in-a-notebook.md gives what the page says."""
    monkeypatch.chdir(ROOT)
    page = ROOT / "docs" / "how-to" / "work-in-a-notebook.md"
    result = doctest.testfile(str(page), module_relative=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert (result.failed, result.attempted > 10) == (0, True)
