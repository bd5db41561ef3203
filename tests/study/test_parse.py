"""Conditions from text and back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from tests.study.trees import nodes

from topline.base import Mark, ToplineError
from topline.study.marks import Text
from topline.study.parse import parse_condition, write_condition
from topline.study.tree import And, Compare, Condition, Count, Has, In, InGroup, Is, Not, Or, Ref
from topline.study.tree_json import node_as_json, node_from_json

PARTY = Ref("party")
TREES = {
    "party = democrat": Compare(PARTY, "=", "democrat"),
    "age >= 18": Compare(Ref("age"), ">=", Decimal(18)),
    "joined < 2013-11-30": Compare(Ref("joined"), "<", date(2013, 11, 30)),
    "temperature != -1.5": Compare(Ref("temperature"), "!=", Decimal("-1.5")),
    "channels.email in [daily, weekly]": In(Ref("channels", "email"), ("daily", "weekly")),
    "party not in [democrat]": In(PARTY, ("democrat",), negated=True),
    "restrictions has none": Has(Ref("restrictions"), ("none",)),
    "restrictions has any [apps, cloud]": Has(Ref("restrictions"), ("apps", "cloud")),
    "restrictions has all [apps]": Has(Ref("restrictions"), ("apps",), "all"),
    "count(restrictions) >= 2": Count(Ref("restrictions"), ">=", 2),
    "party is not refused": Is(PARTY, "refused", negated=True),
    "leaners": InGroup("leaners"),
    "not (a or b) and c": And((Not(Or((InGroup("a"), InGroup("b")))), InGroup("c"))),
    "not not party = x": Not(Not(Compare(PARTY, "=", "x"))),
    "count = any": Compare(Ref("count"), "=", "any"),
    "party has all": Has(PARTY, ("all",)),
}


@pytest.mark.parametrize(("text", "tree"), TREES.items(), ids=TREES)
def test_each_form_is_parsed(text: str, tree: object) -> None:
    """Every form of the grammar gives its tree, and is written back as it stood."""
    condition = parse_condition(text)
    assert condition == Condition(tree)
    assert condition.text == write_condition(condition) == text


@given(nodes())
def test_written_conditions_are_read_back(node: object) -> None:
    """Parsing the canonical text of any tree gives the tree, and so does its JSON."""
    assert parse_condition(write_condition(node)).node == node
    assert node_from_json(node_as_json(node)) == node


def read(text: str) -> str:
    """Parse a condition that stands at q.yaml:60:11; give the message."""
    with pytest.raises(ToplineError) as error:
        parse_condition(Text(text, Mark("q.yaml", 60, 11), None, (60, 11 + len(text))))
    return str(error.value)


START = "a name, not, count(, or a condition in parentheses"
FAULTS = {
    "": "60:11 error: the condition is empty. Write one such as: party = democrat",
    "party = x and a or b": "60:27 error: “and” and “or” are mixed without parentheses. "
    "Write (party = x and a) or b, or else party = x and (a or b).",
    "a or b and c or d": "60:18 error: “and” and “or” are mixed without parentheses. "
    "Write a or (b and c) or d, or else (a or b) and (c or d).",
    "x and (a or b and c)": "60:25 error: “and” and “or” are mixed without parentheses. "
    "Write a or (b and c), or else (a or b) and c.",
    "party == x": "60:17 error: “==” is not a sign of conditions. Write: =",
    "a && b": "60:13 error: “&&” is not a sign of conditions. Write: and",
    "a AND b": "60:13 error: “AND” is not a sign of conditions. Write: and",
    'party = "yes"': "60:19 error: names of answers stand without quotation marks. Write: yes",
    "party @ x": "60:17 error: “@” cannot stand in a condition. "
    "Conditions are made of names, numbers, dates and = != < <= > >= ( ) [ ] ,",
    "party democrat": "60:17 error: “democrat” cannot stand after “party”. What may stand here: "
    "= != < <= > >= in, not in, has, is; or nothing, if it is a group.",
    "party =": "60:18 error: the condition ends too early: after “=” must stand "
    "the name of an answer, a number or a date.",
    "party < x": "60:19 error: “x” cannot stand after “<”. What may stand here: a number or a date.",
    "(party = x": "60:11 error: this ( is never closed. Add )",
    "party in [x, y": "60:20 error: this [ is never closed. Add ]",
    "party in [x y]": "60:23 error: “y” cannot stand after “x”. What may stand here: a comma, ].",
    "party in []": "60:21 error: “]” cannot stand after “[”. What may stand here: the name of an answer.",
    "party in (x)": "60:20 error: “(” cannot stand after “in”. What may stand here: a list in [ ].",
    "a and": f"60:16 error: the condition ends too early: after “and” must stand {START}.",
    "= x": f"60:11 error: “=” cannot stand at the start. What may stand here: {START}.",
    "party = x y": "60:21 error: “y” cannot stand after “x”. What may stand here: and, or, the end.",
    "count(x) > 2.5": "60:22 error: “2.5” cannot stand after “>”. What may stand here: a whole number.",
    "count(x)": "60:19 error: the condition ends too early: after “)” must stand = != < <= > >=.",
    "party is 5": "60:20 error: “5” cannot stand after “is”. What may stand here: "
    "missing, answered, not_asked or another missing kind.",
    "party has [x]": "60:21 error: “[” cannot stand after “has”. What may stand here: "
    "the name of an answer, any [...] or all [...].",
    "joined < 2013-13-01": "60:20 error: 2013-13-01 is not a day of the calendar. "
    "Write year-month-day, as in 2013-11-30.",
    "not " * 51 + "leaners": "60:211 error: parentheses and “not” stand inside each other more than 50 deep. "
    "Name a part of the condition under groups:, and use its name.",
    "(" * 60 + "leaners": "60:61 error: parentheses and “not” stand inside each other more than 50 deep. "
    "Name a part of the condition under groups:, and use its name.",
}


@pytest.mark.parametrize(("text", "message"), FAULTS.items(), ids=FAULTS)
def test_each_fault_is_told_at_its_place(text: str, message: str) -> None:
    """A fault of the grammar gives one error: what was found, where, what may stand there."""
    assert read(text) == f"q.yaml:{message}"


def test_values_and_names_keep_their_places() -> None:
    """A tree knows where each name and value stood, for the checks that come later."""
    text = "party = democrat and x in [a, b] and y is refused and leaners"
    condition = parse_condition(Text(text, Mark("q.yaml", 3, 5), None, (3, 5 + len(text))))
    equal, among, state, group = condition.node.parts
    columns = [m.column for m in (equal.ref.mark, equal.mark, among.ref.mark, *among.marks)]
    assert columns == [5, 13, 26, 32, 35]
    assert (state.mark.column, group.mark.column, condition.mark.column) == (47, 59, 5)
