"""Counters of pages, devices, languages and minutes: kept in memory, written in steps of ten or more.

Nothing of a person is written with them. A family of counters is written only when ten people or more
have been added to it since it was written last, a multiple of ten of each counter, by a thread of its own:
so what is written at any moment is true of at least ten people. What a stopped server had not written is
lost.
"""

from __future__ import annotations

import threading
from collections import Counter as Tally
from dataclasses import dataclass
from typing import Final

from topline.web.monitor.counts import STEP, down
from topline.web.store.engines import Engine, Transaction

Key = tuple[str, str]
#: Minutes of an interview, in wide bands.
BANDS: Final = ("under 5", "5 to 9", "10 to 19", "20 to 39", "40 to 79", "80 or more")
#: Families that are written as a whole: one person is in one of their counters.
_WHOLE: Final = frozenset({"device", "language", "minutes"})


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter as it is written: `reached` and `left` by page, `device`, `language`, `minutes`."""

    name: str
    bucket: str
    n: int


class Counting:
    """The counters of one study in one server."""

    def __init__(self, engine: Engine, study: str) -> None:
        self._engine, self._study = engine, study
        self._lock = threading.Lock()
        self._held: Tally[Key] = Tally()
        self._new: Tally[Key] = Tally()

    def add(self, name: str, bucket: str) -> None:
        """One more; in memory."""
        with self._lock:
            self._held[name, bucket] += 1
            self._new[self._family(name, bucket)] += 1

    def flush(self) -> int:
        """Write what may be written; return how much was added. Keep it all if the store is busy."""
        with self._lock:
            due = {
                key: down(n)
                for key, n in self._held.items()
                if n >= STEP and self._new[self._family(*key)] >= STEP
            }
            if not due:
                return 0
            self._engine.write(lambda db: self._write(db, due))
            for key, n in due.items():
                self._held[key] -= n
                self._new[self._family(*key)] = 0
        return sum(due.values())

    def _write(self, db: Transaction, due: dict[Key, int]) -> None:
        for (name, bucket), n in sorted(due.items()):
            db.change(
                "insert into monitor_counter values (?, ?, ?, ?) on conflict (study, name, bucket)"
                " do update set n = monitor_counter.n + excluded.n",
                self._study, name, bucket, n,
            )  # fmt: skip

    @staticmethod
    def _family(name: str, bucket: str) -> Key:
        return (name, "") if name in _WHOLE else (name, bucket)


def counters(engine: Engine, study: str) -> list[Counter]:
    """Every counter that is written."""
    rows = engine.rows(
        "select name, bucket, n from monitor_counter where study = ? order by name, bucket", study
    )
    return [Counter(*row) for row in rows]
