"""A study made from a codebook, so that tables and estimates read answers from anywhere alike.

Every column becomes a question of its kind, the columns of a grid one grid, a response set one multiple
response. What is only a part of something (an option's column, a weight) becomes an attribute: filters and
banners may use it, and it gets no table of its own. Nobody said how people came into the file, so nothing
but what these respondents say may be concluded: `inference` is `descriptive` until somebody says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal

from topline.dataset.codebook import Codebook, Column, Labels, ResponseSet, Value
from topline.dataset.naming import slug, unique
from topline.study.model import (
    CHOSEN_MISSING,
    Attribute,
    Kind,
    Missing,
    Option,
    Question,
    Questionnaire,
    Row,
    Study,
)

Inference = Literal["descriptive", "design", "census-nonresponse", "model"]
_KINDS: Final[dict[str, Kind]] = {"codes": "single", "number": "number", "date": "date", "text": "text"}


def study_of(book: Codebook, name: str, inference: Inference = "descriptive") -> Study:
    """The study of a codebook; `name` is the file's, and its title where the file has none."""
    questions = tuple(_questions(book))
    attributes = tuple(_attribute(column, book) for column in book.columns if not _is_question(column))
    return Study(
        id=slug(name, "data"),
        title=book.title.strip() or name,
        folder="",
        languages=book.languages,
        inference=inference,
        questionnaire=Questionnaire(questions=questions),
        attributes=attributes,
    )


def set_options(entry: ResponseSet, book: Codebook) -> dict[str, Value]:
    """The options of a response set: by the name of its column, or of the answer in all its columns."""
    columns = [book.by_name[name] for name in entry.columns]
    if entry.counted is None:
        found: dict[str, Value] = {}
        for column in columns:
            for value in column.values:
                found.setdefault(value.name, value)
        return found
    options = {}
    for place, column in enumerate(columns, start=1):
        counted = next((value for value in column.values if value.code == entry.counted), None)
        labels = counted.labels if counted and entry.labelled_by == "value" else column.labels
        options[column.name] = Value(float(place), column.name, labels or {"": column.source})
    names = unique(slug(name.rpartition(".")[2], "option") for name in options)
    return {
        name: Value(value.code, new, value.labels)
        for (name, value), new in zip(options.items(), names, strict=True)
    }


def _questions(book: Codebook) -> Iterator[Question]:
    grids = {grid.name: grid for grid in book.grids}
    told: set[str] = set()
    for column in book.columns:
        whole = column.name.partition(".")[0]
        if not _is_question(column):
            yield from ()
        elif whole in grids and "." in column.name:
            if whole not in told:
                told.add(whole)
                yield _grid(whole, grids[whole].labels, grids[whole].texts, book)
        else:
            yield _question(column, book)
        for entry in book.sets:
            if column.name == entry.columns[-1]:
                yield _multiple(entry, book)


def _is_question(column: Column) -> bool:
    return column.asked or column.kind == "text"


def _question(column: Column, book: Codebook) -> Question:
    label = column.label(book.languages[0])
    coded = column.kind == "codes"
    return Question(
        kind=_KINDS[column.kind],
        id=column.name,
        ask=_text(column.texts, book) or label,
        label=label,
        options=_options(column, book) if coded else (),
        missing=_missing(column, book),
        scores=_scores(column) if coded else {},
        column=column.source,
    )


def _grid(name: str, labels: Labels, texts: Labels, book: Codebook) -> Question:
    columns = [column for column in book.columns if column.name.startswith(f"{name}.")]
    first = columns[0]
    rows = tuple(Row(column.name.partition(".")[2], column.label(book.languages[0])) for column in columns)
    label = _text(labels, book) or name
    return Question(
        kind="grid",
        id=name,
        ask=_text(texts, book) or label,
        label=label,
        rows=rows,
        options=_options(first, book),
        missing=_missing(first, book),
        scores=_scores(first),
    )


def _multiple(entry: ResponseSet, book: Codebook) -> Question:
    label = _text(entry.labels, book)
    if entry.label_of_first:
        label = label or book.by_name[entry.columns[0]].label(book.languages[0])
    return Question(
        kind="multiple",
        id=entry.name,
        ask=label or entry.source,
        label=label or entry.source,
        options=tuple(_option(value, book) for value in set_options(entry, book).values()),
    )


def _attribute(column: Column, book: Codebook) -> Attribute:
    return Attribute(
        name=column.name,
        label=column.label(book.languages[0]),
        kind=column.kind if column.kind != "text" else "codes",
        column=column.source,
        options=_options(column, book) if column.kind == "codes" else (),
    )


def _options(column: Column, book: Codebook) -> tuple[Option, ...]:
    return tuple(_option(value, book) for value in column.values)


def _option(value: Value, book: Codebook) -> Option:
    code = int(value.code) if isinstance(value.code, float) and value.code.is_integer() else None
    written = f"{value.code:g}" if isinstance(value.code, float) else str(value.code)
    return Option(value.name, _text(value.labels, book) or written, code, data=written)


def _missing(column: Column, book: Codebook) -> tuple[Missing, ...]:
    """The kinds that people chose; of several values for one kind, the first gives label and code."""
    found: dict[str, Missing] = {}
    for value in column.missing:
        if value.kind in CHOSEN_MISSING and value.kind not in found:
            whole = isinstance(value.code, float) and value.code.is_integer()
            code = int(value.code) if isinstance(value.code, float) and whole else None
            found[value.kind] = Missing(value.kind, _text(value.labels, book), value.in_base, code)
    return tuple(found.values())


def _scores(column: Column) -> dict[str, tuple[Decimal | None, ...]]:
    if not column.scored:
        return {}
    numbers = (Decimal(repr(v.code)) if isinstance(v.code, float) else None for v in column.values)
    return {"mean": tuple(numbers)}


def _text(labels: Labels, book: Codebook) -> str:
    return labels.get(book.languages[0]) or next(iter(labels.values()), "")
