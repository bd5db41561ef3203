"""Conditions in plain terms: groups and nets written out as answers.

Routes at run time, the filter over arrays and the solver all read the expanded tree, so that a net means the
same wherever it stands, and none of them needs the study.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from topline.base import fail
from topline.study.model import Group, Variable
from topline.study.tree import And, Compare, Condition, Count, Has, In, InGroup, Is, Node, Not, Or, Ref


class Names(Protocol):
    """What a condition may refer to: a `Study`, or anything else with variables and groups."""

    @property
    def variables(self) -> Mapping[str, Variable]:
        """Variables by name, rows of grids as `grid.row`."""
        ...

    @property
    def groups(self) -> Mapping[str, Group]:
        """Named conditions by name."""
        ...


def expand(node: Node | Condition, names: Names) -> Node:
    """Write groups and nets out; an unknown name of an answer stays as it is (`resolve` reports it).

    Raises ToplineError for an unknown group and for a group that refers to itself.
    """
    return _expand(node.node if isinstance(node, Condition) else node, names, ())


def _expand(node: Node, names: Names, inside: tuple[str, ...]) -> Node:
    match node:
        case Compare(ref, op, str(value)) if (of := _of(ref, value, names)) != (value,):
            return In(ref, of, negated=op == "!=")
        case In(ref, values, negated):
            return In(ref, _union(ref, values, names), negated)
        case Has(ref, values, "any"):
            return Has(ref, _union(ref, values, names))
        case Has(ref, values, "all"):
            each = tuple(Has(ref, _of(ref, value, names)) for value in values)
            return each[0] if len(each) == 1 else And(each)
        case InGroup(name, mark):
            if name in inside:
                fail("expression-group-circle", mark, names=" > ".join((*inside[inside.index(name) :], name)))
            if (group := names.groups.get(name)) is None:
                fail("expression-unknown-group", mark, name=name, hint="")
            return _expand(group.where.node, names, (*inside, name))
        case Not(part):
            return Not(_expand(part, names, inside))
        case And(parts):
            return And(tuple(_expand(part, names, inside) for part in parts))
        case Or(parts):
            return Or(tuple(_expand(part, names, inside) for part in parts))
        case _:
            return node


def _of(ref: Ref, value: str, names: Names) -> tuple[str, ...]:
    variable = names.variables.get(str(ref))
    return (value,) if variable is None else variable.answers(value) or (value,)


def _union(ref: Ref, values: tuple[str, ...], names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(answer for value in values for answer in _of(ref, value, names)))


def group_of(ref: Ref, node: Node | Condition, names: Names) -> Group | None:
    """The innermost group through which a condition looks at a variable; None if it does so itself."""
    if isinstance(node, Condition):
        node = node.node
    if ref in refs(node):
        return None
    for name in _groups(node):
        group = names.groups[name]
        if ref in refs(expand(group.where, names)):
            return group_of(ref, group.where, names) or group
    return None


def _groups(node: Node) -> Iterator[str]:
    match node:
        case InGroup(name):
            yield name
        case Not(part):
            yield from _groups(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _groups(part)


def refs(node: Node | Condition) -> Iterator[Ref]:
    """The variables of a condition, as they stand in it; those inside groups only once they are expanded."""
    match node:
        case Condition():
            yield from refs(node.node)
        case Compare(ref) | In(ref) | Has(ref) | Count(ref) | Is(ref):
            yield ref
        case Not(part):
            yield from refs(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from refs(part)
        case InGroup():
            return
