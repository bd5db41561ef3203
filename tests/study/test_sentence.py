"""Base sentences from labels."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.study.studies import condition, options, question, study

from topline.base.words import texts, words
from topline.study.model import Attribute, Group, Option, Section
from topline.study.sentence import base_findings, base_sentence, question_base

ORGANISATION = Attribute(
    "unit",
    "Department",
    options=(Option("moj", "Ministry of Justice", short="MoJ"), Option("dft", "Department for Transport")),
    reads="those in {short}",
)
PARTY = question(
    "party", "republican democrat another none", missing="refused", nets={"major": "republican democrat"}
)
STUDY = study(
    question(
        "party", "republican democrat another none", missing="refused", nets={"major": "republican democrat"}
    ),
    question("voted", "yes no"),
    question("trust", "a_lot some", kind="grid", rows="police courts"),
    question("problems", "apps cloud social", kind="multiple"),
    question("age", kind="number", minimum=Decimal(0)),
    question("words", kind="text"),
    question("colour", "red green blue white black grey brown"),
    attributes=[ORGANISATION, Attribute("role", "Profession", options=options("it policy other"))],
)
STUDY = replace(
    STUDY,
    questionnaire=replace(
        STUDY.questionnaire, groups=(Group("users", "those who use it", condition("voted = yes")),)
    ),
)
SENTENCES = {
    "party = republican": "those who answered “Republican” to “Party”",
    "party in [democrat, republican]": "those who answered “Major” to “Party”",
    "party = major": "those who answered “Major” to “Party”",
    "party in [another, none]": "those who answered “Another” or “None” to “Party”",
    "party in [another, none] or party is refused": "those who answered “Another”, “None” or "
    "“Prefer not to say” to “Party”",
    "party = another or party = none": "those who answered “Another” or “None” to “Party”",
    "party in [another, none] and party != none": "those who answered “Another” to “Party”",
    "not party = major": "those who answered “Another” or “None” to “Party”",
    "party = another and party is answered": "those who answered “Another” to “Party”",
    "party is answered": "those who answered “Party”",
    "party = another and voted = yes": "those who answered “Another” to “Party” and “Yes” to “Voted”",
    "party = another or voted = yes": "those who answered “Another” to “Party” or “Yes” to “Voted”",
    "party = another and (voted = yes or trust.police = some)": "those who answered “Another” to “Party”, "
    "among those who answered “Yes” to “Voted” or “Some” to “Trust: Police”",
    "users": "those who use it",
    "users and party = none": "those who answered “None” to “Party”, among those who use it",
    "users or party = none": "those who answered “None” to “Party”, or those who use it",
    "problems has apps": "those who answered “Apps” to “Problems”",
    "problems has any [apps, cloud]": "those who answered “Apps” or “Cloud” to “Problems”",
    "problems has apps and problems has cloud": "those who answered “Apps” and “Cloud” to “Problems”",
    "age >= 18": "those who answered 18 or more to “Age”",
    "age >= 18 and age < 65": "those who answered 18 or more and less than 65 to “Age”",
    "unit = moj": "those in MoJ",
    "unit = dft and voted = no": "those who answered “No” to “Voted”, "
    "among those in Department for Transport",
    "role in [it, policy]": "those whose Profession is “It” or “Policy”",
    "not users": None,
    "party is missing": None,
    "party is not refused": None,
    "colour != red": None,
    "colour in [red, green, blue, white, black, grey, brown]": "those who answered “Colour”",
    "count(problems) >= 2": "those who gave 2 or more answers to “Problems”",
    "count(problems) > 1": "those who gave 2 or more answers to “Problems”",
    "count(problems) < 3": "those who gave 2 or fewer answers to “Problems”",
    "count(problems) = 3 and users": "those who gave 3 answers to “Problems”, among those who use it",
    "count(problems) = 1": None,
    "count(problems) != 2": None,
    "not problems has apps": None,
    "party = another and party = none": None,
    "problems is answered": "those who answered “Problems”",
    "words is answered": "those who answered “Words”",
}


@pytest.mark.parametrize(("text", "who"), SENTENCES.items(), ids=SENTENCES)
def test_sentences(text: str, who: str | None) -> None:
    """Labels and groups make a sentence where it reads well; what is hard is left to the author."""
    assert base_sentence(condition(text), STUDY) == (who and f"Base: {who}")


def test_the_base_of_a_question() -> None:
    """It joins the routes of the section and the question, unless the author wrote a base_text."""
    made = study(
        question("party", "republican democrat"),
        question("a", "x y", section="s"),
        question("b", "x y", section="s", ask_if="a = x"),
        question("c", "x y", ask_if="party is not_asked", line=50, base_text="those who hesitate"),
        question("d", "x y", ask_if="party is not_asked", line=60),
        sections=[Section("s", "S", condition("party = democrat"))],
    )
    assert [question_base(q, made) for q in made] == [
        "Base: all respondents",
        "Base: those who answered “Democrat” to “Party”",
        "Base: those who answered “Democrat” to “Party” and “X” to “A”",
        "Base: those who hesitate",
        None,
    ]
    (found,) = base_findings(made)
    assert (found.id, found.values["name"], found.mark.line) == ("base-text-needed", "d", 61)


def test_other_languages() -> None:
    """Words come from the language's own file, and in English where it lacks them."""
    assert (
        base_sentence(condition("party = another"), STUDY, "cy")
        == "Sail: y rhai a atebodd “Another” i “Party”"
    )
    assert words("base-all", "en-US") == words("base-all", "xx") == "all respondents"
    assert texts("cy").keys() <= texts("en").keys()
