"""Frozen specs of charts, and how they are built from a released table.

Everything in a spec is of released figures; a hidden figure has no value and keeps its mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from topline.base import half_up
from topline.base.words import words
from topline.disclosure.released import Column, Figure, ReleasedTable, Row
from topline.study.model import Net, Question

_LIKERT_STEPS = (4, 5)


@dataclass(frozen=True, slots=True)
class Segment:
    """One answer in a Likert bar: `step` 1 (most negative) to 5; 3 is the neutral one."""

    step: int
    value: float
    label: str


@dataclass(frozen=True, slots=True)
class LikertRow:
    """One bar: the answers from negative to positive, who doesn't know, and the positive net."""

    label: str
    segments: tuple[Segment, ...]
    apart: float | None
    net: float | None
    hidden: str | None = None


@dataclass(frozen=True, slots=True)
class Likert:
    """Diverging bars on one scale; the neutral answer straddles zero, “don't know” stands apart."""

    title: str
    description: str
    keys: tuple[tuple[int, str], ...]
    net_label: str
    net_short: str  # where the label does not fit
    apart_label: str
    rows: tuple[LikertRow, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar from zero. `low` and `high` are given only where the inference gives them."""

    label: str
    value: float | None
    base: int | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from zero; `whole` is the figure of everybody, a dashed line. `mark` goes across the drawing."""

    title: str
    description: str
    bars: tuple[Bar, ...]
    whole: Bar | None = None
    mark: str = ""
    decimals: int = 0


def answers_chart(
    table: ReleasedTable, question: Question, mark: str = "", decimals: int = 0
) -> Likert | Bars:
    """The answers of one question, or of each row of a grid.

    Diverging bars if the scale has two ends (nets of its first and of its last answers), else bars from zero.
    `mark` is written across the drawing of made-up answers.
    """
    ends = _ends(question)
    if ends is None:
        return _answer_bars(table, mark, decimals)
    positive, negative = ends
    steps = _steps([option.name for option in question.options], positive, negative)
    rows = [
        _likert_row(item[0].item_label or table.label, item, steps, positive.name)
        for item in _items(table.rows)
    ]
    rows.sort(key=lambda row: -(row.net if row.net is not None else -1.0))
    labels = {option.name: option.label for option in question.options}
    apart = next((row.label for row in table.rows if row.kind == "missing"), "")
    return Likert(
        title=table.label,
        description=_said(f"{positive.label}: ", [(row.label, row.net) for row in rows], decimals),
        keys=tuple(sorted((step, labels[name]) for name, step in steps.items())),
        net_label=positive.label,
        net_short=words("chart-net"),
        apart_label=apart,
        rows=tuple(rows),
        mark=mark,
    )


def groups_chart(
    table: ReleasedTable, row: Row, sort: bool = False, mark: str = "", decimals: int = 0
) -> Bars:
    """One answer or net by group, the whole as a reference line. `sort`: the highest on top.

    The table's columns are Total and the groups of one attribute.
    """
    pairs = list(zip(table.columns, row.cells, strict=True))
    bars = [_bar(column, figure) for column, figure in pairs if column.variable]
    if sort:
        bars.sort(key=lambda bar: -(bar.value if bar.value is not None else -1.0))
    whole = next((_bar(column, figure) for column, figure in pairs if not column.variable), None)
    said = _said(f"{row.label}: ", [(bar.label, bar.value) for bar in bars], decimals)
    all_of_them = (
        f" {whole.label}: {half_up(whole.value, decimals)}%." if whole and whole.value is not None else ""
    )
    return Bars(f"{row.label}: {table.label}", said + all_of_them, tuple(bars), whole, mark, decimals)


def _answer_bars(table: ReleasedTable, mark: str, decimals: int) -> Bars:
    rows = [row for row in table.rows if row.kind in ("answer", "missing")]
    bars = []
    for row in rows:
        figure = row.cells[0]
        label = f"{row.item_label}: {row.label}" if row.item_label else row.label
        low, high = figure.low, figure.high
        note = figure.hidden or ""
        bars.append(Bar(label, figure.value, None, low, high, note, row.kind == "missing"))
    said = _said("", [(bar.label, bar.value) for bar in bars], decimals)
    return Bars(table.label, said, tuple(bars), None, mark, decimals)


def _bar(column: Column, figure: Figure) -> Bar:
    note = figure.hidden or " ".join(figure.flags)
    return Bar(column.label, figure.value, figure.base, figure.low, figure.high, note)


def _ends(question: Question) -> tuple[Net, Net] | None:
    """The positive and the negative net of a scale with two ends: the first answers and the last ones."""
    names = tuple(option.name for option in question.options)
    if question.scale is None or len(names) not in _LIKERT_STEPS or len(question.nets) < 2:
        return None
    starts = [net for net in question.nets if net.of == names[: len(net.of)]]
    stops = [net for net in question.nets if net.of == names[-len(net.of) :]]
    return (starts[0], stops[0]) if starts and stops and starts[0] is not stops[0] else None


def _steps(names: Sequence[str], positive: Net, negative: Net) -> dict[str, int]:
    """The colour step of each answer: 5 and 4 positive, 3 neutral, 2 and 1 negative."""
    steps = dict.fromkeys(names, 3)
    for net, outer, inner in ((positive, 5, 4), (negative, 1, 2)):
        members = net.of if net is positive else tuple(reversed(net.of))
        steps |= {
            name: outer if place == 0 and len(members) > 1 else inner for place, name in enumerate(members)
        }
    return steps


def _likert_row(label: str, rows: Sequence[Row], steps: dict[str, int], positive: str) -> LikertRow:
    cells = {row.name: row.cells[0] for row in rows}
    hidden = next((figure.hidden for figure in cells.values() if figure.hidden), None)
    if hidden:
        return LikertRow(label, (), None, None, hidden)
    segments = sorted(
        (
            Segment(step, cells[name].value or 0.0, cells[name].answer_label)
            for name, step in steps.items()
            if name in cells
        ),
        key=lambda segment: segment.step,
    )
    apart = [row.cells[0].value or 0.0 for row in rows if row.kind == "missing"]
    net = cells[positive].value if positive in cells else None
    return LikertRow(label, tuple(segments), sum(apart) if apart else None, net)


def _items(rows: Sequence[Row]) -> list[list[Row]]:
    return [list(group) for _, group in groupby(rows, key=lambda row: row.item)]


def _said(before: str, pairs: Sequence[tuple[str, float | None]], decimals: int) -> str:
    """The figures that matter, in words, for those who don't see the drawing."""
    shown = [f"{label} {half_up(value, decimals)}%" for label, value in pairs if value is not None]
    return before + ", ".join(shown) + "." if shown else words("chart-hidden")
