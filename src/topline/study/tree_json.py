"""Conditions as plain JSON values and back: the form in which a frozen study keeps its routes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from topline.study.tree import And, Compare, Count, Has, In, InGroup, Is, Node, Not, Or, Ref


def node_as_json(node: Node) -> list[object]:
    """A tree as nested lists of texts and numbers: `["=", "party", "democrat"]`, `["and", [...], [...]]`.

    A number or day that is compared with is `{"number": "5"}`, `{"date": "2013-11-30"}`.
    """
    match node:
        case Compare(ref, op, str(value)):
            return [op, str(ref), str(value)]
        case Compare(ref, op, Decimal() as value):
            return [op, str(ref), {"number": format(value, "f")}]
        case Compare(ref, op, value):
            return [op, str(ref), {"date": str(value)}]
        case In(ref, values, negated):
            return ["not in" if negated else "in", str(ref), list(values)]
        case Has(ref, values, how):
            return [f"has {how}", str(ref), list(values)]
        case Count(ref, op, value):
            return ["count", str(ref), op, value]
        case Is(ref, state, negated):
            return ["is not" if negated else "is", str(ref), state]
        case InGroup(name):
            return ["group", name]
        case Not(part):
            return ["not", node_as_json(part)]
        case And(parts):
            return ["and", *map(node_as_json, parts)]
        case Or(parts):
            return ["or", *map(node_as_json, parts)]


def node_from_json(value: Any) -> Node:
    """The tree that `node_as_json` wrote; ValueError for anything else."""
    match value:
        case ["and", *parts]:
            return And(tuple(map(node_from_json, parts)))
        case ["or", *parts]:
            return Or(tuple(map(node_from_json, parts)))
        case ["not", part]:
            return Not(node_from_json(part))
        case ["group", str(name)]:
            return InGroup(name)
        case ["in" | "not in" as how, str(ref), [*values]]:
            return In(_ref(ref), tuple(values), how == "not in")
        case ["has any" | "has all" as how, str(ref), [*values]]:
            return Has(_ref(ref), tuple(values), "any" if how == "has any" else "all")
        case ["count", str(ref), ("=" | "!=" | "<" | "<=" | ">" | ">=") as op, int(number)]:
            return Count(_ref(ref), op, number)
        case ["is" | "is not" as how, str(ref), str(state)]:
            return Is(_ref(ref), state, how == "is not")
        case [("=" | "!=" | "<" | "<=" | ">" | ">=") as op, str(ref), against]:
            return Compare(_ref(ref), op, _against(against))
    raise ValueError(f"{value!r} is no condition")


def _against(value: Any) -> str | Decimal | date:
    match value:
        case str(name):
            return name
        case {"number": str(digits)}:
            return Decimal(digits)
        case {"date": str(day)}:
            return date.fromisoformat(day)
    raise ValueError(f"{value!r} is nothing to compare with")


def _ref(text: str) -> Ref:
    name, _, row = text.partition(".")
    return Ref(name, row or None)
