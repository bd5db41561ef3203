"""The course of a fieldwork: paused or not, and its last day. What was decided stands in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from topline.base import fail
from topline.web.store.audit import note
from topline.web.store.engines import Engine, Transaction


@dataclass(frozen=True, slots=True)
class Course:
    """Whether the pages are paused, and the last day if it was moved."""

    paused: bool = False
    last_day: date | None = None


def course_of(engine: Engine, study: str) -> Course:
    """The course of a study."""
    rows = engine.rows("select paused, last_day from course where study = ?", study)
    if not rows:
        return Course()
    paused, last = rows[0]
    return Course(bool(paused), date.fromisoformat(last) if last else None)


def planned_end(settings: Mapping[str, Any]) -> date | None:
    """The last day that study.yaml names, if it does."""
    days = settings.get("fieldwork")
    return date.fromisoformat(str(days["to"])) if days else None


def day_of(text: str) -> date:
    """A day as somebody wrote it; ToplineError if it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        fail("extend-day", given=text)


def pause(engine: Engine, study: str) -> None:
    """Show respondents that the survey is paused; what they send is still taken. Nothing if it is."""
    _set_paused(engine, study, paused=True)


def resume(engine: Engine, study: str) -> None:
    """Open the pages again; nothing if they are open."""
    _set_paused(engine, study, paused=False)


def extend(engine: Engine, study: str, last_day: date, *, before: date | None, today: date) -> None:
    """Move the last day to a later one. ToplineError for an earlier one, or one that is past.

    `before` is the last day of study.yaml. An earlier day is refused: people were told the later one.
    """
    _still_open(engine, study)
    now = course_of(engine, study).last_day or before
    if last_day < today or (now is not None and last_day <= now):
        fail("extend-earlier", given=last_day, last=max(today, now) if now else today)

    def work(db: Transaction) -> None:
        db.change(
            "insert into course values (?, 0, ?)"
            " on conflict (study) do update set last_day = excluded.last_day",
            study, str(last_day),
        )  # fmt: skip
        note(db, study, "extend", last_day=str(last_day))

    engine.write(work)


def _set_paused(engine: Engine, study: str, *, paused: bool) -> None:
    _still_open(engine, study)

    def work(db: Transaction) -> None:
        before = db.rows("select paused from course where study = ?", study)
        if bool(before and before[0][0]) == paused:
            return
        db.change(
            "insert into course values (?, ?, null)"
            " on conflict (study) do update set paused = excluded.paused",
            study, int(paused),
        )  # fmt: skip
        note(db, study, "pause" if paused else "resume")

    engine.write(work)


def _still_open(engine: Engine, study: str) -> None:
    rows = engine.rows("select state from release where study = ?", study)
    if not rows:
        fail("fieldwork-not-launched", study=study)
    if rows[0][0] != "open":
        fail("course-closed", study=study)
