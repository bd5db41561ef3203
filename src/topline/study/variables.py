"""The table of variables: what every reference in an expression, an address or a table means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from topline.study.model import (
    Attribute,
    Derived,
    Kind,
    Option,
    Question,
    Split,
    Study,
    Variable,
    VariableKind,
)

_KIND: Final[dict[Kind, VariableKind]] = {
    "single": "codes",
    "multiple": "set",
    "rank": "rank",
    "number": "number",
    "date": "date",
    "text": "text",
}


def variables_of(study: Study) -> Iterator[Variable]:
    """Every variable of a study: questions in order (a grid gives its rows), attributes, splits, derived."""
    for question in study.questionnaire.questions:
        yield from _of_question(question, study)
    for attribute in study.attributes:
        yield _of_attribute(attribute)
    for split in study.questionnaire.splits:
        yield _of_split(split)
    for derived in study.derived:
        yield _of_derived(derived, study)


def _of_question(question: Question, study: Study) -> Iterator[Variable]:
    if question.kind == "info":
        return
    if question.kind == "grid":
        for row in question.rows:
            yield Variable(
                name=f"{question.id}.{row.name}",
                kind="codes",
                label=row.label,
                source="row",
                options=question.options,
                nets=question.nets,
                missing=question.missing,
                scores=question.scores,
                question=question,
                row=row,
            )
        return
    options = question.options
    if question.options_from and (source := study.questionnaire.by_id.get(question.options_from)):
        options = tuple(option for option in source.options if not option.exclusive)
    yield Variable(
        name=question.id,
        kind=_KIND[question.kind],
        label=question.label,
        source="question",
        options=options,
        nets=question.nets,
        missing=question.missing,
        scores=question.scores,
        question=question,
    )


def _of_attribute(attribute: Attribute) -> Variable:
    return Variable(
        name=attribute.name,
        kind=attribute.kind,
        label=attribute.label,
        source="attribute",
        options=attribute.options,
        nets=attribute.nets,
        attribute=attribute,
    )


def _of_split(split: Split) -> Variable:
    arms = tuple(Option(name, name, code) for code, name in enumerate(split.arms, start=1))
    return Variable(name=split.name, kind="codes", label=split.label, source="split", options=arms)


def _of_derived(derived: Derived, study: Study) -> Variable:
    kind: VariableKind = "codes" if derived.kind in ("recode", "band", "any", "all") else "number"
    closed = study.questionnaire.by_id.get(derived.into or "")
    if derived.kind == "coded":
        kind = _KIND.get(closed.kind, "set") if closed else "set"
    return Variable(
        name=derived.name,
        kind=kind,
        label=derived.label,
        source="derived",
        options=(*closed.options, *derived.options) if closed else derived.options,
        nets=closed.nets if closed else (),
        missing=closed.missing if closed else (),
        scores=closed.scores if closed and not derived.options else {},
    )
