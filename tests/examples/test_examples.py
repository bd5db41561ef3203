"""The two example studies: sound, complete, and true to what was published."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
import yaml

from topline.base import Finding
from topline.study import Study, check_study, load, read_study
from topline.study.address import parse_address
from topline.study.model import Option, Question
from topline.study.resolve import resolve
from topline.study.translations import texts_of

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DIGITAL, NON_VOTERS = EXAMPLES / "digital-public-services", EXAMPLES / "non-voters-2020"


@pytest.fixture(scope="module")
def digital() -> Study:
    """The study of 2013."""
    return read_study(DIGITAL)


@pytest.fixture(scope="module")
def non_voters() -> Study:
    """The study of 2020."""
    return read_study(NON_VOTERS)


def found(folder: Path) -> list[Finding]:
    """Everything that `topline check` says of the files of a study."""
    loaded = load(folder)
    assert loaded.study is not None
    return [*loaded.findings, *check_study(loaded.study)]


# --- both ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "notes"),
    [
        (DIGITAL, {"translation-unreviewed"}),
        # people who refused a question are rightly not asked those that follow from it
        (NON_VOTERS, {"route-leaves-out"}),
    ],
    ids=["digital", "non-voters"],
)
def test_examples_are_sound(folder: Path, notes: set[str]) -> None:
    """The checks find no error and no warning in an example, and only the notes that are meant."""
    findings = found(folder)
    assert [finding for finding in findings if finding.severity != "note"] == []
    assert {finding.id for finding in findings} == notes


@pytest.mark.parametrize("folder", [DIGITAL, NON_VOTERS], ids=["digital", "non-voters"])
def test_every_list_has_codes(folder: Path) -> None:
    """Every answer, row and missing kind of an example has its code, here or as that of the file."""
    study = read_study(folder)
    elsewhere = study.settings.get("data", {}).get("codes", {})
    asked = study.questionnaire
    entries = [*asked.missing, *(option for scale in asked.scales for option in scale.options)]
    for holder in (*asked.questions, *study.attributes):
        entries += [*holder.options, *getattr(holder, "rows", ())]
    assert len(entries) > 80
    assert [entry.name for entry in entries if entry.code is None and entry.name not in elsewhere] == []


# --- the survey of 2013 -------------------------------------------------------------------------------

#: What each answer of published-figures.yaml is called in the study.
ANSWERS = {
    ("momentum", "No, it has not moved up the priorities list"): "=not_moved",
    ("momentum", "No, progress has stalled"): "=stalled",
    ("momentum", "not moved up+stalled"): "=not_noticed",
    ("new_technology_helps", "not agree"): "!=agree",
    ("technology_improved_delivery", "don't know"): "=dont_know",
}
SHORT_ANSWERS = {"positive change": "=positive", "agree": "=agree", "yes": "=yes", "no": "=no"}


def published(figures: dict[str, object]) -> Iterator[str]:
    """The address of every figure that the report prints."""
    for question, items in figures.items():
        for item in items:
            if "answer" in item:
                said = item["answer"] if isinstance(item["answer"], str) else "+".join(item["answer"])
                within = "".join(f"/{name}={group.lower()}" for name, group in item.get("within", {}).items())
                yield question + (ANSWERS.get((question, said)) or SHORT_ANSWERS[said]) + within


def test_every_published_figure_has_its_question(digital: Study, shared_data: Path) -> None:
    """Each figure that the 2013 report prints can be asked of the study: question, row, answer and group."""
    brief = yaml.safe_load((shared_data.parent / "brief" / "published-figures.yaml").read_text("utf-8"))
    addresses = list(published(brief["questions"]))
    assert len(addresses) == 30
    assert {
        a: resolve(parse_address(a), digital) for a in addresses if resolve(parse_address(a), digital)
    } == {}
    departments = next(each for each in digital.attributes if each.name == "department")
    assert {option.short for option in departments.options} - {"Other departments"} == set(
        brief["departments"]
    )
    seniority = digital.questionnaire.by_id["seniority"]
    assert seniority.blank is not None
    assert seniority.blank.in_base
    assert [*(option.label for option in seniority.options), seniority.blank.label] == list(
        brief["seniority"]
    )


def test_questions_whose_figures_are_words_only(digital: Study) -> None:
    """What the report says without figures has its questions: most used channels, more devices, a quote."""
    asked = digital.questionnaire.by_id
    rows = [row.name for row in asked["channels"].rows]
    assert rows[:5] == ["email", "voice", "text", "social", "video"]
    assert {asked[name].kind for name in ("devices_now", "devices_before")} == {"number"}
    assert [option.name for option in asked["devices_next"].options] == ["up", "same", "down"]
    assert asked["anything_else"].quotes == "ask"


def test_report_speaks_of_the_study(digital: Study) -> None:
    """Every address in the report's prose, charts and definitions is one that the study knows."""
    text = (DIGITAL / "report.md").read_text("utf-8")
    addresses = set(re.findall(r"\(#([^)\s]+)", text) + re.findall(r"^\[[^]]+\]: #(\S+)", text, re.M))
    addresses -= {"quote=victorian"}
    assert len(addresses) >= 20
    assert {
        a: resolve(parse_address(a), digital) for a in addresses if resolve(parse_address(a), digital)
    } == {}


