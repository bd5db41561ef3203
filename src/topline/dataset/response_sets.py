"""Multiple responses that a file keeps as several columns: their options, one array each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from topline.dataset.codebook import Codebook, ResponseSet, kind_code
from topline.dataset.data import FIRST_MISSING, Codes, first_missing
from topline.dataset.study_of import set_options

Options = Mapping[str, NDArray[np.uint8]]


def set_codes(entry: ResponseSet, book: Codebook, columns: Mapping[str, Codes]) -> Options:
    """The options of a response set (n,): 1 chosen, 0 not, else why the whole set has no answer.

    An option is "not chosen" only for people who chose another one. Who chose none has left the set blank,
    unless every column says why there is no answer: then the first column's reason stands.
    """
    members = [columns[name] for name in entry.columns]
    if entry.counted is None:
        chosen = _named(entry, book, members)
    else:
        chosen = {
            option: _holds(column, entry, book, name)
            for option, name, column in zip(set_options(entry, book), entry.columns, members, strict=True)
        }
    some = np.any(list(chosen.values()), axis=0) if chosen else np.zeros(len(members[0]), dtype=bool)
    reasons = [_reason(column) for column in members]
    silent = np.all([reason > 0 for reason in reasons], axis=0)
    without = np.where(silent, reasons[0], kind_code("blank")).astype(np.uint8)
    return {name: np.where(some, holds, without).astype(np.uint8) for name, holds in chosen.items()}


def _holds(column: Codes, entry: ResponseSet, book: Codebook, name: str) -> NDArray[np.bool_]:
    wanted = [n for n, value in enumerate(book.by_name[name].values) if value.code == entry.counted]
    return np.isin(column, wanted)


def _named(entry: ResponseSet, book: Codebook, members: list[Codes]) -> dict[str, NDArray[np.bool_]]:
    found: dict[str, NDArray[np.bool_]] = {}
    for option in set_options(entry, book):
        holds = []
        for name, column in zip(entry.columns, members, strict=True):
            wanted = [n for n, value in enumerate(book.by_name[name].values) if value.name == option]
            holds.append(np.isin(column, wanted))
        found[option] = np.any(holds, axis=0)
    return found


def _reason(column: Codes) -> NDArray[np.uint8]:
    first = first_missing(column)
    answered = column < first
    return np.where(answered, 0, column.astype(np.int64) - first + FIRST_MISSING).astype(np.uint8)
