"""Conditions of forms select the same people here as in the form."""

import operator
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topline.forms.conditions import Target, Unsayable, condition_of
from topline.forms.limits import range_of
from topline.forms.xpath import Asked, Call, Comparing, Joined, Literally, Tree, parse_xpath
from topline.study.evaluate import holds
from topline.study.model import Option, Question, Questionnaire, Study
from topline.study.parse import parse_condition, write_condition
from topline.study.values import Answer, NoAnswer

ANSWERS = {"a": "alpha", "b-1": "beta", "3": "gamma"}
_OPTIONS = tuple(Option(name, name) for name in ANSWERS.values())
QUESTIONS = {
    "s": Question("single", "s_id", options=_OPTIONS),
    "m": Question("multiple", "m_id", options=_OPTIONS),
    "n": Question("number", "n_id"),
    "d": Question("date", "d_id"),
    "t": Question("text", "t_id"),
}
STUDY = Study("x", "X", "", ("en",), "descriptive", Questionnaire(tuple(QUESTIONS.values())))


def find(name: str) -> Target:
    """The questions above, none of which is certain to be answered; `.` is the number."""
    if name not in QUESTIONS and name:
        raise Unsayable(f"{name} is unknown")
    return Target(QUESTIONS[name or "n"], ANSWERS if name in ("s", "m") else {}, always=not name)


def said(text: str) -> str:
    """The condition in our grammar, as text."""
    node = condition_of(text, find)
    return write_condition(node) if node else ""


@pytest.mark.parametrize(
    ("form", "ours"),
    [
        ("${s} = 'a'", "s_id = alpha"),
        ("${s}=‘a’", "s_id = alpha"),
        ('"b-1" = ${ s }', "s_id = beta"),
        ("${s} = 3", "s_id = gamma"),
        ("selected(${s}, 'a') or selected(${s}, 'b-1')", "s_id in [alpha, beta]"),
        ("${s} != 'a'", "s_id != alpha or s_id is missing"),
        ("${s} != 'a' and ${s} != ''", "(s_id != alpha or s_id is missing) and s_id is answered"),
        ("not(selected(${m}, 'a'))", "not m_id has alpha or m_id is missing"),
        ("${m} = 'a'", "m_id has alpha and count(m_id) = 1"),
        ("count-selected(${m}) >= 2", "count(m_id) >= 2"),
        ("${n} > 0 and ${n} <= 7.5", "n_id > 0 and n_id <= 7.5"),
        ("10 < ${n}", "n_id > 10"),
        ("${n} = '5' or ${s} = 'a' and ${t} != ''", "n_id = 5 or (s_id = alpha and t_id is answered)"),
        (
            "not(${n} > 3 or ${s} = 'a')",
            "(n_id <= 3 or n_id is missing) and (s_id != alpha or s_id is missing)",
        ),
        ("${d} >= date('2020-02-29')", "d_id >= 2020-02-29"),
        ("${d} < '2020-02-29'", "d_id < 2020-02-29"),
        ("string-length(${t}) > 0", "t_id is answered"),
        ("${t} = ''", "t_id is missing"),
        (". >= 3", "n_id >= 3"),
        ("not(. = 3)", "n_id != 3"),
        ("true()", ""),
    ],
)
def test_in_our_words(form: str, ours: str) -> None:
    """Each form of condition has its counterpart; negations say what becomes of people without an answer."""
    assert said(form) == ours
    if ours:
        assert write_condition(parse_condition(ours)) == ours


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ("${n} + 1 > 3", "“+” has no counterpart in conditions here"),
        ("regex(${t}, 'x')", "regex() has no counterpart in conditions here"),
        ("${d} > today()", "today() has no counterpart in conditions here"),
        ("${n} > ${d}", "conditions here do not compare two answers with each other"),
        ("${s} = 'z'", "s_id has no answer “z”"),
        ("${s} > 'a'", "the answers of s_id have no order to compare them by"),
        ("${t} = 'x'", "t_id is open text, of which a condition can only ask whether there is any"),
        ("${n} = 'many'", "n_id is a number, “many” is none"),
        ("${gone} = 'a'", "gone is unknown"),
        ("${s} = ", "“its end” has no counterpart in conditions here"),
        ("'a'", "it is not a comparison"),
    ],
)
def test_what_cannot_be_said(form: str, why: str) -> None:
    """What the grammar lacks is refused with the reason."""
    with pytest.raises(Unsayable) as error:
        said(form)
    assert error.value.why == why