def test_agreement_is_asked_both_ways(digital: Study) -> None:
    """Every agreement question says so, offers “don't know” in its base, and turns its scale for half."""
    agreement = [question for question in digital if question.scale == "agree5"]
    assert len(agreement) == 7
    for question in agreement:
        assert "agree or disagree" in (question.hint or "")
        assert question.order_options is not None
        assert question.order_options.by == "direction"
        assert [(kind.name, kind.in_base) for kind in question.missing] == [("dont_know", True)]


def test_targets_are_the_frame(digital: Study) -> None:
    """The made-up counts by department add up to the people invited; their shares are not the replies'."""
    with (DIGITAL / "targets" / "department.csv").open(encoding="utf-8", newline="") as lines:
        counts = {row["id"]: int(row["population"]) for row in csv.DictReader(lines)}
    assert sum(counts.values()) == int(digital.settings["frame"]["invited"]) == 30_400
    assert min(counts.values()) / 30_400 < 0.8 * 61 / 2_439  # DCLG, over-represented among the replies
    assert counts["mod"] / 30_400 > 2 * 51 / 2_439  # MoD, under-represented


def test_welsh_is_complete_and_unreviewed(digital: Study) -> None:
    """Every text has a Welsh draft that is marked fuzzy, and the header says why."""
    entries = polib.pofile(str(DIGITAL / "translations" / "cy.po"))
    assert {entry.msgctxt: entry.msgid for entry in entries} == texts_of(digital)
    assert [entry.msgctxt for entry in entries if not entry.msgstr or not entry.fuzzy] == []
    assert "every entry is marked fuzzy until a translator" in entries.header
    kept = [entry.msgctxt for entry in entries if entry.msgstr == entry.msgid and len(entry.msgid) > 5]
    assert kept == []


def test_one_text_has_one_welsh_text(digital: Study) -> None:
    """A text that stands in several places has one translation; only yes and no change with the verb."""
    entries = polib.pofile(str(DIGITAL / "translations" / "cy.po"))
    words: dict[str, set[str]] = {}
    for entry in entries:
        words.setdefault(entry.msgid, set()).add(entry.msgstr)
    assert {text for text, translations in words.items() if len(translations) > 1} == {"Yes", "No"}


# --- the survey of 2020 -------------------------------------------------------------------------------


