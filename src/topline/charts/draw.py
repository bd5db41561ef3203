"""Draw a chart's spec at a width: geometry only. 720 units for wide pages, 320 for narrow ones."""

from __future__ import annotations

from typing import Final

from topline.base import half_up
from topline.base.words import words as said
from topline.charts.build import Bar, Bars, Likert, LikertRow
from topline.charts.svg import document, line, rect, text, wide, wrap

WIDE: Final = 720
NARROW: Final = 320
_GAP = 2


def draw(chart: Likert | Bars, width: int, id: str) -> str:
    """The drawing as an `<svg>` of that width; `id` is unique on the page."""
    if isinstance(chart, Likert):
        return _LikertDrawing(chart, width).draw(id)
    return _BarsDrawing(chart, width).draw(id)


class _LikertDrawing:
    def __init__(self, chart: Likert, width: int) -> None:
        self.chart, self.width, self.narrow = chart, width, width < 500
        self.net = 56
        self.apart = (30 if self.narrow else 92) if chart.apart_label else 0
        self.plot = width - self.net - self.apart
        left = max((_side(row, (1, 2)) for row in chart.rows), default=1.0)
        right = max((_side(row, (4, 5)) for row in chart.rows), default=1.0)
        self.scale = self.plot / max(left + right, 1.0)
        self.zero = left * self.scale
        self.parts: list[str] = []
        self.y = 14.0

    def draw(self, id: str) -> str:
        self.keys()
        top = self.y
        for row in self.chart.rows:
            self.row(row)
        axis = line(self.zero, top, self.zero, self.y, "ax")
        body = axis + "".join(self.parts)
        chart = self.chart
        return document(self.width, self.y + 4, id, chart.title, chart.description, chart.mark, body)

    def keys(self) -> None:
        x = 0.0
        for step, label in self.chart.keys:
            size = 20 + wide(label, 14) + 14
            if x and x + size > self.width:
                x, self.y = 0.0, self.y + 22
            self.parts += [rect(x, self.y - 12, 14, 14, f"l{step}"), text(x + 20, self.y, label, "q2", 14)]
            x += size
        if self.narrow and self.chart.apart_label:
            key = f"DK {self.chart.apart_label}"
            if x and x + wide(key, 14) > self.width:
                x, self.y = 0.0, self.y + 22
            self.parts.append(text(x, self.y, key, "q2", 14))
        self.y += 26
        if self.chart.apart_label:
            head = (
                ("DK", self.plot + 22, "q2 e")
                if self.narrow
                else (self.chart.apart_label, self.plot + 8, "q2")
            )
            self.parts.append(text(head[1], self.y, head[0], head[2], 14))
        taken = (
            self.plot + 16 + wide(self.chart.apart_label, 14)
            if self.apart and not self.narrow
            else self.plot / 2
        )
        fits = wide(self.chart.net_label, 14) < self.width - taken
        label = self.chart.net_label if fits else self.chart.net_short
        self.parts.append(text(self.width, self.y, label, "b e", 14))
        self.y += 8

    def row(self, row: LikertRow) -> None:
        for words in wrap(row.label, 40 if self.narrow else 95):
            self.y += 19
            self.parts.append(text(0, self.y, words))
        self.y += 7
        if row.hidden:
            self.parts.append(text(0, self.y + 19.5, row.hidden, "q2", 14))
        x = self.zero - _side(row, (1, 2)) * self.scale
        for segment in row.segments:
            size = segment.value * self.scale
            shown = half_up(segment.value)
            self.parts.append(rect(x + _GAP / 2, self.y, size - _GAP, 28, f"l{segment.step}"))
            if size >= (11 if shown < 10 else 18):
                self.parts.append(text(x + size / 2, self.y + 19.5, f"{shown}", f"m o{segment.step}", 14))
            x += size
        if row.apart is not None:
            self.dont_know(row.apart)
        if row.net is not None:
            self.parts.append(text(self.width, self.y + 20, f"{half_up(row.net)}%", "b e", 17))
        self.y += 36

    def dont_know(self, value: float) -> None:
        shown = f"{half_up(value)}"
        if self.narrow:
            self.parts.append(text(self.plot + 22, self.y + 19.5, shown, "q2 e", 14))
            return
        size = min(value * self.scale, 62)
        self.parts.append(rect(self.plot + 8, self.y + 1, size, 26, "dk"))
        self.parts.append(text(self.plot + 8 + size + 5, self.y + 19.5, shown, "q2", 14))


