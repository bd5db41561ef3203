"""The page on conditions (docs/reference/expressions.md): everything it shows is run."""

import re
from pathlib import Path

import pytest

from topline.base import ToplineError
from topline.study import load
from topline.study.conditions import name_findings
from topline.study.evaluate import evaluate
from topline.study.lexer import RESERVED
from topline.study.model import Study
from topline.study.parse import parse_condition
from topline.study.reach.solver import BUDGET
from topline.study.sentence import base_sentence
from topline.study.values import NoAnswer

STUDY_YAML = """\
topline: 1
id: page
title: Page
organisation: The Office
population: Everybody
fieldwork: {from: 2026-03-01, to: 2026-03-31}
languages: [en]
inference: descriptive
contact: {name: The team}
"""


@pytest.fixture(scope="module")
def page(request: pytest.FixtureRequest) -> str:
    """The text of the page."""
    return (request.config.rootpath / "docs" / "reference" / "expressions.md").read_text("utf-8")


@pytest.fixture(scope="module")
def shown(page: str, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study that the page shows, loaded."""
    folder: Path = tmp_path_factory.mktemp("page")
    (block,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (folder / "questionnaire.yaml").write_text(block, "utf-8")
    (folder / "study.yaml").write_text(STUDY_YAML, "utf-8")
    loaded = load(folder)
    assert loaded.study is not None, loaded.findings
    return loaded.study


def table(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without its head."""
    part = page.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in row] for row in rows[2:]]


def test_what_can_be_written(page: str, shown: Study) -> None:
    """Every form of the table is parsed and fits the study."""
    rows = table(page, "What can be written")
    assert len(rows) > 15
    for _, text, _ in rows:
        assert list(name_findings(parse_condition(text), shown)) == [], text


def test_what_missing_does(page: str, shown: Study) -> None:
    """The truth table is what the conditions give."""
    words: dict[bool | None, str] = {True: "yes", False: "no", None: "unknown"}
    people = [{"party": "democrat"}, {"party": "other"}, {"party": NoAnswer("refused")}]
    for text, *said in table(page, "What missing does"):
        condition = parse_condition(text)
        assert [words[evaluate(condition, person, shown)] for person in people] == said, text


def test_base_sentences(page: str, shown: Study) -> None:
    """The sentences are those that are made; for the conditions below the table none is."""
    for text, sentence in table(page, "The base sentence"):
        assert base_sentence(parse_condition(text), shown) == sentence
    for text in ("not leaners", "party is not_asked"):
        assert f"`{text}`" in page
        assert base_sentence(parse_condition(text), shown) is None


def message_of(text: str, shown: Study) -> str:
    """The one message that a wrong condition gives."""
    try:
        (finding,) = name_findings(parse_condition(text), shown)
    except ToplineError as error:
        (finding,) = error.findings
    return finding.text


def test_messages(page: str, shown: Study) -> None:
    """The messages stand on the page as they are given."""
    for text, message in table(page, "When something is wrong"):
        assert message_of(text, shown) == message


def test_reserved_words_and_budget(page: str) -> None:
    """The words that cannot be names, and the number of steps, are those of the code."""
    listed = re.findall(r"`(\w+)`", page[page.index("The words `") :])
    assert set(listed) == RESERVED
    for word in listed:
        with pytest.raises(ToplineError):
            parse_condition(f"{word} = yes")
    assert f"{BUDGET:,} steps" in page
