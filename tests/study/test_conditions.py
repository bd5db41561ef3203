"""Names, comparisons and order in conditions: each fault one finding, at its place."""

import pytest
from tests.study.studies import condition, question, small_study, study

from topline.study.conditions import condition_findings, name_findings
from topline.study.model import Check, Derived, Order, Section

STUDY = small_study()
P = "questionnaire.yaml:60:"
NAMES = {
    "partie = democrat": "11 error: there is no question, attribute, split or group partie. "
    "Did you mean party?",
    "zzz = democrat": "11 error: there is no question, attribute, split or group zzz.",
    "major_part": "11 error: there is no group or question major_part. Did you mean major_party?",
    "party": "11 error: party is no group. Say what of it, as in: party = republican",
    "trust": "11 error: trust is no group. Say what of it, as in: trust.police = a_lot",
    "trust.police": "11 error: trust.police is no group. Say what of it, as in: trust.police = a_lot",
    "trust.polise": "11 error: trust has no row polise. Did you mean police?",
    "problems.apps": "11 error: problems is not a grid, so it has no row apps. Write: problems has apps",
    "party.democrat": "11 error: party is not a grid, so it has no row democrat. Write: party = democrat",
    "party.police": "11 error: party is not a grid, so it has no row police. Write: party = republican",
    "major_party.democrat": "11 error: major_party is a group: it stands alone, without a comparison.",
    "zzz.police": "11 error: there is no question, attribute, split or group zzz.",
    "major_party = democrat": "11 error: major_party is a group: it stands alone, without a comparison.",
    "trust.polise = some": "11 error: trust has no row polise. Did you mean police?",
    "trust.zzz = some": "11 error: trust has no row zzz. It may be: police, courts.",
    "party.police = some": "11 error: party is not a grid, so it has no row police. Write: party",
    "party.democrat = yes": "11 error: party is not a grid, so it has no row democrat. "
    "Write: party = democrat",
    "problems.apps = yes": "11 error: problems is not a grid, so it has no row apps. "
    "Write: problems has apps",
    "trust = some": "11 error: trust is a grid. Name one of its rows, as in trust.police. "
    "Its rows: police, courts.",
    "party = democrats": "19 error: party has no answer democrats. Did you mean democrat?",
    "party = zzz": "19 error: party has no answer zzz. It may be: republican, democrat, another, major.",
    "party in [another, zemocrat]": "30 error: party has no answer zemocrat. Did you mean democrat?",
    "problems has app": "24 error: problems has no answer app. Did you mean apps?",
    "party = 2": "19 error: party is compared with the code 2. Write the answer's name: democrat.",
    "party in [another, 1]": "30 error: party is compared with the code 1. "
    "Write the answer's name: republican.",
    "party = 9": "19 error: party is compared with the code 9, which none of its answers has. "
    "Write the name of one: republican, democrat, another, major.",
    "party = refused": "19 error: refused is not an answer but a missing kind. Write: party is refused",
    "party != refused": "20 error: refused is not an answer but a missing kind. Write: party is not refused",
    "party in [another, refused]": "30 error: refused is not an answer but a missing kind. "
    "Write: party is refused",
    "party = dont_know": "19 error: party does not offer dont_know. It offers: refused.",
    "party is dont_know": "20 error: party does not offer dont_know. It offers: refused.",
    "voted is refused": "20 error: voted does not offer refused. "
    "Add it to the missing kinds of the question, or take the condition out.",
    "party is democrat": "20 error: democrat is an answer of party, not a missing kind. "
    "Write: party = democrat",
    "party is not democrat": "24 error: democrat is an answer of party, not a missing kind. "
    "Write: not party = democrat",
    "problems is apps": "23 error: apps is an answer of problems, not a missing kind. "
    "Write: problems has apps",
    "party is refusd": "20 error: refusd is not a missing kind. Did you mean refused?",
    "party < 3": "11 error: party is neither a number nor a date, so “<” cannot compare it. "
    "Name the answers, as in: party in [republican, democrat]",
    "party = 2020-01-01": "11 error: party is neither a number nor a date, so “=” cannot compare it. "
    "Name the answers, as in: party in [republican, democrat]",
    "party has democrat": "11 error: party takes one answer, “has” looks at several. Write: party = democrat",
    "party has any [democrat, another]": "11 error: party takes one answer, “has” looks at several. "
    "Write: party in [democrat, another]",
    "count(party) > 1": "17 error: party takes one answer, “count()” looks at several. "
    "Write: party is answered",
    "problems = apps": "11 error: problems can take several answers, so “=” cannot compare it. "
    "Write: problems has apps",
    "problems != apps": "11 error: problems can take several answers, so “!=” cannot compare it. "
    "Write: not problems has apps",
    "worst in [apps, cloud]": "11 error: worst can take several answers, so “in” cannot compare it. "
    "Write: worst has any [apps, cloud]",
    "devices = many": "11 error: devices is a number. Compare it with a number, as in: devices >= 3",
    "devices < 2020-01-01": "11 error: devices is a number. Compare it with a number, as in: devices >= 3",
    "joined > 5": "11 error: joined is a date. Compare it with a day, as in: joined >= 2013-11-30",
    "comment = yes": "11 error: comment is open text. A condition can only ask whether there is any: "
    "comment is answered",
    "devices = 21": "21 error: devices is 0 to 20, so devices = 21 is never true. "
    "Change the number, or the range.",
    "devices < -1": "21 error: devices is 0 to 20, so devices < -1 is never true. "
    "Change the number, or the range.",
    "devices != 21": "22 warning: devices is 0 to 20, so devices != 21 is true whenever there is an answer. "
    "If that is meant, write: devices is answered",
    "devices <= 30": "22 warning: devices is 0 to 20, so devices <= 30 is true whenever there is an answer. "
    "If that is meant, write: devices is answered",
}


