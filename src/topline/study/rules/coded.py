"""Rules of coded variables (`derive: coded:`): the open question, the code frame, the closed question."""

from __future__ import annotations

from collections.abc import Iterator

from topline.base import Finding
from topline.base.hints import nearest
from topline.study.marks import mark_of
from topline.study.model import Derived, Study


def open_names(study: Study) -> dict[str, str]:
    """What can be coded, with its label: open questions, and boxes beside answers as question.answer.text."""
    found = {question.id: question.label for question in study if question.kind == "text"}
    for question in study:
        for option in question.options:
            if option.specify:
                found[f"{question.id}.{option.name}.text"] = f"{question.label}: {option.label}"
    return found


def coded_findings(derived: Derived, study: Study) -> Iterator[Finding]:
    """Every finding about one coded variable."""
    names = open_names(study)
    source = derived.of[0]
    if source not in names:
        values = {"name": source, "near": nearest(source, names)}
        yield Finding("coded-unknown", values, mark_of(source) or derived.mark)
    if derived.into is None and not derived.options:
        yield Finding("derive-options", {"name": derived.name}, derived.mark)
    if derived.into is not None:
        yield from _into(derived, study)
    for place, coder in enumerate(derived.coders):
        if coder in derived.coders[:place] or coder == "agreed":
            yield Finding("coded-coder", {"coder": coder}, mark_of(coder) or derived.mark)


def _into(derived: Derived, study: Study) -> Iterator[Finding]:
    closed = study.questionnaire.by_id.get(derived.into or "")
    mark = mark_of(derived.into) or derived.mark
    if closed is None or closed.kind not in ("single", "multiple"):
        able = [question.id for question in study if question.kind in ("single", "multiple")]
        yield Finding("coded-into", {"name": derived.into, "near": nearest(derived.into or "", able)}, mark)
        return
    known = [option.name for option in closed.options]
    if derived.answer not in known:
        given = derived.answer or "-"
        values = {"name": closed.id, "answer": given, "near": nearest(given, known)}
        yield Finding("derive-answer", values, mark_of(derived.answer) or mark)
    for option in derived.options:
        if option.name in known:
            yield Finding("coded-twice", {"name": option.name, "question": closed.id}, option.mark or mark)
