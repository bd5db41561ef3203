"""The figures of the monitor as text for a terminal, and as rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from topline.base.words import words
from topline.web.monitor.counts import Standing
from topline.web.monitor.figures import Figures, Table, percent
from topline.web.monitor.rates import Dispositions

Line = tuple[str, str, str]  # what it is about, of whom, the figure


def as_rows(found: Figures) -> list[Line]:
    """Every figure as a line of a spreadsheet, below a line of names."""
    lines: list[Line] = [("figure", "of", "value"), ("state", "", found.state), ("day", "", str(found.today))]
    lines += [(each.name, "", str(getattr(found.standing, each.name))) for each in fields(Standing)]
    if found.rate is not None:
        lines.append(("rr1", "", str(percent(found.rate))))
    for table in found.tables:
        for row in table.rows:
            of = f"{table.attribute}={row.value or ''}"
            lines.append(("invited", of, str(row.invited)))
            lines.append(("finished", of, "[c]" if row.finished is None else str(row.finished)))
    for link in found.links:
        of = f"link={link.label}"
        lines += [("headcount", of, str(link.headcount or "")), ("came", of, str(link.came))]
        lines += [
            ("finished", of, str(link.finished)),
            ("participation", of, percent(link.participation) or ""),
        ]
    lines += [("finished on day", str(each.day), str(each.finished)) for each in found.days]
    lines += [(each.name, each.bucket, str(each.n)) for each in found.counters]
    if found.final is not None:
        lines += [(f"final {each.name}", "", str(getattr(found.final, each.name))) for each in
                  fields(Dispositions)]  # fmt: skip
        lines += [(name, "", str(percent(getattr(found.final, name)))) for name in ("rr1", "rr2", "rr3", "e")]
    return lines


def as_text(found: Figures) -> str:
    """The figures for a terminal."""
    return "\n".join(_lines(found))


def named(found: Figures) -> list[tuple[str, int]]:
    """People by where they stand, with the words for it."""
    return [(words(f"monitor-{each.name}"), getattr(found.standing, each.name)) for each in fields(Standing)]


def final_named(final: Dispositions) -> list[tuple[str, int]]:
    """Final dispositions with their words and codes."""
    suffixes = {"opted_out": "-final", "undelivered": "-final", "left": "-final"}
    return [
        (words(f"monitor-{each.name}{suffixes.get(each.name, '')}"), getattr(final, each.name))
        for each in fields(Dispositions)
    ]


def rates_named(final: Dispositions) -> list[tuple[str, str]]:
    """The three rates with their words; without those that cannot be worked out."""
    shares = {"rr1": final.rr1, "rr2": final.rr2, "rr3": final.rr3}
    e = percent(final.e) or ""
    return [
        (words(f"monitor-{name}", e=e), shown) for name, share in shares.items() if (shown := percent(share))
    ]


def _lines(found: Figures) -> Iterator[str]:
    last = f", last day {found.last}" if found.last else ""
    yield f"{found.title}: {words(f'monitor-state-{found.state}')}{last}"
    pairs = named(found) if found.final is None else final_named(found.final)
    yield from (f"  {name:<32}{n:>8,}" for name, n in pairs)
    if found.final is not None:
        yield from (f"  {share:>6}  {name}" for name, share in rates_named(found.final))
        yield f"  {words('monitor-source')}"
    elif found.rate is not None:
        yield f"  {words('monitor-rate'):<32}{percent(found.rate):>8}"
    else:
        yield f"  {words('monitor-no-rate')}"
    for table in found.tables:
        yield ""
        yield from _table(table)
    if found.links:
        yield ""
        yield from _links(found)
    for name in ("reached", "answered", "device", "language", "minutes"):
        if counted := [each for each in found.counters if each.name == name]:
            yield ""
            yield words(f"monitor-{name}")
            yield from (f"  {each.bucket:<32}{each.n:>8,}" for each in counted)
    yield ""
    yield words("monitor-steps")


def _links(found: Figures) -> Iterator[str]:
    heads = [words(f"monitor-{each}") for each in ("headcount", "came", "finished", "participation")]
    labels = [link.label or words("monitor-everybody") for link in found.links]
    wide = _width(labels)
    yield f"{words('monitor-links'):<{wide + 2}}{heads[0]:>8}{heads[1]:>8}{heads[2]:>10}{heads[3]:>15}"
    for link, label in zip(found.links, labels, strict=True):
        count = f"{link.headcount:,}" if link.headcount else "-"
        rate = percent(link.participation) or ""
        yield f"  {label:<{wide}}{count:>8}{link.came:>8,}{link.finished:>10,}{rate:>15}"


def _table(table: Table) -> Iterator[str]:
    labels = [row.label or words("monitor-given-up") for row in table.rows]
    wide = _width(labels)
    yield f"{table.label:<{wide + 2}}{words('monitor-invited'):>8}{words('monitor-finished'):>10}{'RR1':>8}"
    for row, label in zip(table.rows, labels, strict=True):
        if row.hidden:
            yield f"  {label:<{wide}}{row.invited:>8,}{'[c]':>10}  {words(f'monitor-hidden-{row.hidden}')}"
        else:
            yield f"  {label:<{wide}}{row.invited:>8,}{row.finished:>10,}{percent(row.rate) or '':>8}"


def _width(labels: list[str]) -> int:
    """The width of a column of labels, wide enough for the longest."""
    return max([32, *map(len, labels)])