@pytest.mark.parametrize(
    ("constraint", "whole", "limits"),
    [
        (". >= 0 and . <= 120", True, (0, 120)),
        ("(. <= 120) and 18 <= .", True, (18, 120)),
        (".>0 and .<11", True, (1, 10)),
        (". > 10.51 and . < 18.39", False, None),
        (".<=26", True, None),
        (". >= 5 and . <= 3", True, None),
        (". >= 5 or . <= 3", True, None),
        (". >= 1 and . <= ${n}", True, None),
        (". >= 1 and . <= 3 and . != 2", True, None),
        ("regex(., 'x')", True, None),
    ],
)
def test_ranges(constraint: str, whole: bool, limits: tuple[int, int] | None) -> None:
    """Two bounds make a range; open ends are whole numbers' neighbours; all else is no range."""
    assert range_of(constraint, whole) == (tuple(map(Decimal, limits)) if limits else None)


# --- the same people

OPERATORS = {
    "=": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

People = Mapping[str, Answer]
_single = st.sampled_from([*ANSWERS])
_tests = st.one_of(
    st.builds(Comparing, st.just(Asked("s")), st.sampled_from(["=", "!="]), _single.map(Literally)),
    st.builds(Comparing, st.just(Asked("m")), st.sampled_from(["=", "!="]), _single.map(Literally)),
    st.builds(
        lambda q, v: Call("selected", (Asked(q), Literally(v))), st.sampled_from(["s", "m"]), _single
    ),
    st.builds(
        lambda op, n: Comparing(Asked("n"), op, Literally(str(n), Decimal(n))),
        st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.integers(0, 3),
    ),
    st.builds(
        lambda op, n: Comparing(Call("count-selected", (Asked("m"),)), op, Literally(str(n), Decimal(n))),
        st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.integers(0, 3),
    ),
    st.builds(
        Comparing, st.sampled_from([*"smnt"]).map(Asked), st.sampled_from(["=", "!="]), st.just(Literally(""))
    ),
)  # fmt: skip
_trees = st.recursive(
    _tests,
    lambda part: st.one_of(
        part.map(lambda p: Call("not", (p,))),
        st.builds(Joined, st.sampled_from(["and", "or"]), st.lists(part, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
_nothing = st.sampled_from([NoAnswer("blank"), NoAnswer("not_asked"), None])
_people = st.fixed_dictionaries(
    {
        "s": st.sampled_from([*ANSWERS]) | _nothing,
        "m": st.sets(st.sampled_from([*ANSWERS]), min_size=1) | _nothing,
        "n": st.integers(0, 3) | _nothing,
        "t": st.just("words") | _nothing,
    }
)


def in_the_form(tree: Tree, person: Mapping[str, object]) -> bool:
    """XPath as forms evaluate it: what has no answer is an empty text, which is no number."""

    def given(name: str) -> object:
        value = person[name]
        return None if isinstance(value, NoAnswer) else value

    match tree:
        case Joined("and", parts):
            return all(in_the_form(part, person) for part in parts)
        case Joined("or", parts):
            return any(in_the_form(part, person) for part in parts)
        case Call("not", (part,)):
            return not in_the_form(part, person)
        case Call("selected", (Asked(name), Literally(value))):
            held = given(name)
            return value in held if isinstance(held, set) else value == held
        case Comparing(left, op, Literally(text, number)):
            assert isinstance(left, Asked | Call)
            held = len(given("m") or ()) if isinstance(left, Call) else given(left.name)
            if number is None:  # a comparison of texts
                words = "" if held is None else " ".join(sorted(held)) if isinstance(held, set) else str(held)
                return (words == text) == (op == "=")
            value = float("nan") if held is None else float(held)  # type: ignore[arg-type]
            n = float(number)
            return OPERATORS[op](value, n)
    raise AssertionError(tree)


@given(_trees, _people)
def test_the_same_people(tree: Tree, person: Mapping[str, object]) -> None:
    """Any condition of these forms selects a person here exactly if it holds for them in the form."""
    answers: dict[str, Answer] = {}
    for name, value in person.items():
        if isinstance(value, set):
            answers[f"{name}_id"] = frozenset(ANSWERS[item] for item in value)
        elif isinstance(value, int):
            answers[f"{name}_id"] = Decimal(value)
        elif isinstance(value, str):
            answers[f"{name}_id"] = ANSWERS.get(value, value)
        elif isinstance(value, NoAnswer):
            answers[f"{name}_id"] = value
    node = condition_of(written(tree), find)
    assert node is not None
    assert holds(node, answers, STUDY) == in_the_form(tree, person)
    assert parse_condition(write_condition(node)).node == node


def written(tree: Tree) -> str:
    """A tree as XPath."""
    match tree:
        case Asked(name):
            return f"${{{name}}}" if name else "."
        case Literally(text, number):
            return f"'{text}'" if number is None else text
        case Call(name, arguments):
            return f"{name}({', '.join(map(written, arguments))})"
        case Comparing(left, op, right):
            return f"{written(left)} {op} {written(right)}"
        case Joined(how, parts):
            return f" {how} ".join(f"({written(part)})" for part in parts)


@given(_trees)
def test_xpath_is_read_as_written(tree: Tree) -> None:
    """Reading what was written gives the same condition."""
    assert parse_xpath(written(parse_xpath(written(tree)))) == parse_xpath(written(tree))
