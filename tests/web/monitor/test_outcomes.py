"""What became of an interview, from the questions that applied to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.fields import Field
from tests.web.test_fieldwork import ALL

from topline.study.compiled import Compiled
from topline.web.fieldwork.outcomes import outcome_of
from topline.web.monitor.figures import dispositions
from topline.web.monitor.rates import Dispositions


def answers(compiled: Compiled, kinds: list[str]) -> dict[str, Any]:
    """An interview whose first variables have these missing kinds (empty: answered); the others not asked."""
    names = [name for asked in compiled.questions.values() for name in asked.variables]
    assert len(names) >= len(kinds)
    return {name: {"missing": kind} if kind else "x" for name, kind in zip(names, kinds, strict=False)}


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [
        ([""] * 4 + ["blank"], "complete"),
        ([""] * 3 + ["blank"], "partial"),
        (["", "refused"], "partial"),
        ([""] * 2 + ["not_reached"] * 3, "break_off"),
        (["", "not_asked", "not_in_form", "not_asked"], "complete"),
        (["dont_know", "not_applicable"], "complete"),
        (["blank"], "break_off"),
        ([], "complete"),
    ],
)
def test_limits(compiled: Compiled, kinds: list[str], outcome: str) -> None:
    """80 and 50 percent of what applied; what was not asked is left out, "don't know" is an answer."""
    assert outcome_of(compiled, answers(compiled, kinds), 80, 50) == outcome


def test_screened_out(compiled: Compiled) -> None:
    """An answer that ends the interview, however few questions were answered."""
    asked = compiled.questions["statement"]
    options = tuple(
        dataclasses.replace(each, ends="screened_out" if each.name == "neither" else None)
        for each in asked.options
    )
    ending = {**compiled.questions, "statement": dataclasses.replace(asked, options=options)}

    class Ending:
        questions = ending

    outcome = [outcome_of(Ending(), {"statement": said}, 80, 50) for said in ("neither", "tend_to_agree")]  # type: ignore[arg-type]
    assert outcome == ["screened_out", "complete"]


@pytest.mark.parametrize(("partials", "wanted"), [("use", "partial"), ("discard", "break_off")])
def test_unfinished(make: Callable[..., Field], address: str, partials: str, wanted: str) -> None:
    """An unfinished interview counts by its answers where the study uses it, else as broken off."""
    field = make(address=address, settings=f"partials: {partials}\noutcomes: {{complete: 90, partial: 1}}\n")
    browser = field.browser()
    browser.begin(field.tokens[0])
    browser.save("statement", [("statement", "neither")])
    field.close()
    assert dispositions(field.engine, "every_kind") == Dispositions(nothing_returned=39, **{wanted: 1})


def test_linked_answers_count_too(make: Callable[..., Field]) -> None:
    """In a confidential study, where answers are there before the close, they are counted all the same."""
    field = make(settings="anonymity: confidential\n")
    for token in field.tokens[:3]:
        field.browser().answer_all(token, ALL)
    field.close()
    assert dispositions(field.engine, "every_kind") == Dispositions(complete=3, nothing_returned=37)
