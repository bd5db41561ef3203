"""Codes as a variable: each person has the codes of their words, everybody else their missing kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from topline.base import Mark, fail
from topline.dataset.coding.files import read_codes
from topline.dataset.coding.task import Task, key_of, task_of, texts_of
from topline.dataset.data import FIRST_MISSING, MOST_NARROW, Codes, Dataset, missing_code
from topline.study.model import Derived


def with_codes(data: Dataset, derived: Derived) -> Dataset:
    """Add a coded variable from the file of what is agreed; without that file, the data stay as they are.

    Its base: those who wrote something. Coded back into a closed question: everybody who answered that, the
    answer `other` replaced by the codes of its words. Raises ToplineError while an answer has no code.
    """
    task = task_of(data.study, derived.name)
    path = task.file("agreed")
    if not path.exists():
        return data
    texts = texts_of(task, data)
    codes = read_codes(task, path, texts).codes
    if len(codes) < len(texts):
        counts = {"n": len(texts) - len(codes), "all": len(texts), "study": data.study.folder}
        fail("coding-not-done", Mark(str(path)), name=derived.name, **counts)
    values, kinds = data.texts[task.source]
    written = np.array([not kind and bool(text.strip()) for text, kind in zip(values, kinds, strict=True)])
    found = [
        codes[key_of(task.source, text)] if wrote else frozenset()
        for text, wrote in zip(values, written, strict=True)
    ]
    chosen = {
        option.name: np.array([option.name in each for each in found], dtype=bool) for option in task.options
    }
    if derived.into:
        return _back(data, task, chosen, written)
    blank = np.where(kinds > 0, kinds, missing_code("blank")).astype(np.uint8)
    options = {name: np.where(written, given, blank).astype(np.uint8) for name, given in chosen.items()}
    return replace(data, choices={**data.choices, derived.name: options})


def _back(
    data: Dataset, task: Task, chosen: dict[str, NDArray[np.bool_]], written: NDArray[np.bool_]
) -> Dataset:
    """The closed question with `other` replaced by the codes of its words, for those who wrote some."""
    derived, closed = task.derived, data.study.variables[str(task.derived.into)]
    other = str(derived.answer)
    if not task.one:
        ticked = data.choices[closed.name][other] == 1
        return _back_several(data, task, chosen, ticked & written)
    place = {option.name: number for number, option in enumerate(task.options)}
    wide = len(task.options) > MOST_NARROW
    codes, kinds = data.codes(closed.name), data.kinds(closed.name).astype(np.uint16)
    moved = (codes == place[other]) & written
    made = np.where(kinds > 0, kinds - FIRST_MISSING + missing_code("not_asked", wide), codes)
    for name, given in chosen.items():
        made = np.where(moved & given, place[name], made)
    coded: Codes = made.astype(np.uint16) if wide else made.astype(np.uint8)
    return replace(data, columns={**data.columns, derived.name: coded})


def _back_several(
    data: Dataset, task: Task, chosen: dict[str, NDArray[np.bool_]], moved: NDArray[np.bool_]
) -> Dataset:
    closed = data.choices[str(task.derived.into)]
    some = next(iter(closed.values()))
    made = {}
    for option in task.options:
        before = closed.get(option.name, np.where(some >= missing_code("not_asked"), some, 0))
        kept = before if option.name != task.derived.answer else np.where(moved, 0, before)
        made[option.name] = np.where(moved & chosen[option.name], 1, kept).astype(np.uint8)
    return replace(data, choices={**data.choices, task.derived.name: made})
