"""What is written down of a day: how many had finished, and the groups as they were that morning.

Written by whoever looks first and by the server every hour, in transactions of their own. Numbers are
multiples of ten; a group's number is written once a day, so that two looks at one day differ in nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from topline.web.monitor.counts import by_group, down, standing
from topline.web.store.engines import Engine, Transaction


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


def groups(engine: Engine, study: str, attribute: str) -> list[Group]:
    """The groups of an attribute, as they were written down last."""
    rows = engine.rows(
        "select value, day, invited, finished from monitor_group where study = ? and attribute = ?"
        " order by value",
        study, attribute,
    )  # fmt: skip
    return [
        Group(value or None, date.fromisoformat(day), invited, done) for value, day, invited, done in rows
    ]


def _day(db: Transaction, study: str, today: date, finished: int) -> None:
    db.change(
        "insert into monitor_day values (?, ?, ?) on conflict (study, day)"
        " do update set finished = excluded.finished",
        study, str(today), finished,
    )  # fmt: skip


def _note_groups(engine: Engine, study: str, attribute: str, today: date) -> None:
    rows = [
        (study, attribute, value or "", str(today), now.eligible, down(now.finished))
        for value, now in by_group(engine, study, attribute).items()
    ]

    def work(db: Transaction) -> None:
        later = db.rows(
            "select 1 from monitor_group where study = ? and attribute = ? and day >= ?",
            study, attribute, str(today),
        )  # fmt: skip
        if later:
            return  # another process was first
        db.change("delete from monitor_group where study = ? and attribute = ?", study, attribute)
        db.many("insert into monitor_group values (?, ?, ?, ?, ?, ?)", rows)

    engine.write(work)
