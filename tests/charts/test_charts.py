"""Charts: from a released table to a frozen spec to a drawing."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from topline.charts import NARROW, WIDE, Bar, Bars, Likert, answers_chart, draw, groups_chart
from topline.charts.svg import wrap
from topline.disclosure.released import Column, Figure, ReleasedTable, Row, TableRequest
from topline.study.address import parse_address
from topline.study.model import Net, Option, Question

OPTIONS = tuple(Option(name, label) for name, label in (
    ("a", "Strongly agree"), ("b", "Tend to agree"), ("c", "Neither"), ("d", "Tend to disagree"),
    ("e", "Strongly disagree"),
))  # fmt: skip
NETS = (Net("agree", "Agree", ("a", "b")), Net("disagree", "Disagree", ("d", "e")))
SCALE = Question("single", "skills", scale="agree5", options=OPTIONS, nets=NETS)
SHARES = {
    "a": 8.4,
    "b": 27.6,
    "c": 23.0,
    "d": 22.0,
    "e": 14.0,
    "dont_know": 5.0,
    "agree": 36.0,
    "disagree": 36.0,
}


def cell(name: str, value: float | None, base: int | None = 2390, hidden: str | None = None) -> Figure:
    """A released share with an interval of two points either side."""
    low, high = (None, None) if value is None else (value - 2, value + 2)
    address = parse_address(f"skills={name}")
    return Figure(address, "percent", value, base, low=low, high=high, hidden=hidden)  # type: ignore[arg-type]


def table(columns: tuple[Column, ...], cells: dict[str, tuple[Figure, ...]]) -> ReleasedTable:
    """A released table of those cells."""
    kinds = {"dont_know": "missing", "agree": "net", "disagree": "net"}
    labels = {option.name: option.label for option in OPTIONS} | {"dont_know": "Don't know", "agree": "Agree"}
    rows = tuple(
        Row("", "", name, labels.get(name, name), kinds.get(name, "answer"), figures)  # type: ignore[arg-type]
        for name, figures in cells.items()
    )
    return ReleasedTable(TableRequest("skills"), "Skills & <means>", "Wording?", "All", "%", columns, rows)


TOTAL = Column("", "", "", "Total", 2390, None, None)
ONE = table((TOTAL,), {name: (cell(name, value),) for name, value in SHARES.items()})
GROUPS = tuple(Column("department", n, "Department", n.upper(), 80, None, None) for n in ("moj", "mod", "wo"))
BY = table(
    (TOTAL, *GROUPS),
    {
        "agree": (
            cell("agree", 36.0),
            cell("agree", 17.0, 51),
            cell("agree", 43.4, 106),
            cell("agree", None, None, "[c]"),
        )
    },
)


def test_a_scale_with_two_ends_is_drawn_as_a_likert_bar() -> None:
    """Negative answers left, the neutral one in the middle, positive ones right; don't know apart."""
    chart = answers_chart(ONE, SCALE)
    assert isinstance(chart, Likert)
    (row,) = chart.rows
    assert [(segment.step, segment.value) for segment in row.segments] == [
        (1, 14.0), (2, 22.0), (3, 23.0), (4, 27.6), (5, 8.4),
    ]  # fmt: skip
    assert (row.apart, row.net) == (5.0, 36.0)
    assert chart.keys[0] == (1, "Strongly disagree")
    assert chart.description == "Agree: Skills & <means> 36%."


def test_four_answers_have_no_neutral_step() -> None:
    """A scale without a middle uses the outer and inner steps of both sides."""
    four = replace(SCALE, options=(*OPTIONS[:2], *OPTIONS[3:]))
    chart = answers_chart(ONE, four)
    assert isinstance(chart, Likert)
    assert [segment.step for segment in chart.rows[0].segments] == [1, 2, 4, 5]


