"""The reference page of the study format, made from the shapes."""

import re
from pathlib import Path

import pytest

from topline.study.shapes.engine import Record
from topline.study.shapes.questionnaire import ITEMS, QUESTIONNAIRE
from topline.study.shapes.reference import anchor_of, reference_page, reference_tables
from topline.study.shapes.study import STUDY

PAGE = "docs/reference/study-format.md"


def test_page_is_in_step(root: Path) -> None:
    """The made part of the page is what the shapes give: `make schemas` writes it anew."""
    page = (root / PAGE).read_text("utf-8")
    assert reference_page(page) == page, f"{PAGE} is behind the shapes: make schemas"


def test_page_without_its_markers_is_refused() -> None:
    """A page that lost a marker is not overwritten."""
    with pytest.raises(ValueError, match="the page lacks the lines"):
        reference_page("# Only by hand")


def test_links_lead_to_headings(root: Path) -> None:
    """Every link within the page leads to one of its headings, and no two headings share an anchor."""
    page = (root / PAGE).read_text("utf-8")
    anchors = [anchor_of(title) for title in re.findall(r"^#+ (.*)$", page, re.M)]
    assert len(anchors) == len(set(anchors))
    links = set(re.findall(r"\]\(#([^)]*)\)", page))
    assert links
    assert links <= set(anchors)


@pytest.mark.parametrize("record", [QUESTIONNAIRE, STUDY, *ITEMS.values()], ids=lambda record: record.title)
def test_every_setting_is_told(record: Record) -> None:
    """Each setting has its line, with its sentence; what must be there says so."""
    part = re.split(r"^##+ ", reference_tables(), flags=re.M)
    (own,) = (text for text in part if text.startswith(f"{record.title}\n"))
    for name, setting in record.settings.items():
        (line,) = (line for line in own.splitlines() if line.startswith(f"| `{name}` |"))
        assert setting.doc.replace("|", "\\|") in line
        assert ("| yes |" in line) == setting.required
