"""The page on codes for answers in words: its study is made, its commands are typed."""

from pathlib import Path

import pytest
from tests.docs.pages import blocks, run_page

from topline.study import read_study

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "code-open-answers.md"


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who follows the page sees what it prints, and has a table with a base of its own."""
    monkeypatch.chdir(tmp_path)
    assert len(run_page(PAGE, tmp_path)) == 8
    table = (tmp_path / "tables.csv").read_text("utf-8")
    assert "themes,What should change,,pay,Pay,answer,,,Total,,,,6,6.0,6.0" in table
    assert "Base: those who answered “What should change”" in table


def test_the_block_on_other_is_a_study(tmp_path: Path) -> None:
    """The piece of study.yaml that codes “other” back fits a question with such a box."""
    piece = next(block for block in blocks(PAGE) if "into: travel" in block.text)
    head = "topline: 1\nid: a\ntitle: A\norganisation: O\npopulation: P\nlanguages: [en]\n"
    (tmp_path / "study.yaml").write_text(f"{head}inference: descriptive\n{piece.text}", "utf-8")
    (tmp_path / "questionnaire.yaml").write_text(
        "questions:\n- multiple: travel\n  ask: How?\n  label: Ways\n  options:\n    1 bus: Bus\n"
        "    2 other: {label: Other, specify: Which}\n",
        "utf-8",
    )
    (derived,) = read_study(tmp_path).derived
    assert (derived.into, derived.answer, derived.coders) == ("travel", "other", ("anna", "ben"))
