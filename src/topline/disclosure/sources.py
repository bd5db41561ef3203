"""What a figure tells of a person besides its own name: the columns that it is made of.

A promise that two attributes are never crossed would be worth little if a band, a recoded attribute, a named
group or a question that only one group is asked could stand in for either of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from topline.study.expand import expand, refs
from topline.study.model import Question, Study
from topline.study.tree import Condition


def made_of(name: str, study: Study) -> frozenset[str]:
    """The columns that a variable is made of: of bands the number, of a derived variable its items."""
    if derived := next((one for one in study.derived if one.name == name), None):
        return frozenset(source for item in derived.of for source in made_of(item, study))
    attribute = next((one for one in study.attributes if one.name == name), None)
    return frozenset({attribute.bands_of if attribute and attribute.bands_of else name})


def told_by(names: Iterable[str], study: Study) -> frozenset[str]:
    """All that a figure of these variables and named groups tells of the people in it: their names, the
    columns they are made of, and those that decide who is asked.
    """
    found: set[str] = set()
    waiting = [*names]
    while waiting:
        if (name := waiting.pop()) in found:
            continue
        found.add(name)
        waiting += made_of(name, study)
        for condition in _conditions(name, study):
            waiting += map(str, refs(expand(condition, study)))
    return frozenset(found)


def of_attributes(name: str, study: Study) -> bool:
    """Whether a variable says which group of attributes a person is in, and nothing that was asked."""
    known = {attribute.name for attribute in study.attributes}
    return name in study.variables and made_of(name, study) <= known


def _conditions(name: str, study: Study) -> Iterable[Condition]:
    """Who is in a named group, or who is asked a question: its own route and its section's."""
    if group := study.groups.get(name):
        return [group.where]
    variable = study.variables.get(name)
    question: Question | None = variable.question if variable else study.questionnaire.by_id.get(name)
    if question is None:
        return []
    sections = [one.ask_if for one in study.questionnaire.sections if one.name == question.section]
    return [condition for condition in (question.ask_if, *sections) if condition]
