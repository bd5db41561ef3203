"""Made-up answers to questions with several answers: each answer as often as its share says."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction

from topline.base import half_up


def spread_sets(
    alone: Sequence[str],
    several: Sequence[str],
    shares: Mapping[str, Fraction],
    people: int,
    draw: random.Random,
) -> list[frozenset[str]]:
    """One set of answers for each of `people`, none of them empty.

    `alone` are chosen without others: exclusive answers and missing kinds. `shares`: per cent of all people,
    met as near as whole people go, as long as those who choose nothing alone are enough to hold the rest.
    """
    order = list(range(people))
    draw.shuffle(order)
    sets: list[set[str]] = [set() for _ in order]
    for name in alone:
        number = _of(shares, name, people)
        for place in order[:number]:
            sets[place].add(name)
        order = order[number:]
    for name in several:
        for place in draw.sample(order, min(_of(shares, name, people), len(order))):
            sets[place].add(name)
    _fill([sets[place] for place in order], several, draw)
    return [frozenset(each) for each in sets]


def _of(shares: Mapping[str, Fraction], name: str, people: int) -> int:
    return int(half_up(shares.get(name, Fraction(0)) * people / 100))


def _fill(sets: Sequence[set[str]], several: Sequence[str], draw: random.Random) -> None:
    """Give the empty sets an answer of one that has several, so that no share changes while there is one."""
    rich = [each for each in sets if len(each) > 1]
    draw.shuffle(rich)
    for empty in (each for each in sets if not each):
        if not rich:
            empty.add(draw.choice(several))
            continue
        name = draw.choice(sorted(rich[-1]))
        rich[-1].remove(name)
        empty.add(name)
        if len(rich[-1]) < 2:
            rich.pop()
