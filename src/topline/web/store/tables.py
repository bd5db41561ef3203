"""Tables of the main store. What each may hold, and for how long: docs/explanation/anonymity.md.

A response has no date, no language, no device, no order: it stands by an id that only a destroyed key could
work out. What was promised at launch and what was logged can be read and added to, never changed.
"""

from __future__ import annotations

from typing import Final

from topline.base import fail
from topline.web.store.engines import Engine, Transaction

VERSION: Final = "1"
_TABLES: Final = (
    "create table meta (name text primary key, value text not null)",
    "create table fieldwork (study text primary key, promise text not null, hash text not null)",
    "create table invite (study text not null, id bigint not null, person text not null, cell text not null,"
    " generation integer not null, opted_out integer not null, bounced integer not null,"
    " link_hash {blob} unique,"
    " state text not null check (state in ('listed', 'invited', 'started', 'finished')),"
    " primary key (study, id))",
    "create table sealed (study text not null, invite bigint not null, body {blob} not null,"
    " primary key (study, invite))",
    "create table response (study text not null, id {blob} not null, attributes text not null,"
    " questionnaire text not null, answers text not null, primary key (study, id)){compact}",
    "create table linked (study text not null, invite bigint not null, response {blob} not null,"
    " digest text not null, primary key (study, invite))",
    "create table release (study text primary key,"
    " state text not null check (state in ('open', 'closing', 'written', 'done')))",
    "create table class_count (study text not null, cell text not null, invited bigint not null,"
    " replied bigint not null, primary key (study, cell))",
    "create table audit (n bigint primary key, study text not null, at text not null, what text not null,"
    " before text not null, hash text not null)",
)
_SQLITE_GUARDS: Final = tuple(
    statement
    for table in ("fieldwork", "audit")
    for statement in (
        f"create trigger {table}_update before update on {table}"
        f" begin select raise(abort, '{table} is never changed'); end",
        f"create trigger {table}_delete before delete on {table}"
        f" begin select raise(abort, '{table} is never changed'); end",
    )
)
_POSTGRESQL_GUARDS: Final = (
    "create function never_changed() returns trigger language plpgsql as"
    " 'begin raise exception ''this table is never changed''; end'",
    *(
        f"create trigger {table}_guard before update or delete or truncate on {table}"
        " execute function never_changed()"
        for table in ("fieldwork", "audit")
    ),
)


def make_tables(engine: Engine) -> None:
    """Make the tables if the database is empty; ToplineError if it is of another version."""
    sqlite = engine.kind == "sqlite"
    blob, compact = ("blob", " without rowid") if sqlite else ("bytea", "")
    guards = _SQLITE_GUARDS if sqlite else _POSTGRESQL_GUARDS
    known = (
        "select count(*) from sqlite_master where name = 'meta'"
        if sqlite
        else "select count(*) from pg_tables where tablename = 'meta' and schemaname = current_schema()"
    )

    def make(db: Transaction) -> str:
        if not db.rows(known)[0][0]:
            for statement in (*_TABLES, *guards):
                db.change(statement.replace("{blob}", blob).replace("{compact}", compact))
            db.change("insert into meta values ('version', ?), ('answers', 'real')", VERSION)
        found: dict[str, str] = dict(db.rows("select name, value from meta"))
        return found["version"] if found.get("answers") == "real" else "made-up answers"

    found = engine.write(make)
    if found != VERSION:
        fail("store-other", found=found, wanted=VERSION)