@pytest.mark.parametrize(("text", "message"), NAMES.items(), ids=NAMES)
def test_each_wrong_name_or_comparison_has_its_message(text: str, message: str) -> None:
    """The message names the fault and what to write, and stands at the word that is wrong."""
    assert list(map(str, name_findings(condition(text, 60), STUDY))) == [P + message]
    assert [f.mark.column - 15 for f in name_findings(condition(f"not ({text})", 60), STUDY)] == [
        int(message.split()[0]) - 10
    ]


FINE = [
    "party in [another, major] and party is refused",
    "trust.police = trusted or trust.courts is dont_know",
    "problems has all [software, cloud] and count(problems) <= 3",
    "worst has other or count(worst) = 1",
    "devices >= 0 and devices <= 20",
    "joined < 2011-01-01 and comment is answered",
    "department = moj or department is refused",
    "direction = forward and outsiders and leaning is not_asked",
]


@pytest.mark.parametrize("text", FINE)
def test_what_fits_has_no_findings(text: str) -> None:
    """A condition whose names exist and whose comparisons fit has no finding."""
    assert list(name_findings(condition(text, 60), STUDY)) == []


def test_a_whole_study_without_faults() -> None:
    """The small study has none."""
    assert condition_findings(STUDY) == []


def said(made: object) -> list[str]:
    """The findings of a study as text."""
    return list(map(str, condition_findings(made)))


def test_a_route_that_looks_forward() -> None:
    """A question asked later cannot decide a route, nor can the question itself."""
    made = study(
        question("first", "yes no", line=5, ask_if="leans = yes"),
        question("leans", "yes no", line=9, ask_if="leans = no"),
    )
    rule = "A route may look only at what was asked before it."
    assert said(made) == [
        f"questionnaire.yaml:6:11 error: leans is asked later (line 9). {rule}",
        f"questionnaire.yaml:10:11 error: leans is asked later (line 9). {rule}",
    ]


def test_a_group_that_looks_forward_is_told_where_it_is_used() -> None:
    """A group may look at anything; the route that uses it too early is at fault."""
    made = study(
        question("first", "yes no", line=5, ask_if="not leaners"),
        question("leans", "yes no", line=9),
        question("last", "yes no", line=12, ask_if="leaners"),
        groups={"inner": "leans = yes", "leaners": "inner"},
    )
    assert said(made) == [
        "questionnaire.yaml:6:15 error: leans is asked later (line 9). "
        "A route may look only at what was asked before it."
    ]


def test_a_section_is_decided_before_its_first_question() -> None:
    """A section's route may not look at questions of the section."""
    made = study(
        question("a", "yes no", line=5),
        question("b", "yes no", line=7, section="part"),
        sections=[Section("part", "Part", ask_if=condition("a = yes and b = yes", 4))],
    )
    assert said(made) == [
        "questionnaire.yaml:4:23 error: b is asked later (line 7). "
        "A route may look only at what was asked before it."
    ]


def test_a_check_may_look_at_its_own_page() -> None:
    """A check runs when the page is sent: it sees every question of the page, and none after it."""
    rule = Check("hard", condition("a = yes and b = yes and c = yes", 30), "Say")
    made = study(
        question("a", "yes no", line=5, page="one", checks=(rule,)),
        question("b", "yes no", line=7, page="one"),
        question("c", "yes no", line=9, page="two"),
    )
    assert said(made) == [
        "questionnaire.yaml:30:35 error: c is asked later (line 9). "
        "A route may look only at what was asked before it."
    ]


def test_random_order_may_put_it_later() -> None:
    """Within a section in random order nothing is certainly asked before anything else."""
    made = study(
        question("a", "yes no", line=5, section="s"),
        question("b", "yes no", line=7, section="s", ask_if="a = yes"),
        question("c", "yes no", line=9, section="s", ask_if="a = yes"),
        sections=[Section("s", "S", questions=Order("shuffle", only=("a", "b")))],
    )
    assert said(made) == [
        "questionnaire.yaml:8:11 error: a may be asked after b, because the questions of their section stand "
        "in "
        "random order. Keep one of them out of the order, or move a to an earlier section."
    ]


def test_a_derived_variable_is_known_too_late() -> None:
    """What is worked out after the fieldwork cannot decide a route."""
    made = study(
        question("a", "yes no", line=5, ask_if="index >= 50"),
        derived=(Derived("index", "Index", "index", ("a",)),),
    )
    assert said(made) == [
        "questionnaire.yaml:6:11 error: index is worked out when the fieldwork is over. "
        "A route may look only at questions, attributes and splits."
    ]


def test_groups_in_a_circle() -> None:
    """A group that leads back to itself is one error, and nothing else is said of the routes that use it."""
    made = study(
        question("a", "yes no", line=5),
        question("b", "yes no", line=7, ask_if="one"),
        groups={"one": "two and a = yes", "two": "not three", "three": "one", "four": "three"},
    )
    assert said(made) == [
        "error: the group refers to itself: one > two > three > one. "
        "A group may look at questions, attributes and other groups only."
    ]
