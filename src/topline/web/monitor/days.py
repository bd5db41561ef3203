"""What is written down of a day: how many had finished, and the groups as they were that morning.

Written by whoever looks first and by the server every hour, in transactions of their own. Numbers are
multiples of ten; a group's number is written once a day, so that two looks at one day differ in nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from topline.web.monitor.counts import by_group, down, standing
from topline.web.store.engines import Engine, Transaction

_WHOLE: Final = "*"  # in place of a value, which is a name: everybody


@dataclass(frozen=True, slots=True)
class Day:
    """One day: people who finished on it, in steps of ten."""

    day: date
    finished: int


@dataclass(frozen=True, slots=True)
class Group:
    """One value of an attribute (None: given up), as it was on the morning of `day`."""

    value: str | None
    day: date
    invited: int
    finished: int


def note_day(engine: Engine, study: str, kept: Sequence[str], today: date) -> None:
    """Write down where things stand today; nothing if that is known."""
    finished = down(standing(engine, study).finished)
    known = engine.rows("select finished from monitor_day where study = ? and day = ?", study, str(today))
    if known != [(finished,)]:
        engine.write(lambda db: _day(db, study, today, finished))
    for attribute in kept:
        if not engine.rows(
            "select 1 from monitor_group where study = ? and attribute = ? and day >= ?",
            study, attribute, str(today),
        ):  # fmt: skip
            _note_groups(engine, study, attribute, today)


def days(engine: Engine, study: str) -> list[Day]:
    """Every day that is written down, with those who finished since the one before."""
    found, before = [], 0
    rows = engine.rows("select day, finished from monitor_day where study = ? order by day", study)
    for day, finished in rows:
        found.append(Day(date.fromisoformat(day), max(0, finished - before)))
        before = max(before, finished)
    return found


def groups(engine: Engine, study: str, attribute: str) -> tuple[list[Group], int]:
    """The groups of an attribute as they were written down last, and all who had finished at that moment."""
    rows = engine.rows(
        "select value, day, invited, finished from monitor_group where study = ? and attribute = ?"
        " order by value",
        study, attribute,
    )  # fmt: skip
    found = [
        Group(value or None, date.fromisoformat(day), invited, done)
        for value, day, invited, done in rows
        if value != _WHOLE
    ]
    return found, next((done for value, _, _, done in rows if value == _WHOLE), 0)


def _day(db: Transaction, study: str, today: date, finished: int) -> None:
    db.change(
        "insert into monitor_day values (?, ?, ?) on conflict (study, day)"
        " do update set finished = excluded.finished",
        study, str(today), finished,
    )  # fmt: skip


def groups_now(engine: Engine, study: str, attribute: str, today: date) -> tuple[list[Group], int]:
    """The groups as they are at this moment, in steps of ten: for a survey whose people stand still."""
    found = by_group(engine, study, attribute)
    shown = [Group(value, today, now.eligible, down(now.finished)) for value, now in found.items()]
    return shown, down(sum(now.finished for now in found.values()))


def _note_groups(engine: Engine, study: str, attribute: str, today: date) -> None:
    found, total = groups_now(engine, study, attribute, today)
    rows = [(study, attribute, each.value or "", str(today), each.invited, each.finished) for each in found]
    rows.append((study, attribute, _WHOLE, str(today), sum(each.invited for each in found), total))

    def work(db: Transaction) -> None:
        later = db.rows(
            "select 1 from monitor_group where study = ? and attribute = ? and day >= ?",
            study, attribute, str(today),
        )  # fmt: skip
        if later:
            return  # another process was first
        db.change("delete from monitor_group where study = ? and attribute = ?", study, attribute)
        # another process may do the same at this moment, from the same people
        db.many("insert into monitor_group values (?, ?, ?, ?, ?, ?) on conflict do nothing", rows)

    engine.write(work)
