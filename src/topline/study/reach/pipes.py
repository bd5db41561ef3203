"""Pipes of things that are not always answered before the page that names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from topline.base import Finding
from topline.base.hints import did_you_mean
from topline.study.expand import expand
from topline.study.marks import at
from topline.study.model import Study, Variable
from topline.study.pipes import BUILT_IN, Pipe, pipes_of, texts_of
from topline.study.reach.people import Reach
from topline.study.tree import Is, Node, Ref


@dataclass(frozen=True, slots=True)
class _Seen:
    """A text that respondents see: on which page (its number), and under which conditions."""

    text: str
    page: int
    under: tuple[Node, ...]


def pipe_findings(reach: Reach) -> Iterator[Finding]:
    """Pipes that name nothing, and pipes without a fallback that may have nothing to say."""
    study = reach.study
    pages = {name: number for number, name in enumerate(study.questionnaire.pages)}
    for seen in _texts(reach, pages):
        for pipe in pipes_of(seen.text):
            variable = study.variables.get(pipe.name)
            if pipe.name in BUILT_IN:
                continue
            if variable is None or variable.source == "derived":
                hint = did_you_mean(pipe.name, [*study.variables, *BUILT_IN])
                yield Finding("pipe-unknown", {"name": pipe.name, "hint": hint}, at(seen.text, pipe.start))
            elif variable.question and pages[variable.question.page] >= seen.page:
                yield Finding("pipe-too-early", {"name": pipe.name}, at(seen.text, pipe.start))
            elif pipe.fallback is None and not _always_known(variable, seen, reach):
                values = {"name": pipe.name, "fallback": _fallback(pipe, variable)}
                yield Finding("pipe-not-always-answered", values, at(seen.text, pipe.start))


def _texts(reach: Reach, pages: Mapping[str, int]) -> Iterator[_Seen]:
    study = reach.study
    for section in study.questionnaire.sections:
        first = next((question for question in study if question.section == section.name), None)
        if first:
            under = (expand(section.ask_if, study),) if section.ask_if else ()
            yield _Seen(section.title, pages[first.page], under)
    for question in study:
        for text in texts_of(question):
            yield _Seen(text, pages[question.page], reach.routes[question.id])


def _always_known(variable: Variable, seen: _Seen, reach: Reach) -> bool:
    """Whether everybody who sees the text has, from an earlier page, an answer to put into it."""
    if variable.source == "split":
        return True
    if variable.question is None:
        return variable.name in known_attributes(reach.study)
    name, _, row = variable.name.partition(".")
    missing = Is(Ref(name, row or None), "missing")
    return reach.ask([*seen.under, missing]).status == "impossible"


def known_attributes(study: Study) -> frozenset[str]:
    """The attributes known of a person who answers: all, unless the frame says what it gives.

    An open link knows nobody; a list of `keep` is all that is kept. Bands are known if what they band is.
    """
    frame = study.settings.get("frame")
    names = frozenset(attribute.name for attribute in study.attributes)
    if not isinstance(frame, Mapping):
        return names
    keep = frame.get("keep")
    if frame.get("kind") == "open":
        return frozenset()
    if not isinstance(keep, list):
        return names
    kept = frozenset(map(str, keep))
    return kept | {a.name for a in study.attributes if a.bands_of in kept}


def _fallback(pipe: Pipe, variable: Variable) -> str:
    """A fallback to start from, made of the label; the author will know better words."""
    label = variable.label
    if label[1:].islower():  # "Department", but not "Digital Leader"
        label = label.lower()
    return f"{{{pipe.name}|your {label}}}"
