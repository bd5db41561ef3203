"""The array reading of conditions: whom a table filter, a banner column or a base selects.

Two masks for each condition, the people of whom it is true and those of whom it is false; unknown is neither.
It agrees with the route's reading (`topline.study.evaluate`) person by person.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from topline.dataset.data import FIRST_MISSING
from topline.study.expand import Names, expand
from topline.study.model import MISSING_KINDS
from topline.study.tree import And, Compare, Condition, Count, Has, In, InGroup, Is, Node, Not, Or

Mask = NDArray[np.bool_]

_ORDER: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class Masks(NamedTuple):
    """Of whom a condition is true, and of whom it is false: two (n,) arrays, nowhere both true."""

    true: Mask
    false: Mask


class Columns(Protocol):
    """Answers of n people as arrays, as `Dataset` keeps them."""

    def codes(self, name: str) -> NDArray[Any]:
        """Codes of a variable with one answer (n,): 0 to k-1 in the order of the options, else missing."""
        ...

    def option_codes(self, name: str, option: str) -> NDArray[Any]:
        """One option of a multiple response or ranking (n,): 0 not chosen, from 1 chosen, else missing."""
        ...

    def numbers(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
        """Values and kinds of a number or date (ordinal days): kind 0 where there is a value."""
        ...

    def kinds(self, name: str) -> NDArray[np.uint8]:
        """Why there is no answer (n,): 0 where there is one, else 240 + place in `MISSING_KINDS`."""
        ...


def filter_rows(condition: Condition | Node, columns: Columns, study: Names) -> Masks:
    """The people of whom the condition is true, and those of whom it is false."""
    return _read(expand(condition, study), columns, study)


def _read(node: Node, columns: Columns, study: Names) -> Masks:
    match node:
        case Not(part):
            inside = _read(part, columns, study)
            return Masks(inside.false, inside.true)
        case And(parts):
            each = [_read(part, columns, study) for part in parts]
            return Masks(_all([m.true for m in each]), _any([m.false for m in each]))
        case Or(parts):
            each = [_read(part, columns, study) for part in parts]
            return Masks(_any([m.true for m in each]), _all([m.false for m in each]))
        case Is(ref, state, negated):
            found = _is(columns.kinds(str(ref)), state)
            return Masks(~found, found) if negated else Masks(found, ~found)
        case InGroup(name):
            raise TypeError(f"the group {name} is not written out")
        case _:
            answered = columns.kinds(str(node.ref)) == 0
            found = _test(node, columns, study)
            return Masks(found & answered, ~found & answered)


def _test(node: Compare | In | Has | Count, columns: Columns, study: Names) -> Mask:
    """Whether the comparison holds; what it gives where there is no answer does not matter."""
    name = str(node.ref)
    match node:
        case Compare(_, op, Decimal() | date() as value):
            against = float(value) if isinstance(value, Decimal) else value.toordinal()
            return np.asarray(_ORDER[op](columns.numbers(name)[0], against))
        case Compare(_, op, str(answer)):
            return _among(name, (answer,), op == "!=", columns, study)
        case In(_, answers, negated):
            return _among(name, answers, negated, columns, study)
        case Has(_, options, how):
            chosen = [columns.option_codes(name, option) > 0 for option in options]
            return _all(chosen) if how == "all" else _any(chosen)
        case Count(_, op, number):
            chosen = [columns.option_codes(name, option.name) > 0 for option in study.variables[name].options]
            return np.asarray(_ORDER[op](np.sum(chosen, axis=0), number))
    raise TypeError(f"{node!r} compares nothing")


def _among(name: str, answers: tuple[str, ...], negated: bool, columns: Columns, study: Names) -> Mask:
    order = [option.name for option in study.variables[name].options]
    codes = columns.codes(name)
    wanted: Mask = np.zeros(np.iinfo(codes.dtype).max + 1, dtype=bool)
    wanted[[order.index(answer) for answer in answers]] = True
    if negated:
        wanted = ~wanted
    return np.asarray(wanted[codes])


def _is(kinds: NDArray[np.uint8], state: str) -> Mask:
    if state in ("missing", "answered"):
        return np.asarray((kinds == 0) == (state == "answered"))
    return np.asarray(kinds == FIRST_MISSING + MISSING_KINDS.index(state))


def _all(masks: list[Mask]) -> Mask:
    return reduce(operator.and_, masks)


def _any(masks: list[Mask]) -> Mask:
    return reduce(operator.or_, masks)
