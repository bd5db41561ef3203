"""Everything that a page of the desk shows, ready for its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.safestring import mark_safe

from topline.base.rounding import half_up
from topline.base.words import words
from topline.web.desk.chart import days_chart
from topline.web.desk.known import Study
from topline.web.desk.rights import Granted, can, departments, tabs
from topline.web.monitor.counters import BANDS
from topline.web.monitor.figures import Figures, Row, Table, figures, percent
from topline.web.monitor.texts import final_named, rates_named

_ACTS: Final = ("pause", "resume", "extend", "close")


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of a table of groups; `fill` is the length of its bar in percent, None where it is hidden."""

    label: str
    invited: int
    finished: int | None
    rate: str | None
    fill: str | None
    reason: str


def monitor_page(study: Study, grants: Sequence[Granted], today: date) -> dict[str, Any]:
    """The fieldwork of a study, as far as somebody with these grants sees it."""
    found = figures(study.compiled, study.engine, study.settings, today=today)
    whole = can(grants, "see", study.compiled.id)
    tables = found.tables if whole else _own(found.tables, departments(grants, study.compiled.id))
    return {
        "study": study,
        "found": found,
        "invited": f"{found.standing.invited:,}",
        "whole": whole,
        "hidden": [table for table in tables if any(row.hidden for row in table.rows)],
        "fill": None if found.rate is None else f"{half_up(100 * found.rate, 1)}",
        "rate": percent(found.rate),
        "state": words(f"monitor-state-{found.state}"),
        "course": course_words(found),
        "title": title_words(found),
        "tables": [
            (table, _widest(table), [_shown(row, _top(table)) for row in table.rows]) for table in tables
        ],
        "chart": mark_safe(days_chart(found)) if whole else "",
        "pages": page_counts(found, study) if whole else [],
        "tallies": tallies(found) if whole else [],
        "links": link_rows(found) if whole else [],
        "final": final_named(found.final) if found.final and whole else [],
        "rates": rates_named(found.final) if found.final and whole else [],
        "acts": acts(found, grants),
        **tabs(grants, study.compiled.id),
    }


def day_of(found: Figures) -> int | None:
    """The day of the fieldwork, from 1; None if it has no first day or is not under way."""
    if found.first is None or found.today < found.first or found.state in ("written", "done"):
        return None
    return (found.today - found.first).days + 1


def title_words(found: Figures) -> str:
    """Fieldwork, and which day of how many."""
    day = day_of(found)
    if day is None:
        return words("desk-fieldwork")
    if found.first is None or found.last is None:
        return words("desk-day", day=day)
    return words("desk-day-of", day=day, days=(found.last - found.first).days + 1)


def course_words(found: Figures) -> str:
    """When it opened and when it is planned to close."""
    if found.first and found.last:
        return words("desk-course", first=day_words(found.first), last=day_words(found.last))
    return words("desk-course-last", last=day_words(found.last)) if found.last else ""


def day_words(day: date) -> str:
    """4 November 2026."""
    return f"{day.day} {day:%B %Y}"


def acts(found: Figures, grants: Sequence[Granted]) -> list[str]:
    """What may be done to the study now, by somebody with these grants."""
    fits = {
        "pause": found.state == "open",
        "resume": found.state == "paused",
        "extend": found.state in ("open", "paused"),
        "close": found.state != "done",
    }
    return [verb for verb in _ACTS if fits[verb] and can(grants, verb, found.study)]


def page_counts(found: Figures, study: Study) -> list[tuple[str, int, int, int]]:
    """Pages in their order with people who reached and answered them, and who went no further."""
    by = {(each.name, each.bucket): each.n for each in found.counters}
    rows = []
    for screen in study.compiled.screens:
        reached, answered = by.get(("reached", screen.name), 0), by.get(("answered", screen.name), 0)
        if reached or answered:
            rows.append((screen.name, reached, answered, max(0, reached - answered)))
    return rows


def link_rows(found: Figures) -> list[tuple[str, str, int, int, str]]:
    """Shared links: groups, people they are for, came, finished, participation."""
    return [
        (
            each.label or words("monitor-everybody"),
            f"{each.headcount:,}" if each.headcount else "",
            each.came,
            each.finished,
            percent(each.participation) or "",
        )
        for each in found.links
    ]


def tallies(found: Figures) -> list[tuple[str, list[tuple[str, int]]]]:
    """Devices, languages and minutes, each with its counters."""
    names = ("device", "language", "minutes")
    lists = {name: [(each.bucket, each.n) for each in found.counters if each.name == name] for name in names}
    lists["minutes"].sort(key=lambda band: BANDS.index(band[0]))
    return [(words(f"monitor-{name}"), counted) for name, counted in lists.items() if counted]


def _own(tables: Sequence[Table], own: frozenset[str]) -> tuple[Table, ...]:
    """The rows of somebody's own departments: values of the first attribute that is kept."""
    first = tables[:1]
    return tuple(
        Table(each.attribute, each.label, each.day, tuple(row for row in each.rows if row.value in own))
        for each in first
    )


def _top(table: Table) -> float:
    return max((float(row.rate) for row in table.rows if row.rate), default=0.0)


def _widest(table: Table) -> str:
    """The rate of a full bar; empty where no rate is shown."""
    top = _top(table)
    return f"{half_up(100 * top, 1)}%" if top else ""


def _shown(row: Row, top: float) -> Shown:
    fill = None if row.rate is None or not top else f"{100 * float(row.rate) / top:.1f}"
    reason = words(f"monitor-hidden-{row.hidden}") if row.hidden else ""
    label = row.label or words("monitor-given-up")
    return Shown(label, row.invited, row.finished, percent(row.rate), fill, reason)
