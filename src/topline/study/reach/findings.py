"""What is wrong with the routes of a study as a whole: questions for nobody, or for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from topline.base import Finding
from topline.study.expand import expand
from topline.study.model import Question, Section, Study
from topline.study.reach.ends import derived_findings, end_findings, list_findings
from topline.study.reach.notes import missing_notes
from topline.study.reach.people import Reach, Reached
from topline.study.reach.pipes import pipe_findings
from topline.study.reach.solver import BUDGET
from topline.study.tree import Condition, Node


def reach_findings(study: Study, budget: int = BUDGET) -> list[Finding]:
    """Findings about who can be asked what. The conditions must have no errors of names or order.

    `budget` is the number of the solver's steps for one question to it; past it a finding says "not decided".
    """
    reach = Reach(study, budget)
    found: list[Finding] = []
    dead: set[str] = set()  # questions whose route is at fault already
    for route in _routes(study):
        if route.section is not None and set(route.questions) <= dead:
            continue
        faults = list(_route(route, reach))
        found += faults
        if any(fault.severity == "error" for fault in faults):
            dead |= set(route.questions)
    found += missing_notes(reach, dead)
    found += list_findings(reach, dead)
    found += end_findings(reach, dead)
    found += derived_findings(reach, dead)
    return [*found, *pipe_findings(reach)]


@dataclass(frozen=True, slots=True)
class _Route:
    """An `ask_if` as it is written, and whose it is. `section` stands on a question's route within one."""

    condition: Condition
    node: Node
    name: str
    questions: tuple[str, ...]
    section: Section | None = None


def _routes(study: Study) -> Iterator[_Route]:
    """The routes of sections, each before those of its questions."""
    sections = {section.name: section for section in study.questionnaire.sections}
    started: set[str] = set()
    for question in study:
        section = sections.get(question.section or "")
        if section and section.ask_if and section.name not in started:
            started.add(section.name)
            members = tuple(q.id for q in study if q.section == section.name)
            yield _Route(section.ask_if, expand(section.ask_if, study), section.name, members)
        if question.ask_if:
            outer = section if section and section.ask_if else None
            yield _Route(question.ask_if, expand(question.ask_if, study), question.id, (question.id,), outer)


def _route(route: _Route, reach: Reach) -> Iterator[Finding]:
    """Say if a route is never or always taken, or if that cannot be decided."""
    outer = _outer(route, reach)
    mark = route.condition.mark
    reached = reach.ask([*outer, route.node])
    if reached.status == "impossible":
        yield _nobody(route, reach)
        return
    everybody = reach.ask(outer, [route.node])
    if "not decided" in (reached.status, everybody.status):
        yield Finding("route-not-decided", {"name": route.name, "budget": reach.budget}, mark)
    elif everybody.status == "impossible":
        values = {"name": route.name, "condition": _text(route.condition)}
        yield Finding("route-always", values, mark)


def _outer(route: _Route, reach: Reach) -> list[Node]:
    """The condition of the section around a question."""
    return [expand(route.section.ask_if, reach.study)] if route.section and route.section.ask_if else []


def _nobody(route: _Route, reach: Reach) -> Finding:
    """Message 15: which two conditions clash, if it is two."""
    values: dict[str, object] = {"name": route.name, "needs": _text(route.condition)}
    mark = route.condition.mark
    if reach.ask([route.node], routes_of=()).status == "impossible":
        return Finding("route-nobody-itself", values, mark)
    if route.section and route.section.ask_if and _impossible(reach, [route.node, *_outer(route, reach)], ()):
        other = route.section.ask_if
        values |= {"only": _text(other), "line": _line(other)}
        return Finding("route-nobody-section", values, mark)
    for question in reach.study:
        if question.id == route.name:
            break
        if reach.routes[question.id] and _impossible(reach, [route.node], (question.id,)):
            only, line = _route_text(question, reach.study)
            values |= {"other": question.id, "only": only, "line": line}
            return Finding("route-nobody-earlier", values, mark)
    return Finding("route-nobody", values, mark)


def _impossible(reach: Reach, nodes: Sequence[Node], routes_of: Sequence[str]) -> bool:
    reached: Reached = reach.ask(nodes, routes_of=routes_of)
    return reached.status == "impossible"


def _route_text(question: Question, study: Study) -> tuple[str, str]:
    """The route of a question in words, with its line; that of its section if it has none of its own."""
    sections = {section.name: section for section in study.questionnaire.sections}
    around = sections[question.section].ask_if if question.section in sections else None
    conditions = [condition for condition in (around, question.ask_if) if condition]
    return " and ".join(map(_text, conditions)), _line(conditions[-1])


def _text(condition: Condition) -> str:
    return " ".join(condition.text.split())


def _line(condition: Condition) -> str:
    return f" (line {condition.mark.line})" if condition.mark and condition.mark.line else ""
