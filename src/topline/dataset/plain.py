"""Topline's own file of answers: CSV with the study's names in the header and its codes in the cells.

Columns: the attributes that are kept, the splits, then the questions in order; a grid as `grid.row`, a
multiple response as `question.option` (1 chosen, 0 not), a ranking the same way with the place given (1
first, 0 none). What was written in the box beside an answer stands after its question as
`question.option.text`; a file may lack such a column. A missing kind is written by its code (-1 not asked
... or the study's own), in columns of numbers and dates by its name, since -1 or 97 could be an answer
there. An answer without a code is written by its name. Readers take both.

An open answer that starts like a formula, or reads like a missing kind, gets an apostrophe in front.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date as Date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from topline.base.formulas import guarded
from topline.dataset.data import MOST_NARROW, Codes, Dataset, Numbers, Texts, missing_code
from topline.dataset.derive import complete
from topline.dataset.foreign import bounds_of, whole_sets
from topline.dataset.sheet import Sheet
from topline.study.model import SYSTEM_MISSING, Study, Variable
from topline.study.values import Answer, Answers, NoAnswer

#: A column of this name, 1 in every row, says that the answers are made up.
MADE_UP: Final = "topline.made_up"
_BOX_KINDS: Final[Mapping[str, int]] = {
    written: missing_code(kind) for kind, code in SYSTEM_MISSING.items() for written in (kind, str(code))
}


def kept_variables(study: Study) -> Iterator[Variable]:
    """The variables that a file of answers holds, in its order: kept attributes, splits, questions."""
    frame = study.settings.get("frame")
    keep = frame.get("keep") if isinstance(frame, Mapping) else None
    for variable in study.variables.values():
        attribute = variable.attribute
        if attribute and not attribute.bands_of and (keep is None or variable.name in keep):
            yield variable
    yield from (variable for variable in study.variables.values() if variable.source == "split")
    yield from (variable for variable in study.variables.values() if variable.question)


def write_responses(study: Study, path: Path, people: Iterable[Answers], *, made_up: bool) -> None:
    """Write one row a person. A variable that a person's answers lack is written as not reached."""
    variables = list(kept_variables(study))
    header = [column for variable in variables for column in (*_columns(variable), *_boxes(variable))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([MADE_UP, *header] if made_up else header)
        for answers in people:
            row = [cell for variable in variables for cell in _row(variable, answers)]
            writer.writerow(["1", *row] if made_up else row)


def read_responses(study: Study, path: Path) -> Dataset:
    """Read a file that `write_responses` wrote; raises ToplineError with a finding for each bad column."""
    sheet = Sheet(path)
    columns: dict[str, Codes] = {}
    choices: dict[str, Mapping[str, NDArray[np.uint8]]] = {}
    amounts: dict[str, Numbers] = {}
    texts: dict[str, Texts] = {}
    for variable in kept_variables(study):
        name = variable.name
        if variable.kind == "codes":
            columns[name] = sheet.codes(name, name, _table(variable), len(variable.options))
        elif variable.kind in ("set", "rank"):
            choices[name] = _read_options(sheet, variable)
        elif variable.kind == "text":
            texts[name] = _read_texts(sheet, variable)
        else:
            bounds, date = bounds_of(variable), variable.kind == "date"
            amounts[name] = sheet.numbers(name, name, _missing_table(variable), bounds, date)
        boxes = _boxes(variable)
        texts |= {box: _read_box(sheet, box) for box in boxes if sheet.has(box)}
    sheet.done()
    made_up = sheet.has(MADE_UP)
    return complete(Dataset(study, sheet.n, columns, choices, amounts, texts, made_up=made_up))


def _columns(variable: Variable) -> list[str]:
    if variable.kind in ("set", "rank"):
        return [f"{variable.name}.{option.name}" for option in variable.options]
    return [variable.name]


def _boxes(variable: Variable) -> list[str]:
    """The names of the boxes beside answers, in which people say what they mean."""
    return [f"{variable.name}.{option.name}.text" for option in variable.options if option.specify]


def _row(variable: Variable, answers: Answers) -> Iterator[str]:
    yield from _cells(variable, answers.get(variable.name))
    for box in _boxes(variable):
        written = answers.get(box)
        yield _guarded_box(str(written)) if isinstance(written, str) else str(SYSTEM_MISSING["not_asked"])


def _guarded_box(text: str) -> str:
    return f"'{text}" if text in _BOX_KINDS else guarded(text)


def _read_box(sheet: Sheet, box: str) -> Texts:
    """What was written beside an answer; nothing was asked of those who did not give that answer."""
    series = sheet.text(box, box)
    cells = series.to_list() if series is not None else [""] * sheet.n
    kinds = [_BOX_KINDS.get(cell, 0) if cell else missing_code("blank") for cell in cells]
    texts = ("" if kind else cell.removeprefix("'") for cell, kind in zip(cells, kinds, strict=True))
    return Texts(tuple(texts), np.array(kinds, dtype=np.uint8))


def _cells(variable: Variable, answer: Answer | None) -> list[str]:
    if answer is None:
        answer = NoAnswer("not_reached")
    many = variable.kind in ("set", "rank")
    if isinstance(answer, NoAnswer):
        return [_kind(variable, answer.kind)] * (len(variable.options) if many else 1)
    if many:
        given = list(answer) if isinstance(answer, (frozenset, tuple)) else [str(answer)]
        places = {name: str(place) for place, name in enumerate(given, start=1)}
        if variable.kind == "set":
            places = dict.fromkeys(given, "1")
        return [places.get(option.name, "0") for option in variable.options]
    if variable.kind == "text":
        return [_guarded(variable, str(answer))]
    if isinstance(answer, Date):
        return [answer.isoformat()]
    option = variable.option(str(answer))
    return [str(answer) if option is None or option.code is None else str(option.code)]


def _kinds(variable: Variable) -> Mapping[str, str]:
    """The missing kinds that the variable may have, as written among codes: by code, else by name."""
    declared = {missing.name: missing.code for missing in variable.missing}
    chosen = {name: name if code is None else str(code) for name, code in declared.items()}
    return chosen | {name: str(code) for name, code in SYSTEM_MISSING.items()}


def _kind(variable: Variable, kind: str) -> str:
    return kind if variable.kind in ("number", "date") else _kinds(variable)[kind]


def _missing_table(variable: Variable, wide: bool = False) -> dict[str, int]:
    kinds = _kinds(variable)
    names = {kind: missing_code(kind, wide) for kind in kinds}
    return (
        names if variable.kind in ("number", "date") else names | {kinds[kind]: names[kind] for kind in kinds}
    )


def _table(variable: Variable) -> dict[str, int]:
    """What may stand in a cell of a coded column, names and codes; the study's answers win over kinds."""
    answers = {option.name: code for code, option in enumerate(variable.options)}
    answers |= {str(o.code): code for code, o in enumerate(variable.options) if o.code is not None}
    return answers | {
        text: code
        for text, code in _missing_table(variable, len(variable.options) > MOST_NARROW).items()
        if text not in answers
    }


def _read_options(sheet: Sheet, variable: Variable) -> Mapping[str, NDArray[np.uint8]]:
    places = len(variable.options) if variable.kind == "rank" else 1
    table = {str(place): place for place in range(places + 1)}
    table |= {text: code for text, code in _missing_table(variable).items() if text not in table}
    return whole_sets(variable, sheet, _columns(variable), table)


def _guarded(variable: Variable, text: str) -> str:
    return f"'{text}" if text in _missing_table(variable) else guarded(text)


def _read_texts(sheet: Sheet, variable: Variable) -> Texts:
    series = sheet.text(variable.name, variable.name)
    cells = series.to_list() if series is not None else [""] * sheet.n
    table = _missing_table(variable)
    kinds = np.array(
        [table.get(cell, 0) if cell else missing_code("blank") for cell in cells], dtype=np.uint8
    )
    return Texts(
        tuple("" if kind else cell.removeprefix("'") for cell, kind in zip(cells, kinds, strict=True)), kinds
    )