def test_answers_without_two_ends_are_bars() -> None:
    """A question with answers of its own, though it has nets, is drawn as bars from zero in their order."""
    chart = answers_chart(ONE, replace(SCALE, scale=None))
    assert isinstance(chart, Bars)
    assert [bar.label for bar in chart.bars][:2] == ["Strongly agree", "Tend to agree"]
    assert [bar.apart for bar in chart.bars] == [False] * 5 + [True]


def test_groups_are_sorted_by_the_unrounded_figure_and_hidden_ones_come_last() -> None:
    """The whole is the reference line; a hidden group keeps its mark and has no value."""
    chart = groups_chart(BY, BY.rows[0], sort=True)
    assert [(bar.label, bar.value, bar.note) for bar in chart.bars] == [
        ("MOD", 43.4, ""), ("MOJ", 17.0, ""), ("WO", None, "[c]"),
    ]  # fmt: skip
    assert chart.whole is not None
    assert chart.whole.value == 36.0
    assert "WO" not in chart.description
    assert chart.description.endswith("Total: 36%.")


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize(
    "chart",
    [
        answers_chart(ONE, SCALE, "Made <up>"),
        groups_chart(BY, BY.rows[0], mark="Made <up>"),
        answers_chart(ONE, replace(SCALE, scale=None), "Made <up>"),
    ],
)
def test_a_drawing_is_named_described_marked_and_within_its_frame(chart: Likert | Bars, width: int) -> None:
    """Well-formed, with title and description, the mark of made-up answers, nothing outside the frame."""
    svg = draw(chart, width, "f1")
    root = ElementTree.fromstring(svg)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "f1t f1d")
    assert [child.tag for child in root][:2] == ["title", "desc"]
    assert root[0].text == chart.title
    marks = [element for element in root.iter("text") if "wm" in (element.get("class") or "")]
    assert [mark.text for mark in marks] == ["Made <up>"]
    assert "style=" not in svg
    assert "<script" not in svg
    _, _, right, bottom = map(float, (root.get("viewBox") or "").split())
    for rectangle in root.iter("rect"):
        x, w = float(rectangle.get("x") or 0), float(rectangle.get("width") or 0)
        y, h = float(rectangle.get("y") or 0), float(rectangle.get("height") or 0)
        assert -0.1 <= x <= x + w <= right + 0.1
        assert -0.1 <= y <= y + h <= bottom + 0.1
    for text in root.iter("text"):
        if text in marks:
            continue
        assert 0 <= float(text.get("x") or 0) <= right
        assert float(text.get("font-size") or 0) >= 14


def test_lengths_follow_the_unrounded_figures() -> None:
    """Bars are as long as their figures on one scale, whatever is printed."""
    svg = draw(groups_chart(BY, BY.rows[0]), WIDE, "f1")
    widths = [float(w) for w in re.findall(r'<rect [^>]*width="([\d.]+)" height="21"', svg)]
    assert widths[1] / widths[0] == pytest.approx(43.4 / 17.0, rel=0.01)
    assert ">17%<" in svg
    assert ">43%<" in svg


def test_intervals_are_drawn_only_where_they_are_given() -> None:
    """Without an inference there is no line and no band."""
    bar = Bar("One", 40.0, 100)
    plain = draw(Bars("t", "d", (bar,), Bar("All", 50.0, 200)), WIDE, "f")
    assert 'class="ci"' not in plain
    assert 'class="refb"' not in plain
    whole = Bar("All", 50.0, 200, 48.0, 52.0)
    both = draw(Bars("t", "d", (replace(bar, low=30.0, high=50.0),), whole), WIDE, "f")
    assert both.count('class="ci"') == 3
    assert 'class="refb"' in both


def test_long_labels_are_wrapped_between_words() -> None:
    """No line is longer than asked for, unless one word is."""
    assert wrap("one two three four", 9) == ["one two", "three", "four"]
    assert wrap("incomprehensibilities", 9) == ["incomprehensibilities"]
