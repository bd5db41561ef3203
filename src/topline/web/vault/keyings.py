"""Keyings: what was keyed from forms on paper and waits for a second pair of eyes, encrypted, one row a form.

A file of the vault beside the drafts, and like them never shipped: a row goes when its form is entered, the
file when the survey closes.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from topline.web.store.engines import SQLite, Transaction

#: `once`: keyed by one person; `differs`: by two who do not agree; `agreed`: decided, about to be entered.
State = Literal["once", "differs", "agreed"]
FILES: Final = ("keyings", "keyings-wal", "keyings-shm")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row: whose form, which version of the row, where it stands, and the body that only keys open."""

    invite: int
    version: int
    state: State
    body: bytes


class Keyings:
    """The file of keyings."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        self._engine = SQLite(path)
        self._engine.write(_make)

    def row(self, invite: int) -> Waiting | None:
        """What waits of a form."""
        found = self._engine.rows("select * from keying where invite = ?", invite)
        return Waiting(*found[0]) if found else None

    def rows(self) -> list[Waiting]:
        """Everything that waits."""
        return [Waiting(*row) for row in self._engine.rows("select * from keying order by invite")]

    def save(self, invite: int, state: State, body: bytes, seen: int) -> bool:
        """Put a row over the version that was `seen` (0: none); False if it is another one by now."""

        def work(db: Transaction) -> bool:
            if seen == 0:
                done = db.change(
                    "insert into keying values (?, 1, ?, ?) on conflict do nothing", invite, state, body
                )
            else:
                done = db.change(
                    "update keying set version = version + 1, state = ?, body = ?"
                    " where invite = ? and version = ?",
                    state, body, invite, seen,
                )  # fmt: skip
            return done == 1

        return self._engine.write(work)

    def drop(self, invite: int, seen: int) -> bool:
        """Take a row away; False if it is another version by now."""
        return self._engine.write(
            lambda db: db.change("delete from keying where invite = ? and version = ?", invite, seen) == 1
        )

    def close(self) -> None:
        """Close this thread's connections."""
        self._engine.close()


def waiting(path: Path, finished: frozenset[int]) -> Counter[str]:
    """How many forms wait, by state; no key is needed. `finished`: people who need no form any more."""
    if not path.is_file():
        return Counter()
    engine = SQLite(path)  # not `Keyings`: whoever only counts waits for nobody who writes
    try:
        if not engine.rows("select 1 from sqlite_master where name = 'keying'"):
            return Counter()  # made a moment ago, or by a process that was killed
        return Counter(
            str(state)
            for invite, state in engine.rows("select invite, state from keying")
            if invite not in finished
        )
    finally:
        engine.close()


def _make(db: Transaction) -> None:
    db.change(
        "create table if not exists keying (invite integer not null primary key, version integer not null,"
        " state text not null check (state in ('once', 'differs', 'agreed')), body blob not null)"
        " without rowid"
    )
