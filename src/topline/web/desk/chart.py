"""Columns by day: two drawings and their figures as a table (the look: charts, columns by day)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from math import ceil
from typing import Final

from topline.base.words import words
from topline.charts.svg import document, line, rect, text
from topline.web.monitor.days import Day
from topline.web.monitor.figures import Event, Figures

_LEFT, _TOP, _BASE, _HEIGHT = 40, 26, 196, 224
_WIDTHS: Final = ((720, "w"), (320, "n"))
_UNMARKED: Final = frozenset({"launch", "close"})


def days_chart(found: Figures) -> str:
    """The figure as HTML; empty before the first day with ten people."""
    days = _every_day(found.days)
    if not any(each.finished for each in days):
        return ""
    most = max(days, key=lambda each: each.finished)
    title = words("desk-chart-title", n=f"{most.finished:,}", day=_short(most.day))
    about = words("desk-chart-about", first=_short(days[0].day), last=_short(days[-1].day), title=title)
    events = [each for each in found.events if each.verb not in _UNMARKED]
    drawn = "".join(_drawing(days, events, width, f"days-{css}", about) for width, css in _WIDTHS)
    return (
        '<figure class="chart full" aria-labelledby="days-title"><svg class="line" viewBox="0 0 100 4" '
        'preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect width="100" height="4"/></svg>'
        f'<figcaption><p class="ttl" id="days-title">{escape(title)}</p>'
        f'<p class="st">{escape(words("desk-chart-note"))}</p></figcaption>{drawn}'
        f"{_table(days, events)}</figure>"
    )


def _drawing(days: Sequence[Day], events: Sequence[Event], width: int, id: str, about: str) -> str:
    top = _scale(max(each.finished for each in days))
    step = (width - _LEFT) / len(days)
    gap = 2 if step > 6 else 0.5
    body = [line(_LEFT, _BASE, width, _BASE, "ax0"), text(_LEFT - 6, _BASE + 5, "0", "q2 e", 14)]
    for part in (1, 2, 3, 4):
        y = _BASE - (_BASE - _TOP) * part / 4
        if (top * part) % 4 == 0:
            body += [
                line(_LEFT, y, width, y, "ax"),
                text(_LEFT - 6, y + 5, f"{top * part // 4:,}", "q2 e", 14),
            ]
    every = _label_every(len(days), step)
    for place, each in enumerate(days):
        x, height = _LEFT + place * step, (_BASE - _TOP) * each.finished / top
        if each.finished:
            body.append(rect(x + gap / 2, _BASE - height, step - gap, height, "bar"))
        if place % every == 0 and x + 48 <= width:
            body.append(text(x + gap / 2, 216, _short(each.day), "q2", 14))
    body += _marks(days, events, step, width)
    return document(width, _HEIGHT, id, words("desk-chart-name"), about, "", "".join(body))


def _marks(days: Sequence[Day], events: Sequence[Event], step: float, width: int) -> list[str]:
    """A dashed line for each day on which something was done, with a word if there is room for it."""
    found, free = [], 0.0
    for day in sorted({each.day for each in events}):
        place = (day - days[0].day).days
        if not 0 <= place < len(days):
            continue
        x = _LEFT + place * step
        found.append(line(x, 18, x, _BASE, "ref"))
        word = ", ".join(dict.fromkeys(_event(each) for each in events if each.day == day))
        length = 8.0 * len(word)
        if x >= free and x + 6 + length <= width:
            found.append(text(x + 5, 16, word, "reft", 14))
            free = x + 12 + length
        elif x - 6 - length >= free:
            found.append(text(x - 5, 16, word, "reft e", 14))
            free = x + 6
    return found


def _table(days: Sequence[Day], events: Sequence[Event]) -> str:
    done = {day: [each for each in events if each.day == day] for day in {each.day for each in events}}
    rows = "".join(
        f'<tr><th scope="row">{_short(each.day)}</th><td>{each.finished:,}</td>'
        f"<td>{escape(', '.join(dict.fromkeys(_event(event) for event in done.get(each.day, []))))}</td></tr>"
        for each in days
    )
    name = escape(words("desk-chart-name"))
    heads = "".join(
        f'<th scope="col">{escape(words(id))}</th>'
        for id in ("desk-chart-day", "monitor-finished", "desk-chart-event")
    )
    return (
        f"<details><summary>{escape(words('desk-chart-table'))}</summary>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table class="tbl">'
        f'<caption class="vh">{name}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        "</div></details>"
    )


def _every_day(days: Sequence[Day]) -> list[Day]:
    """The days without gaps: a day that nobody wrote down counts nobody."""
    if not days:
        return []
    known = {each.day: each.finished for each in days}
    length = (days[-1].day - days[0].day).days + 1
    every = (days[0].day + timedelta(days=n) for n in range(length))
    return [Day(day, known.get(day, 0)) for day in every]


def _scale(most: int) -> int:
    """A round number at or above the highest column, that four parts divide well."""
    size: int = max(10, 10 ** (len(str(most)) - 1))
    return next(step * size for step in (2, 4, 8, 12) if step * size >= most)


def _label_every(number: int, step: float) -> int:
    return max(1, ceil(56 / step)) if number < 7 else 7 * max(1, ceil(56 / (7 * step)))


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _event(event: Event) -> str:
    return words(f"monitor-event-{event.verb.replace(' ', '_')}")
