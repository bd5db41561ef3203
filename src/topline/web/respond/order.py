"""Random orders that stay: a pure function of the person's seed, so that nothing but the seed is kept.

Things are sorted by a hash of seed, place and name; anchored ones (`place`, exclusive answers) do not move.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol, TypeVar

from topline.study.compiled import Compiled, Ordering, Screen
from topline.study.values import Answers


class Named(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """The name that it is sorted by."""
        ...


_N = TypeVar("_N", bound=Named)


def arranged(
    things: Sequence[_N], ordering: Ordering | None, key: str, seed: int, facts: Answers, compiled: Compiled
) -> list[_N]:
    """The options or rows in this person's order. `key` says what is ordered (`channels.rows`)."""
    if ordering is None:
        return _anchored(things)
    fixed = [not _moves(thing, ordering) for thing in things]
    moving = [thing for thing, stays in zip(things, fixed, strict=True) if not stays]
    moved = iter(_moved(moving, ordering, key, seed, facts, compiled))
    return _anchored([thing if stays else next(moved) for thing, stays in zip(things, fixed, strict=True)])


def screens_for(compiled: Compiled, seed: int, facts: Answers) -> list[Screen]:
    """The screens in this person's order: a section's `questions:` order moves its screens among themselves.

    A screen with several questions moves as a whole, and only if all of them may move.
    """
    screens = list(compiled.screens)
    for part in compiled.sections:
        if part.questions is None:
            continue
        places = [
            index
            for index, screen in enumerate(screens)
            if screen.section == part.name and _may_move(screen, part.questions)
        ]
        moved = _moved(
            [screens[i] for i in places], part.questions, f"{part.name}.questions", seed, facts, compiled
        )
        for index, screen in zip(places, moved, strict=True):
            screens[index] = screen
    return screens


def _may_move(screen: Screen, ordering: Ordering) -> bool:
    return not ordering.only or all(question.id in ordering.only for question in screen.questions)


def _moves(thing: Named, ordering: Ordering) -> bool:
    if getattr(thing, "place", None) or getattr(thing, "exclusive", False):
        return False
    return not ordering.only or thing.name in ordering.only


def _moved(
    things: Sequence[_N], ordering: Ordering, key: str, seed: int, facts: Answers, compiled: Compiled
) -> list[_N]:
    """Flip or shuffle. `by` a split: its first arm as written, others flipped, or shuffled alike within an
    arm.
    """
    arms = [list(draw.arms) for draw in compiled.splits if draw.name == ordering.by]
    arm = str(facts.get(ordering.by or "", ""))
    if arms and arm == arms[0][0]:
        return list(things)
    if ordering.how == "flip":
        turned = bool(arms) or _number(f"{seed}|{key}") % 2 == 1
        return list(reversed(things)) if turned else list(things)
    salt = f"{arm}|{key}" if arms else f"{seed}|{key}"
    return sorted(things, key=lambda thing: _number(f"{salt}|{thing.name}"))


def _anchored(things: Sequence[_N]) -> list[_N]:
    """`place: first` to the front, `place: last` to the end, each in the order written."""
    rank = {"first": 0, None: 1, "last": 2}
    return sorted(things, key=lambda thing: rank[getattr(thing, "place", None)])


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
