"""Tables of the main store. What each may hold, and for how long: docs/explanation/anonymity.md.

A response has no date, no language, no device, no order: it stands by an id that only a destroyed key could
work out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from topline.base import fail
from topline.web.store.engines import Engine, Transaction
from topline.web.store.steps import STEPS

VERSION: Final = len(STEPS)
_IS_MADE: Final = {
    "sqlite": "select count(*) from sqlite_master where name = 'meta'",
    "postgresql": "select count(*) from pg_tables where tablename = 'meta' and schemaname = current_schema()",
}
_NAME: Final = re.compile(r"[a-z_]+")
_MAKES: Final = re.compile(r"create table (\w+)")


def make_tables(engine: Engine, version: int | None = None) -> None:
    """Bring a database to the tables of today, from nothing or from an earlier version, in one transaction.

    `version`: only to the tables of that version, to put rows of its time into them. Raises ToplineError if
    it holds made-up answers, or is of a later version than this program knows.
    """
    wanted = VERSION if version is None else version

    def make(db: Transaction) -> str | None:
        made = bool(db.rows(_IS_MADE[engine.kind])[0][0])
        found: dict[str, str] = dict(db.rows("select name, value from meta")) if made else {}
        if made and found.get("answers") != "real":
            return "made-up answers"
        before = int(found.get("version", 0))
        if before > VERSION:
            return f"tables of version {before}"
        for step in STEPS[before:wanted]:
            for statement in step.statements(engine.kind):
                db.change(statement)
        if not made:
            db.change("insert into meta values ('version', ?), ('answers', 'real')", str(wanted))
        elif before < wanted:
            db.change("update meta set value = ? where name = 'version'", str(wanted))
        return None

    if (other := engine.write(make)) is not None:
        fail("store-other", found=other, wanted=VERSION)


def is_made(engine: Engine) -> bool:
    """Whether a database has a main store in it already."""
    return bool(engine.rows(_IS_MADE[engine.kind])[0][0])


def drop_tables(engine: Engine) -> None:
    """Take a store away that was just made and could not be filled."""

    def work(db: Transaction) -> None:
        for name in table_names():
            db.change(for_table("drop table if exists {table}", name))
        if engine.kind == "postgresql":
            db.change("drop function if exists never_changed cascade")

    engine.write(work)


def table_names() -> tuple[str, ...]:
    """Every table of the main store, in the order in which the steps make them."""
    statements = (statement for step in STEPS for statement in step.tables)
    return tuple(found[1] for each in statements if (found := _MAKES.match(each)))


def columns_of(engine: Engine, table: str) -> list[str]:
    """The columns of a table, in its order."""
    if engine.kind == "sqlite":
        return [name for (name,) in engine.rows("select name from pragma_table_info(?)", table)]
    return [
        name
        for (name,) in engine.rows(
            "select column_name from information_schema.columns"
            " where table_schema = current_schema() and table_name = ? order by ordinal_position",
            table,
        )
    ]


def for_table(sql: str, table: str, columns: Sequence[str] = ()) -> str:
    """A statement with a table's name at `{table}`, and its columns at `{columns}` and `{places}`.

    Only names that this program made get into it: ValueError for any other.
    """
    if table not in table_names() or not all(map(_NAME.fullmatch, columns)):
        raise ValueError(f"no table of ours: {table}")
    return sql.format(table=table, columns=", ".join(columns), places=", ".join("?" * len(columns)))


def personal_tables() -> tuple[str, ...]:
    """The tables whose rows tell of single people, those that lean on others first."""
    return tuple(table for step in reversed(STEPS) for table in step.personal)
