"""Published figures of an earlier wave: a CSV of shares and means with their bases.

The columns are those of `topline tables -o FILE.csv`, so that such a file can be named as it is (its first
line is a notice that goes with the figures); `question`, `answer`, `value` and `base` are needed.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Final

from topline.base import Finding, Mark, ToplineError
from topline.base.hints import nearest
from topline.study.reading.plain_yaml import read_source

NEEDED: Final = ("question", "answer", "value", "base")
MAY: Final = ("item", "banner", "group", "effective_base", "se", "counted")
#: Columns of Topline's own tables that are not needed here.
_PASSED: Final = (
    "label", "answer_label", "kind", "group_label", "low", "high", "weighted_base", "flag", "measure",
    "base_sentence", "weighting", "marks", "letter", "comparison",
)  # fmt: skip
NONE_COUNTED: Final = "-"


@dataclass(frozen=True, slots=True)
class Published:
    """One published figure: a share in per cent, or a mean, as printed.

    `half` is half a unit of the last printed place: the unrounded value lies within value -+ half. `answer`
    is an answer, net or missing kind, `mean`, or the name of a score; `item` the row of a grid; `banner` and
    `group` say of whom, "" for everybody. `se` is in the unit of the value. `counted` are the missing kinds
    in the base, None where that is not said.
    """

    question: str
    item: str
    answer: str
    banner: str
    group: str
    value: float
    half: float
    base: int
    effective: float | None = None
    se: float | None = None
    counted: tuple[str, ...] | None = None


@dataclass(frozen=True)
class PublishedFile:
    """A file of published figures; `shown` is its name in messages. Read when it is looked at."""

    path: Path
    shown: str

    @property
    def figures(self) -> tuple[Published, ...]:
        """Every figure; raises ToplineError with all faults of the file. Rows without a value give none."""
        if self.findings:
            raise ToplineError(self.findings)
        return self._read[0]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every fault of the file, with its line."""
        return self._read[1]

    @property
    def notice(self) -> str:
        """What the file says above its columns, as that its figures are made up; "" if nothing."""
        rows = self._rows
        return rows[0][0].strip() if rows and len(rows[0]) == 1 else ""

    @cached_property
    def _rows(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(read_source(self.path, self.shown).text)))

    @cached_property
    def _read(self) -> tuple[tuple[Published, ...], tuple[Finding, ...]]:
        try:
            rows = self._rows
        except ToplineError as error:
            return (), error.findings
        first = 1 if self.notice else 0
        header = rows[first] if len(rows) > first else []
        if faults := self._header(header, Mark(self.shown, first + 1)):
            return (), tuple(faults)
        figures: dict[tuple[str, ...], Published] = {}
        findings: list[Finding] = []
        for line, row in enumerate(rows[first + 1 :], first + 2):
            cells = dict(zip(header, row, strict=False))
            if not cells.get("value"):
                continue
            figure = _figure(cells, Mark(self.shown, line), findings)
            if figure is None:
                continue
            key = tuple(cells.get(name, "") for name in ("question", "item", "answer", "banner", "group"))
            if key in figures:
                values = {"what": " ".join(part for part in key if part)}
                findings.append(Finding("published-twice", values, Mark(self.shown, line)))
            figures[key] = figure
        return tuple(figures.values()), tuple(findings)

    def _header(self, header: list[str], mark: Mark) -> list[Finding]:
        lacking = [name for name in NEEDED if name not in header]
        if lacking:
            values = {"columns": ", ".join(header), "needed": ", ".join(NEEDED), "may": ", ".join(MAY)}
            return [Finding("published-header", values, mark)]
        known = (*NEEDED, *MAY, *_PASSED)
        unknown = [name for name in header if name not in known]
        return [
            Finding("published-column", {"name": name, "near": nearest(name, (*NEEDED, *MAY))}, mark)
            for name in unknown
        ]


def _figure(cells: dict[str, str], mark: Mark, findings: list[Finding]) -> Published | None:
    """One row as a figure; None with a finding if a cell is no number."""
    numbers: dict[str, float | None] = {}
    for name in ("value", "base", "effective_base", "se"):
        text = cells.get(name, "").strip()
        numbers[name] = _number(text, name)
        if numbers[name] is None and (text or name in NEEDED):
            findings.append(Finding("published-number", {"column": name, "given": text}, mark))
            return None
    places = len(cells["value"].strip().partition(".")[2])
    counted = cells.get("counted", "").split()
    return Published(
        cells["question"],
        cells.get("item", ""),
        cells["answer"],
        cells.get("banner", ""),
        cells.get("group", ""),
        float(numbers["value"] or 0),
        0.5 * 10.0**-places,
        int(numbers["base"] or 0),
        numbers["effective_base"],
        numbers["se"],
        tuple(kind for kind in counted if kind != NONE_COUNTED) if counted else None,
    )


def _number(text: str, column: str) -> float | None:
    """A cell as a number; None if it is none that the column may hold."""
    try:
        found = float(text)
    except ValueError:
        return None
    fits = isfinite(found) and (column == "value" or found >= 0) and (column != "base" or found.is_integer())
    return found if fits else None
