"""Analysts' tables as files: what each says first, and how its figures are printed."""

import csv
import json
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from tests.tables.test_table import people

from topline.designs import Design, design_of
from topline.tables import Book, Cell, RowSpec, as_csv, as_html, as_json, build_table
from topline.tables.printed import shown

NOTICE = "Not checked for disclosure: for analysis, not for publication."


def book(folder: Path) -> Book:
    """One table, unweighted and beside it weighted."""
    data = people(folder)
    plain = design_of(data.study, data)
    double = Design("descriptive", plain.weights * 2, plain.strata, intervals=False, sentence="All doubled.")
    tables = tuple(build_table("likes", ("region",), data, design) for design in (plain, double))
    return Book("A <small> study", (NOTICE,), (tables,))


def cell(value: float | None, base: int = 200, flag: str = "") -> Cell:
    """A cell of that value."""
    return Cell(value, base, float(base), float(base), base - 1, flag=flag)


@pytest.mark.parametrize(
    ("found", "kind", "text"),
    [
        (cell(28.5), "answer", "29"),
        (cell(100 * 0.285), "answer", "29"),
        (cell(0.0), "answer", "0"),
        (cell(0.49), "answer", "[low]"),
        (cell(0.5), "answer", "1"),
        (cell(None, 0), "answer", "-"),
        (cell(40.0, 20, "[x]"), "net", "[x]"),
        (cell(56.25), "mean", "56.3"),
        (cell(1234.5), "mean", "1,234.5"),
    ],
)
def test_figures_are_rounded_once_and_half_up(found: Cell, kind: str, text: str) -> None:
    """A percentage is whole, a mean has a place; what has no figure has a mark."""
    assert shown(found, RowSpec("yes", "Yes", kind)) == text


def test_csv_says_first_what_it_is(tmp_path: Path) -> None:
    """The notice stands on the first line, the header on the second, then one line a cell and weighting."""
    lines = list(csv.reader(StringIO(as_csv(book(tmp_path)))))
    assert lines[0][0].startswith(
        f"A <small> study. {NOTICE} Low bases by the profile market. [x]: no figure"
    )
    cells = [dict(zip(lines[1], line, strict=True)) for line in lines[2:]]
    assert len(cells) == 6 * 3 * 2
    first = cells[0]
    assert (first["question"], first["answer"], first["group"], first["value"]) == (
        "likes",
        "yes",
        "",
        "44.4",
    )
    assert (first["base"], first["weighted_base"], first["flag"]) == ("90", "90.0", "[u]")
    assert first["base_sentence"] == "Base: all respondents who gave an answer"
    assert cells[-1]["weighting"] == "All doubled."
    assert cells[-1]["weighted_base"] == "60.0"


def test_json_holds_the_same_cells(tmp_path: Path) -> None:
    """Tables hold weightings, rows and cells; the notices come first."""
    found = json.loads(as_json(book(tmp_path)))
    assert found["notices"] == [NOTICE]
    first, second = found["tables"][0]["weightings"]
    assert first["rows"][0]["cells"][0]["value"] == second["rows"][0]["cells"][0]["value"] == "44.4"
    assert second["rows"][0]["cells"][0]["weighted_base"] == "180.0"
    assert [column["label"] for column in first["columns"]] == ["Total", "North", "South"]


class _Page(HTMLParser):
    """The rows of each table of a page, as texts."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("th", "td") or (self.inside and tag in ("span", "sup"))
        if tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def test_html_table_has_its_bases_below(tmp_path: Path) -> None:
    """The notice comes before the tables, names are escaped, bases are the last rows of each table."""
    text = as_html(book(tmp_path))
    page = _Page()
    page.feed(text)
    assert text.index(NOTICE) < text.index("<table")
    assert "A &lt;small&gt; study" in text
    assert "<script" not in text
    assert page.rows[1] == ["Agree", "44 [u]", "50 [u]", "33 [u]"]
    assert page.rows[7] == ["Base (unweighted)", "90", "60", "30"]
    assert [row[0] for row in page.rows[-3:]] == ["Base (unweighted)", "Base (weighted)", "Effective base"]
    assert "<dt>[u]</dt>" in text
