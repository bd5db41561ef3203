"""Which groups of a list of counts are hidden, and with which others, so that subtraction gives nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeVar

LEAST: Final = 10
Reason = Literal["small", "with"]
_G = TypeVar("_G")


def small_groups(counts: Mapping[_G, int], least: int = LEAST) -> dict[_G, Reason]:
    """The groups to hide: those that count fewer than `least` (`small`), and others with them (`with`).

    The total of the list is thought known. So what is hidden is at least two groups and at least `least`
    people together, the next smallest taken first; a group is never the difference of what is shown. Groups
    that cannot be told from one another by size are taken in the order of the list. All are hidden if there
    are not enough.
    """
    hidden: dict[_G, Reason] = {group: "small" for group, n in counts.items() if n < least}
    if not hidden:
        return {}
    rest = sorted((group for group in counts if group not in hidden), key=lambda group: counts[group])
    while rest and (len(hidden) < 2 or sum(counts[group] for group in hidden) < least):
        hidden[rest.pop(0)] = "with"
    return hidden
