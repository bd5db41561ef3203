"""PostgreSQL by psycopg: a connection for each thread, every commit on the disk before the reply."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import psycopg
from psycopg.sql import SQL, Identifier

from topline.web.store.engines import Reading, Row, Transaction
from topline.web.store.kinds import Busy

_T = TypeVar("_T")
#: At the start of each connection; `work_mem` so that the release at close spills no file to the disk.
_SETTINGS = ("set synchronous_commit = on", "set work_mem = '256MB'", "set lock_timeout = '10s'")


class PostgreSQL:
    """A database of PostgreSQL at an address (`postgresql://...`)."""

    kind = "postgresql"

    def __init__(self, address: str) -> None:
        self._address = address
        self._local = threading.local()

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Read what is committed."""
        try:
            return self._db().execute(_places(sql), values).fetchall()
        except psycopg.OperationalError as error:
            self.close()
            raise Busy from error

    def write(self, work: Callable[[Transaction], _T]) -> _T:
        """Run `work` in one transaction."""
        try:
            db = self._db()
            with db.transaction():
                return work(_PostgreSQLTransaction(db))
        except psycopg.OperationalError as error:
            self.close()
            raise Busy from error

    @contextmanager
    def snapshot(self) -> Iterator[Reading]:
        """Read by a connection of its own, in one transaction."""
        with psycopg.connect(self._address) as db:
            db.execute("set transaction isolation level repeatable read, read only")
            yield _PostgreSQLReading(db)

    def tidy(self, *tables: str) -> bool:
        """Write the emptied tables anew. What an archive of the journal holds, no deletion reaches."""
        try:
            for table in tables:
                self._db().execute(SQL("vacuum full {}").format(Identifier(table)))
            self._db().execute("checkpoint")
        except psycopg.errors.InsufficientPrivilege:
            return True  # only the checkpoint needs rights that an application should not have
        except psycopg.OperationalError:
            self.close()
            return False
        return True

    def close(self) -> None:
        """Close this thread's connection."""
        db = getattr(self._local, "db", None)
        if db is not None:
            db.close()
            del self._local.db

    def _db(self) -> psycopg.Connection[Row]:
        db: psycopg.Connection[Row] | None = getattr(self._local, "db", None)
        if db is None:
            db = psycopg.connect(self._address, autocommit=True)
            for setting in _SETTINGS:
                db.execute(setting.encode())
            self._local.db = db
        return db


@dataclass(frozen=True, slots=True)
class _PostgreSQLReading:
    db: psycopg.Connection[Row]

    def each(self, sql: str, *values: object) -> Iterator[Row]:
        with self.db.cursor(name="each") as cursor:
            cursor.execute(_places(sql), values)
            yield from cursor


@dataclass(frozen=True, slots=True)
class _PostgreSQLTransaction:
    db: psycopg.Connection[Row]

    def rows(self, sql: str, *values: object) -> list[Row]:
        return self.db.execute(_places(sql), values).fetchall()

    def change(self, sql: str, *values: object) -> int:
        return self.db.execute(_places(sql), values).rowcount

    def many(self, sql: str, values: Sequence[Row]) -> None:
        with self.db.cursor() as cursor:
            cursor.executemany(_places(sql), values)


@cache
def _places(sql: str) -> bytes:
    """The statement with this library's mark for a parameter. Our statements hold no other `?` and no `%`."""
    return sql.replace("?", "%s").encode()
