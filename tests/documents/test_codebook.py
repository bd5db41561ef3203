"""The codebook as a value, as Markdown and as CSV."""

import csv
from io import StringIO
from pathlib import Path

import pytest

from topline.base import ToplineError
from topline.documents import Block, Codebook, codebook, codebook_csv, codebook_markdown
from topline.documents.codebook_csv import HEADER
from topline.study import load
from topline.study.model import Study


@pytest.fixture
def book(small: Study) -> Codebook:
    """The codebook of the small study."""
    return codebook(small)


def block(book: Codebook, name: str) -> Block:
    """The block of that name."""
    return next(block for block in book.blocks if block.name == name)


def test_every_variable_is_told(small: Study, book: Codebook) -> None:
    """Each variable of the study has its columns in the codebook, and nothing else has."""
    told = {column.variable.partition(".")[0] for block in book.blocks for column in block.columns}
    assert told == {name.partition(".")[0] for name in small.variables}
    rows = {column.variable for column in block(book, "feel").columns}
    assert rows == {name for name in small.variables if name.startswith("feel.")}


def test_values_with_codes_and_base_rule(book: Codebook) -> None:
    """Answers come with their codes, missing kinds with theirs and with whether they are in the base."""
    values = block(book, "feel").columns[0].values
    assert [(v.code, v.name, v.missing, v.in_base) for v in values] == [
        ("3", "good", False, True),
        ("2", "so_so", False, True),
        ("1", "bad", False, True),
        ("97", "dont_know", True, True),
        ("98", "refused", True, False),
        ("-5", "not_reached", True, False),
    ]
    blank = block(book, "home").columns[0].values[-1]
    assert (blank.code, blank.label, blank.in_base) == ("-6", "No home given", True)


def test_columns_are_those_of_the_file_of_answers(book: Codebook) -> None:
    """A grid has a column a row, a multiple response and a ranking one an option; derived ones have none."""
    names = {block.name: [column.name for column in block.columns] for block in book.blocks}
    assert names["feel"] == ["feel.work", "feel.home"]
    assert names["travel"] == ["travel.car", "travel.train", "travel.other", "travel.none"]
    assert names["liked"] == ["liked.car", "liked.train", "liked.other"]
    assert (names["happy"], names["band"], names["age"], names["half"]) == ([""], [""], ["age"], ["half"])


def test_numbers_write_missing_kinds_by_name(book: Codebook) -> None:
    """In a column of numbers 98 could be an answer, so a missing kind is written by its name."""
    values = block(book, "kilometres").columns[0].values
    assert [value.code for value in values] == ["refused", "not_asked", "not_reached"]


def test_who_is_asked(book: Codebook) -> None:
    """The table of conditions names every routed question, with its section's condition."""
    assert {b.name: b.asked.condition for b in book.conditions if b.asked} == {
        "liked": "count(travel) >= 2",
        "kilometres": "(drivers) and (travel has car)",
        "why": "drivers",
    }
    assert block(book, "why").base == "Base: those who drive"
    assert block(book, "feel").base == "Base: all respondents"


def test_orders_are_told_in_words(book: Codebook) -> None:
    """What is shuffled or turned round, by which split, and what keeps its place."""
    assert block(book, "feel").orders == (
        "The rows stand in random order.",
        "Always last: “at home?”.",
        "The answers stand in reverse order for some people, drawn at random (split: half).",
    )
    assert block(book, "liked").orders == ("Only what was chosen at travel is offered.",)


def test_data_from_elsewhere_keep_their_columns_and_codes(root: Path) -> None:
    """A study of a file describes that file: its columns, its codes, its own way to write missing kinds."""
    study = load(root / "examples" / "non-voters-2020").study
    assert study is not None
    book = codebook(study)
    grid = block(book, "good_american")
    assert [column.name for column in grid.columns] == [f"Q2_{n}" for n in range(1, 11)]
    assert [value.code for value in grid.columns[0].values] == ["1", "2", "3", "4", "-1"]
    chosen = block(book, "more_voters").columns[0]
    assert (chosen.name, [value.code for value in chosen.values]) == ("Q19_1", ["1", "-1"])
    assert [value.code for value in block(book, "education").columns[0].values][2] == "College"
    assert block(book, "direction").columns[0].name == ""
    assert {b.kind: b.name for b in book.blocks if b.source == "file"} == {"id": "RespId", "weight": "weight"}
    header = (root / "examples/non-voters-2020/nonvoters_data.csv").read_text("utf-8").split("\n")[0]
    known = {column.name for b in book.blocks for column in b.columns} - {""}
    assert known == set(header.strip().split(","))


