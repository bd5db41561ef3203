"""Changes between waves as CSV, as JSON and as plain text."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from io import StringIO

from topline.base import half_up
from topline.base.formulas import no_formula
from topline.base.words import words
from topline.tables.change import Change, Point
from topline.tables.measures import RowSpec
from topline.tables.printed import rounded, shown
from topline.tables.trend import Trend, TrendRow

COLUMNS = (
    "question", "label", "item", "answer", "answer_label", "kind", "banner", "group", "group_label",
    "wave", "value", "base", "effective_base", "flag", "since", "change", "se", "low", "high", "p",
    "p_adjusted", "verdict", "status", "mark", "notes",
)  # fmt: skip


def change_csv(trends: Sequence[Trend], notices: Sequence[str]) -> str:
    """A line for each figure of each wave, with its change since the wave before that has it."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([no_formula(" ".join(notices))])
    writer.writerow(COLUMNS)
    for trend in trends:
        for row in trend.rows:
            head = (trend.question, trend.label, row.item, row.spec.name, row.spec.label, row.spec.kind)
            group = (trend.by if row.group else "", row.group, row.group_label)
            for numbers in _waves(trend, row):
                cells = ["" if value is None else str(value) for value in numbers.values()]
                notes = no_formula(" ".join(row.notes))
                writer.writerow([*map(no_formula, (*head, *group)), *cells, trend.status, row.mark, notes])
    return out.getvalue()


def change_json(trends: Sequence[Trend], notices: Sequence[str]) -> str:
    """The same as nested objects: questions, rows, waves."""
    found = {
        "notices": list(notices),
        "questions": [
            {
                "question": trend.question,
                "label": trend.label,
                "wording": trend.wording,
                "base": trend.base_sentence,
                "status": trend.status,
                "banner": trend.by,
                "rows": [
                    {
                        "item": row.item,
                        "answer": row.spec.name,
                        "label": row.spec.label,
                        "kind": row.spec.kind,
                        "group": row.group,
                        "mark": row.mark,
                        "notes": list(row.notes),
                        "waves": list(_waves(trend, row)),
                    }
                    for row in trend.rows
                ],
            }
            for trend in trends
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _waves(trend: Trend, row: TrendRow) -> Iterator[dict[str, object]]:
    """The numbers of each wave that has the figure; under the smallest base no value and no change."""
    before = ""
    for name, point, made in zip(trend.waves, row.points, row.changes, strict=True):
        if point is None:
            continue
        told = point.flag != "[x]"
        since = made if made is not None and made.flag != "[x]" else None
        low, high = (since.interval() if since else None) or (None, None)
        yield {
            "wave": name,
            "value": rounded(point.value if told else None),
            "base": point.base,
            "effective_base": rounded(point.effective),
            "flag": point.flag,
            "since": before,
            "change": rounded(since.value if since else None),
            "se": rounded(since.se if since else None, 2),
            "low": rounded(low),
            "high": rounded(high),
            "p": rounded(since.p if since else None, 4),
            "p_adjusted": rounded(since.adjusted if since else None, 4),
            "verdict": since.verdict if since else "",
        }
        before = name


def change_text(trend: Trend) -> str:
    """A question as plain text: its figures in every wave, and the last change with interval and p."""
    head = ["", *trend.labels, words("change-column"), words("change-interval"), "p"]
    corrected = any(made is not None and made.adjusted is not None for made in _lasts(trend))
    head += [words("change-p-adjusted"), ""] if corrected else [""]
    lines = [head]
    bases: dict[str, str] = {}  # those of the first row, then of rows with others
    notes: dict[str, None] = {}
    for row in trend.rows:
        lines.append(
            [_row_label(row), *(_value(point, row.spec) for point in row.points), *_last(row, corrected)]
        )
        if not row.group and row.compared:
            bases.setdefault(_bases(trend, row), _row_label(row))
        notes |= dict.fromkeys(row.notes)
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    table = [
        "  ".join(
            cell.ljust(width) if place in (0, len(head) - 1) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    said = [
        words("change-bases-of" if place else "change-bases", label=label, bases=found)
        for place, (found, label) in enumerate(bases.items())
    ]
    return "\n".join((trend.label, *table, *said, *notes)) + "\n"


def _row_label(row: TrendRow) -> str:
    parts = (row.item_label, row.spec.label, row.group_label)
    return ", ".join(part for part in parts if part)


def _value(point: Point | None, spec: RowSpec) -> str:
    if point is None:
        return ""
    return shown(point, spec)


def _lasts(trend: Trend) -> list[Change | None]:
    return [row.changes[-1] for row in trend.rows]


def _last(row: TrendRow, corrected: bool) -> list[str]:
    """The change to the last wave, its interval, p (and p corrected), verdict; a mark where there is none."""
    made = row.changes[-1]
    if made is None or made.value is None or made.flag == "[x]":
        return [row.mark, *[""] * (4 if corrected else 3)]
    decimals = row.spec.places(0)
    found = made.interval()
    between = words("change-wide", low=_signed(found[0], 1), high=_signed(found[1], 1)) if found else ""
    ps = [_p(made.p), _p(made.adjusted)] if corrected else [_p(made.p)]
    return [_signed(made.value, decimals), between, *ps, made.verdict]


def _signed(value: float, decimals: int) -> str:
    number = half_up(value, decimals)
    return f"{number:+}" if number else f"{abs(number)}"


def _p(p: float | None) -> str:
    if p is None:
        return ""
    return "<0.001" if p < 0.001 else str(half_up(p, 3))


def _bases(trend: Trend, row: TrendRow) -> str:
    parts = [
        f"{label} {point.base:,}" for label, point in zip(trend.labels, row.points, strict=True) if point
    ]
    return ", ".join(parts)
