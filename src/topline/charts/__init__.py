"""Charts of released tables: frozen specs, built from tables, drawn as SVG in two widths."""

from topline.charts.build import Bar, Bars, Likert, LikertRow, Segment, answers_chart, groups_chart
from topline.charts.draw import NARROW, WIDE, draw

__all__ = [
    "NARROW",
    "WIDE",
    "Bar",
    "Bars",
    "Likert",
    "LikertRow",
    "Segment",
    "answers_chart",
    "draw",
    "groups_chart",
]
