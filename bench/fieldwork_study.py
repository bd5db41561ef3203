"""The survey of bench.fieldwork: 6 pages, 12 questions, one open answer; and what a person answers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PAGES: Final = 6
_STUDY: Final = """topline: 1
id: bench
title: A survey to measure with
organisation: The Bench
population: People who wait
languages: [en]
inference: descriptive
frame: {kind: list, coverage: Made up., keep: [department]}
attributes:
  department:
    label: Department
    options:
      1 moj: Ministry of Justice
      2 dft: Department for Transport
"""
_HEAD: Final = """missing:
  98 refused: {label: Prefer not to say}
scales:
  agree5:
    options:
      5 strongly_agree: Strongly agree
      4 tend_to_agree: Tend to agree
      3 neither: Neither agree nor disagree
      2 tend_to_disagree: Tend to disagree
      1 strongly_disagree: Strongly disagree
questions:
"""


def questionnaire() -> str:
    """questionnaire.yaml: two questions a page; a route, a list to tick, a number and a text among them."""
    lines = [_HEAD]
    for page in range(1, PAGES + 1):
        lines.append(f"- page: p{page}\n")
        for place in ("a", "b"):
            name = f"q{page}{place}"
            if name == "q5b":
                lines.append(
                    f"- number: {name}\n  ask: How many minutes?\n  label: Minutes\n  range: [0, 999999]\n"
                )
            elif name == "q6b":
                lines.append(f"- text: {name}\n  ask: What else?\n  label: Else\n  lines: 4\n")
            elif name == "q4b":
                options = "".join(f"    {n} way{n}: Way {n}\n" for n in range(1, 7))
                lines.append(f"- multiple: {name}\n  ask: Which ways?\n  label: Ways\n  options:\n{options}")
            else:
                route = "  ask_if: q1a = strongly_agree\n" if name == "q3b" else ""
                lines.append(
                    f"- single: {name}\n{route}  ask: How far do you agree with statement {name}?\n"
                    f"  label: Statement {name}\n  scale: agree5\n"
                )
    return "".join(lines)


def write_study(folder: Path, people: int) -> None:
    """The study's folder, and a frame of people beside it."""
    (folder / "study").mkdir()
    (folder / "study" / "study.yaml").write_text(_STUDY, "utf-8")
    (folder / "study" / "questionnaire.yaml").write_text(questionnaire(), "utf-8")
    rows = "".join(f"p{n}@bench.example,{1 + n % 2}\n" for n in range(people))
    (folder / "people.csv").write_text(f"email,department\n{rows}", "utf-8")


def answers(page: int, person: int) -> list[tuple[str, str]]:
    """What a person answers on a page (1 to 6): the number and the text tell who it was."""
    if page == 4:
        return [("q4a", "neither"), ("q4b", "way1"), ("q4b", "way3")]
    if page == 5:
        return [("q5a", "tend_to_agree"), ("q5b", str(person))]
    if page == 6:
        return [("q6a", "neither"), ("q6b", f"person {person} says: nothing else")]
    return [(f"q{page}{place}", "strongly_agree") for place in ("a", "b")]
