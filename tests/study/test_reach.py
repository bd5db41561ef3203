"""Who can be asked what: against trying every person, and each finding at its place."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from tests.study.studies import condition, options, question, study
from tests.study.test_solver import three_sat

from topline.base import Mark
from topline.study.evaluate import compile_node, holds
from topline.study.marks import Text
from topline.study.model import Attribute, Derived, Missing, Question, Section, Study
from topline.study.parse import write_condition
from topline.study.reach import Reach, reach_findings
from topline.study.reach.classes import MOST
from topline.study.tree import And, Compare, Count, Has, In, Is, Node, Not, Or, Ref
from topline.study.values import Answer, NoAnswer

# --- every person tried


def a_test(of: Question, rng: random.Random) -> Node:
    """A random comparison with a question."""
    ref = Ref(of.id)
    if rng.random() < 0.25:
        states = ["missing", "answered", "not_asked", "refused"]
        return Is(ref, rng.choice(states), rng.random() < 0.5)
    names = [option.name for option in of.options]
    ops = ["=", "!=", "<", "<=", ">", ">="]
    if of.kind == "single":
        one = Compare(ref, rng.choice(["=", "!="]), rng.choice(names))
        several = In(ref, tuple(rng.sample(names, 2)), rng.random() < 0.5)
        return rng.choice([one, several])
    if of.kind == "multiple":
        has = Has(ref, tuple(rng.sample(names, rng.randint(1, 2))), rng.choice(["any", "all"]))
        return rng.choice([has, Count(ref, rng.choice(ops), rng.randint(0, 4))])
    if of.kind == "date":
        return Compare(ref, rng.choice(ops), date(2020, 1, rng.randint(1, 4)))
    return Compare(ref, rng.choice(ops), Decimal(rng.randint(-1, 7)) / 2)


def a_condition(earlier: list[Question], rng: random.Random, depth: int = 2) -> Node:
    """A random condition over earlier questions."""
    if depth == 0 or rng.random() < 0.3:
        return a_test(rng.choice(earlier), rng)
    parts = tuple(a_condition(earlier, rng, depth - 1) for _ in range(2))
    return rng.choice([Not(parts[0]), And(parts), Or(parts)])


def a_study(rng: random.Random) -> Study:
    """Four to six questions with random routes, one section among them."""
    made: list[Question] = []
    for number in range(rng.randint(4, 6)):
        route = write_condition(a_condition(made, rng)) if made and rng.random() < 0.8 else None
        kind = rng.choice(["single", "single", "multiple", "number", "date"])
        settings: dict[str, object] = {"kind": kind, "section": "late" if number > 2 else None}
        if kind == "number":
            settings |= {"minimum": Decimal(0), "maximum": Decimal(2), "decimals": rng.choice([0, 1])}
        if kind == "date":
            settings |= {"minimum": date(2020, 1, 2), "maximum": date(2020, 1, 4)}
        if kind == "multiple":
            settings |= {"exclusive": "c", "blank_counts": rng.random() < 0.5}
        answers = "a b c" if kind in ("single", "multiple") else ""
        missing = rng.choice(["", "refused"])
        required = rng.random() < 0.7
        made.append(
            question(f"q{number}", answers, ask_if=route, missing=missing, required=required, **settings)
        )
    late = condition(write_condition(a_condition(made[:3], rng)))
    return study(*made, sections=[Section("late", "Late", late if rng.random() < 0.5 else None)])


def can_answer(asked: Question) -> Iterator[Answer]:
    """Every answer that the page accepts."""
    names = [option.name for option in asked.options]
    if asked.kind == "single":
        yield from names
    elif asked.kind == "multiple":
        others = [option.name for option in asked.options if not option.exclusive]
        sizes = range(0 if asked.blank_counts else 1, len(others) + 1)
        yield from (frozenset(chosen) for n in sizes for chosen in combinations(others, n))
        yield from (frozenset({option.name}) for option in asked.options if option.exclusive)
    elif asked.kind == "date":
        yield from (date(2020, 1, day) for day in (2, 3, 4))
    else:
        steps = 10**asked.decimals
        yield from (Decimal(n) / steps for n in range(2 * steps + 1))
    yield from (NoAnswer(missing.name) for missing in asked.missing)
    if not asked.required:
        yield NoAnswer("blank")


def everybody(made: Study) -> list[tuple[dict[str, Answer], frozenset[str]]]:
    """Every person there can be, with the questions that they are asked."""
    routes = {name: [compile_node(node) for node in nodes] for name, nodes in Reach(made).routes.items()}
    people: list[tuple[dict[str, Answer], frozenset[str]]] = [({}, frozenset())]
    for asked in made:
        grown = []
        for answers, were in people:
            if all(test(answers) is True for test in routes[asked.id]):
                grown += [(answers | {asked.id: answer}, were | {asked.id}) for answer in can_answer(asked)]
            else:
                grown.append((answers | {asked.id: NoAnswer("not_asked")}, were))
        people = grown
    return people


@pytest.mark.slow
def test_agrees_with_trying_everybody() -> None:
    """In 150 random studies the same is asked of somebody, and of everybody, as when all are tried."""
    rng = random.Random(3)
    statuses = []
    for _ in range(150):
        made = a_study(rng)
        reach = Reach(made)
        people = everybody(made)
        for asked in made:
            found = reach.ask(reach.routes[asked.id])
            statuses.append(found.status)
            assert (found.status == "possible") == any(asked.id in were for _, were in people)
            if found.status == "possible":
                assert all(compile_node(node)(found.example) is True for node in reach.routes[asked.id])
            if asked.ask_if:
                skipped = reach.ask([], [asked.ask_if.node])
                by_hand = any(not holds(asked.ask_if, answers, made) for answers, _ in people)
                assert (skipped.status == "possible") == by_hand
    assert "not decided" not in statuses
    assert statuses.count("impossible") > 30


# --- value classes


def reached(made: Study, text: str) -> str:
    """Whether there can be somebody of whom a condition is true."""
    return Reach(made).ask([condition(text).node]).status


ONE = study(
    question("devices", kind="number", minimum=Decimal(0), maximum=Decimal(20), missing="dont_know"),
    question("length", kind="number", decimals=1),
    question("born", kind="date", minimum=date(1990, 1, 1)),
    question("problems", "apps cloud none", kind="multiple", exclusive="none"),
    question("worst", kind="rank", options_from="problems", places=2),
    question("words", kind="text", required=False),
    question("grade", "low high", required=True),
    question("agreed", "yes no", blank=Missing("blank", "Nothing said")),
    attributes=[Attribute("age", "Age", "number"), Attribute("unit", "Unit", options=options("x y"))],
)
REACHED = {
    "devices > 3 and devices < 4": "impossible",  # no decimals
    "length > 3 and length < 4": "possible",
    "length > 3.1 and length < 3.2": "impossible",
    "devices > 20": "impossible",
    "devices < 1 and devices != 0": "impossible",
    "not devices < 5 and not devices >= 5": "impossible",
    "devices is dont_know and not devices is answered": "possible",
    "devices is refused": "impossible",
    "born < 1990-01-01": "impossible",
    "born > 1990-01-01 and born < 1990-01-03": "possible",
    "born > 1990-01-01 and born < 1990-01-02": "impossible",
    "problems has none and problems has apps": "impossible",
    "problems has all [apps, cloud]": "possible",
    "problems has none and count(problems) = 1": "possible",
    "count(problems) = 3": "impossible",
    "count(problems) = 0": "impossible",
    "count(worst) = 2": "possible",
    "count(worst) > 2": "impossible",
    "words is answered": "possible",
    "words is blank": "possible",
    "grade is missing": "impossible",
    "agreed is blank": "possible",
    "age > 17 and age < 18": "possible",
    "unit is missing": "possible",
    "unit = x and unit = y": "impossible",
}


@pytest.mark.parametrize(("text", "status"), REACHED.items(), ids=REACHED)
def test_domains(text: str, status: str) -> None:
    """Ranges, decimals, exclusive options, places and missing kinds bound what can be answered."""
    assert reached(ONE, text) == status


def test_an_answer_that_ends_the_interview_is_not_seen_later() -> None:
    """Who is screened out is asked nothing more."""
    citizen = question("citizen", "yes no", line=3)
    out = replace(citizen, options=(citizen.options[0], replace(citizen.options[1], ends="screened_out")))
    made = study(out, question("why", kind="text", line=6, ask_if="citizen = no"))
    assert said(made) == [
        "questionnaire.yaml:7:11 error: nobody can be asked why: citizen = no contradicts itself."
    ]


# --- findings


def said(made: Study, budget: int = 100_000) -> list[str]:
    """The findings about the routes of a study, as text."""
    return list(map(str, reach_findings(made, budget)))


PARTY = question("party", "republican democrat another", line=41)
Q = "questionnaire.yaml:"


def test_a_route_against_its_section() -> None:
    """Message 15."""
    made = study(
        PARTY,
        question("strong", "yes no", line=70, section="s", ask_if="party = democrat"),
        sections=[Section("s", "S", condition("party = republican", 64))],
    )
    assert said(made) == [
        Q + "71:11 error: nobody can be asked strong: it needs party = democrat, "
        "but its section is asked only if party = republican (line 64)."
    ]


def test_a_route_against_an_earlier_route() -> None:
    """A route that needs an answer which its own condition keeps from being asked."""
    made = study(
        PARTY,
        question("leans", "left right", line=50, ask_if="party = another"),
        question("strong", "yes no", line=70, ask_if="leans = left and party = democrat"),
    )
    assert said(made) == [
        Q + "71:11 error: nobody can be asked strong: it needs leans = left and party = democrat, "
        "but leans is asked only if party = another (line 51)."
    ]


def test_a_route_against_itself_and_against_several() -> None:
    """A contradiction in one condition, and one that takes two earlier routes."""
    made = study(
        PARTY,
        question("a", "yes no", line=50, ask_if="party in [republican, another]"),
        question("b", "yes no", line=55, ask_if="party in [democrat, another]"),
        question("c", "yes no", line=60, ask_if="a = yes and b = yes and not party = another"),
        question("d", "yes no", line=65, ask_if="party = republican and party = democrat"),
    )
    assert said(made) == [
        Q + "61:11 error: nobody can be asked c: no answers to the earlier questions, with their routes, "
        "give a = yes and b = yes and not party = another.",
        Q + "66:11 error: nobody can be asked d: party = republican and party = democrat contradicts itself.",
    ]


def test_a_section_that_nobody_sees_is_told_once() -> None:
    """The section is at fault, not each of its questions."""
    made = study(
        PARTY,
        question("a", "yes no", line=50, section="s", ask_if="party = democrat"),
        question("b", "yes no", line=55, section="s"),
        sections=[Section("s", "S", condition("party = democrat and party = another", 45))],
    )
    assert said(made) == [
        Q + "45:11 error: nobody can be asked s: party = democrat and party = another contradicts itself."
    ]


def test_a_route_that_is_always_true() -> None:
    """A route that leaves nobody out is a warning, also when its section already says the same."""
    made = study(
        PARTY,
        question("a", "yes no", line=50, ask_if="party is answered"),
        question("b", "yes no", line=55, section="s", ask_if="party != democrat"),
        sections=[Section("s", "S", condition("party in [republican, another]", 52))],
    )
    assert said(made) == [
        Q + "51:11 warning: everybody who comes here is asked a: party is answered is always true. "
        "Take ask_if out, or correct it.",
        Q + "56:11 warning: everybody who comes here is asked b: party != democrat is always true. "
        "Take ask_if out, or correct it.",
    ]


def test_the_note_on_missing_kinds() -> None:
    """Message 16: once a study for each kind, for kinds that are offered, and never for blank."""
    blank = Missing("blank", "Nothing")
    made = study(
        question("party", "republican democrat", missing="refused", blank=blank, line=41),
        question("age", kind="number", missing="refused dont_know", line=45, required=False),
        question("a", "yes no", line=50, ask_if="party = democrat or party is refused"),
        question("b", "yes no", line=55, ask_if="party = democrat and party is answered"),
        question("c", "yes no", line=60, ask_if="party = democrat"),
        question("d", "yes no", line=65, ask_if="party = democrat"),
        question("e", "yes no", line=70, ask_if="age < 20"),
        question("f", "yes no", line=75, ask_if="age < 20 or party = democrat"),
    )
    assert said(made) == [
        Q + "61:11 note: party can be refused; those people are not asked this. "
        "Add “or party is refused”, or “and party is answered” to say so.",
        Q + "71:11 note: age can be answered with “Don't know”; those people are not asked this. "
        "Add “or age is dont_know”, or “and age is answered” to say so.",
    ]


def test_the_note_is_at_the_group_that_says_it() -> None:
    """Where a route names a group, also a group of a group, that is what would be changed."""
    made = study(
        question("party", "republican democrat", missing="refused", line=41),
        question("a", "yes no", line=50, ask_if="keen"),
        groups={"reds": "party = republican", "keen": "reds"},
    )
    marks = {group.name: replace(group.where, mark=Mark("questionnaire.yaml", 20 + n, 7))
             for n, group in enumerate(made.questionnaire.groups)}  # fmt: skip
    groups = tuple(replace(each, where=marks[each.name]) for each in made.questionnaire.groups)
    made = replace(made, questionnaire=replace(made.questionnaire, groups=groups))
    assert [text.partition(" note: ")[0] for text in said(made)] == [Q + "20:7"]


def test_no_note_where_the_rest_of_the_route_asks_them() -> None:
    """People who refuse but may be asked for another reason are not left out."""
    made = study(
        question("party", "republican democrat", missing="refused", line=41),
        question("sure", "yes no", line=45),
        question("c", "yes no", line=60, ask_if="party = democrat or sure = no"),
    )
    assert said(made) == []


def test_a_list_taken_from_an_earlier_question() -> None:
    """A ranking of what was chosen must not be asked of people who chose nothing that it shows."""
    problems = question("problems", "apps cloud none", kind="multiple", exclusive="none", line=40)
    worst = {
        "kind": "rank",
        "options_from": "problems",
        "line": 50,
        "marks": {"options_from": Mark("q.yaml", 53, 17)},
    }
    assert said(study(problems, question("worst", **worst))) == [
        "q.yaml:53:17 error: worst takes its answers from problems, but can be asked of people who chose "
        "none there. Ask it only if: problems is answered and not problems has none"
    ]
    for route in ("problems is answered and not problems has none", "count(problems) >= 2"):
        assert said(study(problems, question("worst", ask_if=route, **worst))) == []


def test_an_answer_after_which_nothing_comes() -> None:
    """An answer that skips all the rest, three questions or more, is a warning at the answer."""
    user = question("user", "yes no", line=40)
    follow_up = [question(f"u{n}", "daily weekly", ask_if="user = yes") for n in range(3)]
    assert said(study(user, *follow_up[:2])) == []
    made = study(user, *follow_up)
    assert said(made) == [
        Q + "40:1 warning: who answers no to user is asked nothing more. If that is meant, say so: "
        "ends: screened_out"
    ]
    assert said(study(*made, question("age", kind="number"))) == []


def test_a_score_that_nobody_can_have() -> None:
    """A mean of questions whose routes exclude each other needs answers that nobody can give."""
    routes = [
        question(n, "yes no", ask_if=f"party = {p}") for n, p in (("a", "democrat"), ("b", "republican"))
    ]
    mean = Derived("score", "Score", "mean", ("a", "b"), at_least=2, mark=Mark("study.yaml", 9, 3))
    assert said(study(PARTY, *routes, question("end", "x y"), derived=(mean,))) == [
        "study.yaml:9:3 error: nobody can have score: it needs 2 answers, but nobody is asked both a and b."
    ]


def test_what_the_budget_does_not_decide_is_said() -> None:
    """Past the budget the finding says so, as it does where too many combinations of options matter."""
    message = (
        "51:11 error: it is not decided whether anybody, or everybody, can be asked a: {} steps were not "
        "enough. Simplify its condition or those of the questions that it looks at."
    )
    sides = {True: "yes", False: "no"}
    clauses = three_sat(random.Random(5), 60)
    parts = [" or ".join(f"b{abs(n)} = {sides[n > 0]}" for n in clause) for clause in clauses]
    hard = " and ".join(f"({part})" for part in parts)
    binary = [question(f"b{n}", "yes no") for n in range(1, 61)]
    made = study(*binary, question("a", "yes no", line=50, ask_if=hard))
    assert said(made, budget=100) == [Q + message.format(100)]
    names = [f"o{n}" for n in range(14)]
    many = question("many", " ".join(names), kind="multiple", line=40)
    route = " and ".join(f"many has {name}" for name in names)
    assert 2 ** len(names) > MOST
    assert said(study(many, question("a", "yes no", line=50, ask_if=route), question("z", "x y"))) == [
        Q + message.format(100_000)
    ]


# --- pipes


def text(words: str, line: int) -> Text:
    """A text at a place of the file."""
    return Text(words, Mark("questionnaire.yaml", line, 8), None, (line, 8 + len(words)))


LEADER = question("leader_name", kind="text", required=False, label="Digital Leader", line=40)
KNOWS = question("knows", "yes no", line=38, label="Knows")


def test_a_pipe_that_may_be_empty() -> None:
    """Message 17, in every text of a question; a fallback makes it good."""
    ask = "What has changed through {leader_name}? And {leader_name|your leader}?"
    made = study(KNOWS, LEADER, question("change", "yes no", line=90, ask=text(ask, 91)))
    assert said(made) == [
        Q + "91:33 error: {leader_name} is not always answered before this page. "
        "Give a fallback: {leader_name|your Digital Leader}"
    ]


def test_a_pipe_that_is_always_answered() -> None:
    """Required, without missing kinds, asked on an earlier page of all who see the text: no finding."""
    change = question(
        "change", "yes no", ask_if="knows = yes", ask=text("You said {knows}, about {leader}", 91)
    )
    leader = question("leader", "smith jones", ask_if="knows = yes", line=45)
    end = question("end", "x y")
    assert said(study(KNOWS, leader, change, end)) == []
    same_page = study(KNOWS, question("a", "x y", page="knows", ask=text("You said {knows}", 91)))
    assert said(same_page) == [
        Q + "91:17 error: {knows} is not known yet on this page. "
        "A text can repeat only what an earlier page asked."
    ]


def test_pipes_of_attributes_splits_and_nothing() -> None:
    """Attributes are known unless the frame does not keep them; other braces are text."""
    words = "{unit} {grade} {privacy_sentence} {unti} {{7*7}} {} {not a name}"
    asked = question("a", "x y", ask=text(words, 91), line=90)
    attributes = [Attribute("unit", "Unit"), Attribute("grade", "Grade")]
    unknown = Q + "91:42 error: there is no question, attribute or split unti to put here. Did you mean unit?"
    assert said(study(asked, attributes=attributes)) == [unknown]
    kept = study(asked, attributes=attributes, settings={"frame": {"kind": "list", "keep": ["unit"]}})
    assert said(kept) == [
        Q
        + "91:15 error: {grade} is not always answered before this page. Give a fallback: {grade|your grade}",
        unknown,
    ]
