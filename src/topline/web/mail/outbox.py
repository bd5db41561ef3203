"""The outbox: who is to get which letter, and what became of it. One letter a person and wave, ever.

A letter is claimed, and the claim is on the disk, before it is sent; a claim that a crash left behind may
have been sent, becomes `unknown` and is never sent again. Whether a person may be written to is asked in the
claim.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from topline.web.store.audit import note
from topline.web.store.engines import Engine, Transaction

#: Who may be written to now; after it come the study, and what else the statement asks.
_DUE: Final = (
    " from invite i join release r on r.study = i.study"
    " where r.state = 'open' and i.state in ('invited', 'started') and i.way = 'list'"
    " and i.opted_out = 0 and i.bounced = 0 and i.gone = 0"
    " and not exists (select 1 from course c where c.study = i.study and c.paused = 1)"
    " and i.study = ?"
)
_LACKING: Final = (
    "select i.id"
    + _DUE
    + (
        " and not exists (select 1 from outbox o where o.study = i.study and o.invite = i.id and o.wave = ?)"
        " order by i.id"
    )
)
_PERSON: Final = "select i.person" + _DUE + " and i.id = ?"


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that may be sent now: to which address, under which mark."""

    invite: int
    address: str
    mark: str


class Outbox:
    """The letters of one study."""

    def __init__(self, engine: Engine, study: str) -> None:
        self.engine, self.study = engine, study

    def last_wave(self) -> int | None:
        """The number of the last wave: 0 the invitation, 1 the first reminder; None if there was none."""
        found = self.engine.rows("select max(wave) from outbox where study = ?", self.study)[0][0]
        return None if found is None else int(found)

    def due(self, wave: int) -> int:
        """How many people would get a letter of a wave that have none yet."""
        return len(self.engine.rows(_LACKING, self.study, wave))

    def queue(self, wave: int) -> int:
        """Queue a letter for everybody who may be written to and has none of this wave; return how many."""

        def work(db: Transaction) -> int:
            people = [invite for (invite,) in db.rows(_LACKING, self.study, wave)]
            rows = [(self.study, invite, wave, secrets.token_hex(10)) for invite in people]
            db.many("insert into outbox values (?, ?, ?, ?, 'queued')", rows)
            if people:
                note(db, self.study, "mail queued", wave=wave, people=len(people))
            return len(people)

        return self.engine.write(work)

    def waiting(self, wave: int) -> list[int]:
        """Who still waits for a letter of a wave."""
        rows = self.engine.rows(
            "select invite from outbox where study = ? and wave = ? and state = 'queued' order by invite",
            self.study, wave,
        )  # fmt: skip
        return [invite for (invite,) in rows]

    def claim(self, wave: int, invite: int) -> Claim | None:
        """Take a letter that waits; None if somebody took it, or the person is not to be written to now:
        then it is dropped.
        """

        def work(db: Transaction) -> Claim | None:
            found = db.rows(
                "select mark from outbox where study = ? and wave = ? and invite = ? and state = 'queued'",
                self.study, wave, invite,
            )  # fmt: skip
            if not found:
                return None
            person = db.rows(_PERSON, self.study, invite)
            if not person:
                db.change(
                    "delete from outbox where study = ? and wave = ? and invite = ?", self.study, wave, invite
                )
                return None
            _set(db, self.study, wave, invite, "claimed")
            values = json.loads(person[0][0])
            return Claim(invite, str(values.get("address") or values["key"]), str(found[0][0]))

        return self.engine.write(work)

    def settle(self, wave: int, invite: int, state: str, *, undelivered: bool = False) -> None:
        """Say what became of a letter that was claimed."""

        def work(db: Transaction) -> None:
            _set(db, self.study, wave, invite, state)
            if undelivered:
                db.change("update invite set bounced = 1 where study = ? and id = ?", self.study, invite)

        self.engine.write(work)

    def give_up_claims(self) -> int:
        """Claims that a crash left behind: nobody knows whether they were sent. For one run at a time."""
        return self.engine.write(
            lambda db: db.change(
                "update outbox set state = 'unknown' where study = ? and state = 'claimed'", self.study
            )
        )

    def counts(self, wave: int) -> Mapping[str, int]:
        """How many letters of a wave are in which state."""
        rows = self.engine.rows(
            "select state, count(*) from outbox where study = ? and wave = ? group by state", self.study, wave
        )
        return {str(state): int(n) for state, n in rows}


def _set(db: Transaction, study: str, wave: int, invite: int, state: str) -> None:
    db.change(
        "update outbox set state = ? where study = ? and wave = ? and invite = ?", state, study, wave, invite
    )
