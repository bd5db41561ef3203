"""The codebook of a data set that has a study: one column for each array that it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from topline.base.words import words
from topline.dataset.codebook import Code, Codebook, Column, Grid, Labels, ResponseSet, Value
from topline.dataset.data import FIRST_MISSING, Dataset
from topline.dataset.kinds import system_code, system_label
from topline.study.model import MISSING_KINDS, Missing, Option, Study, Variable
from topline.study.translations import load_translations

#: Where the label of a variable stands among the study's texts, by what it comes from.
_LABELS: Final = {"attribute": "attributes.{}.label", "split": "splits.{}", "derived": "derive.{}"}


def codebook_of(data: Dataset) -> Codebook:
    """The codebook that travels with the data: the file's own, or made from the study in all its languages.

    Variables that were worked out after a file was read are added to its own.
    """
    if data.book is None:
        return _Maker(data).codebook()
    told = {name.partition(".")[0] for name in data.book.by_name} | {entry.name for entry in data.book.sets}
    added = [v for v in data.study.variables.values() if v.name.partition(".")[0] not in told]
    if not any(data.has(variable.name) for variable in added):
        return data.book
    columns = (column for variable in added for column in _Maker(data).columns(variable))
    return replace(data.book, columns=(*data.book.columns, *columns))


@dataclass(frozen=True)
class _Texts:
    """Texts of a study by address, in every language that it has."""

    study: Study
    others: Mapping[str, Mapping[str, str]]

    def of(self, address: str, text: str) -> Labels:
        found = {str(self.study.languages[0]): str(text)} if text else {}
        for language, texts in self.others.items():
            if translated := texts.get(address):
                found[language] = translated
        return found


class _Maker:
    def __init__(self, data: Dataset) -> None:
        self.data, self.study = data, data.study
        self.texts = _Texts(data.study, _translated(data.study))
        self.language = str(data.study.languages[0])

    def codebook(self) -> Codebook:
        columns = [column for v in self.study.variables.values() for column in self.columns(v)]
        if self.data.weights is not None:
            label = {self.language: words("column-weight", self.language)}
            columns.append(Column("weight", "weight", "number", labels=label, measure="scale", asked=False))
        return Codebook(
            languages=(self.language, *self.texts.others),
            columns=tuple(columns),
            sets=tuple(self._sets()),
            grids=tuple(
                Grid(q.id, self.texts.of(f"{q.id}.label", q.label), self.texts.of(f"{q.id}.ask", q.ask))
                for q in self.study
                if q.kind == "grid"
            ),
            title=str(self.study.title),
            weight="weight" if self.data.weights is not None else "",
        )

    def _sets(self) -> Iterator[ResponseSet]:
        for name in self.data.choices:
            variable = self.study.variables[name]
            if variable.kind == "set":
                columns = tuple(f"{name}.{option.name}" for option in variable.options)
                yield ResponseSet(name, f"${name}", columns, 1.0, self._labels(variable))

    def columns(self, variable: Variable) -> Iterator[Column]:
        """The columns of a variable that the data have: one, or one for each option."""
        if not self.data.has(variable.name):
            return
        if variable.kind in ("set", "rank"):
            yield from self._options(variable)
            return
        question = variable.question
        kind = variable.kind
        yield Column(
            name=variable.name,
            source=variable.name.replace(".", "_"),
            kind=kind,  # type: ignore[arg-type]
            storage="text" if kind == "text" else "number",
            labels=self._labels(variable),
            texts=self.texts.of(f"{question.id}.ask", question.ask) if question else {},
            values=self._answers(variable) if kind == "codes" else (),
            missing=self._missing(variable, variable.name),
            measure={"codes": "ordinal" if variable.scores else "nominal", "text": "nominal"}.get(
                kind, "scale"
            ),
        )

    def _labels(self, variable: Variable) -> Labels:
        if variable.row and variable.question:
            at = f"{variable.question.id}.rows.{variable.row.name}"
        else:
            at = _LABELS.get(variable.source, "{}.label").format(variable.name)
        return self.texts.of(at, variable.label)

    def _option_labels(self, variable: Variable, option: Option) -> Labels:
        question = variable.question
        if question and question.options_from:
            at = question.options_from
        elif question and question.scale:
            at = f"scales.{question.scale}"
        else:
            at = {"attribute": "attributes.", "derived": "derive."}.get(variable.source, "") + (
                question.id if question else variable.name
            )
        return self.texts.of(f"{at}.options.{option.name}", option.label)

    def _answers(self, variable: Variable) -> tuple[Value, ...]:
        """The answers with their codes; a list without codes for all is counted from 1."""
        coded = all(option.code is not None for option in variable.options)
        return tuple(
            Value(
                float(option.code if coded and option.code is not None else n),
                option.name,
                self._option_labels(variable, option),
            )
            for n, option in enumerate(variable.options, start=1)
        )

    def _options(self, variable: Variable) -> Iterator[Column]:
        """A column for each option: 1 chosen, 0 not; in a ranking its place."""
        ranking = variable.kind == "rank"
        said = [(0.0, "not_placed" if ranking else "not_chosen")]
        said += [(float(n), f"place_{n}") for n in range(1, len(variable.options) + 1)] if ranking else []
        said += [] if ranking else [(1.0, "chosen")]
        values = tuple(Value(code, name, {self.language: self._word(name)}) for code, name in said)
        question = variable.question
        for option in variable.options:
            yield Column(
                name=f"{variable.name}.{option.name}",
                source=f"{variable.name}_{option.name}",
                kind="codes",
                labels=self._option_labels(variable, option),
                texts=self.texts.of(f"{question.id}.ask", question.ask) if question else {},
                values=values,
                missing=self._missing(variable, variable.name),
                measure="nominal",
                asked=False,
            )

    def _word(self, name: str) -> str:
        head, _, n = name.partition("_")
        return (
            words("codebook-place", self.language, n=n)
            if head == "place"
            else words(f"codebook-{name.replace('_', '-')}", self.language)
        )

    def _missing(self, variable: Variable, name: str) -> tuple[Value, ...]:
        """The kinds that the study declares for a variable, and those of the system that occur."""
        declared = {kind.name: kind for kind in variable.missing}
        if variable.question and variable.question.blank:
            declared["blank"] = variable.question.blank
        occurring = {MISSING_KINDS[code - FIRST_MISSING] for code in np.unique(self.data.kinds(name)) if code}
        found = [
            self._value(variable, kind, declared.get(kind))
            for kind in MISSING_KINDS
            if kind in {*declared, *occurring}
        ]
        return tuple(found)

    def _value(self, variable: Variable, kind: str, declared: Missing | None) -> Value:
        if declared is None:
            labels: Labels = {self.language: system_label(kind, self.language)}
            return Value(_coded(variable, system_code(kind)), kind, labels, kind)
        code = declared.code if declared.code is not None else system_code(kind)
        at = f"{variable.name.partition('.')[0]}.blank" if kind == "blank" else f"missing.{kind}"
        labels = self.texts.of(at, declared.label)
        return Value(_coded(variable, code), kind, labels, kind, declared.in_base)


def _coded(variable: Variable, code: int | None) -> Code:
    """The code of a missing kind as the column holds it: a number, or its digits among texts."""
    if variable.kind == "text":
        return "" if code is None else str(code)
    return None if code is None else float(code)


def _translated(study: Study) -> Mapping[str, Mapping[str, str]]:
    if not study.folder:
        return {}
    return {language: found.texts for language, found in load_translations(study)[0].items()}
