"""Rules of questions: orders, exclusive answers, what a rank takes its answers from, labels, codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from topline.base import Finding, Mark
from topline.base.hints import nearest
from topline.study.marks import mark_of
from topline.study.model import Attribute, Option, Order, Question, Row, Scale, Study

#: A column of a table or a line of the codebook holds no more.
LABEL_LIMIT: Final = 60
#: At 320 px a line holds about 32 characters, so this is five lines of one answer.
ANSWER_LIMIT: Final = 160


def question_findings(study: Study) -> Iterator[Finding]:
    """Every finding about a question, a scale or a section by itself."""
    asked = study.questionnaire
    for scale in asked.scales:
        yield from _list_of(scale.options, scale.mark)
    for question in asked.questions:
        yield from _answers(question)
        yield from _orders(question, study)
        yield from _sources(question, study)
        yield from _labels(question)
        yield from _blank(question)
    yield from _shared_codes(study)
    for section in asked.sections:
        inside = [question for question in asked.questions if question.section == section.name]
        if not inside:
            yield Finding("section-empty", {"name": section.name}, section.mark)
        if section.questions:
            yield from _order(section.questions, [q.id for q in inside], "question", study)
    yield from _codes(study)


def _answers(question: Question) -> Iterator[Finding]:
    if question.scale is None:
        yield from _list_of(question.options, question.mark)
    for option in question.options:
        place = mark_of(option) if question.scale is None else question.marks.get("scale", question.mark)
        if option.exclusive and question.kind != "multiple":
            yield Finding("exclusive-not-multiple", {"name": option.name, "kind": question.kind}, place)
        if option.specify and question.kind in ("grid", "rank"):
            yield Finding("specify-not-here", {"name": option.name, "kind": question.kind}, place)
        if option.ends and question.kind != "single":
            yield Finding("ends-not-single", {"name": option.name, "kind": question.kind}, place)
    yield from _same_label(question.rows)


def _shared_codes(study: Study) -> Iterator[Finding]:
    """Answers with the code of a missing kind of theirs: in a file nobody could tell the two apart."""
    told: set[object] = set()
    for question in study.questionnaire.questions:
        kinds = {kind.code: kind.name for kind in question.missing if kind.code is not None}
        for option in question.options:
            place = option.mark or question.mark
            if option.code in kinds and place not in told:
                told.add(place)
                values = {"code": option.code, "first": kinds[option.code], "second": option.name}
                yield Finding("code-twice", values, place)


def _list_of(options: Sequence[Option], mark: Mark | None) -> Iterator[Finding]:
    if len(options) == 1:
        yield Finding("one-answer", {"name": options[0].name}, options[0].mark or mark)
    yield from _same_label(options)
    for option in options:
        if len(option.label) > ANSWER_LIMIT:
            values = {"name": option.name, "n": len(option.label), "most": ANSWER_LIMIT}
            yield Finding("answer-long", values, mark_of(option.label))


def _same_label(things: Sequence[Option] | Sequence[Row]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for thing in things:
        if thing.label in seen:
            values = {"label": thing.label, "first": seen[thing.label], "second": thing.name}
            yield Finding("label-twice", values, mark_of(thing.label))
        seen.setdefault(thing.label, thing.name)


def _orders(question: Question, study: Study) -> Iterator[Finding]:
    if question.order_options:
        names = (
            [option.name for option in study.variables[question.id].options] if question.options_from else []
        )
        names = names or [option.name for option in question.options]
        yield from _order(question.order_options, names, "answer", study)
    if question.order_rows:
        yield from _order(question.order_rows, [row.name for row in question.rows], "row", study)


def _order(order: Order, names: list[str], what: str, study: Study) -> Iterator[Finding]:
    splits = [split.name for split in study.questionnaire.splits]
    if order.by is not None and order.by not in splits:
        near = nearest(order.by, splits) if splits else "Declare it under splits:"
        yield Finding("unknown-split", {"name": order.by, "near": near}, order.mark)
    for name in order.only:
        if name not in names:
            values = {"what": what, "name": name, "near": nearest(name, names)}
            yield Finding("order-only-unknown", values, mark_of(name) or order.mark)


def _sources(question: Question, study: Study) -> Iterator[Finding]:
    asked = study.questionnaire
    if question.options_from is not None:
        mark = question.marks["options_from"]
        source = asked.by_id.get(question.options_from)
        multiples = [q.id for q in asked.questions if q.kind == "multiple"]
        if source is None or source.kind != "multiple":
            near = nearest(question.options_from, multiples) if multiples else "There is none yet."
            yield Finding("options-from-unknown", {"name": question.options_from, "near": near}, mark)
            return
        if asked.questions.index(source) > asked.questions.index(question):
            values = {"name": source.id, "line": source.mark.line if source.mark else 0}
            yield Finding("options-from-later", values, mark)
    if question.places is not None:
        options = study.variables[question.id].options
        if question.places > len(options):
            values = {"places": question.places, "n": len(options)}
            yield Finding("places-too-many", values, question.marks["places"])


def _labels(question: Question) -> Iterator[Finding]:
    if len(question.label) > LABEL_LIMIT:
        values = {"name": question.id, "n": len(question.label), "most": LABEL_LIMIT}
        yield Finding("label-long", values, mark_of(question.label))


def _blank(question: Question) -> Iterator[Finding]:
    if question.blank_counts and question.kind != "multiple":
        yield Finding("blank-counts", {"kind": question.kind}, question.marks.get("blank"))
    if question.blank and question.required:
        yield Finding("blank-but-required", {"name": question.id}, question.marks.get("blank"))


def _codes(study: Study) -> Iterator[Finding]:
    """One note for the whole study if lists have no codes: `launch` refuses it, `--fix` writes them."""
    lists: list[Scale | Question | Attribute] = [*study.questionnaire.scales]
    lists += [question for question in study if question.scale is None]
    bare = [thing for thing in lists if any(o.code is None for o in thing.options)]
    bare += [q for q in study if any(row.code is None for row in q.rows) and q not in bare]
    bare += [attribute for attribute in study.attributes if any(o.code is None for o in attribute.options)]
    if bare:
        first = bare[0]
        name = first.id if isinstance(first, Question) else first.name
        yield Finding("codes-none", {"n": len(bare), "name": name}, first.mark)
