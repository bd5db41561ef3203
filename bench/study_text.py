"""The questionnaire of the benchmark: as Topline's two files, and as the sheets of an XLSForm."""

from __future__ import annotations

from typing import Final

QUESTIONS: Final = 300
ROUTES: Final = 106
_SECTIONS: Final = 20
_ANSWERS: Final = ("never", "rarely", "sometimes", "often", "always")
_STUDY: Final = """\
topline: 1
id: bench
title: A large questionnaire
organisation: Nobody
population: Nobody
languages: [en]
inference: descriptive
"""


def study_files() -> dict[str, str]:
    """study.yaml and questionnaire.yaml."""
    lines = [
        "missing:",
        "  97 dont_know: {label: Don't know, in_base: true}",
        "scales:",
        "  how_often:",
        "    options:",
    ]
    lines += [f"      {code} {name}: {name.title()}" for code, name in enumerate(_ANSWERS, start=1)]
    lines += [
        "    missing: [dont_know]",
        "    nets:",
        "      regularly: {label: Regularly, of: [often, always]}",
    ]
    lines += ["questions:"]
    for number in range(QUESTIONS):
        if number % (QUESTIONS // _SECTIONS) == 0:
            lines += [f"- section: part{number}", f"  title: Part {number}"]
        lines += _question(number)
    return {"study.yaml": _STUDY, "questionnaire.yaml": "\n".join(lines) + "\n"}


def kind_of(number: int) -> str:
    """Every tenth question is a number, every seventh a multiple response, every eleventh a text."""
    if number % 10 == 9:
        return "number"
    if number % 7 == 6:
        return "multiple"
    return "text" if number % 11 == 10 else "single"


def route_of(number: int) -> tuple[int, str] | None:
    """The earlier single that a question's route looks at, and the answer wanted; None for two in three."""
    routed = [n for n in range(QUESTIONS) if n % 14 in (3, 5, 8, 11, 13)][:ROUTES]
    if number not in routed:
        return None
    earlier = number - 1
    while kind_of(earlier) != "single":
        earlier -= 1
    return earlier, _ANSWERS[number % 4 + 1]


def _question(number: int) -> list[str]:
    kind = kind_of(number)
    lines = [f"- {kind}: q{number}"]
    if route := route_of(number):
        lines.append(f"  ask_if: q{route[0]} = {route[1]} or q{route[0]} is dont_know")
    lines += [
        f"  ask: Question {number}, which is about as long as such questions are?",
        f"  label: Question {number}",
    ]
    if kind == "single":
        lines.append("  scale: how_often")
    elif kind == "multiple":
        lines += ["  options:"] + [f"    {n} thing{n}: The thing called {n}" for n in range(1, 9)]
    elif kind == "number":
        lines.append("  range: [0, 100]")
    return lines


def xlsform_sheets() -> dict[str, list[dict[str, str]]]:
    """The same questions as rows of the sheets survey and choices."""
    survey: list[dict[str, str]] = []
    for number in range(QUESTIONS):
        per_section = QUESTIONS // _SECTIONS
        if number % per_section == 0:
            if number:
                survey.append({"type": "end group"})
            survey.append({"type": "begin group", "name": f"part{number}", "label": f"Part {number}"})
        types = {
            "single": "select_one how_often",
            "multiple": "select_multiple things",
            "number": "integer",
            "text": "text",
        }
        row = {"type": types[kind_of(number)], "name": f"q{number}"}
        row["label"] = f"Question {number}, which is about as long as such questions are?"
        if kind_of(number) == "number":
            row["constraint"] = ". >= 0 and . <= 100"
        if route := route_of(number):
            row["relevant"] = f"${{q{route[0]}}} = '{route[1]}' or ${{q{route[0]}}} = 'dont_know'"
        survey.append(row)
    survey.append({"type": "end group"})
    names = (*_ANSWERS, "dont_know")
    choices = [{"list_name": "how_often", "name": name, "label": name.title()} for name in names]
    choices += [
        {"list_name": "things", "name": f"thing{n}", "label": f"The thing called {n}"} for n in range(1, 9)
    ]
    return {"survey": survey, "choices": choices, "settings": [{"form_title": "Bench", "form_id": "bench"}]}
