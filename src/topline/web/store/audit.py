"""The log of what was done to a study: each line carries the hash of the one before it.

Lines say what was done and how often, never to whom, and the hour, never the minute.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from topline.web.store.engines import Engine, Row, Transaction
from topline.web.store.kinds import dump

_START: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: number, hour, what was done, and the hash that closes the chain up to it."""

    n: int
    at: str
    what: Mapping[str, Any]
    hash: str


def note(db: Transaction, study: str, verb: str, **values: object) -> None:
    """Add a line, in the transaction of what it tells of."""
    last = db.rows("select n, hash from audit order by n desc limit 1")
    n, before = (last[0][0] + 1, last[0][1]) if last else (1, _START)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:00Z")
    what = dump({"verb": verb, **values})
    row = (n, study, at, what, before, _hash(n, study, at, what, before))
    db.change("insert into audit values (?, ?, ?, ?, ?, ?)", *row)


def entries(engine: Engine, study: str) -> Iterator[Entry]:
    """The lines of one study, oldest first."""
    for n, at, what, hash in engine.rows(
        "select n, at, what, hash from audit where study = ? order by n", study
    ):
        yield Entry(n, at, json.loads(what), hash)


def first_fault(engine: Engine) -> int | None:
    """The number of the first line that is not as it was written, or that a line is missing before."""
    rows: list[Row] = engine.rows("select n, study, at, what, before, hash from audit order by n")
    before = _START
    for place, (n, study, at, what, said, hash) in enumerate(rows, start=1):
        if n != place or said != before or hash != _hash(n, study, at, what, said):
            return place
        before = hash
    return None


def _hash(*parts: object) -> str:
    return sha256(dump(list(parts)).encode()).hexdigest()
