"""Weights as a small table: their diagnostics, and each margin before, after and as wanted, in percent."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from topline.base import half_up
from topline.base.words import words
from topline.weights.diagnostics import EXTREME
from topline.weights.result import MarginReport, Weighted

#: A target further off than this share of it is said.
SHOWN = 1e-6
_CONVENTION = {
    "post-stratification": "postStratify",
    "raking": "rake",
    "calibration": "calibrate",
    "trimming": "trimWeights",
}
Row = tuple[str, str, str, str, str]


def summary(weighted: Weighted) -> tuple[str, ...]:
    """What the weights are and cost, a sentence each; warnings last."""
    cost = weighted.diagnostics
    method = words(f"weights-{weighted.method}")
    made = words("weights-made", method=method, n=cost.n)
    if weighted.rounds:
        made += f" {words('weights-rounds', cells=weighted.cells, rounds=weighted.rounds)}"
    return (
        made,
        words("weights-cost", deff=half_up(cost.deff, 3), effective=half_up(cost.effective, 1), n=cost.n),
        words(
            "weights-range",
            smallest=half_up(cost.smallest, 3),
            largest=half_up(cost.largest, 3),
            extreme=cost.extreme,
            times=f"{EXTREME:g}",
        ),
        *(
            (words("weights-errors", function=_convention(weighted)),)
            if weighted.calibration is not None
            else ()
        ),
        *(
            words("weights-moved", group=margin.worst, name=margin.name, off=half_up(100 * margin.off, 2))
            for margin in weighted.margins
            if margin.off > SHOWN
        ),
        *weighted.notes,
        *(str(finding) for finding in weighted.findings),
    )


def _convention(weighted: Weighted) -> str:
    """Whose residuals errors are of: after raking of unequal weights it depends on the regression."""
    calibration, base = weighted.calibration, weighted.base
    if weighted.method == "raking" and calibration is not None and base.min() < base.max():
        return "calibrate" if calibration.q is base else "rake"
    return _CONVENTION[weighted.method]


def heading(margin: MarginReport) -> Row:
    """The head of a margin's table: its name, then what the columns hold."""
    unit = "" if margin.number else " %"
    columns = (words(f"weights-{name}") + unit for name in ("before", "after", "wanted"))
    return (margin.name, "n", *columns)  # type: ignore[return-value]


def rows(margin: MarginReport) -> Iterator[Row]:
    """One row a group: people, then shares of base weights, weights and target; of a number its totals."""
    columns = [margin.before, margin.after, margin.wanted]
    if not margin.number:
        columns = [100.0 * column / column.sum() for column in columns]
    for at, label in enumerate(margin.labels):
        shown = (f"{half_up(float(column[at]), 2):,}" for column in columns)
        yield (label, f"{margin.n[at]:,.0f}", *shown)  # type: ignore[misc]


def as_text(weighted: Weighted) -> str:
    """The summary and a table of each margin, as lines of text."""
    lines = list(summary(weighted))
    for margin in weighted.margins:
        table = [heading(margin), *rows(margin)]
        widths = [max(len(row[place]) for row in table) for place in range(5)]
        lines.append("")
        for name, *cells in table:
            numbers = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
            lines.append("  ".join((name.ljust(widths[0]), *numbers)).rstrip())
    return "\n".join(lines)


def as_html(weighted: Weighted) -> str:
    """The same as HTML, for notebooks."""
    parts = [f"<p>{'<br>'.join(map(escape, summary(weighted)))}</p>"]
    for margin in weighted.margins:
        name, *columns = map(escape, heading(margin))
        head = "".join(f'<th scope="col">{column}</th>' for column in columns)
        body = "".join(
            f'<tr><th scope="row">{escape(label)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
            for label, *cells in rows(margin)
        )
        parts.append(f'<table><tr><th scope="col">{name}</th>{head}</tr>{body}</table>')
    return "".join(parts)
