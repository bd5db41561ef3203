"""People of a fieldwork by where they stand: counted from the list of people, never from answers."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Final

from topline.web.store.engines import Engine, Transaction

STEP: Final = 10
#: The one place that reads who stands where. Nobody was invited by a link that many share.
_EACH: Final = (
    "select id, cell, state, opted_out, bounced, gone from invite"
    " where study = ? and state <> 'listed' and way <> 'link'"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of the people invited stand where; each counts once, in the first that holds.

    `finished`; `opted_out` (AAPOR 2.11); `left` the organisation (4.x); `undelivered` (3.x); `started` and
    not finished; the rest were sent a link and nothing else is known (3.19).
    """

    invited: int = 0
    finished: int = 0
    opted_out: int = 0
    left: int = 0
    undelivered: int = 0
    started: int = 0

    @property
    def eligible(self) -> int:
        """Those whom the response rate counts: all but who left."""
        return self.invited - self.left

    def plus(self, kind: str, n: int) -> Standing:
        """The same with `n` more people of a kind (`waiting`: invited, nothing else)."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__}
        found["invited"] += n
        if kind != "waiting":
            found[kind] += n
        return Standing(**found)

    def stepped(self) -> Standing:
        """As it may be shown before the close: people invited, and all else down to a multiple of ten."""
        shown = {name: down(getattr(self, name)) for name in self.__dataclass_fields__}
        return Standing(**{**shown, "invited": self.invited})


def down(n: int) -> int:
    """The multiple of ten at or below a number."""
    return n - n % STEP


def standing(engine: Engine, study: str) -> Standing:
    """Everybody who was invited, by where they stand."""
    whole = Standing()
    for _, kind, n in _kinds(engine, study):
        whole = whole.plus(kind, n)
    return whole


def by_group(engine: Engine, study: str, attribute: str) -> dict[str | None, Standing]:
    """The same by each value of an attribute that is kept; None stands for people who lost it."""
    found: dict[str | None, Standing] = {}
    for cell, kind, n in _kinds(engine, study):
        value = json.loads(cell).get(attribute)
        found[value] = found.get(value, Standing()).plus(kind, n)
    return found


def each_standing(db: Engine | Transaction, study: str) -> list[tuple[int, str, str]]:
    """Every person invited: number, cell, where they stand. For the close alone, and for counting here."""
    return [(invite, cell, kind_of(*where)) for invite, cell, *where in db.rows(_EACH, study)]


def _kinds(engine: Engine, study: str) -> list[tuple[str, str, int]]:
    found = Counter((cell, kind) for _, cell, kind in each_standing(engine, study))
    return [(cell, kind, n) for (cell, kind), n in found.items()]


def kind_of(state: str, opted_out: int, bounced: int, left: int) -> str:
    """Where one person stands, as a name of `Standing` or `waiting`."""
    if state == "finished":
        return "finished"
    if opted_out:
        return "opted_out"
    if left:
        return "left"
    if bounced:
        return "undelivered"
    return "started" if state == "started" else "waiting"
