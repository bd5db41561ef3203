"""Value classes: the answers that a set of comparisons can tell apart, one of each kind.

The classes are found by trying: candidates that between them show every difference are read by the same
functions that read real answers, so a class means here what it means in the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import product
from math import prod
from typing import Final

from topline.study.evaluate import compile_node
from topline.study.model import MISSING_KINDS, Option, Variable
from topline.study.tree import Compare, Count, Has, In, Is
from topline.study.values import Answer, NoAnswer

Test = Compare | In | Has | Count | Is
NOT_ASKED: Final = NoAnswer("not_asked")
#: Combinations of options looked at for one multiple response.
MOST: Final = 4096


class TooMany(Exception):
    """A multiple response with too many combinations that matter: its routes are not decided."""


@dataclass(frozen=True, slots=True)
class ValueClass:
    """One of the answers that the tests cannot tell apart, and what each test says of it."""

    answer: Answer
    says: tuple[bool | None, ...]


def classes_of(variable: Variable, tests: Sequence[Test], *, may_skip: bool) -> list[ValueClass]:
    """The value classes of a variable under some tests; `not_asked` is one of its own if `may_skip`.

    Raises TooMany for a multiple response with over `MOST` combinations.
    """
    compiled = [compile_node(test) for test in tests]
    found: dict[tuple[bool | None, ...], Answer] = {}
    for answer in (*_answers(variable, tests), *_missing(variable, tests)):
        found.setdefault(tuple(test({variable.name: answer}) for test in compiled), answer)
    classes = [ValueClass(answer, says) for says, answer in found.items()]
    if may_skip:
        says = tuple(test({variable.name: NOT_ASKED}) for test in compiled)
        classes.append(ValueClass(NOT_ASKED, says))
    return classes


def _missing(variable: Variable, tests: Sequence[Test]) -> Iterator[NoAnswer]:
    """The kinds that a person who was asked may have; of an attribute, whatever a frame may lack."""
    if (question := variable.question) is not None:
        yield from (NoAnswer(missing.name) for missing in variable.missing)
        if not question.required or question.blank is not None:
            yield NoAnswer("blank")
    elif variable.source == "attribute":
        yield NoAnswer("not_reached")
        states = {test.state for test in tests if isinstance(test, Is)}
        yield from (NoAnswer(kind) for kind in MISSING_KINDS if kind in states)


def _answers(variable: Variable, tests: Sequence[Test]) -> Iterable[Answer]:
    going_on = [option for option in variable.options if option.ends is None]
    match variable.kind:
        case "codes":
            return [option.name for option in going_on]
        case "set":
            empty = bool(variable.question and variable.question.blank_counts)
            return (frozenset(chosen) for chosen in _choices(going_on, tests) if chosen or empty)
        case "rank":
            places = variable.question.places if variable.question else None
            chosen = _choices(going_on, tests)
            return (one for one in chosen if one and len(one) <= (places or len(one)))
        case "number":
            return _numbers(variable, tests)
        case "date":
            return _dates(variable, tests)
        case "text":
            return ["text"]


def _choices(options: Sequence[Option], tests: Sequence[Test]) -> Iterator[tuple[str, ...]]:
    """Choices of options: an exclusive one alone, of the others as many as can matter of each like sort."""
    asked_for = [frozenset(test.values) for test in tests if isinstance(test, Has)]
    counted = any(isinstance(test, Count) for test in tests)
    sorts: dict[tuple[bool, ...], list[str]] = {}
    for option in options:
        if option.exclusive:
            yield (option.name,)
        else:
            sorts.setdefault(tuple(option.name in names for names in asked_for), []).append(option.name)
    amounts = [range(len(names) + 1) if counted else sorted({0, 1, len(names)}) for names in sorts.values()]
    if prod(map(len, amounts)) > MOST:
        raise TooMany
    for numbers in product(*amounts):
        yield tuple(name for n, names in zip(numbers, sorts.values(), strict=True) for name in names[:n])


def _numbers(variable: Variable, tests: Sequence[Test]) -> Iterator[Decimal]:
    constants = [t.value for t in tests if isinstance(t, Compare) and isinstance(t.value, Decimal)]
    question, attribute = variable.question, variable.attribute
    decimals = max((-int(c.normalize().as_tuple().exponent) for c in constants), default=0) + 1
    if question:
        decimals = question.decimals
    source = question or attribute
    low, high = (source.minimum, source.maximum) if source else (None, None)
    yield from _around(
        constants,
        Decimal(1).scaleb(-max(decimals, 0)),
        low if isinstance(low, Decimal) else None,
        high if isinstance(high, Decimal) else None,
    )


def _dates(variable: Variable, tests: Sequence[Test]) -> Iterator[date]:
    constants = [t.value for t in tests if isinstance(t, Compare) and isinstance(t.value, date)]
    source = variable.question or variable.attribute
    low, high = (source.minimum, source.maximum) if source else (None, None)
    earliest, latest = (
        limit if isinstance(limit, date) else default
        for limit, default in ((low, date.min), (high, date.max))
    )
    days = [Decimal(day.toordinal()) for day in constants]
    around = _around(days, Decimal(1), Decimal(earliest.toordinal()), Decimal(latest.toordinal()))
    yield from (date.fromordinal(int(day)) for day in around)


def _around(
    constants: Sequence[Decimal], step: Decimal, low: Decimal | None, high: Decimal | None
) -> Iterator[Decimal]:
    """Multiples of `step` within the limits: each constant, its neighbours on both sides, and the ends."""
    found = {Decimal(0)}
    for limit in (low, high):
        if limit is not None:
            found |= {_multiple(limit, step, ROUND_CEILING), _multiple(limit, step, ROUND_FLOOR)}
    for constant in constants:
        up, down = _multiple(constant, step, ROUND_CEILING), _multiple(constant, step, ROUND_FLOOR)
        found |= {up, down, up + step, down - step}
    yield from sorted(n for n in found if (low is None or n >= low) and (high is None or n <= high))


def _multiple(number: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (number / step).to_integral_value(rounding) * step
