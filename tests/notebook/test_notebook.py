"""What an analyst calls in a notebook: designs from columns, tables that print themselves, clear refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.tables.test_table import people

import topline as tl
from topline.base import ToplineError
from topline.dataset import Dataset
from topline.designs import design_of
from topline.estimates import mean_vector


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    """A small study's answers."""
    return people(tmp_path)


def test_a_dataset_shows_on_one_line(data: Dataset) -> None:
    """Not its thousands of values: title, people, what kinds of variables."""
    assert "\n" not in repr(data)
    assert f"{data.n:,} people" in repr(data)


def test_everything_prints_itself(data: Dataset) -> None:
    """Study, data, design, estimate and book say what they are in few words, as text and as HTML."""
    assert repr(data.study).endswith("; inference: descriptive.")
    drawn = tl.design(data, inference="model", strata="region")
    assert repr(drawn).startswith(f"Design (model): {data.n:,} people, 2 strata; effective n ")
    assert "no errors stated" in repr(tl.design(data, inference="descriptive"))
    book = tl.book(data, by="region")
    assert [line.split()[0] for line in repr(book).splitlines()[-len(book.tables) :]] == [
        under[0].question for under in book.tables
    ]
    found = mean_vector(drawn, np.arange(2.0 * data.n).reshape(-1, 2))
    assert len(repr(found).splitlines()) == 4
    assert f"{found.value[1]:.6g}" in repr(found)
    there = sum(data.has(name) for name in data.study.variables)
    for shown, rows in ((data, there), (book, len(book.tables)), (found, 2)):
        page = shown._repr_html_()
        assert page.count("<tr>") == rows + 1
        assert page.count("<table>") == page.count("</table>") == 1


def test_html_of_data_holds_no_markup_of_theirs(data: Dataset) -> None:
    """A label with signs of HTML is shown as it is written."""
    hostile = replace(data, study=replace(data.study, title="<script>"))
    assert "<script>" not in hostile._repr_html_()
    assert "&lt;script&gt;" in hostile._repr_html_()


def test_checks_of_quality_print_themselves(data: Dataset) -> None:
    """The checks of data quality are text and HTML with the same parts."""
    view = tl.quality(data, figures=["likes=yes"])
    for heading, _, _ in view.parts():
        assert heading in repr(view)
        assert heading in view._repr_html_()


def test_a_table_shows_as_text_and_as_html(data: Dataset) -> None:
    """Both have every row label and head; HTML escapes what labels hold and gives heads their scope."""
    view = tl.table(data, "likes", by="region")
    for row in view.table.rows:
        assert row.spec.label in repr(view)
    page = view._repr_html_()
    assert page.count("<tr>") == len(view.table.rows) + 2
    assert page.count('scope="col"') == len(view.table.columns) + 1


def test_strata_and_population_narrow_the_error(data: Dataset) -> None:
    """A column of strata with their population gives the same shares and smaller errors than none."""
    groups = data.study.variables["region"].options
    sizes = {option.name: 10.0 * data.n for option in groups}
    plain = tl.table(data, "likes", design=tl.design(data, inference="model"))
    strata = tl.table(
        data, "likes", design=tl.design(data, inference="design", strata="region", population=sizes)
    )
    before, after = (view.table.rows[0].cells[0] for view in (plain, strata))
    assert before.value == pytest.approx(after.value)
    assert after.se is not None
    assert before.se is not None
    assert after.se < before.se


def test_descriptive_states_no_error(data: Dataset) -> None:
    """These respondents and no others: no interval anywhere."""
    view = tl.table(data, "likes", design=tl.design(data, inference="descriptive"))
    assert all(cell.low is None for row in view.table.rows for cell in row.cells)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"inference": "bayes"},
            "inference is “bayes”. It may be: descriptive, design, census-nonresponse, model.",
        ),
        ({"inference": "census-nonresponse"}, "census-nonresponse needs a population"),
        ({"inference": "model", "strata": "regio"}, "the data have no column “regio”. Did you mean region?"),
        ({"inference": "model", "weights": np.ones(3)}, "the weights have the shape (3,); there are"),
        (
            {"inference": "design", "strata": "region", "population": 9},
            "one population for several strata of region",
        ),
        ({"inference": "design", "strata": "region", "population": {"x": 9}}, "has no population. Given: x."),
    ],
)
def test_refusals(data: Dataset, given: Mapping[str, object], message: str) -> None:
    """Each says what was given, what is allowed and what to do."""
    with pytest.raises(ToplineError) as caught:
        tl.design(data, **given)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_without_a_design_it_is_the_study_s_own(data: Dataset) -> None:
    """A table takes the study's inference unless it is told another."""
    own = tl.table(data, "likes", design=design_of(data.study, data))
    assert repr(tl.table(data, "likes")) == repr(own)


def test_tables_by_another_banner(data: Dataset) -> None:
    """All questions of the plan, by the variables asked for."""
    book = tl.book(data, by="region")
    assert {table.by for (table,) in book.tables} == {("region",)}
