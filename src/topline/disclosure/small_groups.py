"""Which groups of a list of counts are hidden, and with which others, so that subtraction gives nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeVar

LEAST: Final = 10
Reason = Literal["small", "with"]
_G = TypeVar("_G")


def small_groups(
    counts: Mapping[_G, int], sizes: Mapping[_G, int], total: int, least: int = LEAST
) -> dict[_G, Reason]:
    """The groups to hide: those that count fewer than `least` (`small`), and others with them (`with`).

    Counts and total are known as multiples of `least`, rounded down; `sizes` (people in each group) are known
    to everybody. The next smallest groups are hidden too until there are at least two, they count `least`
    together, and whoever subtracts what the other groups can be at most from the total learns of no small
    group that anybody is in it. All are hidden if there are not enough.
    """
    hidden: dict[_G, Reason] = {group: "small" for group, n in counts.items() if n < least}
    if not hidden:
        return {}
    rest = sorted((group for group in counts if group not in hidden), key=lambda group: counts[group])
    while rest and not _is_safe(counts, sizes, total, hidden, least):
        hidden[rest.pop(0)] = "with"
    return hidden


def _is_safe(
    counts: Mapping[_G, int],
    sizes: Mapping[_G, int],
    total: int,
    hidden: Mapping[_G, Reason],
    least: int,
) -> bool:
    if len(hidden) < 2 or sum(counts[group] for group in hidden) < least:
        return False
    most = {
        group: sizes[group] if hidden.get(group) == "with" else min(sizes[group], n + least - 1)
        for group, n in counts.items()
    }
    together = sum(most.values())
    return all(total <= together - most[group] for group, why in hidden.items() if why == "small")
