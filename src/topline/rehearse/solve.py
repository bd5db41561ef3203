"""A small integer solve: whole numbers of people for shares that are printed rounded.

Targets are intervals of counts over sets of groups. The sets must nest (one within another or apart from it),
which is how reports break figures down; then feasible ranges add up from the smallest set to the largest,
and any total in the range of the whole can be handed down without search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from topline.base import Mark, fail


@dataclass(frozen=True, slots=True)
class Goal:
    """What a target wants: the count of people over `members` lies from `low` to `high`, both included."""

    target: str
    members: frozenset[str]
    low: int
    high: int
    mark: Mark | None = None


@dataclass(slots=True)
class _Block:
    """A set of groups with its range; `parts` are the smaller sets within it."""

    members: frozenset[str]
    low: int
    high: int
    wanted: Fraction
    targets: tuple[str, ...] = ()
    mark: Mark | None = None
    parts: list[_Block] = field(default_factory=list)


def counts_printed_as(percent: int, base: int) -> tuple[int, int]:
    """The smallest and largest count whose share of `base`, rounded half up, is `percent`.

    The first is above the second if there is none.

    >>> counts_printed_as(17, 51), counts_printed_as(17, 48)
    ((9, 8), (8, 8))
    """
    low = -(-base * (2 * percent - 1) // 200)
    high = -(-base * (2 * percent + 1) // 200) - 1
    return max(low, 0), min(high, base)


def below(share: Fraction, size: int) -> int:
    """The largest count whose share of `size` is below `share`."""
    return -(-share.numerator * size // share.denominator) - 1


def above(share: Fraction, size: int) -> int:
    """The smallest count whose share of `size` is above `share`."""
    return share.numerator * size // share.denominator + 1


def feasible(sizes: Mapping[str, int], goals: Sequence[Goal]) -> tuple[int, int]:
    """The range of the total over all groups; ToplineError names the target that cannot be met."""
    root = _tree(sizes, goals, dict.fromkeys(sizes, Fraction(0)))
    return root.low, root.high


def hand_out(
    sizes: Mapping[str, int], goals: Sequence[Goal], total: int, wanted: Mapping[str, Fraction]
) -> dict[str, int]:
    """A count for each group that meets every goal and adds up to `total`, as near to `wanted` as may be.

    Raises ToplineError, naming the target, if that cannot be done.
    """
    whole = Goal("the total", frozenset(sizes), total, total)
    found: dict[str, int] = {}
    _hand_down(_tree(sizes, [*goals, whole], wanted), total, found)
    return found


def _tree(sizes: Mapping[str, int], goals: Sequence[Goal], wanted: Mapping[str, Fraction]) -> _Block:
    blocks = [_Block(frozenset({name}), 0, size, wanted[name]) for name, size in sizes.items()]
    for goal in sorted(
        [*goals, Goal("", frozenset(sizes), 0, sum(sizes.values()))], key=lambda g: len(g.members)
    ):
        blocks = _put(blocks, goal)
    (root,) = blocks
    return root


def _put(blocks: list[_Block], goal: Goal) -> list[_Block]:
    """Lay a goal round the blocks that it covers, and narrow its range to what they allow."""
    inside = [block for block in blocks if block.members <= goal.members]
    covered = frozenset(member for block in inside for member in block.members)
    if covered != goal.members:
        other = next(b for b in blocks if b.members & goal.members and b not in inside)
        fail("rehearse-crossing", goal.mark, target=goal.target, other=" and ".join(other.targets))
    low, high = sum(block.low for block in inside), sum(block.high for block in inside)
    named = tuple(filter(None, (goal.target, *(target for block in inside for target in block.targets))))
    whole = _Block(
        goal.members,
        max(low, goal.low),
        min(high, goal.high),
        sum((block.wanted for block in inside), Fraction(0)),
        named[:1] if goal.target else named,
        goal.mark,
        inside,
    )
    if whole.low > whole.high:
        others = ", ".join(dict.fromkeys(t for t in named if t != goal.target)) or "the number of people"
        fail("rehearse-unreachable", goal.mark, target=goal.target, low=low, high=high, others=others)
    return [*(block for block in blocks if block not in inside), whole]


def _hand_down(block: _Block, total: int, found: dict[str, int]) -> None:
    if not block.parts:
        (name,) = block.members
        found[name] = total
        return
    given = [min(max(round(part.wanted), part.low), part.high) for part in block.parts]
    while (rest := total - sum(given)) != 0:
        step = 1 if rest > 0 else -1
        # the part that is furthest from what it wanted, in the direction in which it must move
        free = [i for i, part in enumerate(block.parts) if part.low <= given[i] + step <= part.high]
        i = max(free, key=lambda i: (step * (block.parts[i].wanted - given[i]) / _size(block.parts[i]), -i))
        given[i] += step
    for part, number in zip(block.parts, given, strict=True):
        _hand_down(part, number, found)


def _size(block: _Block) -> int:
    return max(block.high - block.low, 1)


def narrowed(goal: Goal, low: int, high: int) -> Goal:
    """The goal with a range that is at most as wide."""
    return replace(goal, low=max(goal.low, low), high=min(goal.high, high))
