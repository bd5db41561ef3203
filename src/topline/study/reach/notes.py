"""The note on people whom a route leaves out because they would not, or could not, say."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from topline.base import Finding
from topline.base.words import words
from topline.study.expand import expand, group_of
from topline.study.model import Missing, Study
from topline.study.reach.people import Reach, tests_of
from topline.study.tree import Condition, Is, Ref


def missing_notes(reach: Reach, dead: Collection[str]) -> Iterator[Finding]:
    """Message 16: once a study for each missing kind that a question of a route offers, never for blank."""
    told: set[str] = set()
    for condition in _conditions(reach.study, dead):
        node = expand(condition, reach.study)
        tests = list(tests_of(node))
        for ref in dict.fromkeys(test.ref for test in tests if not isinstance(test, Is)):
            stated = {test.state for test in tests if isinstance(test, Is) and test.ref == ref}
            if stated & {"missing", "answered"}:
                continue
            for missing in reach.study.variables[str(ref)].missing:
                if missing.name in told | stated or missing.name == "blank":
                    continue
                kind = Is(ref, missing.name)
                possible = reach.ask([kind]).status == "possible"
                if possible and reach.ask([node, kind]).status == "impossible":
                    told.add(missing.name)
                    yield _note(ref, missing, condition, reach.study)


def _conditions(study: Study, dead: Collection[str]) -> Iterator[Condition]:
    sections = {section.name: section for section in study.questionnaire.sections}
    for question in study:
        section = sections.pop(question.section or "", None)
        if section and section.ask_if:
            yield section.ask_if
        if question.ask_if and question.id not in dead:
            yield question.ask_if


def _note(ref: Ref, missing: Missing, condition: Condition, study: Study) -> Finding:
    """Points at what would be changed: the group that says it, if the route names one."""
    can = words(f"can-be-{missing.name}", label=missing.label)
    values = {"name": ref, "can": can, "kind": missing.name}
    group = group_of(ref, condition, study)
    return Finding("route-leaves-out", values, group.where.mark if group else condition.mark)
