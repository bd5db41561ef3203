"""Conditions over one person's answers."""

from datetime import date
from decimal import Decimal

import pytest
from tests.study.studies import small_study

from topline.base import ToplineError
from topline.study.evaluate import compile_condition, evaluate, holds
from topline.study.expand import expand
from topline.study.parse import parse_condition, write_condition
from topline.study.values import NoAnswer

STUDY = small_study()
ANSWERS = {
    "party": "democrat",
    "trust.police": "a_lot",
    "trust.courts": NoAnswer("dont_know"),
    "problems": frozenset({"apps", "cloud"}),
    "worst": ("cloud", "apps"),
    "devices": Decimal(3),
    "joined": date(2010, 5, 1),
    "comment": "None",
    "leaning": NoAnswer("not_asked"),
    "department": "moj",
}

CASES = {
    "party = democrat": True,
    "party != democrat": False,
    "party = major": True,  # a net
    "party != major": False,
    "party in [another, major]": True,
    "party not in [another, republican]": True,
    "not party = another": True,
    "trust.police = trusted": True,
    "trust.courts = a_lot": None,
    "trust.courts != a_lot": None,
    "not trust.courts = a_lot": None,
    "trust.courts in [a_lot]": None,
    "trust.courts not in [a_lot]": None,
    "trust.courts is dont_know": True,
    "trust.courts is refused": False,
    "trust.courts is missing": True,
    "trust.courts is not missing": False,
    "trust.courts is answered": False,
    "trust.courts is not not_asked": True,
    "leaning is not_asked": True,
    "leaning is missing": True,
    "voted is not_reached": True,
    "voted is missing": True,
    "voted is not answered": True,
    "voted = yes": None,
    "problems has apps": True,
    "problems has social": False,
    "problems has any [social, apps]": True,
    "problems has all [apps, cloud]": True,
    "problems has all [apps, social]": False,
    "problems has software": True,  # a net of apps and social
    "problems has all [software, cloud]": True,
    "count(problems) = 2": True,
    "count(problems) > 2": False,
    "worst has apps": True,
    "count(worst) >= 2": True,
    "devices = 3": True,
    "devices != 3": False,
    "devices >= 3.5": False,
    "devices < 10": True,
    "joined < 2011-01-01": True,
    "comment is answered": True,
    "major_party": True,  # a group
    "outsiders": False,  # a group of a group
    "party = democrat and voted = yes": None,
    "party = another and voted = yes": False,
    "party = democrat or voted = yes": True,
    "party = another or voted = yes": None,
    "not (party = another and voted = yes)": True,
    "not (party = another or voted = yes)": None,
}


@pytest.mark.parametrize(("text", "result"), CASES.items(), ids=CASES)
def test_kleene(text: str, result: bool | None) -> None:
    """Each form gives true, false or unknown, and unknown selects nobody."""
    condition = parse_condition(text)
    assert evaluate(condition, ANSWERS, STUDY) is result
    assert holds(condition, ANSWERS, STUDY) is (result is True)


def test_a_compiled_condition_reads_many_people() -> None:
    """Compiled once, a condition answers for whoever comes."""
    test = compile_condition(parse_condition("party = major and devices > 1"), STUDY)
    people = [{"party": p, "devices": Decimal(d)} for p in ("democrat", "another") for d in (1, 2)]
    assert [test(person) for person in people] == [False, True, False, False]


def test_expanding_writes_groups_and_nets_out() -> None:
    """What is run speaks of answers alone."""
    written = write_condition(expand(parse_condition("outsiders or trust.police != trusted"), STUDY))
    assert written == (
        "(not party in [republican, democrat] or party is refused) or trust.police not in [a_lot, some]"
    )


def test_an_unknown_group_cannot_be_run() -> None:
    """A name that is no group is an error, not a silent no."""
    with pytest.raises(ToplineError, match="there is no group or question martians"):
        evaluate(parse_condition("martians"), ANSWERS, STUDY)
