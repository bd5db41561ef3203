"""A chart on the page: top line, title, subtitle, two drawings, footnote, and its figures as a table."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from topline.base import half_up
from topline.base.words import words
from topline.charts import NARROW, WIDE, Bars, Likert, draw
from topline.report.html import element, scroll, top_line


@dataclass(frozen=True, slots=True)
class ChartView:
    """Everything of a chart's figure but the drawing. `title` is HTML; `headline` fills the top line."""

    chart: Likert | Bars
    n: int
    title: str
    subtitle: str
    notes: tuple[str, ...]
    source: str
    made_up: str = ""
    headline: float | None = None
    language: str = "en"

    def html(self) -> str:
        """The figure."""
        id = f"f{self.n}"
        title = element("p", self.title, class_="ttl", id=f"{id}-t")
        subtitle = element("p", escape(self.subtitle), class_="st")
        drawings = draw(self.chart, WIDE, f"{id}w") + draw(self.chart, NARROW, f"{id}n")
        made_up = element("strong", escape(self.made_up)) if self.made_up else ""
        foot = element("p", escape(" ".join((*self.notes, self.source))) + f" {made_up}", class_="fn")
        inside = top_line(self.headline) + element("figcaption", title + subtitle) + drawings + foot
        inside += self._twin()
        return element("figure", inside, class_="chart full", id=id, aria_labelledby=f"{id}-t")

    def _twin(self) -> str:
        """The drawing's figures as a table, for those who would rather read."""
        label = words("report-figures", self.language, label=self.chart.title)
        heads, rows = _likert(self.chart) if isinstance(self.chart, Likert) else self._bars(self.chart)
        head = element("tr", "".join(element("th", escape(text), scope="col") for text in heads))
        body = "".join(
            element("tr", element("th", escape(name), scope="row") + "".join(element("td", c) for c in cells))
            for name, cells in rows
        )
        inside = element("caption", escape(label), class_="vh") + element("thead", head)
        table = element("table", inside + element("tbody", body), class_="tbl")
        region = scroll(table, words("report-region-chart", self.language, n=self.n))
        return element("details", element("summary", escape(label)) + region)

    def _bars(self, chart: Bars) -> tuple[list[str], list[tuple[str, list[str]]]]:
        bars = (*chart.bars, *((chart.whole,) if chart.whole else ()))
        lines = any(bar.low is not None for bar in bars)
        bases = any(bar.base is not None for bar in bars)
        heads = [words("report-answer" if not chart.whole else "report-group", self.language)]
        heads += [words("report-share", self.language)]
        heads += [words("report-low", self.language)] if lines else []
        heads += [words("report-base", self.language)] if bases else []
        rows = []
        for bar in bars:
            cells = [f"{half_up(bar.value, chart.decimals)}" if bar.value is not None else escape(bar.note)]
            if lines:
                ends = (bar.low, bar.high)
                both = [f"{half_up(end, chart.decimals)}" for end in ends if end is not None]
                cells.append(escape(words("range", self.language, low=both[0], high=both[1])) if both else "")
            if bases:
                cells.append(f"{bar.base:,}" if bar.base is not None else "")
            rows.append((bar.label, cells))
        return heads, rows


def _likert(chart: Likert) -> tuple[list[str], list[tuple[str, list[str]]]]:
    keys = [label for _, label in chart.keys]
    apart = [chart.apart_label] if chart.apart_label else []
    rows: list[tuple[str, list[str]]] = []
    for row in chart.rows:
        if row.hidden:
            rows.append((row.label, [escape(row.hidden)] * (len(keys) + len(apart) + 1)))
            continue
        cells = [f"{half_up(segment.value)}" for segment in row.segments]
        cells += [_shown(row.apart)] if apart else []
        rows.append((row.label, [*cells, _shown(row.net)]))
    return ["", *keys, *apart, chart.net_label], rows


def _shown(value: float | None) -> str:
    return "" if value is None else f"{half_up(value)}"
