"""Names in addresses, looked up in a study."""

import pytest

from topline.study.address import parse_address
from topline.study.model import Attribute, Group, Missing, Net, Option, Question, Questionnaire, Row, Study
from topline.study.resolve import measured, resolve, spread_members
from topline.study.tree import Compare, Condition, Ref

SCALE = (Option("agree", "Agree"), Option("neither", "Neither"), Option("disagree", "Disagree"))
MISSING = (Missing("dont_know", "Don't know", in_base=True), Missing("refused", "Refused"))
STUDY = Study(
    id="small",
    title="Small",
    folder=".",
    languages=("en",),
    inference="descriptive",
    questionnaire=Questionnaire(
        questions=(
            Question(
                "single", "skills", options=SCALE, missing=MISSING, nets=(Net("sure", "Sure", ("agree",)),)
            ),
            Question("grid", "trust", options=SCALE, rows=(Row("police", "Police"), Row("press", "Press"))),
            Question("number", "devices"),
            Question("text", "why"),
        ),
        groups=(Group("sure_ones", "those sure", Condition(Compare(Ref("skills"), "=", "sure"))),),
    ),
    attributes=(Attribute("department", "Department", options=(Option("moj", "MoJ"), Option("dft", "DfT"))),),
    settings={"analysis": {"sets": {"capability": ["skills=agree", "trust.police=agree"]}}},
)


@pytest.mark.parametrize(
    "text",
    [
        "skills=agree",
        "skills!=sure/department=moj,dft",
        "skills=dont_know",
        "skills=*?highest=agree",
        "trust.*=agree/sure_ones?lowest=press&over=50",
        "skills=agree/department=moj:rest",
        "skills=agree/skills=agree",
        "base(skills)",
        "mean(devices)",
        "count(skills=agree)",
        "responses/department=moj",
        "sets.capability?over=50",
        "cite(other.figure)",
    ],
)
def test_names_that_exist_are_accepted(text: str) -> None:
    """Every form of address whose names the study has passes without a word."""
    assert resolve(parse_address(text), STUDY) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("skils=agree", "there is no question or attribute “skils”. Did you mean skills?"),
        ("skills=agre", "skills has no answer or net “agre”. Did you mean agree?"),
        (
            "skills=zzz",
            "skills has no answer or net “zzz”. It may be: agree, neither, disagree, sure, dont_know.",
        ),
        (
            "skills=refused",
            "refused is not in the base of skills, so it has no share there. Declare in_base: "
            "true, or claim another answer.",
        ),
        (
            "skills",
            "skills alone is not a figure. Name an answer, such as skills=agree, or write base(skills).",
        ),
        ("skills.x=agree", "skills has no rows. Write skills without .x"),
        ("trust=agree", "trust has several rows. Name one: trust.police or trust.*"),
        ("trust.polise=agree", "trust has no row “polise”. Did you mean police?"),
        ("devices=agree", "devices is a number: it has no shares of answers. Write mean(devices)"),
        (
            "mean(skills)",
            "mean needs a number or scored answers, and skills has neither. Write skills=ANSWER for a share.",
        ),
        (
            "skills=agree/departement=moj",
            "there is no attribute, question or group “departement” to filter by. Did you mean department?",
        ),
        (
            "skills=agree/sure_one",
            "there is no attribute, question or group “sure_one” to filter by. Did you mean sure_ones?",
        ),
        ("skills=agree/department=mojj", "department has no group “mojj”. Did you mean moj?"),
        ("skills=agree/department=moj:dftt", "department has no group “dftt”. Did you mean dft?"),
        (
            "skills=agree/why=moj",
            "why has no answers to filter by. Filter by an attribute, a question with answers or a group.",
        ),
        (
            "sets.capabilty?over=50",
            "there is no set “capabilty” under analysis: sets: in study.yaml. Did you mean capability?",
        ),
        (
            "skills=agree?highest=moj",
            "highest= ranks several figures, and this address names one. Write * in the place of "
            "what is compared.",
        ),
        (
            "skills=agree/department=*?highest=mod",
            "highest=mod: “mod” is not one of what is compared here. Did you mean moj?",
        ),
    ],
)
def test_a_name_that_does_not_exist_is_said_with_what_was_meant(text: str, message: str) -> None:
    """One fault, one finding, an error, with the nearest name or the names to choose from."""
    (finding,) = resolve(parse_address(text), STUDY)
    assert finding.text == message
    assert finding.severity == "error"


def test_two_faults_give_two_findings() -> None:
    """The measure and each filter are looked up on their own."""
    found = resolve(parse_address("skills=agre/department=mojj"), STUDY)
    assert [finding.id for finding in found] == ["address_no_answer", "address_no_group"]


def test_what_an_address_measures() -> None:
    """A star in the row measures every row; sets and counters measure no variable."""
    assert [v.name for v in measured(parse_address("trust.*=agree"), STUDY)] == [
        "trust.police",
        "trust.press",
    ]
    assert [v.name for v in measured(parse_address("skills=agree"), STUDY)] == ["skills"]
    assert measured(parse_address("responses"), STUDY) == ()


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("trust.*=agree", ("police", "press")),
        ("skills=*", ("agree", "neither", "disagree")),
        ("skills=agree/department=*", ("moj", "dft")),
        ("sets.capability", ("skills=agree", "trust.police=agree")),
        ("skills=agree", ()),
    ],
)
def test_the_members_of_a_spread_stand_in_the_order_of_the_study(text: str, members: tuple[str, ...]) -> None:
    """Rows, answers, groups or a set's members: what `highest=` may name."""
    assert spread_members(parse_address(text), STUDY) == members