def test_translated_codebook(small: Study) -> None:
    """Texts in the other language; where there is none, the first; a note says how many."""
    book = codebook(small, "cy")
    assert book.title == "Astudiaeth fach"
    assert [value.label for value in block(book, "feel").columns[0].values][:4] == [
        "Da", "So so", "Bad", "Ddim yn gwybod",
    ]  # fmt: skip
    assert block(book, "feel").nets[0].label == "Iawn"
    assert book.translation_note.startswith("5 of ")
    assert "1 of them not yet passed by a translator" in book.translation_note


def test_unknown_language_is_refused(small: Study) -> None:
    """A language that the study lacks: the error lists those that it has."""
    with pytest.raises(ToplineError, match=r"the study has no language “fr”\. It may be: en, cy\."):
        codebook(small, "fr")


def test_language_without_a_file_is_refused(small: Study, folder: Path) -> None:
    """A declared language whose PO file is not there: the error says how to make it."""
    (folder / "translations" / "cy.po").unlink()
    with pytest.raises(ToplineError, match="Make it with: topline translate STUDY cy"):
        codebook(small, "cy")


def test_markdown_shows_a_question(book: Codebook) -> None:
    """A question with its wording, base, route, range, check and values."""
    page = codebook_markdown(book)
    start = page.index("### `kilometres`")
    assert page[start : page.index("### `why`")] == (
        "### `kilometres` Kilometres\n\n"
        "> How far do you drive?\n\n"
        "- Kind: number\n"
        "- Column: `kilometres`\n"
        "- Base: those who answered “\\*Car\\*” to “Ways of travelling”, among those who drive\n"
        "- Asked if: `(drivers) and (travel has car)`\n"
        "- Range: 0 to 500\n"
        "- Decimals: 1\n"
        "- Check: `kilometres <= 100`; That is far. Please check.\n\n"
        "| Code | Name | Answer |\n| --- | --- | --- |\n"
        "| `refused` | `refused` | Prefer not to say (missing kind, not in the base) |\n"
        "| `not_asked` | `not_asked` | Not asked: the route did not lead here "
        "(missing kind, not in the base) |\n"
        "| `not_reached` | `not_reached` | Not reached: broke off before "
        "(missing kind, not in the base) |\n\n"
    )


def test_markdown_of_the_authors_words_is_kept_as_words(book: Codebook) -> None:
    """Signs of Markdown and HTML in the study's texts are shown, not obeyed; tables keep their columns."""
    page = codebook_markdown(book)
    assert page.startswith("# Codebook: Small \\<study> & more\n")
    assert "| `travel.car` | `travel.car` | \\*Car\\* |" in page
    for table in page.split("\n\n"):
        lines = [line.replace("\\|", "") for line in table.splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in lines}) <= 1


def test_csv_has_a_line_for_each_value(book: Codebook) -> None:
    """One line for each column and value; a column without values has one line; all are of one length."""
    lines = list(csv.reader(StringIO(codebook_csv(book))))
    assert tuple(lines[0]) == HEADER
    assert {len(line) for line in lines} == {len(HEADER)}
    assert len(lines) - 1 == sum(max(1, len(c.values)) for b in book.blocks for c in b.columns)
    rows = [dict(zip(HEADER, line, strict=True)) for line in lines]
    good = next(row for row in rows if row["variable"] == "feel.work" and row["name"] == "good")
    assert (good["code"], good["value_label"], good["nets"], good["scores"]) == (
        "3",
        "Good",
        "fine",
        "mean=100",
    )
    assert (good["item"], good["missing"], good["in_base"], good["section"]) == (
        "at work?", "no", "yes", "Life | work",
    )  # fmt: skip


def test_renderers_are_deterministic(small: Study) -> None:
    """The same study gives the same bytes."""
    assert codebook_markdown(codebook(small)) == codebook_markdown(codebook(small))
    assert codebook_csv(codebook(small)) == codebook_csv(codebook(small))
