"""Answers collected elsewhere: a CSV file read through the questionnaire and the `data:` block of study.yaml.

The block says how the file writes what is not an answer (`codes`: kind -> text), and which columns hold the
id and the weight; `column:` beside a question or attribute says where it stands, with `{row}` or `{option}`
for the code of a grid row or of an option; `data:` of an option is its text in the file, when that is not
its code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from topline.base import Finding, fail
from topline.dataset.data import (
    FIRST_MISSING,
    MOST_NARROW,
    Codes,
    Dataset,
    Floats,
    Numbers,
    Texts,
    missing_code,
)
from topline.dataset.derive import complete
from topline.dataset.sheet import Sheet
from topline.study.model import (
    MISSING_KINDS,
    SYSTEM_MISSING,
    Option,
    Row,
    Study,
    Variable,
)


def read_csv(study: Study, path: Path) -> Dataset:
    """Read a file from elsewhere; raises ToplineError with a finding for each column that has a bad cell.

    A split that the file has no column for is left out: nobody knows which arm a person was in.
    """
    settings = study.settings.get("data")
    if not isinstance(settings, Mapping):
        fail("no_data_block")
    reader = _Reader(study, Sheet(path), {str(k): str(v) for k, v in settings.get("codes", {}).items()})
    for variable in study.variables.values():
        reader.read(variable)
    reader.unique(str(settings["id"])) if "id" in settings else None
    weights = reader.weights(str(settings["weight"])) if "weight" in settings else None
    reader.sheet.done()
    return complete(
        Dataset(
            study,
            reader.sheet.n,
            reader.columns,
            reader.choices,
            reader.amounts,
            reader.texts,
            weights,
            made_up="made_up" in settings,
        )
    )


class _Reader:
    def __init__(self, study: Study, sheet: Sheet, codes: Mapping[str, str]) -> None:
        self.study, self.sheet, self.file_codes = study, sheet, codes
        self.columns: dict[str, Codes] = {}
        self.choices: dict[str, Mapping[str, NDArray[np.uint8]]] = {}
        self.amounts: dict[str, Numbers] = {}
        self.texts: dict[str, Texts] = {}

    def read(self, variable: Variable) -> None:
        if variable.source == "derived" or (variable.attribute and variable.attribute.bands_of):
            return
        column = _column(variable)
        if variable.source == "split" and not self.sheet.has(column):
            return
        if variable.kind == "codes":
            self.columns[variable.name] = self.codes(variable, column)
        elif variable.kind in ("number", "date"):
            bounds = bounds_of(variable)
            kinds = self.kinds(variable)
            date = variable.kind == "date"
            self.amounts[variable.name] = self.sheet.numbers(column, variable.name, kinds, bounds, date)
        elif variable.kind == "set":
            self.choices[variable.name] = self.chosen(variable, column)
        elif variable.kind == "rank":
            self.choices[variable.name] = self.ranked(variable, column)
        elif variable.kind == "text" and self.sheet.has(column):
            self.texts[variable.name] = self.open_text(variable, column)

    def kinds(self, variable: Variable, wide: bool = False) -> dict[str, int]:
        """How the file writes the missing kinds that this variable may have."""
        declared = {missing.name: missing for missing in variable.missing}
        if variable.question and variable.question.blank:
            declared["blank"] = variable.question.blank
        found: dict[str, int] = {}
        for kind in MISSING_KINDS:
            if kind in self.file_codes and (kind in declared or kind in SYSTEM_MISSING):
                found[self.file_codes[kind]] = missing_code(kind, wide)
            elif kind in declared and (code := declared[kind].code) is not None:
                found[str(code)] = missing_code(kind, wide)
        return found

    def codes(self, variable: Variable, column: str) -> Codes:
        wide = len(variable.options) > MOST_NARROW
        table = {_written(option): code for code, option in enumerate(variable.options)}
        return self.sheet.codes(
            column, variable.name, {**self.kinds(variable, wide), **table}, len(variable.options)
        )

    def chosen(self, variable: Variable, column: str) -> Mapping[str, NDArray[np.uint8]]:
        """The options of a multiple response; "chosen" and "not chosen" win over a kind written alike."""
        table = {
            **self.kinds(variable),
            self.file_codes.get("not_chosen", "0"): 0,
            self.file_codes.get("chosen", "1"): 1,
        }
        columns = [column.replace("{option}", _written(option)) for option in variable.options]
        return whole_sets(variable, self.sheet, columns, table)

    def ranked(self, variable: Variable, column: str) -> Mapping[str, NDArray[np.uint8]]:
        """A ranking, one column a place with the option in it, turned to the place of each option.

        The missing kind of the first place is that of the whole ranking; a later place may stay empty.
        """
        most = variable.question.places if variable.question else None
        places = [
            self.codes(variable, column.replace("{place}", str(place)))
            for place in range(1, (most or len(variable.options)) + 1)
        ]
        kinds = np.where(places[0] >= FIRST_MISSING, places[0], 0)
        found: dict[str, NDArray[np.uint8]] = {}
        for code, option in enumerate(variable.options):
            at = np.array([codes == code for codes in places])
            if (at.sum(axis=0) > 1).any() and not self.sheet.findings:
                row = int(np.argmax(at.sum(axis=0) > 1))
                values = {"name": variable.name, "option": option.name}
                self.sheet.findings.append(Finding("ranked_twice", values, self.sheet.mark(row)))
            place = np.where(at.any(axis=0), at.argmax(axis=0) + 1, 0)
            found[option.name] = np.where(kinds > 0, kinds, place).astype(np.uint8)
        return found

    def open_text(self, variable: Variable, column: str) -> Texts:
        kinds = self.kinds(variable)
        texts = self.sheet.columns[column].to_list()
        codes = np.array([kinds.get(text, 0) for text in texts], dtype=np.uint8)
        codes[[not text and not code for text, code in zip(texts, codes, strict=True)]] = missing_code(
            "blank"
        )
        return Texts(tuple("" if code else text for text, code in zip(texts, codes, strict=True)), codes)

    def weights(self, column: str) -> Floats | None:
        series = self.sheet.text(column, "the weight")
        if series is None:
            return None
        return self.sheet.numbers(column, "the weight", {}, (0.0, None), told="bad_weight").values

    def unique(self, column: str) -> None:
        series = self.sheet.text(column, "the id")
        if series is not None and series.n_unique() < len(series):
            row = int((~series.is_first_distinct()).arg_max() or 0)
            values = {"column": column, "value": series[row]}
            self.sheet.findings.append(Finding("id_twice", values, self.sheet.mark(row)))


def whole_sets(
    variable: Variable, sheet: Sheet, columns: Sequence[str], table: Mapping[str, int]
) -> Mapping[str, NDArray[np.uint8]]:
    """The options of a multiple response (or ranking), one column each, by the rule of the study.

    Nothing ticked is blank, unless blank counts: then such people stay in the base with nothing chosen. A row
    with an answer in some columns only is a finding.
    """
    stack = np.array([sheet.codes(column, variable.name, table) for column in columns], dtype=np.uint8)
    missing = stack >= FIRST_MISSING
    mixed = missing.any(axis=0) & ~missing.all(axis=0)
    if mixed.any() and not sheet.findings:
        row = int(np.argmax(mixed))
        values = {"name": variable.name, "column": columns[int(np.argmin(missing[:, row]))]}
        sheet.findings.append(Finding("set_mixed", values, sheet.mark(row)))
    if not (variable.question and variable.question.blank_counts):
        stack[:, (stack == 0).all(axis=0)] = missing_code("blank")
    return dict(zip((option.name for option in variable.options), stack, strict=True))


def _column(variable: Variable) -> str:
    """The column of a variable; `{row}` filled in, `{option}` left for each option."""
    source = variable.question or variable.attribute
    column = (source.column if source else None) or (
        f"{variable.name}.{{option}}" if variable.kind == "set" else variable.name
    )
    return column.replace("{row}", _placed(variable.row)) if variable.row else column


def _placed(part: Option | Row) -> str:
    return part.name if part.code is None else str(part.code)


def _written(option: Option) -> str:
    """How the file writes an answer: its own text there, else its code, else its name."""
    return option.data if option.data is not None else _placed(option)


def bounds_of(variable: Variable) -> tuple[float | None, float | None]:
    """The range of a number or date (as ordinal days), as far as the study gives one."""

    def number(bound: object) -> float | None:
        toordinal = getattr(bound, "toordinal", None)
        return None if bound is None else float(toordinal() if toordinal else str(bound))

    source = variable.question or variable.attribute
    return (number(source.minimum), number(source.maximum)) if source else (None, None)
