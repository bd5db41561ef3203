"""Conditions of a form in our grammar, with the same people selected.

XPath knows no missing answer: a question without one is an empty text, so `${q} != 'a'` holds for it, and so
does `not(selected(${q}, 'a'))`. Here a comparison with a missing answer selects nobody (SEMANTICS.md section
2). Negations are therefore brought down to the comparisons, and one that holds for an empty answer gets “or q
is missing”, unless the question must have been answered before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, cast

from topline.forms.xpath import (
    Asked,
    Call,
    Comparing,
    Joined,
    Literally,
    NotXPath,
    Operator,
    Tree,
    parse_xpath,
)
from topline.study.model import Question
from topline.study.tree import And, Compare, Count, Has, In, Is, Node, Not, Or, Ref

_OPPOSITE: Final[Mapping[Operator, Operator]] = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}
_TURNED: Final[Mapping[Operator, Operator]] = {
    "=": "=",
    "!=": "!=",
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
}


class Unsayable(Exception):
    """A condition that the grammar cannot say; `why` is a part of a sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Target:
    """A question that a condition may look at: its answers by their values in the form.

    `always`: whoever comes to the condition has answered it.
    """

    question: Question
    answers: Mapping[str, str]
    always: bool = False


Find = Callable[[str], Target]  # raises Unsayable; the empty name is the answer itself


def condition_of(text: str, find: Find) -> Node | None:
    """A condition of a form as a tree; None if it always holds. Raises `Unsayable`."""
    try:
        tree = parse_xpath(text)
    except NotXPath as error:
        raise Unsayable(f"“{error}” has no counterpart in conditions here") from None
    if tree == Call("true", ()) or tree in (Literally("1", Decimal(1)), Literally("yes")):
        return None
    return _node(tree, True, find)


def _node(tree: Tree, positive: bool, find: Find) -> Node:
    match tree:
        case Joined(how, parts):
            nodes = [_node(part, positive, find) for part in parts]
            return joined("and" if (how == "and") == positive else "or", nodes)
        case Call("not", (inside,)):
            return _node(inside, not positive, find)
        case Call("selected", (Asked(name), Literally(value))):
            return _selected(find(name), value, positive)
        case Comparing(left, op, right):
            if isinstance(left, Literally):
                left, op, right = right, _TURNED[op], left
            return _comparison(left, op, right, positive, find)
        case Call(name):
            raise Unsayable(f"{name}() has no counterpart in conditions here")
    raise Unsayable("it is not a comparison")


def joined(how: str, nodes: list[Node]) -> Node:
    """Parts joined, nested ones of the same kind flattened, `q = a or q = b` written as `q in [a, b]`."""
    kind = And if how == "and" else Or
    flat: list[Node] = []
    for node in nodes:
        for part in node.parts if isinstance(node, kind) else (node,):
            if part not in flat:
                flat.append(part)
    op = "!=" if how == "and" else "="
    merged: list[Node] = []
    for part in flat:
        before = merged[-1] if merged else None
        values = _values(part, op)
        old = _values(before, op) if before is not None else None
        if values and old and _ref(part) == _ref(cast(Node, before)):
            merged[-1] = In(_ref(part), tuple(dict.fromkeys((*old, *values))), how == "and")
        else:
            merged.append(part)
    return merged[0] if len(merged) == 1 else kind(tuple(merged))


def _ref(node: Node) -> Ref:
    assert isinstance(node, Compare | In)
    return node.ref


def _values(node: Node | None, op: str) -> tuple[str, ...] | None:
    """The answers of `q = a` or `q in [a, b]` (with `!=`: of their negations)."""
    match node:
        case Compare(_, o, str(value)) if o == op:
            return (value,)
        case In(_, values, negated) if negated == (op == "!="):
            return values
    return None


def _selected(target: Target, value: str, positive: bool) -> Node:
    if target.question.kind == "single":
        return _single(target, "=", value, positive)
    if target.question.kind != "multiple":
        raise Unsayable(f"{target.question.id} has no answers to select")
    has = Has(Ref(target.question.id), (_answer(target, value),))
    return has if positive else _or_empty(Not(has), True, target)