def columns(question: Question) -> list[str]:
    """The columns of the CSV that a question is mapped to."""
    assert question.column is not None
    parts = question.rows if question.kind == "grid" else question.options
    if "{" not in question.column:
        return [question.column]
    return [question.column.format(row=part.code, option=part.code) for part in parts]


def test_every_column_is_mapped_once(non_voters: Study) -> None:
    """Each of the 119 columns is one question's, row's, option's or attribute's, or the id or the weight."""
    with (NON_VOTERS / "nonvoters_data.csv").open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    data = non_voters.settings["data"]
    mapped = Counter([str(data["id"]), str(data["weight"])])
    mapped.update(column for question in non_voters for column in columns(question))
    mapped.update(attribute.column for attribute in non_voters.attributes if attribute.column)
    assert len(header) == 119
    assert sorted(mapped.elements()) == sorted(header)


def test_every_code_is_declared(non_voters: Study) -> None:
    """Every cell of the CSV is a declared answer, or a code that the study gives for what is not one."""
    with (NON_VOTERS / "nonvoters_data.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 5_836
    codes = {name: str(code) for name, code in non_voters.settings["data"]["codes"].items()}

    def written(options: tuple[Option, ...]) -> set[str]:
        return {option.data or str(option.code) for option in options}

    undeclared = {}
    for question in non_voters:
        allowed = (
            {codes["chosen"], codes["not_chosen"]}
            if question.kind == "multiple"
            else written(question.options)
        )
        allowed |= {codes[kind.name] for kind in question.missing} | (
            {codes["not_asked"]} if question.ask_if else set()
        )
        for column in columns(question):
            undeclared[column] = {row[column] for row in rows} - allowed
    for attribute in (each for each in non_voters.attributes if each.options and each.column):
        undeclared[attribute.name] = {row[attribute.column] for row in rows} - written(attribute.options)
    assert {name: cells for name, cells in undeclared.items() if cells} == {}


def words(text: str) -> str:
    """A text without what typography changed: spaces, invisible characters, quotation marks, emphasis."""
    text = re.sub(
        r"[\u200b*\s]+", " ", text.replace("’", "'").replace("‘", "'").replace("“", "'").replace("”", "'")
    )
    return re.sub(r" (?=[,.?!])", "", text).casefold().strip()


def squeezed(text: str) -> str:
    """The same without any space: the codebook's PDF breaks words."""
    return words(text).replace(" ", "")


def test_wording_is_the_codebook_s(non_voters: Study, shared_data: Path) -> None:
    """Every question, row and answer stands in the codebook, in its order, word for word."""
    codebook = squeezed((shared_data / "nonvoters538" / "codebook.txt").read_text("utf-8"))
    codebook = codebook.replace("bestforthecounty", "bestforthecountry")
    at = 0
    for question in non_voters:
        number = re.search(r"\d+", question.column or "")
        assert number
        for text in (question.ask, *(part.label for part in (*question.rows, *question.options))):
            place = codebook.find(squeezed(text), at)
            assert place >= 0, f"{question.id}: “{text}”"
            at = place
    assert len(non_voters.questionnaire.questions) == 31


def test_every_note_on_random_order(non_voters: Study, shared_data: Path) -> None:
    """The codebook's 29 notes on random order are 29 orders of the study."""
    codebook = (shared_data / "nonvoters538" / "codebook.txt").read_text("utf-8")
    notes = re.findall(r"randomize|rotate|flip", codebook, re.I)
    orders = [
        order for question in non_voters for order in (question.order_rows, question.order_options) if order
    ]
    orders += [section.questions for section in non_voters.questionnaire.sections if section.questions]
    assert len(notes) == len(orders) == 29


def test_routes_are_those_of_the_codebook(non_voters: Study) -> None:
    """Six questions have a route, and no other."""
    routed = [question.id for question in non_voters if question.ask_if]
    assert routed == [
        "why_unregistered",
        "why_voted",
        "why_not",
        "strong_republican",
        "strong_democrat",
        "leans",
    ]
