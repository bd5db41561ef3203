"""A CSV file of answers read as text, its cells turned to codes: each known, or a finding that names it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from topline.base import Finding, Mark, ToplineError, fail
from topline.dataset.data import FIRST_MISSING, FIRST_MISSING_WIDE, MOST_NARROW, Codes, Numbers
from topline.study.model import MISSING_KINDS

_ANSWERS_SHOWN = 14
_UNIX_DAY = 719_163  # ordinal of 1970-01-01


class Sheet:
    """A CSV file as columns of text. Findings are gathered, one a column; `done` raises them all.

    A method that meets a bad cell returns its column all the same, with 0 in that place: nobody sees it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings: list[Finding] = []
        header = self._header()
        try:
            frame = pl.read_csv(path, infer_schema=False, glob=False).fill_null("")
        except (pl.exceptions.PolarsError, OSError) as error:
            # the parser's own words can hold a whole row of answers, which never reach a message
            if isinstance(error, OSError):
                fail("unreadable_csv", Mark(str(path)), reason=error.strerror)
            fail("uneven_csv", Mark(str(path)))
        if lost := [name for name in header if name not in frame.columns]:
            fail(
                "unreadable_csv", Mark(str(path), 1), reason=f"no column {lost[0]!r} was found below its head"
            )
        self.columns: Mapping[str, pl.Series] = {name: frame[name] for name in header}
        self.n = frame.height
        if not self.n:
            fail("no_rows", Mark(str(path)))

    def _header(self) -> list[str]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                header = next(csv.reader(file), [])
        except FileNotFoundError:
            fail("no_file", Mark(str(self.path)))
        except UnicodeDecodeError:
            fail("not_utf8", Mark(str(self.path)))
        except OSError as error:
            fail("unreadable_csv", Mark(str(self.path)), reason=error.strerror)
        twice = [name for name in header if header.count(name) > 1]
        if twice:
            fail("column_twice", Mark(str(self.path), 1), column=twice[0])
        return header

    def has(self, column: str) -> bool:
        """Whether the file has that column."""
        return column in self.columns

    def text(self, column: str, variable: str) -> pl.Series | None:
        """A column, or None (and a finding) if the file lacks it."""
        if column not in self.columns:
            self.findings.append(
                Finding("no_such_column", {"column": column, "name": variable}, Mark(str(self.path), 1))
            )
            return None
        return self.columns[column]

    def codes(self, column: str, variable: str, table: Mapping[str, int], answers: int = 0) -> Codes:
        """A column of codes by a table of texts; 16 bits where there are over 200 `answers`."""
        wide = answers > MOST_NARROW
        series = self.text(column, variable)
        if series is None:
            return np.zeros(self.n, dtype=np.uint8)
        self._only(series, table, variable, FIRST_MISSING_WIDE if wide else FIRST_MISSING)
        dtype = pl.UInt16 if wide else pl.UInt8
        coded: Codes = _own(_looked_up(series, table, dtype))
        return coded

    def numbers(
        self,
        column: str,
        variable: str,
        kinds: Mapping[str, int],
        bounds: tuple[float | None, float | None] = (None, None),
        date: bool = False,
        told: str = "bad_cell",
    ) -> Numbers:
        """A column of numbers (or dates, as ordinal days) with its missing kinds by a table of texts.

        `told` is the message about a bad cell.
        """
        series = self.text(column, variable)
        if series is None:
            return Numbers(np.zeros(self.n), np.zeros(self.n, dtype=np.uint8))
        missing = _own(_looked_up(series, kinds, pl.UInt8))
        parsed = series.str.to_date("%Y-%m-%d", strict=False).to_physical() if date else series
        values = _own(parsed.cast(pl.Float64, strict=False).fill_null(np.nan))
        if date:
            values += _UNIX_DAY
        low, high = bounds
        good = np.isfinite(values) & ~((values < low) if low is not None else np.zeros(self.n, dtype=bool))
        good &= ~((values > high) if high is not None else np.zeros(self.n, dtype=bool))
        bad = ~good & (missing == 0)
        if bad.any():
            what = "a date such as 2026-05-31" if date else _range(low, high)
            self._bad(series, int(np.argmax(bad)), variable, _allowed([what], kinds, FIRST_MISSING), told)
        values[missing > 0] = np.nan
        return Numbers(values, missing)

    def done(self) -> None:
        """Raise what was found, if anything."""
        if self.findings:
            raise ToplineError(self.findings)

    def mark(self, row: int) -> Mark:
        """The place of a data row, counted from 0: the line on which its record starts."""
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            for _ in zip(range(row + 1), reader, strict=False):
                pass
            return Mark(str(self.path), reader.line_num + 1)

    def _only(self, series: pl.Series, table: Mapping[str, int], variable: str, first: int) -> None:
        unknown = [value for value in series.unique().to_list() if value not in table]
        if unknown:
            answers = [text for text, code in table.items() if code < first]
            row = int(series.is_in(unknown).arg_max() or 0)
            self._bad(series, row, variable, _allowed(answers, table, first))

    def _bad(self, series: pl.Series, row: int, variable: str, allowed: str, told: str = "bad_cell") -> None:
        values = {"column": series.name, "value": series[row], "name": variable, "allowed": allowed}
        self.findings.append(Finding(told if series[row] else "empty_cell", values, self.mark(row)))


def _allowed(answers: Sequence[str], table: Mapping[str, int], first: int) -> str:
    """What may stand in a cell: the answers, then each missing kind as the file writes it."""
    shown = ", ".join(answers[:_ANSWERS_SHOWN]) + (" ..." if len(answers) > _ANSWERS_SHOWN else "")
    written: dict[str, str] = {}
    for text, code in table.items():
        if code >= first:
            kind = MISSING_KINDS[code - first]
            if kind not in written or text != kind:
                written[kind] = text
    kinds = [kind if text == kind else f"{text or 'an empty cell'} {kind}" for kind, text in written.items()]
    return f"{shown}; missing: {', '.join(kinds)}" if kinds else shown


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"a number from {low:g} to {high:g}"
    return "a number" if low is None else f"a number of at least {low:g}"


def _looked_up(series: pl.Series, table: Mapping[str, int], dtype: type[pl.DataType]) -> pl.Series:
    return series.replace_strict(list(table), list(table.values()), default=0, return_dtype=dtype)


def _own(series: pl.Series) -> Any:
    """A writable copy: Polars hands out arrays that are not to be written to."""
    return np.array(series.to_numpy())
