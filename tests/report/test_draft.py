"""A report whose claims don't all hold, and prose that would like to be markup."""

from pathlib import Path
from typing import Any

import pytest

from topline.report import build
from topline.report.write import style, write

TEXT = """\
# A <b>title</b> & more

A subtitle of [95%](#registered=yes).

So [nine in ten (88%)](#registered=yes) are; [most (90%)](#registered=yes) that is.
And [12%](#registered=maybe).
Loose: 12%. [Many](#waive "<i>so</i>")

- In a list [the vast majority (85%)](#ease=easy)

> [65%](#registered=yes/voter=rarely) <script>alert("x")</script>
"""


@pytest.fixture
def draft(non_voters: Any) -> str:
    """The page of that text on real figures."""
    return build(non_voters.study, non_voters.released, TEXT)[1]


def test_a_failing_claim_has_a_note_beside_it(draft: str) -> None:
    """The sentence is underlined as failing; beside it stand place, figure and true words."""
    assert '<a class="claim fails" href="#t-registered-yes">nine in ten (88%)</a>' in draft
    assert '<aside class="note bad" aria-label="Does not hold: nine in ten (88%)">' in draft
    assert "<code>report.md:5:4</code>" in draft
    assert "registered=yes is 89.8% (95% CI" in draft
    assert '<aside class="note bad" aria-label="Does not hold: 95%">' in draft
    assert "Write “nine in ten (90%)”" in draft


def test_a_draft_says_so_on_top_and_in_the_annex(draft: str) -> None:
    """The bar counts the sentences that don't hold; the annex lists each kind with its places."""
    assert "Draft: 3 of the sentences below do not hold." in draft
    annex = draft[draft.index('<section class="checks"') :]
    assert "6 bound to a figure and held against it; 3 of them do not hold, 0 to look at." in annex
    assert '<h3>Unbound</h3><ul class="places"><li><code>report.md:7:8</code> “12%”</li></ul>' in annex
    assert "&lt;i&gt;so&lt;/i&gt;" in annex


def test_prose_is_escaped(draft: str) -> None:
    """Markup in the text is text on the page."""
    assert "<script" not in draft
    assert "&lt;script&gt;" in draft
    assert "<b>" not in draft


def test_the_folder_holds_all_that_the_page_needs(draft: str, tmp_path: Path) -> None:
    """Page, style sheet, fonts with their licences, signs; writing again replaces them."""
    write("old", tmp_path / "out", made_up=True)
    page = write(draft, tmp_path / "out", made_up=True)
    assert page.read_text("utf-8") == draft
    assert sorted(path.name for path in page.parent.iterdir()) == [
        "OFL-source-sans-3.txt",
        "OFL-source-serif-4.txt",
        "index.html",
        "logo.svg",
        "rehearsal.svg",
        "source-sans-3-latin-wght-normal.woff2",
        "source-serif-4-latin-wght-normal.woff2",
        "style.css",
        "symbol.svg",
    ]


def test_the_style_sheet_names_only_files_of_the_folder() -> None:
    """Every url() is a file that is written; no data: addresses and no other host."""
    import re

    named = set(re.findall(r"url\(([^)]*)\)", style()))
    assert named == {
        "rehearsal.svg",
        "source-sans-3-latin-wght-normal.woff2",
        "source-serif-4-latin-wght-normal.woff2",
    }
    assert "://" not in style()
