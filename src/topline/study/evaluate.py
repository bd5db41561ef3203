"""Conditions over the answers of one person: Kleene logic inside, unknown is "no" at the root.

A comparison with a missing value is unknown, and so is its negation; `is` alone looks at missing kinds and
is never unknown. Only the standard library: the pages for respondents run this.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from topline.study.expand import Names, expand
from topline.study.tree import And, Compare, Condition, Count, Has, In, InGroup, Is, Node, Not, Or
from topline.study.values import Answer, Answers, NoAnswer

Test = Callable[[Answers], bool | None]

_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def evaluate(condition: Node | Condition, answers: Answers, names: Names) -> bool | None:
    """True, False, or None for unknown. For many people compile the condition once."""
    return compile_condition(condition, names)(answers)


def holds(condition: Node | Condition, answers: Answers, names: Names) -> bool:
    """Whether the condition selects the person: unknown is no."""
    return evaluate(condition, answers, names) is True


def compile_condition(condition: Node | Condition, names: Names) -> Test:
    """A function from answers to True, False or None; groups and nets are looked up once, here."""
    return compile_node(expand(condition, names))


def compile_node(node: Node) -> Test:
    """A function from answers to True, False or None, of a tree without groups and nets (see `expand`)."""
    match node:
        case Compare(ref, op, value):
            return _compare(str(ref), op, value)
        case In(ref, values, negated):
            return _among(str(ref), frozenset(values), negated=negated)
        case Has(ref, values, how):
            return _has(str(ref), frozenset(values), how)
        case Count(ref, op, value):
            return _count(str(ref), op, value)
        case Is(ref, state, negated):
            return _is(str(ref), state, negated=negated)
        case Not(part):
            return _negate(compile_node(part))
        case And(parts):
            return _all([compile_node(part) for part in parts])
        case Or(parts):
            return _any([compile_node(part) for part in parts])
        case InGroup(name):
            raise TypeError(f"the group {name} is not written out; expand the condition first")


def _compare(name: str, op: str, value: str | Decimal | date) -> Test:
    if isinstance(value, str):
        return _among(name, frozenset((value,)), negated=op == "!=")
    compare = _ORDER[op]

    def test(answers: Answers) -> bool | None:
        answer = answers.get(name)
        return None if answer is None or isinstance(answer, NoAnswer) else compare(answer, value)

    return test


def _among(name: str, allowed: frozenset[str], *, negated: bool) -> Test:
    def test(answers: Answers) -> bool | None:
        answer = answers.get(name)
        return None if answer is None or isinstance(answer, NoAnswer) else (answer in allowed) is not negated

    return test


def _has(name: str, wanted: frozenset[str], how: str) -> Test:
    chosen_enough = wanted.issubset if how == "all" else lambda chosen: not wanted.isdisjoint(chosen)

    def test(answers: Answers) -> bool | None:
        answer = answers.get(name)
        return None if answer is None or isinstance(answer, NoAnswer) else chosen_enough(_chosen(answer))

    return test


def _count(name: str, op: str, number: int) -> Test:
    compare = _ORDER[op]

    def test(answers: Answers) -> bool | None:
        answer = answers.get(name)
        if answer is None or isinstance(answer, NoAnswer):
            return None
        return compare(len(_chosen(answer)), number)

    return test


def _chosen(answer: Answer) -> frozenset[str] | tuple[str, ...]:
    """The options chosen (multiple response) or ranked."""
    if isinstance(answer, frozenset | tuple):
        return answer
    raise TypeError(f"{answer!r} is one answer; has and count read several")


def _is(name: str, state: str, *, negated: bool) -> Test:
    if state in ("answered", "missing"):
        wanted = (state == "answered") is not negated

        def has_answer(answers: Answers) -> bool | None:
            answer = answers.get(name)
            return (answer is not None and not isinstance(answer, NoAnswer)) is wanted

        return has_answer

    def test(answers: Answers) -> bool | None:
        answer = answers.get(name)
        kind = "not_reached" if answer is None else answer.kind if isinstance(answer, NoAnswer) else None
        return (kind == state) is not negated

    return test


def _negate(part: Test) -> Test:
    def test(answers: Answers) -> bool | None:
        found = part(answers)
        return None if found is None else not found

    return test


def _all(parts: list[Test]) -> Test:
    def test(answers: Answers) -> bool | None:
        known = True
        for part in parts:
            found = part(answers)
            if found is False:
                return False
            known = known and found is not None
        return True if known else None

    return test


def _any(parts: list[Test]) -> Test:
    def test(answers: Answers) -> bool | None:
        known = True
        for part in parts:
            found = part(answers)
            if found:
                return True
            known = known and found is not None
        return False if known else None

    return test
