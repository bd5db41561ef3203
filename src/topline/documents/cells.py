"""The columns of a file of answers, and what may stand in their cells.

A study with `data:` describes the file that it names: its columns, its codes. Any other describes the file
that Topline writes: the study's names in the header, its codes in the cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from topline.base.words import words
from topline.documents.codebook import Column, Value
from topline.documents.texts import Texts
from topline.study.model import (
    SYSTEM_MISSING,
    Attribute,
    Derived,
    Missing,
    Option,
    Question,
    Row,
    Split,
    Study,
)

_CHOSEN: Final = {"chosen": "1", "not_chosen": "0"}


class Cells:
    """Makes columns for each kind of variable."""

    def __init__(self, study: Study, texts: Texts, own: str) -> None:
        self.study, self.texts, self.own = study, texts, own
        data = study.settings.get("data")
        self.elsewhere = isinstance(data, Mapping)
        codes = data.get("codes") if isinstance(data, Mapping) else None
        self.codes: dict[str, str] = (
            {k: str(v) for k, v in codes.items()} if isinstance(codes, Mapping) else {}
        )

    def of_question(self, question: Question) -> tuple[Column, ...]:
        """The columns of a question: one a row of a grid, one an option of a set or ranking, else one."""
        column = question.column or question.id
        if question.kind == "grid":
            values = (*self._answers(question), *self._missing(question))
            name = question.column or f"{question.id}.{{row}}"
            return tuple(
                Column(
                    f"{question.id}.{row.name}",
                    name.replace("{row}", _placed(row) if question.column else row.name),
                    str(self.texts.of(f"{question.id}.rows.{row.name}", row.label)),
                    values,
                )
                for row in question.rows
            )
        label = str(self.texts.of(f"{question.id}.label", question.label))
        if question.kind in ("multiple", "rank"):
            return tuple(self._options(question))
        answers = self._answers(question) if question.kind == "single" else ()
        return (Column(question.id, column, label, (*answers, *self._missing(question))),)

    def _options(self, question: Question) -> Iterator[Column]:
        options = question.options
        source = self.study.questionnaire.by_id.get(question.options_from or "")
        if source is not None:
            options = tuple(option for option in source.options if not option.exclusive)
        missing = self._missing(question)
        if question.kind == "multiple":
            values = tuple(
                Value(self.codes.get(name, code), name, self._word(name)) for name, code in _CHOSEN.items()
            )
        else:
            last = question.places or len(options)
            placed = [Value(str(n), f"place_{n}", self._word("place", n=n)) for n in range(1, last + 1)]
            values = (*placed, Value("0", "not_placed", self._word("not-placed")))
        name = question.column or f"{question.id}.{{option}}"
        for option in options:
            yield Column(
                f"{question.id}.{option.name}",
                name.replace(
                    "{option}", (option.data or _placed(option)) if question.column else option.name
                ),
                str(self.texts.option(source or question, option)),
                (*values, *(kind for kind in missing if kind.code not in {value.code for value in values})),
            )

    def _answers(self, question: Question) -> tuple[Value, ...]:
        return tuple(
            Value(self._written(option), option.name, str(self.texts.option(question, option)))
            for option in question.options
        )

    def _written(self, option: Option) -> str:
        """How the file writes an answer: as `data` says, else by its code, else by its name."""
        return option.data if self.elsewhere and option.data is not None else _placed(option)

    def _missing(self, question: Question) -> tuple[Value, ...]:
        """The missing kinds that can stand in a question's columns: those chosen, then the system's."""
        by_name = question.kind in ("number", "date") and not self.elsewhere
        found = [self._chosen(kind, by_name) for kind in question.missing]
        section = next((s for s in self.study.questionnaire.sections if s.name == question.section), None)
        system = {
            "not_asked": bool(question.ask_if or (section and section.ask_if)),
            "not_reached": True,
            "blank": not question.required or question.blank is not None,
        }
        for name, possible in system.items():
            if self.elsewhere and name not in self.codes:
                continue
            if possible or (self.elsewhere and name == "blank"):
                code = self.codes.get(name, name if by_name else str(SYSTEM_MISSING[name]))
                found.append(self._blank(question, code) if name == "blank" else self._system(name, code))
        return tuple(found)

    def _chosen(self, kind: Missing, by_name: bool) -> Value:
        own = kind.name if by_name or kind.code is None else str(kind.code)
        code = self.codes.get(kind.name, own) if self.elsewhere else own
        return Value(code, kind.name, str(self.texts.missing(kind)), missing=True, in_base=kind.in_base)

    def _blank(self, question: Question, code: str) -> Value:
        if question.blank is None:
            return self._system("blank", code)
        label = str(self.texts.of(f"{question.id}.blank", question.blank.label))
        return Value(code, "blank", label, missing=True, in_base=question.blank.in_base)

    def _system(self, name: str, code: str) -> Value:
        return Value(
            code, name, words(f"missing-{name.replace('_', '-')}", self.own), missing=True, in_base=False
        )

    def of_attribute(self, attribute: Attribute) -> Column:
        """The column of an attribute; without a name if it is cut from another one."""
        at = f"attributes.{attribute.name}"
        values = tuple(
            Value(self._written(o), o.name, str(self.texts.of(f"{at}.options.{o.name}", o.label)))
            for o in attribute.options
        )
        label = str(self.texts.of(f"{at}.label", attribute.label))
        column = attribute.column if self.elsewhere else attribute.name
        return Column(attribute.name, "" if attribute.bands_of else column or attribute.name, label, values)

    def of_split(self, split: Split, label: str) -> Column:
        """The column of a split; without a name if the file comes from elsewhere."""
        values = tuple(Value(str(n), arm, arm) for n, arm in enumerate(split.arms, start=1))
        return Column(split.name, "" if self.elsewhere else split.name, label, values)

    def of_derived(self, derived: Derived, label: str, closed: Question | None = None) -> Column:
        """The values of a derived variable, which no file holds; of a coded one those of `closed` first."""
        at = f"derive.{derived.name}.options"
        values: tuple[Value, ...] = ()
        if closed:
            said = self.texts.option
            values = tuple(Value(_placed(o), o.name, str(said(closed, o))) for o in closed.options)
        values += tuple(
            Value(_placed(o), o.name, str(self.texts.of(f"{at}.{o.name}", o.label))) for o in derived.options
        )
        return Column(derived.name, "", label, values)

    def _word(self, id: str, **values: object) -> str:
        return words(f"codebook-{id.replace('_', '-')}", self.own, **values)


def _placed(thing: Option | Row) -> str:
    return thing.name if thing.code is None else str(thing.code)
