"""Groups of people: the columns that a banner gives, and the people whom a filter selects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from topline.base import fail
from topline.base.words import words
from topline.dataset import Codes, Dataset, missing_code
from topline.dataset.filter import filter_rows
from topline.estimates import Groups
from topline.study.address import Filter
from topline.study.model import Study, Variable
from topline.study.tree import Compare, In
from topline.tables.measures import in_base, kinds_in_base

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The groups of one banner variable: `codes` (n,) 0 to len(names)-1, higher for people in none."""

    variable: str
    heading: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    codes: Codes


def block_of(name: str, data: Dataset) -> Block:
    """The groups of a variable with one answer: its answers, and the missing kinds that count as answers."""
    variable = data.study.variables.get(name)
    if variable is None or variable.kind != "codes":
        fail("banner_unknown", name=name)
    parts = [(option.name, option.short or option.label) for option in variable.options]
    parts += [(kind.name, kind.label) for kind in kinds_in_base(variable)]
    return Block(
        name,
        variable.label,
        tuple(part[0] for part in parts),
        tuple(part[1] for part in parts),
        in_base(variable, data),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """Columns of a banner that belong together, and are compared with each other.

    `heads` are the variable, name, heading and label of each column. `parts` are their people: one array of
    groups where nobody is in two columns, else one a column.
    """

    heads: tuple[tuple[str, str, str, str], ...]
    parts: tuple[Groups, ...]

    @property
    def shared(self) -> bool:
        """Whether people may be in several columns."""
        return len(self.parts) > 1


def spans_of(by: Sequence[str], data: Dataset) -> list[Span]:
    """The columns of a banner: of variables with one answer or several, and of named groups.

    Named groups that stand one after another are columns of one span.
    """
    study, made = data.study, []
    for named, names in groupby(by, key=lambda name: name in study.groups):
        if named:
            made.append(_span_of_groups(list(names), data))
            continue
        for name in names:
            variable = study.variables.get(name)
            if variable is not None and variable.kind == "set":
                made.append(_span_of_set(variable, data))
            else:
                block = block_of(name, data)
                heads = zip(block.names, block.labels, strict=True)
                parts = (Groups(block.codes, len(block.names)),)
                made.append(Span(tuple((name, one, block.heading, label) for one, label in heads), parts))
    return made


def _span_of_set(variable: Variable, data: Dataset) -> Span:
    """A column for each answer of a multiple response, and for each missing kind that counts."""
    heads = [(variable.name, o.name, variable.label, o.short or o.label) for o in variable.options]
    masks = [data.option_codes(variable.name, option.name) == 1 for option in variable.options]
    for kind in kinds_in_base(variable):
        heads.append((variable.name, kind.name, variable.label, kind.label))
        masks.append(data.kinds(variable.name) == missing_code(kind.name))
    return Span(tuple(heads), tuple(_members_only(mask) for mask in masks))


def _span_of_groups(names: list[str], data: Dataset) -> Span:
    groups = [data.study.groups[name] for name in names]
    masks = [filter_rows(group.where, data, data.study).true for group in groups]
    heads = tuple((group.name, group.name, words("groups"), group.label) for group in groups)
    return Span(heads, tuple(_members_only(mask) for mask in masks))


def _members_only(mask: Mask) -> Groups:
    return Groups((~mask).astype(np.uint8), 1)


def members(part: Filter, variable: Variable) -> tuple[str, ...]:
    """The answers that a filter names, nets written out; of `!=`, the other answers of the variable.

    `=` may name a missing kind that counts in the base; `!=` never selects one.
    """
    named = {name for group in part.groups for name in variable.answers(group) or (group,)}
    every = [option.name for option in variable.options]
    if part.op == "=":
        return tuple(name for name in (*every, *(kind.name for kind in variable.counted)) if name in named)
    return tuple(name for name in every if name not in named)


def as_filter(part: Filter, study: Study) -> Filter:
    """A named group that is only some answers of one variable, as a filter by that variable; else itself."""
    node = study.groups[part.name].where.node if part.op is None else None
    if isinstance(node, Compare) and node.op in ("=", "!=") and isinstance(node.value, str):
        return Filter(str(node.ref), "=" if node.op == "=" else "!=", (node.value,))
    if isinstance(node, In):
        return Filter(str(node.ref), "!=" if node.negated else "=", node.values)
    return part


def select(part: Filter, data: Dataset) -> Mask:
    """Whom a filter selects (n,). Who has no answer is selected by neither `=` nor `!=`."""
    study = data.study
    if part.op is None:
        return filter_rows(study.groups[part.name].where, data, study).true
    variable = study.variables[part.name]
    if variable.kind == "set":
        named = [name for group in part.groups for name in variable.answers(group) or ()]
        chosen = np.any([data.option_codes(part.name, name) == 1 for name in named], axis=0)
        return np.asarray((chosen == (part.op == "=")) & (data.kinds(part.name) == 0))
    wanted = members(part, variable)
    names = block_of(part.name, data).names
    return np.isin(in_base(variable, data), [place for place, name in enumerate(names) if name in wanted])


def select_all(parts: tuple[Filter, ...], data: Dataset) -> Mask:
    """Whom all the filters select (n,); everybody without any."""
    mask = np.ones(data.n, dtype=bool)
    for part in parts:
        mask &= select(part, data)
    return mask


def filter_label(part: Filter, data: Dataset) -> str:
    """A filter in words: the label of the group, or labels joined by commas."""
    study = data.study
    if part.op is None:
        return study.groups[part.name].label
    variable = study.variables[part.name]
    labels = []
    for name in part.groups:
        kinds = {kind.name: kind for kind in variable.counted}
        found = variable.option(name) or variable.net(name) or kinds.get(name)
        labels.append(found.label if found else name)
    return ("not " if part.op == "!=" else "") + ", ".join(labels)
