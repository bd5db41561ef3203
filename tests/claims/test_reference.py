"""docs/explanation/claims.md and the phrase table are in step."""

import re
import runpy
from pathlib import Path

from topline.claims.phrases import table
from topline.claims.reference import phrase_table


def test_the_page_shows_the_table_of_the_file(root: Path) -> None:
    """What the page shows is what phrases.toml says; if not, `python -m tools.phrases` mends it."""
    text = (root / "docs" / "explanation" / "claims.md").read_text("utf-8")
    page_of = runpy.run_path(str(root / "tools" / "phrases.py"))["page_of"]
    assert page_of(text) == text


def test_each_phrase_has_a_row_with_its_source() -> None:
    """One row a phrase, each with words, bounds and source."""
    rows = phrase_table(table()).splitlines()[6:]
    assert len(rows) == len(table().phrases)
    for row, phrase in zip(rows, table().phrases, strict=True):
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        assert cells[-1] == phrase.source.strip()
        assert all(words in cells[0] for words in phrase.words)
        assert cells[1]


def test_bounds_are_said_without_brackets() -> None:
    """A few rows word by word."""
    rows = phrase_table(table())
    assert re.search(
        r"“over N”.* \| N to N \+ 5, without N; counts: 1 N to 1.05 N, without 1 N; also as printed", rows
    )
    assert "| “most” | 60% or more; also as printed | more than 50% and less than 60% |" in rows
