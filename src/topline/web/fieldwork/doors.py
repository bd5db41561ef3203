"""How people without a link of their own come in: by a shared link to a place, and by a code back to it."""

from __future__ import annotations

import json
import secrets
import time
from math import inf
from typing import Final

from topline.web.codes import code_of, printed, read_code
from topline.web.fieldwork.field import Fieldwork
from topline.web.fieldwork.places import ways_of
from topline.web.fieldwork.promise import release_state
from topline.web.keys import code_bits, code_hash, derive, link_hash, token_of
from topline.web.store.engines import Transaction
from topline.web.store.kinds import Door, Way

_FRESH: Final = 60.0  # seconds
_AFTER: Final = (
    "select id from invite where study = ? and way = 'link' and batch = ? and state = 'listed'"
    " and id >= ? order by id limit 1"
)
_BEFORE: Final = (
    "select id from invite where study = ? and way = 'link' and batch = ? and state = 'listed'"
    " and id < ? order by id limit 1"
)


class SharedDoors:
    """The shared links and the codes of a launched study.

    The secret is that of the links: tokens and codes are worked out from it, and stored nowhere.
    """

    def __init__(self, field: Fieldwork, secret: bytes) -> None:
        self._field, self._study = field, field.compiled.id
        self._key = derive(secret, "link", field.vault.salt)
        self._ways: tuple[float, frozenset[Way]] = (-inf, frozenset())

    @property
    def closed(self) -> bool:
        """Whether nobody can come in any more."""
        return release_state(self._field.engine, self._study) != "open"

    @property
    def ways(self) -> frozenset[Way]:
        """How people come to this survey; a minute old at most, since finding out reads every invitation."""
        until, known = self._ways
        if time.monotonic() >= until:
            known = ways_of(self._field.engine, self._study)
            self._ways = time.monotonic() + _FRESH, known
        return known

    def look(self, token: str) -> Door | None:
        """What a shared link leads to; None for an unknown one. Writes nothing."""
        rows = self._field.engine.rows(
            "select l.name, l.cell, r.state, coalesce(c.paused, 0)"
            " from link l join release r on r.study = l.study left join course c on c.study = l.study"
            " where l.study = ? and l.hash = ?",
            self._study, link_hash(token),
        )  # fmt: skip
        if not rows:
            return None
        name, cell, release, paused = rows[0]
        facts = {name: value for name, value in json.loads(cell).items() if value is not None}
        if release != "open":
            return Door(facts, "closed")
        if self._field.is_early:
            return Door(facts, "early")
        if paused:
            return Door(facts, "paused")
        free = self._field.engine.rows(
            "select 1 from invite"
            " where study = ? and way = 'link' and batch = ? and state = 'listed' limit 1",
            self._study, name,
        )  # fmt: skip
        return Door(facts, "open" if free and not self._field.quotas.full(cell) else "full")

    def take(self, token: str) -> str | None:
        """Take a place of a shared link, any of those that are free; None if there is none."""
        door = self.look(token)
        if door is None or door.phase != "open":
            return None
        invite: int | None = -1
        while invite is not None and invite < 0:  # ends: each time round, somebody else has taken a place
            invite = self._field.engine.write(lambda db: self._place(db, token))
        return None if invite is None else token_of(self._key, self._study, invite, 0)

    def _place(self, db: Transaction, token: str) -> int | None:
        """A free place, taken; -1 if somebody else took it at this moment, None if all are taken."""
        rows = db.rows("select name, first, most from link where study = ? and hash = ?",
                       self._study, link_hash(token))  # fmt: skip
        name, first, most = rows[0]
        start = first + secrets.randbelow(most - first + 1)
        found = db.rows(_AFTER, self._study, name, start) or db.rows(_BEFORE, self._study, name, start)
        if not found:
            return None
        taken = db.change(
            "update invite set state = 'started' where study = ? and id = ? and state = 'listed'",
            self._study, found[0][0],
        )  # fmt: skip
        return int(found[0][0]) if taken else -1

    def holder(self, code: str) -> str | None:
        """The token of the person who has this code; None for an unknown one, or a place nobody took."""
        found = self.invitation(code)
        return None if found is None else found[1]

    def invitation(self, code: str) -> tuple[int, str] | None:
        """The number and the token of the invitation that has this code, as `holder`."""
        read = read_code(code)
        rows = self._field.engine.rows(
            "select id, generation from invite where study = ? and code_hash = ? and state <> 'listed'",
            self._study, code_hash(read or ""),
        )  # fmt: skip
        return (rows[0][0], token_of(self._key, self._study, *rows[0])) if rows and read else None

    def token_at(self, invite: int) -> str | None:
        """The token of an invitation by its number."""
        rows = self._field.engine.rows(
            "select id, generation from invite where study = ? and id = ?", self._study, invite
        )
        return token_of(self._key, self._study, *rows[0]) if rows else None

    def code(self, token: str) -> str:
        """The code of a person, as it is printed; empty for an unknown token."""
        rows = self._field.engine.rows(
            "select id, generation from invite where study = ? and link_hash = ?",
            self._study,
            link_hash(token),
        )
        return printed(code_of(code_bits(self._key, self._study, *rows[0]))) if rows else ""
