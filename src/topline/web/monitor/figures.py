"""The figures of the monitor as they may be shown: to the desk, and to `topline monitor`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from topline.base.rounding import half_up
from topline.disclosure.small_groups import Reason, small_groups
from topline.study.compiled import Compiled, Known
from topline.web.fieldwork.promise import Promise, read_promise, release_state
from topline.web.monitor.counters import Counter, counters
from topline.web.monitor.counts import Standing, standing
from topline.web.monitor.course import Course, course_of, planned_end
from topline.web.monitor.days import Day, days, groups, groups_now, note_day
from topline.web.monitor.rates import Dispositions
from topline.web.monitor.shared_links import SharedLink, shared_links
from topline.web.store.audit import entries
from topline.web.store.engines import Engine

#: Lines of the log that a chart of days marks.
_EVENTS: Final = ("launch", "links written", "reminder", "pause", "resume", "extend", "close")


@dataclass(frozen=True, slots=True)
class Row:
    """One group: `finished` and `rate` are None where `hidden` says why."""

    value: str | None
    label: str
    invited: int
    finished: int | None
    rate: Fraction | None
    hidden: Reason | None


@dataclass(frozen=True, slots=True)
class Table:
    """The groups of one attribute, highest rate first, hidden ones last."""

    attribute: str
    label: str
    day: date
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to the survey on a day, by its verb in the log."""

    day: date
    verb: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Where a fieldwork stands. Before the close every number but `invited` is a multiple of ten.

    `rate` is RR1 with those who finished as complete (None: nobody to count, or an open link); after the
    close `final` has the dispositions.
    """

    study: str
    title: str
    state: str
    course: Course
    first: date | None
    last: date | None
    today: date
    standing: Standing
    rate: Fraction | None
    tables: tuple[Table, ...]
    days: tuple[Day, ...]
    events: tuple[Event, ...]
    counters: tuple[Counter, ...]
    final: Dispositions | None
    links: tuple[SharedLink, ...] = ()

    def table(self, attribute: str) -> Table | None:
        """The table of an attribute."""
        return next((each for each in self.tables if each.attribute == attribute), None)


def figures(
    compiled: Compiled,
    engine: Engine,
    settings: Mapping[str, Any],
    *,
    today: date,
) -> Figures:
    """Count and hide. `settings` are those of study.yaml; an open link has no response rate."""
    is_open_link = str((settings.get("frame") or {}).get("kind", "")) == "open"
    study, promise = compiled.id, read_promise(engine, compiled.id)
    state = release_state(engine, study)
    if state == "open":
        note_day(engine, study, promise.kept, today)
    course = course_of(engine, study)
    final = dispositions(engine, study) if state in ("written", "done") else None
    shown = standing(engine, study).stepped()
    rate = final.rr1 if final else _share(shown.finished, shown.eligible)
    return Figures(
        study=study,
        title=compiled.wording["study.title"],
        state="paused" if course.paused and state == "open" else state,
        course=course,
        first=date.fromisoformat(promise.opens) if promise.opens else None,
        last=course.last_day or planned_end(settings),
        today=today,
        standing=shown,
        rate=None if is_open_link else rate,
        tables=tuple(_tables(compiled, engine, promise, today if final else None, is_open_link)),
        days=tuple(days(engine, study)),
        events=tuple(_events(engine, study)),
        counters=tuple(counters(engine, study)),
        final=final,
        links=shared_links(compiled, engine),
    )


def dispositions(engine: Engine, study: str) -> Dispositions:
    """The dispositions that were counted at the close."""
    rows = engine.rows("select outcome, sum(n) from outcome_count where study = ? group by outcome", study)
    return Dispositions(**{outcome: int(n) for outcome, n in rows})


def percent(share: Fraction | None, decimals: int = 1) -> str | None:
    """A share in percent, rounded once."""
    return None if share is None else f"{half_up(100 * share, decimals)}%"


def as_json(found: Figures) -> str:
    """The figures as plain data; shares in percent."""
    return json.dumps(
        {
            "study": found.study,
            "state": found.state,
            "day": str(found.today),
            "last_day": str(found.last) if found.last else None,
            "standing": {name: getattr(found.standing, name) for name in Standing.__dataclass_fields__},
            "rr1": percent(found.rate),
            "groups": {
                table.attribute: [
                    {"value": row.value, "invited": row.invited, "finished": row.finished,
                     "rr1": percent(row.rate), "hidden": row.hidden}
                    for row in table.rows
                ]
                for table in found.tables
            },
            "days": [{"day": str(each.day), "finished": each.finished} for each in found.days],
            "events": [{"day": str(each.day), "what": each.verb} for each in found.events],
            "counters": [
                {"name": each.name, "bucket": each.bucket, "n": each.n} for each in found.counters
            ],
            "outcomes": _outcomes(found.final),
            "links": [
                {"of": each.label, "headcount": each.headcount, "came": each.came, "finished": each.finished,
                 "participation": percent(each.participation)}
                for each in found.links
            ],
        },
        indent=2,
    )  # fmt: skip


def _outcomes(final: Dispositions | None) -> dict[str, Any] | None:
    if final is None:
        return None
    counted = {name: getattr(final, name) for name in Dispositions.__dataclass_fields__}
    rates = {"rr1": final.rr1, "rr2": final.rr2, "rr3": final.rr3, "e": final.e}
    return {**counted, **{name: percent(share) for name, share in rates.items()}}


def _tables(
    compiled: Compiled, engine: Engine, promise: Promise, closed: date | None, is_open_link: bool
) -> list[Table]:
    known = {each.name: each for each in compiled.attributes if each.name in promise.kept}
    names = [name for name in promise.kept if name in known]
    found = [_table(compiled, engine, known[name], closed, is_open_link) for name in names]
    return [table for table in found if table is not None]


def _table(
    compiled: Compiled, engine: Engine, known: Known, closed: date | None, is_open_link: bool
) -> Table | None:
    """The groups of this morning; of a closed survey (`closed` is today) as they ended."""
    if closed is None:
        found, total = groups(engine, compiled.id, known.name)
    else:
        found, total = groups_now(engine, compiled.id, known.name, closed)
    if not found:
        return None
    counts = {each.value: each.finished for each in found}
    hidden = small_groups(counts, {each.value: each.invited for each in found}, total)
    title = compiled.wording.get(known.label) or known.name.replace("_", " ").capitalize()
    labels = {option.name: compiled.wording[option.text] for option in known.options}
    rows = []
    for each in found:
        reason = hidden.get(each.value)
        rate = None if reason or is_open_link else _share(each.finished, each.invited)
        label = labels.get(each.value or "", each.value or "")
        done = None if reason else each.finished
        rows.append(Row(each.value, label, each.invited, done, rate, reason))
    rows.sort(key=lambda row: (row.hidden == "small", row.hidden is not None, -(row.rate or 0), row.label))
    return Table(known.name, title, found[0].day, tuple(rows))


def _events(engine: Engine, study: str) -> list[Event]:
    found: dict[Event, None] = {}
    for each in entries(engine, study):
        verb = str(each.what["verb"])
        if verb == "mail":
            verb = "reminder" if each.what["wave"] else "links written"
        if verb in _EVENTS:
            found[Event(date.fromisoformat(each.at[:10]), verb)] = None
    return list(found)


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
