"""Threats 1 and 22: beside state and sealed answers, no table moves with a single person."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.fields import Field
from tests.web.monitor.test_counters import browsers
from tests.web.test_fieldwork import ALL

from topline.web.monitor.counters import Counting
from topline.web.monitor.ticking import tick
from topline.web.store.engines import Engine
from topline.web.store.tables import for_table, table_names

Rows = dict[str, set[tuple[object, ...]]]
#: What says of a person that they have finished, and holds the answers until the close.
OWN = {"invite", "sealed"}
#: Text that says which family a number belongs to; a number of a day or group is its last column.
MONITOR = {"monitor_counter", "monitor_day", "monitor_group"}


def contents(engine: Engine) -> Rows:
    """Every row of every table."""
    return {
        name: {tuple(map(str, row)) for row in engine.rows(for_table("select * from {table}", name))}
        for name in table_names()
    }


def moved(before: Rows, after: Rows) -> Rows:
    """The tables in which something is new or gone, with the rows that are new."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def test_threat_01_no_other_table_moves_with_a_person(make: Callable[..., Field], address: str) -> None:
    """25 interviews, the whole store read after each, the monitor's thread at work as often as can be: what
    is written beside a person's own rows stands for ten people or more since it was written last.
    """
    field = make(address=address)
    counting = Counting(field.engine, "every_kind")
    new = browsers(field, counting, lambda: 0.0)
    kept = field.fieldwork.promise.kept
    tick(counting, field.engine, "every_kind", kept)
    seen, last = contents(field.engine), 0
    for number, token in enumerate(field.tokens[:25], start=1):
        assert "Thank you" in new().answer_all(token, ALL).text
        tick(counting, field.engine, "every_kind", kept)
        found = contents(field.engine)
        changes, seen = moved(seen, found), found
        assert set(changes) >= OWN
        others = set(changes) - OWN
        assert others <= MONITOR, others
        if others:
            assert number - last >= 10
            last = number
            assert all(int(str(row[-1])) % 10 == 0 for name in others for row in changes[name])
    assert last == 20  # the attack sees what moves


def test_threat_01_no_number_of_an_invitation_is_left_beside_a_response(
    make: Callable[..., Field], address: str
) -> None:
    """After the close of an anonymous study nothing is sealed or linked; the close writes counts."""
    field = make(address=address)
    for token in field.tokens[:12]:
        assert "Thank you" in field.browser().answer_all(token, ALL).text
    before = contents(field.engine)
    field.close()
    changes = moved(before, contents(field.engine))
    assert set(changes) <= {
        "sealed",
        "response",
        "release",
        "class_count",
        "outcome_count",
        "audit",
        "course",
    }
    assert not field.engine.rows("select 1 from sealed")
    assert not field.engine.rows("select 1 from linked")
    assert len(changes["audit"]) == 1
    (line,) = changes["audit"]
    assert not [word for word in ("office.example", "department") if word in str(line)]
