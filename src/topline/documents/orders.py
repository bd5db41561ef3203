"""How the order of questions, rows and answers varies between people, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from topline.base.words import words
from topline.study.model import Option, Order, Question, Row, Section

What = Literal["rows", "options", "questions"]


def order_notes(question: Question, language: str, label: Callable[[Option | Row], str]) -> tuple[str, ...]:
    """A sentence for each order that varies; `label` gives the words of an answer or row."""
    notes = list[str]()
    notes.extend(_notes(question.order_rows, "rows", question.rows, language, label))
    notes.extend(_notes(question.order_options, "options", question.options, language, label))
    if question.options_from:
        notes.append(words("order-options-from", language, question=question.options_from))
    return tuple(notes)


def section_note(section: Section, language: str) -> str | None:
    """The sentence on the order of a section's questions, if it varies."""
    return next(_notes(section.questions, "questions", (), language, str), None)


def _notes(
    order: Order | None,
    what: What,
    things: tuple[Option | Row, ...],
    language: str,
    label: Callable[[Option | Row], str],
) -> Iterator[str]:
    if order is None:
        return
    by = words("order-by", language, split=order.by) if order.by else ""
    yield words(f"order-{what}-{order.how}", language, by=by)
    if order.only:
        moved = [label(thing) for thing in things if thing.name in order.only]
        yield words("order-only", language, things=_quoted(moved or list(order.only), language))
    for place in ("first", "last"):
        kept = [label(thing) for thing in things if thing.place == place]
        if kept:
            yield words(f"order-stays-{place}", language, things=_quoted(kept, language))


def _quoted(things: list[str], language: str) -> str:
    return ", ".join(words("quoted", language, text=thing) for thing in things)
