"""The columns of a keyed sheet: what stands where, and which field of the pages a cell fills.

A column for each thing that can be marked on the form: `question`, `grid.row`, `question.option` (1 for a
tick, the place in a ranking), `question.option.text` for words beside an answer, `question.missing` for
"don't know" and the like where they cannot stand among the answers. Answers are keyed by their printed codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from topline.study.compiled import Asked, Choice, Compiled

CODE: Final = "code"
_TICKS: Final = {"1": True, "x": True, "": False, "0": False}
Put = tuple[str, str]  # a field of the pages and its value
Fields = Mapping[str, Sequence[str]]  # a form of the pages, as it would be sent


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what a cell of it puts into the pages' form (None: the cell cannot stand there),
    and what may stand there, in words.
    """

    name: str
    question: str
    read: Callable[[str], list[Put] | None]
    allowed: str


def columns_of(compiled: Compiled) -> tuple[Column, ...]:
    """The columns of a study's sheet, in the order of the questions; the code of the form stands before."""
    return tuple(column for asked in compiled.questions.values() for column in _columns(asked))


def fields_of_row(columns: tuple[Column, ...], row: Mapping[str, str]) -> tuple[Fields, list[Column]]:
    """The fields that one keyed form fills, and the columns whose cells cannot stand there."""
    fields: dict[str, list[str]] = {}
    wrong = []
    for column in columns:
        found = column.read(row[column.name])
        if found is None:
            wrong.append(column)
        for name, value in found or ():
            fields.setdefault(name, []).append(value)
    return fields, wrong


def words_at(asked: Asked, option: Choice) -> str:
    """The column, and the field of the pages, of the words beside an answer."""
    return f"{asked.id}.{option.name}.text"


def code_of_choice(choice: Choice) -> str:
    """What is keyed for an answer: the code that is printed beside it, else its name."""
    return choice.name if choice.code is None else str(choice.code)


def _columns(asked: Asked) -> Iterator[Column]:
    if asked.kind == "info":
        return
    choices = (*asked.options, *asked.missing)
    if asked.kind == "single":
        yield _coded(asked, asked.id, choices)
    elif asked.kind == "grid":
        yield from (_coded(asked, f"{asked.id}.{row.name}", choices) for row in asked.rows)
    elif asked.kind == "multiple":
        yield from (_ticked(asked, option) for option in asked.options)
    elif asked.kind == "rank":
        yield from (_placed(asked, option) for option in asked.options)
    elif asked.kind == "date":
        yield Column(asked.id, asked.id, lambda text: _day(asked.id, text), "a day as 2026-03-31")
    else:
        words = "a number" if asked.kind == "number" else "words"
        yield Column(asked.id, asked.id, lambda text: [(asked.id, text)] if text else [], words)
    if asked.kind in ("single", "multiple"):
        yield from (_beside(asked, option) for option in asked.options if option.specify)
    if asked.missing and asked.kind not in ("single", "grid"):
        at = asked.id if asked.kind == "multiple" else f"{asked.id}.missing"
        yield _coded(asked, f"{asked.id}.missing", asked.missing, at)
    if asked.quotes:
        yield _tick(f"{asked.id}.quote", asked.id, (f"{asked.id}.quote", "yes"))


def _coded(asked: Asked, name: str, choices: tuple[Choice, ...], at: str = "") -> Column:
    names = {text: choice.name for choice in reversed(choices) for text in _texts(choice)}

    def read(text: str) -> list[Put] | None:
        if not text:
            return []
        return [(at or name, names[text])] if text in names else None

    listed = ", ".join(map(code_of_choice, choices))
    return Column(name, asked.id, read, f"one of {listed}")


def _ticked(asked: Asked, option: Choice) -> Column:
    return _tick(f"{asked.id}.{option.name}", asked.id, (asked.id, option.name))


def _tick(name: str, question: str, put: Put) -> Column:
    def read(text: str) -> list[Put] | None:
        found = _TICKS.get(text.casefold())
        return None if found is None else [put] * found

    return Column(name, question, read, "1 for a tick, else nothing")


def _placed(asked: Asked, option: Choice) -> Column:
    most = min(asked.places or len(asked.options), len(asked.options))
    places = {str(place): f"{asked.id}.{place}" for place in range(1, most + 1)}

    def read(text: str) -> list[Put] | None:
        if text in ("", "0"):
            return []
        return [(places[text], option.name)] if text in places else None

    return Column(f"{asked.id}.{option.name}", asked.id, read, f"its place from 1 to {most}, else nothing")


def _beside(asked: Asked, option: Choice) -> Column:
    name = words_at(asked, option)
    return Column(name, asked.id, lambda text: [(name, text)] if text else [], "words")


def _day(name: str, text: str) -> list[Put] | None:
    parts = text.split("-")
    if not text:
        return []
    return (
        list(zip((f"{name}.year", f"{name}.month", f"{name}.day"), parts, strict=True))
        if len(parts) == 3
        else None
    )


def _texts(choice: Choice) -> tuple[str, ...]:
    return (choice.name,) if choice.code is None else (choice.name, str(choice.code))
