"""The checks of data quality, printed: as text, HTML, JSON and CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from io import StringIO
from itertools import zip_longest

from topline.base import fail
from topline.base.formulas import no_formula
from topline.base.hints import nearest
from topline.base.words import words
from topline.dataset import Dataset
from topline.dataset.quality import Quality, QualityRules, assess, quality_rules
from topline.notebook.quality_lines import (
    Lines,
    figure_lines,
    flag_lines,
    grid_lines,
    item_lines,
    median,
)
from topline.tables.key_figures import KeyFigure, Value, key_figures


@dataclass(frozen=True)
class QualityView:
    """What the checks found, and the key figures with and without the flagged."""

    title: str
    quality: Quality
    figures: tuple[KeyFigure, ...] = ()
    late: str = ""

    def __repr__(self) -> str:
        """All parts as text, columns lined up."""
        parts = [self._title()]
        for heading, lines, note in self.parts():
            parts += ["", heading, *([note] if note else []), *_aligned(lines)]
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        """The same as tables for a notebook."""
        parts = [f"<p><strong>{escape(self._title())}</strong></p>"]
        for heading, lines, note in self.parts():
            said = f"<br><small>{escape(note)}</small>" if note else ""
            parts.append(_table(f"<strong>{escape(heading)}</strong>{said}", lines))
        return "".join(parts)

    def parts(self) -> list[tuple[str, Lines, str]]:
        """Each part as its heading, its lines (the first one heads the columns) and a note."""
        quality = self.quality
        parts = [(words("quality-flags"), flag_lines(quality), ""), self._excluded()]
        if self.figures:
            parts.append((words("quality-figures"), figure_lines(self.figures), ""))
        if quality.grids:
            parts.append((words("quality-grids"), grid_lines(quality.grids), ""))
        parts.append((words("quality-items"), item_lines(quality.items), words("quality-items-note")))
        return parts

    def as_json(self) -> str:
        """Everything that is printed, unrounded; counts of people, never who they are."""
        quality = self.quality
        found = {
            "title": self.title,
            "people": quality.n,
            "flags": [
                {"name": f.name, "label": f.label, "rule": f.rule, "people": f.n, "judged": f.of}
                for f in quality.flags.values()
            ],
            "any_flag": int(quality.flagged.sum()),
            "excluded": {
                "people": int(quality.out.sum()),
                "rules": [
                    {"name": rule.name, "why": rule.why, "people": rule.n, "alone": rule.alone}
                    for rule in quality.excluded
                ],
                "late": self.late,
            },
            "figures": [_figure_json(figure) for figure in self.figures],
            "grids": [
                {"name": g.name, "label": g.label, "rows": g.rows, "straight": g.n, "judged": g.of}
                | {"median_longest": median(g.longest, g), "median_variation": median(g.variation, g)}
                for g in quality.grids
            ],
            "questions": [
                {"name": item.name, "label": item.label, "asked": item.asked, "answered": item.answered}
                | {"rate": item.rate, "kinds": dict(item.kinds), "in_base": list(item.in_base)}
                for item in quality.items
            ],
        }
        return json.dumps(found, ensure_ascii=False, indent=2) + "\n"

    def as_csv(self) -> str:
        """The parts under one another, each headed by its name in the first column; no label is a formula."""
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        for heading, lines, _ in self.parts():
            writer.writerows([heading, no_formula(line[0]), *line[1:]] for line in lines)
        return out.getvalue()

    def _title(self) -> str:
        return words("quality-title", title=self.title, n=self.quality.n)

    def _excluded(self) -> tuple[str, Lines, str]:
        quality = self.quality
        heading = words("quality-excluded", n=int(quality.out.sum()), all=quality.n)
        lines = [
            [words("quality-excluded-rule", name=rule.name, n=rule.n, alone=rule.alone, why=rule.why)]
            for rule in quality.excluded
        ]
        return heading, lines or [[words("quality-excluded-none")]], self.late


def quality(
    data: Dataset,
    seconds: str = "",
    rules: QualityRules | None = None,
    figures: Sequence[str] = (),
    late: str = "",
) -> QualityView:
    """Check answers: speed, straight lines, what was left unanswered, contradictions, duplicate content.

    `data` are the answers of everybody (`read_data(study, file, everybody=True)`), with thresholds and rules
    from `quality:` in the study's study.yaml, or `rules`. `seconds` names a number column of durations where
    the study names none; `late` is what is to be said of rules made after the launch; `figures` are addresses
    such as `skills=agree`, printed for everybody, without the flagged, and without those whom declared rules
    take out. Nobody is taken out of `data`.

    Formulas and their sources stand at `topline.dataset.quality.speed`, `straight_lining`,
    `item_nonresponse` and `duplicates`. Raises ToplineError if `seconds` is not a column of numbers.
    """
    rules = rules or quality_rules(data.study)
    if seconds:
        if seconds not in data.amounts:
            fail("quality-seconds", given=seconds, near=nearest(seconds, list(data.amounts)))
        rules = replace(rules, seconds=seconds, too_fast=None)
    found = assess(data, rules)
    return QualityView(data.study.title or data.study.id, found, key_figures(data, found, figures), late)


def _figure_json(figure: KeyFigure) -> dict[str, object]:
    def plain(value: Value) -> dict[str, object]:
        return {"value": value.value, "base": value.base}

    return {
        "address": figure.address,
        "label": figure.label,
        "everybody": plain(figure.everybody),
        "without_flagged": plain(figure.unflagged),
        "without_excluded": plain(figure.kept),
        "difference": figure.difference,
    }


def _aligned(lines: Lines) -> list[str]:
    """Columns lined up: the first and the last one to the left, numbers to the right."""
    last = max(len(line) for line in lines) - 1
    columns = list(zip_longest(*lines, fillvalue=""))
    widths = [max(len(cell) for cell in column) for column in columns]
    left = {0} | ({last} if last and not columns[last][-1][:1].isdigit() else set())
    return [
        "  ".join(
            cell.ljust(widths[at]) if at in left else cell.rjust(widths[at]) for at, cell in enumerate(line)
        ).rstrip()
        for line in lines
    ]


def _table(caption: str, lines: Lines) -> str:
    head, *rows = lines
    if not rows:
        return f"<p>{caption}<br>{'<br>'.join(escape(cell) for cell in head)}</p>"
    heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    body = "".join(
        f'<tr><th scope="row">{escape(line[0])}</th>'
        + "".join(f"<td>{escape(text)}</td>" for text in line[1:])
        + "</tr>"
        for line in rows
    )
    return f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