class _BarsDrawing:
    def __init__(self, chart: Bars, width: int) -> None:
        self.chart, self.width, self.narrow = chart, width, width < 500
        longest = max((wide(bar.label) for bar in chart.bars), default=0.0)
        self.beside = longest <= (64 if self.narrow else 170)  # else the label stands above its bar
        self.left = longest + 10 if self.beside else 0.0
        self.bases = not self.narrow and any(bar.base is not None for bar in chart.bars)
        self.plot = width - self.left - (140 if self.bases else 58)
        ends = [max(bar.high or 0.0, bar.value or 0.0) for bar in (*chart.bars, *self.whole)]
        self.most = next(m for m in (20, 40, 60, 80, 100) if m >= min(max(ends, default=0.0), 100.0))
        self.scale = self.plot / self.most
        self.top = 30.0 if chart.whole else 6.0
        self.below: list[str] = []
        self.above: list[str] = []

    @property
    def whole(self) -> tuple[Bar, ...]:
        return (self.chart.whole,) if self.chart.whole else ()

    def draw(self, id: str) -> str:
        y = self.top
        for bar in self.chart.bars:
            y = self.bar(bar, y)
        grid = "".join(self.axis(value, y) for value in range(0, self.most + 1, 20))
        body = grid + self.reference(y) + "".join((*self.below, *self.above))
        if self.beside:
            body += line(self.left, self.top - 4, self.left, y, "ax0")
        chart = self.chart
        return document(self.width, y + 26, id, chart.title, chart.description, chart.mark, body)

    def axis(self, value: int, bottom: float) -> str:
        x = self.left + value * self.scale
        where = "q2 m" if value and value < self.most else "q2 e" if value else "q2"
        if value == self.most and self.plot + 40 < self.width - self.left:
            where = "q2 m"
        label = text(x, bottom + 19, f"{value}%", "q2 m" if self.left and not value else where, 14)
        return line(x, self.top, x, bottom, "ax") + label

    def bar(self, bar: Bar, y: float) -> float:
        if self.beside:
            self.below.append(text(self.left - 8, y + 20, bar.label, "e"))
        else:
            for words in wrap(bar.label, 44 if self.narrow else 88):
                y += 19
                self.below.append(text(0, y, words))
            y += 2
        if bar.value is None:
            self.below.append(text(self.left + 6, y + 20, bar.note, "q2", 14))
            return y + 29
        self.below.append(rect(self.left, y + 4, bar.value * self.scale, 21, "dk" if bar.apart else "bar"))
        if not self.beside:
            self.above.append(line(self.left, y + 1, self.left, y + 28, "ax0"))
        self.interval(bar, y + 14.5)
        edge = self.width - (76 if self.bases else 0)
        self.above.append(text(edge, y + 20, f"{half_up(bar.value, self.chart.decimals)}%", "b e"))
        if self.bases and bar.base is not None:
            self.above.append(text(self.width, y + 20, f"{bar.base:,} {bar.note}".strip(), "q2 e", 14))
        return y + (29 if self.beside else 32)

    def interval(self, bar: Bar, y: float) -> None:
        if bar.low is None or bar.high is None:
            return
        low, high = (self.left + max(0.0, min(end, self.most)) * self.scale for end in (bar.low, bar.high))
        self.above += [line(low, y, high, y, "halo"), line(low, y, high, y, "ci")]
        self.above += [line(x, y - 4, x, y + 4, "ci") for x in (low, high)]

    def reference(self, bottom: float) -> str:
        whole = self.chart.whole
        if whole is None or whole.value is None:
            return ""
        x = self.left + whole.value * self.scale
        band = ""
        if whole.low is not None and whole.high is not None:
            low, high = whole.low * self.scale, whole.high * self.scale
            band = rect(self.left + low, self.top - 4, high - low, bottom - self.top + 4, "refb")
        label = f"{whole.label} {half_up(whole.value, self.chart.decimals)}%"
        half = wide(label) / 2
        at = min(max(x, half), self.width - half - (60 if self.bases else 0))
        self.below.append(text(at, self.top - 10, label, "reft m"))
        if self.bases:
            self.below.append(text(self.width, self.top - 10, said("chart-base"), "q2 e", 14))
        self.above.insert(0, line(x, self.top - 4, x, bottom, "ref"))
        return band


def _side(row: LikertRow, steps: tuple[int, ...]) -> float:
    """How far a bar reaches from zero on one side: its answers there and half of the neutral ones."""
    neutral = sum(segment.value for segment in row.segments if segment.step == 3)
    return sum(segment.value for segment in row.segments if segment.step in steps) + neutral / 2