def _comparison(left: Tree, op: Operator, right: Tree, positive: bool, find: Find) -> Node:
    match left, right:
        case Call("count-selected", (Asked(name),)), Literally(_, Decimal() as number):
            return _count(find(name), op, number, positive)
        case Call("string-length", (Asked(name),)), Literally(_, Decimal() as number):
            if (op, int(number)) in ((">", 0), (">=", 1), ("!=", 0)):
                return _answered(find(name), positive)
            raise Unsayable("conditions here do not count characters")
        case Asked(name), Literally("", None):
            if op in ("=", "!="):
                return _answered(find(name), (op == "!=") == positive)
        case Asked(name), Literally(text):
            return _of_kind(find(name), op, text, positive)
        case Asked(name), Call("date", (Literally(text),)):
            return _of_kind(find(name), op, text, positive)
        case Asked(), Asked():
            raise Unsayable("conditions here do not compare two answers with each other")
        case _, Call(name):
            raise Unsayable(f"{name}() has no counterpart in conditions here")
    raise Unsayable("it is not a comparison of an answer with a value")


def _of_kind(target: Target, op: Operator, text: str, positive: bool) -> Node:
    question = target.question
    ref = Ref(question.id)
    used = op if positive else _OPPOSITE[op]
    if question.kind == "single":
        return _single(target, op, text, positive)
    if question.kind == "multiple":
        return _exactly(target, op, text, positive)
    if question.kind == "number":
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise Unsayable(f"{question.id} is a number, “{text}” is none") from None
        return _or_empty(Compare(ref, used, number), (op == "!=") == positive, target)
    if question.kind == "date":
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Unsayable(f"“{text}” is not a day written as 2013-11-30") from None
        return _or_empty(Compare(ref, used, day), (op == "!=") == positive, target)
    raise Unsayable(f"{question.id} is open text, of which a condition can only ask whether there is any")


def _single(target: Target, op: Operator, value: str, positive: bool) -> Node:
    if op not in ("=", "!="):
        raise Unsayable(f"the answers of {target.question.id} have no order to compare them by")
    used = op if positive else _OPPOSITE[op]
    node = Compare(Ref(target.question.id), used, _answer(target, value))
    return _or_empty(node, used == "!=", target)


def _exactly(target: Target, op: Operator, value: str, positive: bool) -> Node:
    """A multiple response compared with one value: that answer and no other."""
    if op not in ("=", "!="):
        raise Unsayable(f"{target.question.id} can take several answers, which have no order")
    ref = Ref(target.question.id)
    has = Has(ref, (_answer(target, value),))
    if (op == "=") == positive:
        return And((has, Count(ref, "=", 1)))
    return _or_empty(Or((Not(has), Count(ref, "!=", 1))), True, target)


def _count(target: Target, op: Operator, number: Decimal, positive: bool) -> Node:
    if target.question.kind != "multiple" or number != int(number):
        raise Unsayable(f"answers of {target.question.id} cannot be counted so")
    n = int(number)
    holds_for_none = {"=": n == 0, "!=": n != 0, "<": n > 0, "<=": n >= 0, ">": n < 0, ">=": n <= 0}[op]
    used = op if positive else _OPPOSITE[op]
    return _or_empty(Count(Ref(target.question.id), used, n), holds_for_none == positive, target)


def _answered(target: Target, positive: bool) -> Node:
    return Is(Ref(target.question.id), "answered" if positive else "missing")


def _answer(target: Target, value: str) -> str:
    if value not in target.answers:
        raise Unsayable(f"{target.question.id} has no answer “{value}”")
    return target.answers[value]


def _or_empty(node: Node, holds_for_empty: bool, target: Target) -> Node:
    if not holds_for_empty or target.always:
        return node
    return joined("or", [node, Is(Ref(target.question.id), "missing")])
