"""Step 1: what a fieldwork is made of. What is promised and what is logged can be read and added to, never
changed.
"""

from __future__ import annotations

from typing import Final

from topline.web.store.steps.step import Step

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
STEP: Final = Step(
    _TABLES,
    sqlite=_SQLITE_GUARDS,
    postgresql=_POSTGRESQL_GUARDS,
    personal=("sealed", "linked", "invite"),
)
