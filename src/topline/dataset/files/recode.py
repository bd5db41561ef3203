"""Codes for missing values, where a format or the answers leave them no choice.

A missing value keeps its code wherever that can be told from every answer. SPSS declares up to three values
missing in a column, or one range and one value; Stata has the letters `.a` to `.z`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import Final

import numpy as np

from topline.dataset.codebook import NO_VALUE, Column, Value
from topline.dataset.data import Floats
from topline.dataset.kinds import LETTERS
from topline.study.model import SYSTEM_MISSING

Declared = tuple[float | str | tuple[float, float], ...]
_MOST_DISCRETE: Final = 3
_LONGEST_TEXT: Final = 8  # bytes that a missing value among texts may have in SPSS


def plain_codes(column: Column, numbers: Floats) -> Column:
    """Give every missing value of a column of numbers a code that is no answer; letters of Stata stay.

    `numbers` are the different answers, sorted.
    """
    if column.storage == "text":
        return column
    fresh = _fresh(numbers, {value.code for value in column.missing})
    missing = []
    for value in column.missing:
        code = value.code
        if (code is None and value.kind != NO_VALUE) or (
            isinstance(code, float) and _any_within(numbers, code, code)
        ):
            code = next(fresh)
        missing.append(replace(value, code=code))
    return replace(column, missing=tuple(missing))


def spss_codes(column: Column, numbers: Floats) -> Column:
    """Codes and declarations for SPSS; what a file from SPSS declared stays as it was."""
    if column.storage == "text":
        return replace(column, declared=column.declared or _declared_texts(column))
    if _is_sayable(column.declared) and _covers(column.declared, column.missing):
        return column
    unlettered = tuple(
        replace(value, code=None) if isinstance(value.code, str) else value for value in column.missing
    )
    column = plain_codes(replace(column, missing=unlettered), numbers)
    for attempt in (column, _beside_chosen(column), _one_block(column, numbers)):
        declared = _declare(attempt.missing, numbers)
        if declared is not None:
            return replace(attempt, declared=declared)
    raise AssertionError("one block below all answers can always be declared")


def stata_letters(column: Column, numbers: Floats) -> Column:
    """Letters for what is missing and not in the base; what is in the base keeps a number."""
    if column.storage == "text":
        return replace(column, declared=())
    column = plain_codes(column, numbers)
    used: set[object] = {value.code for value in column.missing if isinstance(value.code, str)}
    wanted = [LETTERS.get(value.kind) for value in column.missing]
    free = iter([f".{c}" for c in "abcdefghijklmnopqrstuvwxyz" if f".{c}" not in {*used, *wanted}])
    missing = []
    for value, letter in zip(column.missing, wanted, strict=True):
        code = value.code
        if isinstance(code, float) and _is_out(value):
            code = letter if letter and letter not in used else next(free, code)
            used.add(code)
        missing.append(replace(value, code=code))
    return replace(column, missing=tuple(missing), declared=())


def _is_out(value: Value) -> bool:
    return not value.in_base and value.kind != NO_VALUE


def _any_within(numbers: Floats, low: float, high: float) -> bool:
    """Whether some answer lies in a range, its ends included."""
    place = np.searchsorted(numbers, low)
    return bool(place < len(numbers) and numbers[place] <= high)


def _fresh(numbers: Floats, used: set[object]) -> Iterator[float]:
    """Codes below every answer that nothing else has, from -9 or the next power of ten on."""
    start = -9.0
    if len(numbers) and numbers[0] <= start:
        start = -(10.0 ** (math.floor(math.log10(-numbers[0])) + 1)) - 1
    return (code for n in count() if (code := start - n) not in used)


def _is_sayable(declared: Declared) -> bool:
    """Whether SPSS can declare this: three values, or a range and a value."""
    ranges = sum(isinstance(part, tuple) for part in declared)
    return 0 < len(declared) <= (_MOST_DISCRETE if not ranges else 2) and ranges <= 1


def _covers(declared: Declared, missing: tuple[Value, ...]) -> bool:
    """Whether a declaration calls exactly those values missing that are out of the base."""
    if any(isinstance(value.code, str) for value in missing):
        return False
    codes = [(value.code, _is_out(value)) for value in missing if isinstance(value.code, float)]
    kindless = any(value.code is None and value.kind != NO_VALUE for value in missing)
    return not kindless and all(_within(code, declared) == out for code, out in codes)


def _within(code: float, declared: Declared) -> bool:
    return any(part[0] <= code <= part[1] if isinstance(part, tuple) else code == part for part in declared)


def _beside_chosen(column: Column) -> Column:
    """The system's kinds moved behind the chosen ones, so that one range holds them all."""
    chosen = [
        value.code
        for value in column.missing
        if _is_out(value) and isinstance(value.code, float) and value.kind not in SYSTEM_MISSING
    ]
    if not chosen:
        return column
    fresh = count(int(max(chosen)) + 1)
    return replace(
        column,
        missing=tuple(
            replace(value, code=float(next(fresh)))
            if value.kind in SYSTEM_MISSING and _is_out(value)
            else value
            for value in column.missing
        ),
    )


def _one_block(column: Column, numbers: Floats) -> Column:
    """Everything that is out of the base moved to one run of codes below all answers."""
    kept = [v.code for v in column.missing if not _is_out(v) and isinstance(v.code, float)]
    fresh = _fresh(np.sort(np.concatenate([numbers, kept])), set())
    return replace(
        column,
        missing=tuple(replace(v, code=next(fresh)) if _is_out(v) else v for v in column.missing),
    )


def _declare(missing: Iterable[Value], numbers: Floats) -> Declared | None:
    """What SPSS is to call missing, or None; the system's kinds as one range where there are any."""
    coded = [(value.code, _is_out(value)) for value in missing if isinstance(value.code, float)]
    codes = sorted(code for code, out in coded if out)
    valid = np.sort(np.concatenate([numbers, [code for code, out in coded if not out]]))
    system = [code for code in codes if code in _SYSTEM]
    rest = [code for code in codes if code not in system]
    if system and len(rest) <= 1 and not _any_within(valid, min(_SYSTEM), max(_SYSTEM)):
        return ((min(_SYSTEM), max(_SYSTEM)), *rest)
    if len(codes) <= _MOST_DISCRETE:
        return tuple(codes)
    for alone, run in (([], codes), (codes[-1:], codes[:-1]), (codes[:1], codes[1:])):
        if not _any_within(valid, run[0], run[-1]):
            return ((run[0], run[-1]), *alone)
    return None


def _declared_texts(column: Column) -> Declared:
    codes = [value.code for value in column.missing if isinstance(value.code, str) and _is_out(value)]
    short = [code for code in codes if code and len(code.encode()) <= _LONGEST_TEXT]
    return tuple(short[:_MOST_DISCRETE])


_SYSTEM: Final = tuple(float(code) for code in SYSTEM_MISSING.values())
