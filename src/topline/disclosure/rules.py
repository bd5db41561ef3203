"""Which groups are hidden: those below the minimum, and what would give them away by subtraction.

This is the thin form of the gate. It hides small groups of each banner variable, then the next smallest until
what is hidden cannot be had as Total less the groups shown. What it does NOT prove: that no combination of
several tables, banner variables, filters, percentages, nets or releases over time gives a hidden group away.
A rule of thumb of this kind leaves some groups recoverable; the ledger and the attacker that prove a release
safe are built with disclosure control itself. Bases are not rounded yet (`disclosure: round_bases_to`), and
shares of 0% and 100% in small groups are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from topline.disclosure.sources import made_of, told_by
from topline.study import Study

GROUP_MINIMUM: Final = 10


@dataclass(frozen=True, slots=True)
class Rules:
    """What the study's `disclosure:` says, with its defaults."""

    minimum: int = GROUP_MINIMUM
    never_cross: tuple[frozenset[str], ...] = ()


def rules_of(study: Study) -> Rules:
    """Read the rules of a study."""
    settings = study.settings.get("disclosure")
    if not isinstance(settings, Mapping):
        return Rules()
    crossings = settings.get("never_cross", ())
    return Rules(
        int(str(settings.get("group_minimum", GROUP_MINIMUM))),
        tuple(frozenset(str(name) for name in names) for names in crossings),
    )


def hidden_groups(sizes: Mapping[str, int], rest: int, minimum: int) -> frozenset[str]:
    """The groups of one block to hide; `sizes` are their bases, `rest` people who are in none of them.

    Groups with nobody in them are not hidden: there is nothing to hide. If what a reader could get by
    subtracting the groups shown from the Total is itself below the minimum, or is one group, the smallest
    group shown is hidden too, and so on. People in no group count among those who are hidden.
    """
    hidden = {name for name, size in sizes.items() if 0 < size < minimum}
    shown = sorted((name for name, size in sizes.items() if size >= minimum), key=lambda name: sizes[name])
    exposed_rest = 0 < rest < minimum
    while (hidden or exposed_rest) and shown:
        parts = [sizes[name] for name in hidden] + ([rest] if rest else [])
        if len(parts) > 1 and sum(parts) >= minimum:
            break
        hidden.add(shown.pop(0))
    return frozenset(hidden)


def union_hidden(sizes: Mapping[str, int], rest: int, members: Sequence[str], minimum: int) -> bool:
    """Whether a figure of several groups together must be hidden.

    It must if the union or the people outside it are too few, or if taking the shown groups from the union
    leaves one hidden group, or too few people.
    """
    hidden = hidden_groups(sizes, rest, minimum)
    if len(members) == 1:
        return members[0] in hidden or sizes[members[0]] < minimum
    inside = sum(sizes[name] for name in members)
    outside = sum(sizes.values()) + rest - inside
    if inside < minimum or 0 < outside < minimum:
        return True
    left = [sizes[name] for name in members if name in hidden]
    return bool(left) and (len(left) == 1 or sum(left) < minimum)


def crosses(rules: Rules, variables: Sequence[str], study: Study) -> bool:
    """Whether a figure of these variables and groups would cross what the study keeps apart, be it under
    other names: bands, derived variables, named groups, questions that only some are asked.
    """
    if not rules.never_cross:
        return False
    told = told_by(variables, study)
    return any(all(made_of(name, study) <= told for name in apart) for apart in rules.never_cross)
