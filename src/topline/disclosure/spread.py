"""Addresses that stand for several figures, written out in the study's order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from topline.study import Study
from topline.study.address import ALL, Address, Filter, parse_address
from topline.study.resolve import spread_members


def expand(address: Address, study: Study) -> tuple[Address, ...]:
    """The concrete addresses of a spread: a set's members, a grid's rows, a question's answers, or groups.

    Where two places hold a `*`, both are written out, the rows first. A set's members take the filters of the
    set's address.
    """
    if address.is_set:
        analysis = study.settings.get("analysis")
        sets = analysis.get("sets", {}) if isinstance(analysis, Mapping) else {}
        found = [parse_address(str(member)) for member in sets[address.name]]
        return tuple(replace(member, filters=(*member.filters, *address.filters)) for member in found)
    if not address.is_spread or ALL in address.waves:
        return (address,)
    each = [_with(address, name, study) for name in spread_members(address, study)]
    return tuple(concrete for part in each for concrete in expand(part, study))


def _with(address: Address, name: str, study: Study) -> Address:
    """The address with `name` in the place of its first `*`, in the order of `spread_members`."""
    if address.row == ALL:
        return replace(address, row=name)
    if ALL in address.answers:
        return replace(address, answers=(name,))
    filters = list(address.filters)
    place = next(i for i, part in enumerate(filters) if ALL in part.groups)
    filters[place] = Filter(filters[place].name, filters[place].op, (name,))
    return replace(address, filters=tuple(filters))
