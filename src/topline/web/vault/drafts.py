"""Drafts: one row for each page that a person saved, encrypted, in a file of the vault that is never shipped.

A lock row stands for a person who is submitting (until a moment), has submitted (for ever), or for
everybody once the survey closes: a save beside it is refused, so no page is acknowledged and then lost.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from topline.web.store.engines import SQLite, Transaction

LEASE: Final = 20.0  # seconds that a submission may take: more than the main store may be locked
_EVERYBODY: Final = -1
_EVER: Final = math.inf
Rows = Mapping[bytes, tuple[int, bytes]]  # row name -> version, body
_FIRST: Final = (
    "insert into draft select ?, ?, 1, ?"
    " where not exists (select 1 from hold where invite in (?, ?) and until > ?) on conflict do nothing"
)
_AGAIN: Final = (
    "update draft set version = version + 1, body = ? where invite = ? and name = ? and version = ?"
    " and not exists (select 1 from hold where invite in (?, ?) and until > ?)"
)


class Drafts:
    """The file of drafts. `clock` gives seconds since some moment that all processes share."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path, self._clock = path, clock
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        self._engine = SQLite(path)
        self._engine.write(_make)

    def rows(self, invite: int) -> Rows:
        """What a person saved."""
        found = self._engine.rows("select name, version, body from draft where invite = ?", invite)
        return {name: (version, body) for name, version, body in found}

    def save(self, invite: int, name: bytes, body: bytes, seen: int) -> bool:
        """Put a row over the version that was `seen` (0: none); False if it is another, or locked."""

        def work(db: Transaction) -> bool:
            if seen == 0:
                done = db.change(_FIRST, invite, name, body, invite, _EVERYBODY, self._clock())
            else:
                done = db.change(_AGAIN, body, invite, name, seen, invite, _EVERYBODY, self._clock())
            return done == 1

        return self._engine.write(work)

    def lock(self, invite: int) -> tuple[float, Rows] | None:
        """Keep saves out for a while and read all pages as of that moment; None if somebody else did."""
        until = self._clock() + LEASE

        def work(db: Transaction) -> tuple[float, Rows] | None:
            if self._locked(db, invite):
                return None
            db.change("insert or replace into hold values (?, ?)", invite, until)
            found = db.rows("select name, version, body from draft where invite = ?", invite)
            return until, {name: (version, body) for name, version, body in found}

        return self._engine.write(work)

    def unlock(self, invite: int, until: float) -> None:
        """Let saves in again: the submission did not take place."""
        self._engine.write(
            lambda db: db.change("delete from hold where invite = ? and until = ?", invite, until)
        )

    def left(self, until: float) -> float:
        """Seconds that a lock still holds."""
        return until - self._clock()

    def finish(self, invite: int) -> None:
        """Drop what a person saved and keep saves out for ever."""

        def work(db: Transaction) -> None:
            db.change("delete from draft where invite = ?", invite)
            db.change("insert or replace into hold values (?, ?)", invite, _EVER)

        self._engine.write(work)

    def let_go(self) -> None:
        """Drop passing locks: whoever took them is not running any more."""
        self._engine.write(lambda db: db.change("delete from hold where until < 9e99"))

    def reopen(self, invites: Iterable[int]) -> int:
        """Let saves in again for people whose submission is not there any more; return how many they are."""

        def work(db: Transaction) -> int:
            db.change("delete from hold where invite = ?", _EVERYBODY)
            held = {invite for (invite,) in db.rows("select invite from hold where until > 9e99")}
            again = held.intersection(invites)
            db.many("delete from hold where invite = ?", [(invite,) for invite in again])
            return len(again)

        return self._engine.write(work)

    def shut(self) -> None:
        """Keep all saves out: the survey closes."""
        self._engine.write(
            lambda db: db.change("insert or replace into hold values (?, ?)", _EVERYBODY, _EVER)
        )

    def unsettled(self) -> list[int]:
        """People with rows or a passing lock: among them those whose submission was cut short."""
        found = self._engine.rows(
            "select invite from draft union select invite from hold where until < 9e99 and invite >= 0"
        )
        return [invite for (invite,) in found]

    def destroy(self) -> None:
        """Take the file away with its journal. Its keys are gone before."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def close(self) -> None:
        """Close this thread's connections."""
        self._engine.close()

    def _locked(self, db: Transaction, invite: int) -> bool:
        held = db.rows("select max(until) from hold where invite in (?, ?)", invite, _EVERYBODY)[0][0]
        return held is not None and held > self._clock()


def _make(db: Transaction) -> None:
    db.change(
        "create table if not exists draft (invite integer not null, name blob not null,"
        " version integer not null, body blob not null, primary key (invite, name)) without rowid"
    )
    db.change("create table if not exists hold (invite integer primary key, until real not null)")
