"""Every condition of a study, and what each may look at: a route only at what was asked before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from topline.base import Finding, Mark
from topline.study.conditions.names import name_findings
from topline.study.expand import refs
from topline.study.model import Question, Section, Study
from topline.study.tree import And, Condition, InGroup, Node, Not, Or, Ref


def condition_findings(study: Study) -> list[Finding]:
    """Faults of names, comparisons and order in all conditions of the study: groups, routes, checks."""
    circles = [*_circles(study)]
    found = [*circles]
    for group in study.groups.values():
        found += name_findings(group.where, study)
    for condition in routes_and_checks(study):
        found += name_findings(condition, study)
    return found if circles else [*found, *_orders(study, _Places.of(study))]


def routes_and_checks(study: Study) -> Iterator[Condition]:
    """The conditions of sections and questions, and the rules of their checks."""
    for section in study.questionnaire.sections:
        if section.ask_if:
            yield section.ask_if
    for question in study:
        if question.ask_if:
            yield question.ask_if
        yield from (check.rule for check in question.checks)


# --- groups that refer to themselves


def _circles(study: Study) -> Iterator[Finding]:
    """One finding for each circle of groups, at the reference that closes it."""
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> Iterator[Finding]:
        for inner in _groups_in(study.groups[name].where.node):
            if inner.name in (*path, name):
                circle = (*path, name)[(*path, name).index(inner.name) :]
                values = {"names": " > ".join((*circle, inner.name))}
                yield Finding("expression-group-circle", values, inner.mark)
            elif inner.name in study.groups and inner.name not in done:
                yield from visit(inner.name, (*path, name))
        done.add(name)

    for name in study.groups:
        if name not in done:
            yield from visit(name, ())


def _groups_in(node: Node) -> Iterator[InGroup]:
    match node:
        case InGroup():
            yield node
        case Not(part):
            yield from _groups_in(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _groups_in(part)
        case _:
            return


# --- what is asked when


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each question stands: its number, and the number of the last one of its page."""

    number: Mapping[str, int]
    end_of_page: Mapping[str, int]
    shuffled: Mapping[str, frozenset[str]]  # question -> those that may come before or after it at random

    @classmethod
    def of(cls, study: Study) -> _Places:
        number = {question.id: n for n, question in enumerate(study)}
        ends = {question.page: number[question.id] for question in study}
        shuffled: dict[str, frozenset[str]] = {}
        for section in study.questionnaire.sections:
            if section.questions:
                members = [q.id for q in study if q.section == section.name]
                moved = frozenset(
                    m for m in members if not section.questions.only or m in section.questions.only
                )
                shuffled |= dict.fromkeys(moved, moved)
        return cls(number, {q.id: ends[q.page] for q in study}, shuffled)


def _orders(study: Study, place: _Places) -> Iterator[Finding]:
    for section in study.questionnaire.sections:
        first = _first_of(section, study)
        if section.ask_if and first:
            yield from _route(section.ask_if, first, study, place, before=place.number[first.id])
    for question in study:
        here = place.number[question.id]
        if question.ask_if:
            yield from _route(question.ask_if, question, study, place, before=here)
        for check in question.checks:
            yield from _route(check.rule, question, study, place, before=place.end_of_page[question.id] + 1)


def _first_of(section: Section, study: Study) -> Question | None:
    return next((question for question in study if question.section == section.name), None)


def _route(
    condition: Condition, asked: Question, study: Study, place: _Places, *, before: int
) -> Iterator[Finding]:
    """What a condition looks at that is not known when it is read, at most once a variable."""
    seen: set[str] = set()
    for ref, mark in _looked_at(condition.node, study, None):
        if ref.name in seen:
            continue
        seen.add(ref.name)
        variable = study.variables.get(str(ref))
        if variable and variable.source == "derived":
            yield Finding("expression-derived", {"name": ref.name}, mark)
        if variable is None or variable.question is None:
            continue
        if place.number[ref.name] >= before:
            where = study.questionnaire.by_id[ref.name].mark
            line = f" (line {where.line})" if where and where.line else ""
            yield Finding("expression-asked-later", {"name": ref.name, "line": line}, mark)
        elif ref.name != asked.id and ref.name in place.shuffled.get(asked.id, ()):
            yield Finding("expression-shuffled", {"name": ref.name, "asked": asked.id}, mark)


def _looked_at(node: Node, study: Study, mark: Mark | None) -> Iterator[tuple[Ref, Mark | None]]:
    """The variables that a condition depends on; those inside a group stand where the group is named."""
    for group in _groups_in(node):
        if group.name in study.groups:
            yield from _looked_at(study.groups[group.name].where.node, study, mark or group.mark)
    for ref in refs(node):
        yield ref, mark or ref.mark
