"""questionnaire.yaml from a questionnaire: its parts, and the flat list of sections, pages and questions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from topline.study.model import Order, Question, Questionnaire, Scale, Section
from topline.study.parse import write_condition
from topline.study.tree import Condition
from topline.study.writing.answers import (
    answers_tree,
    missing_tree,
    nets_tree,
    number,
    rows_tree,
    scores_tree,
    settings,
)
from topline.study.writing.plain_yaml import Lines, Tree, write_item, write_mapping

_CODED = ("single", "multiple", "grid", "rank")


def questionnaire_lines(asked: Questionnaire) -> list[str]:
    """The lines of questionnaire.yaml; parts, pages and questions are parted by empty lines."""
    lines: list[str] = []
    for name, part in _parts(asked).items():
        lines.extend((*write_mapping({name: part}, 0), ""))
    lines.append("questions:")
    scales = {scale.name: scale for scale in asked.scales}
    together = False  # whether the question belongs under the page marker above it
    for item in _items(asked):
        if isinstance(item, Question):
            tree = _question(item, scales)
        elif isinstance(item, Section):
            tree, together = _section(item), False
        else:
            tree, together = Lines(page=item), False
        farewell = isinstance(item, Question) and item.kind == "info" and item is asked.questions[-1]
        lines.extend((*([] if together and not farewell else [""]), *write_item(tree, 0)))
        together = isinstance(item, str) or (together and isinstance(item, Question))
    return lines


def condition_text(condition: Condition) -> str:
    """A condition as its author wrote it, else in its canonical form."""
    return condition.text or write_condition(condition)


def _parts(asked: Questionnaire) -> dict[str, Tree]:
    return settings(
        missing=missing_tree(asked.missing),
        scales=Lines({scale.name: Lines(answers_tree(scale)) for scale in asked.scales}),
        splits=Lines(
            {
                split.name: {
                    "label": split.label,
                    "arms": {arm: str(size) for arm, size in split.arms.items()},
                }
                for split in asked.splits
            }
        ),
        groups=Lines(
            {
                group.name: {"label": group.label, "where": condition_text(group.where)}
                for group in asked.groups
            }
        ),
    )


def _items(asked: Questionnaire) -> Iterator[Section | str | Question]:
    """Sections, names of pages, and questions, in their order.

    A section stands before its questions; sections without any stand where their order puts them.
    """
    waiting = list(asked.sections)
    for name, questions in groupby(asked.questions, key=lambda question: question.section):
        while name is not None and waiting:
            yield waiting[0]
            if waiting.pop(0).name == name:
                break
        yield from _with_pages(list(questions), asked)
    yield from waiting


def _with_pages(questions: list[Question], asked: Questionnaire) -> Iterator[str | Question]:
    page: str | None = None
    first, last = asked.questions[0], asked.questions[-1]
    closes = not asked.sections or asked.sections[-1].name == last.section  # no empty section comes after it

    def alone(question: Question) -> bool:
        """Whether it is the first or the last words, which stand alone."""
        ends = (question is first and question.section is None) or (question is last and closes)
        return question.kind == "info" and ends

    # one page of several questions, and every page of the section needs its marker: without one a question
    # would be on the page above
    marked = any(question.page != question.id for question in questions if not alone(question))
    for question in questions:
        before = question.id if alone(question) or not marked else page
        if question.page != before:
            page = question.page
            yield page
        yield question


def _section(section: Section) -> Lines:
    order = {"questions": _order_words(section.questions)} if section.questions else None
    return Lines(
        section=section.name,
        **settings(
            title=section.title,
            ask_if=condition_text(section.ask_if) if section.ask_if else None,
            order=order,
        ),
    )


def _question(question: Question, scales: dict[str, Scale]) -> Lines:
    by_default = question.kind not in ("text", "info")
    blank: Tree | None = "counts" if question.blank_counts else None
    if question.blank:
        blank = settings(label=question.blank.label, in_base=question.blank.in_base)
    return Lines(
        {question.kind: question.id},
        **settings(
            title=question.title,
            column=question.column,
            ask_if=condition_text(question.ask_if) if question.ask_if else None,
            ask=question.ask,
            hint=question.hint,
            label=question.label,
            text=question.text,
            base_text=question.base_text,
            required=None if question.required == by_default else str(question.required).lower(),
            look=question.look,
        ),
        **_answers(question, scales),
        **_limits(question),
        **settings(blank=blank, quotes=question.quotes, checks=_checks(question)),
    )


def _answers(question: Question, scales: dict[str, Scale]) -> dict[str, Tree]:
    order = settings(order=_order(question))
    if question.kind not in _CODED or question.options_from:
        missing = [kind.name for kind in question.missing]
        return {**settings(options_from=question.options_from, missing=missing), **order}
    own = Scale("", question.options, question.missing, question.nets, question.scores)
    rows = settings(rows=rows_tree(question.rows))
    scale = scales.get(question.scale or "")
    if scale is None:
        return {**order, **rows, **answers_tree(own)}
    written: dict[str, Tree] = {"scale": scale.name, **order, **rows}
    if own.missing != scale.missing:
        written["missing"] = [kind.name for kind in own.missing]
    if own.nets != scale.nets:
        written["nets"] = nets_tree(own.nets)
    if own.scores != scale.scores:
        written["scores"] = scores_tree(own.scores)
    return written


def _limits(question: Question) -> dict[str, Tree]:
    bounds = (question.minimum, question.maximum)
    return settings(
        places=question.places,
        range=[number(bound) for bound in bounds] if None not in bounds else None,
        decimals=question.decimals or None,
        lines=question.lines if question.lines != 1 else None,
        max_length=question.max_length,
    )


def _checks(question: Question) -> list[Tree]:
    return [
        Lines({check.severity: condition_text(check.rule), "say": check.say}) for check in question.checks
    ]


def _order(question: Question) -> Tree | None:
    rows, options = question.order_rows, question.order_options
    only = list((rows or options or Order("shuffle")).only)
    if question.kind != "grid" and options is not None and not only:
        return _order_words(options)
    return settings(
        rows=_order_words(rows) if rows else None,
        options=_order_words(options) if options else None,
        only=only,
    )


def _order_words(order: Order) -> str:
    return f"{order.how} by {order.by}" if order.by else order.how
