"""The main store is brought up to date from every earlier version, with what it holds."""

from __future__ import annotations

import pytest

from topline.base import ToplineError
from topline.web.store.audit import first_fault, note
from topline.web.store.engines import Engine, engine_of
from topline.web.store.tables import VERSION, for_table, make_tables


def columns(engine: Engine) -> list[tuple[str, str]]:
    """Every table with its columns."""
    if engine.kind == "sqlite":
        names = [name for (name,) in engine.rows("select name from sqlite_master where type = 'table'")]
        return sorted((name, row[1]) for name in names for row in engine.rows(f"pragma table_info({name})"))
    return sorted(
        engine.rows("select table_name, column_name from information_schema.columns"
                    " where table_schema = current_schema()")
    )  # fmt: skip


@pytest.mark.parametrize("before", range(1, VERSION + 1))
def test_upgrade(address: str, before: int) -> None:
    """A store of an earlier version gets the tables of today, and loses neither people nor log."""
    engine = engine_of(address)
    make_tables(engine, before)
    engine.write(
        lambda db: db.change(
            "insert into invite (study, id, person, cell, generation, opted_out, bounced, state)"
            " values ('s', 0, '{}', '{}', 0, 0, 0, 'listed')"
        )
    )
    engine.write(lambda db: note(db, "s", "frame load", people=1))
    make_tables(engine)
    make_tables(engine)  # a second time changes nothing
    assert engine.rows("select value from meta where name = 'version'") == [(str(VERSION),)]
    assert engine.rows("select state from invite") == [("listed",)]
    assert first_fault(engine) is None
    found = columns(engine)
    engine.close()
    fresh = engine_of(f"{address}.fresh") if engine.kind == "sqlite" else None
    if fresh:
        make_tables(fresh)
        assert columns(fresh) == found
        fresh.close()


def test_refuse_later(address: str) -> None:
    """A store of a later version is refused, unchanged."""
    engine = engine_of(address)
    make_tables(engine)
    engine.write(lambda db: db.change("update meta set value = '99' where name = 'version'"))
    with pytest.raises(ToplineError, match=r"this store holds tables of version 99, .* or before"):
        make_tables(engine)
    assert engine.rows("select value from meta where name = 'version'") == [("99",)]
    engine.close()


@pytest.mark.parametrize(
    ("table", "columns"), [("response; drop table invite", ()), ("users", ()), ("invite", ("id, 1",))]
)
def test_only_our_names(table: str, columns: tuple[str, ...]) -> None:
    """A name that this program did not make gets into no statement."""
    with pytest.raises(ValueError, match="no table of ours"):
        for_table("select {columns} from {table}", table, columns)
    assert for_table("insert into {table} ({columns}) values ({places})", "release", ("study", "state")) == (
        "insert into release (study, state) values (?, ?)"
    )
