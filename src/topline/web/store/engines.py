"""One way to read and write for SQLite and PostgreSQL: raw SQL with `?` for parameters, never spliced text.

Every write is one transaction that is on the disk when `write` returns. On SQLite the requests that wait
share one commit: each in a savepoint of its own, so that one that fails undoes nothing of the others.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, Protocol, TypeVar, cast

from topline.base import fail
from topline.web.store.connection import Connection
from topline.web.store.kinds import Busy

Row = tuple[Any, ...]
_T = TypeVar("_T")
_WAIT: Final = 10  # seconds that another process may hold the lock
#: Settings of every connection to SQLite: how each is set, how it is read back, what it must then be.
PRAGMAS: Final = (
    ("pragma journal_mode = wal", "pragma journal_mode", "wal"),
    ("pragma synchronous = full", "pragma synchronous", 2),
    ("pragma secure_delete = on", "pragma secure_delete", 1),
    ("pragma temp_store = memory", "pragma temp_store", 2),
    ("pragma foreign_keys = on", "pragma foreign_keys", 1),
    ("pragma wal_autocheckpoint = 1000", "pragma wal_autocheckpoint", 1000),
    ("pragma journal_size_limit = 0", "pragma journal_size_limit", 0),
)


class Transaction(Protocol):
    """An open transaction."""

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Read."""

    def change(self, sql: str, *values: object) -> int:
        """Write; return how many rows were changed."""

    def many(self, sql: str, values: Sequence[Row]) -> None:
        """Write one row for each line of values."""


class Reading(Protocol):
    """The database as of one moment, whatever is written meanwhile."""

    def each(self, sql: str, *values: object) -> Iterator[Row]:
        """Read row by row, however many there are."""


class Engine(Protocol):
    """A database."""

    kind: str

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Read what is committed."""

    def write(self, work: Callable[[Transaction], _T]) -> _T:
        """Run `work` in one transaction, undone if it raises; on the disk on return."""

    def snapshot(self) -> AbstractContextManager[Reading]:
        """Read as of one moment, without keeping anybody from writing."""

    def tidy(self, *tables: str) -> bool:
        """Write the journal back, and anew what was deleted from; False if somebody reads.

        PostgreSQL writes the tables that are named, SQLite its whole file.
        """

    def close(self) -> None:
        """Close this thread's connections."""


class SQLite:
    """A file of SQLite: readers by thread, one writer, group commit."""

    kind = "sqlite"

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._local = threading.local()
        self._leading = threading.Lock()
        self._waiting: deque[_Job[Any]] = deque()
        self._writer: sqlite3.Connection | None = None

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Read what is committed."""
        db = getattr(self._local, "db", None)
        try:
            if db is None:
                db = self._local.db = connect(self.path)
            return list(db.execute(sql, values))
        except sqlite3.OperationalError as error:
            raise Busy from error

    def write(self, work: Callable[[Transaction], _T]) -> _T:
        """Run `work`; whoever gets the lock first commits for all who wait."""
        job = _Job(work)
        self._waiting.append(job)
        with self._leading:
            if not job.done:
                self._lead()
        return job.result()

    @contextmanager
    def snapshot(self) -> Iterator[Reading]:
        """Read by a connection of its own, in one transaction."""
        with closing(connect(self.path)) as db:
            db.execute("begin")
            yield _SQLiteReading(db)

    def tidy(self, *tables: str) -> bool:
        """TRUNCATE the journal, VACUUM, and TRUNCATE again."""
        with self._leading:
            try:
                db = self._db()
                first = db.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
                db.execute("vacuum")
                last = db.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
            except sqlite3.OperationalError:
                return False
        return not first and not last

    def close(self) -> None:
        """Close the writer and this thread's reader."""
        for db in (getattr(self._local, "db", None), self._writer):
            if db is not None:
                db.close()
        self._local, self._writer = threading.local(), None

    def _db(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = connect(self.path)
        return self._writer

    def _lead(self) -> None:
        """Run every job that waits, in one transaction."""
        jobs = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            db = self._db()
            db.execute("begin immediate")
            for job in jobs:
                job.run(db, alone=len(jobs) == 1)
            if db.in_transaction:
                db.execute("commit")
        except sqlite3.Error as error:
            if self._writer is not None and self._writer.in_transaction:
                with suppress(sqlite3.Error):
                    self._writer.execute("rollback")
            for job in jobs:
                job.fail(error)


class _Job(Generic[_T]):
    """One write that waits for its commit, and what came of it."""

    def __init__(self, work: Callable[[Transaction], _T]) -> None:
        self._work = work
        self._found: _T | None = None
        self._error: BaseException | None = None
        self.done = False

    def run(self, db: sqlite3.Connection, *, alone: bool) -> None:
        """Do the work, in a savepoint of its own unless the transaction is this job's alone."""
        self.done = True
        if not alone:
            db.execute("savepoint job")
        try:
            self._found = self._work(_SQLiteTransaction(db))
        except Exception as error:
            self._error = error
            db.execute("rollback" if alone else "rollback to job")
        if not alone:
            db.execute("release job")

    def fail(self, error: Exception) -> None:
        """The commit failed: nothing of it is there."""
        self.done, self._error = True, Busy(str(error))

    def result(self) -> _T:
        """What the work returned; raises what it raised."""
        if self._error is not None:
            raise self._error
        return cast(_T, self._found)


@dataclass(frozen=True, slots=True)
class _SQLiteReading:
    db: sqlite3.Connection

    def each(self, sql: str, *values: object) -> Iterator[Row]:
        yield from self.db.execute(sql, values)


@dataclass(frozen=True, slots=True)
class _SQLiteTransaction:
    db: sqlite3.Connection

    def rows(self, sql: str, *values: object) -> list[Row]:
        return list(self.db.execute(sql, values))

    def change(self, sql: str, *values: object) -> int:
        return self.db.execute(sql, values).rowcount

    def many(self, sql: str, values: Sequence[Row]) -> None:
        self.db.executemany(sql, values)


def connect(path: str) -> sqlite3.Connection:
    """Open a file of SQLite with the settings that the promise needs; a new one is its owner's alone.

    The journal beside it takes its rights from it.
    """
    with suppress(OSError):  # it is there, or cannot be made: SQLite says so
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    db = sqlite3.connect(
        path, timeout=_WAIT, isolation_level=None, check_same_thread=False, factory=Connection
    )
    for setting, _, _ in PRAGMAS:
        db.execute(setting)
    return db


def engine_of(address: str) -> Engine:
    """The engine of `postgresql://...`, or of a file of SQLite."""
    if address.startswith(("postgresql://", "postgres://")):
        from topline.web.store.postgres import PostgreSQL

        return PostgreSQL(address)
    if "://" in address:
        fail("store-address", given=address.partition("://")[0])
    return SQLite(address)
