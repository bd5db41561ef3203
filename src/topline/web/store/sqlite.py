"""The thin store of made-up answers: SQLite, write-ahead log, every commit on disk before the reply.

People, drafts and responses stand in tables that share no key: a response has a random id. This is not yet
the protocol that keeps real answers apart from people (docs/explanation), so the store takes made-up answers
only.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from topline.base import fail
from topline.web.store.connection import Connection
from topline.web.store.kinds import Draft, Person, StoredResponse, drafts_digest, dump
from topline.web.store.schema import SCHEMA, VERSION

_SEED_BITS = 63


class Store:
    """The store at `path`; one connection a thread. Raises ToplineError if the file is of another version."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._local = threading.local()
        with self._writing() as db:
            tables = db.execute("select count(*) from sqlite_master").fetchone()[0]
            if not tables:
                for statement in SCHEMA.split(";"):
                    db.execute(statement)
                db.execute("insert into meta values ('version', ?), ('answers', 'made-up')", (str(VERSION),))
        found = dict(self._db().execute("select name, value from meta"))
        if found != {"version": str(VERSION), "answers": "made-up"}:
            self.close()
            fail("store-version", file=self.path, found=found.get("version", "?"), wanted=VERSION)

    # --- people

    def invite(self, study: str, facts: Mapping[str, Any], seed: int | None = None) -> str:
        """Make an invitation and return its token (26 letters); only a hash of the token is kept."""
        token = _new_token()
        seed = secrets.randbits(_SEED_BITS) if seed is None else seed
        with self._writing() as db:
            row = (_key(token), study, dump(facts), seed)
            db.execute("insert into person values (?, ?, ?, ?, 'invited', null)", row)
        return token

    def person(self, study: str, token: str) -> Person | None:
        """The person of a link; None for an unknown one. Reading writes nothing."""
        row = (
            self._db()
            .execute(
                "select study, facts, seed, state, sent from person where token = ? and study = ?",
                (_key(token), study),
            )
            .fetchone()
        )
        return None if row is None else Person(row[0], json.loads(row[1]), *row[2:])

    def visit(self, study: str, token: str) -> tuple[Person, dict[str, Draft]] | None:
        """The person of a link and what is saved, as of one moment; None for an unknown link.

        Read one after the other they could disagree: another window may send the answers in between.
        """
        db = self._db()
        db.execute("begin")  # a reader's snapshot: it takes no lock and writes nothing
        try:
            person = self.person(study, token)
            return None if person is None else (person, self.drafts(token))
        finally:
            db.execute("commit")

    def start(self, token: str) -> None:
        """Note that the person has started; nothing if that is known."""
        with self._writing() as db:
            db.execute(
                "update person set state = 'started' where token = ? and state = 'invited'", (_key(token),)
            )

    # --- drafts

    def drafts(self, token: str) -> dict[str, Draft]:
        """What is saved, by page."""
        rows = self._db().execute("select page, version, body from draft where token = ?", (_key(token),))
        return {page: Draft(version, json.loads(body)) for page, version, body in rows}

    def save(self, token: str, page: str, body: Mapping[str, Any], seen: int) -> bool:
        """Save a page over the version that was `seen` (0: none); False if it is another one by now, or sent.

        The same answers again are no clash: two clicks on one button save once.
        """
        key, text = _key(token), dump(body)
        with self._writing() as db:
            state = db.execute("select state from person where token = ?", (key,)).fetchone()
            if state is None or state[0] == "sent":
                return False
            row = db.execute(
                "select version, body from draft where token = ? and page = ?", (key, page)
            ).fetchone()
            version = row[0] if row else 0
            if row and row[1] == text:
                return True
            if version != seen:
                return False
            db.execute(
                "insert into draft values (?, ?, ?, ?) on conflict (token, page) "
                "do update set version = excluded.version, body = excluded.body",
                (key, page, version + 1, text),
            )
        return True

    # --- responses

    def send(self, token: str, response: StoredResponse, digest: str) -> str | None:
        """Take the response and drop the drafts, in one transaction; return the digest of what counts.

        `digest` is that of the drafts which the response was made from. Sent twice, the first counts: compare
        the digest returned. None if the drafts have changed meanwhile: nothing is taken.
        """
        key = _key(token)
        with self._writing() as db:
            study, state, sent = db.execute(
                "select study, state, sent from person where token = ?", (key,)
            ).fetchone()
            if state == "sent":
                return str(sent)
            if drafts_digest(self.drafts(token)) != digest:
                return None
            db.execute(
                "insert into response values (?, ?, ?, ?, ?)",
                (
                    secrets.token_bytes(16),
                    study,
                    response.questionnaire,
                    dump(response.facts),
                    dump(response.answers),
                ),
            )
            db.execute("update person set state = 'sent', sent = ? where token = ?", (digest, key))
            db.execute("delete from draft where token = ?", (key,))
        return digest

    def opt_out(self, token: str, out: bool) -> None:
        """Nobody writes to made-up people."""

    def sent_before(self, token: str, digest: str) -> bool:
        """Whether what was sent is what this digest is of."""
        row = self._db().execute("select sent from person where token = ?", (_key(token),)).fetchone()
        return row is not None and row[0] == digest

    def responses(self, study: str) -> Iterator[StoredResponse]:
        """Every response, in the order of their random ids."""
        rows = self._db().execute(
            "select questionnaire, facts, answers from response where study = ? order by id", (study,)
        )
        for questionnaire, facts, answers in rows:
            yield StoredResponse(questionnaire, json.loads(facts), json.loads(answers))

    def close(self) -> None:
        """Close this thread's connection."""
        if db := getattr(self._local, "db", None):
            db.close()
            del self._local.db

    # --- the connection

    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = sqlite3.connect(
                self.path, timeout=10, isolation_level=None, check_same_thread=False, factory=Connection
            )
            for setting in (
                "pragma journal_mode = wal",
                "pragma synchronous = full",
                "pragma secure_delete = on",
                "pragma foreign_keys = on",
            ):
                db.execute(setting)
            self._local.db = db
        return db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Write in one transaction that has the lock from its start; undone if anything fails."""
        db = self._db()
        db.execute("begin immediate")
        try:
            yield db
        except BaseException:
            db.execute("rollback")
            raise
        db.execute("commit")


def _new_token() -> str:
    """128 random bits in 26 letters and digits that are hard to mistake."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    number = secrets.randbits(130)
    return "".join(alphabet[number >> 5 * place & 31] for place in range(26))


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
