"""Tables of the main store. What each may hold, and for how long: docs/explanation/anonymity.md.

A response has no date, no language, no device, no order: it stands by an id that only a destroyed key could
work out.
"""

from __future__ import annotations

from typing import Final

from topline.base import fail
from topline.web.store.engines import Engine, Transaction
from topline.web.store.steps import STEPS

VERSION: Final = len(STEPS)


def make_tables(engine: Engine) -> None:
    """Bring a database to the tables of today, from nothing or from an earlier version, in one transaction.

    Raises ToplineError if it holds made-up answers, or is of a later version than this program knows.
    """
    known = (
        "select count(*) from sqlite_master where name = 'meta'"
        if engine.kind == "sqlite"
        else "select count(*) from pg_tables where tablename = 'meta' and schemaname = current_schema()"
    )

    def make(db: Transaction) -> str | None:
        made = bool(db.rows(known)[0][0])
        found: dict[str, str] = dict(db.rows("select name, value from meta")) if made else {}
        if made and found.get("answers") != "real":
            return "made-up answers"
        before = int(found.get("version", 0))
        if before > VERSION:
            return f"tables of version {before}"
        for step in STEPS[before:]:
            for statement in step.statements(engine.kind):
                db.change(statement)
        if not made:
            db.change("insert into meta values ('version', ?), ('answers', 'real')", str(VERSION))
        elif before < VERSION:
            db.change("update meta set value = ? where name = 'version'", str(VERSION))
        return None

    if (other := engine.write(make)) is not None:
        fail("store-other", found=other, wanted=VERSION)
