"""Population counts by group: CSV files with the columns `id` (a group's name) and `population`."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from topline.base import Mark, fail
from topline.dataset import Floats
from topline.study.model import Variable

COLUMNS = ("id", "population")


def read_counts(variable: Variable, path: Path) -> Floats:
    """The count of each answer of a variable (k,), in the order of its options.

    Raises ToplineError for a group that is unknown, missing or there twice, and for what is not a positive
    number.
    """
    names = [option.name for option in variable.options]
    found: dict[str, float] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            if tuple(next(reader, ())) != COLUMNS:
                fail("counts_header", Mark(str(path), 1), columns=",".join(COLUMNS))
            for row in reader:
                mark = Mark(str(path), reader.line_num)
                name, text = row if len(row) == len(COLUMNS) else ("", "")
                if name not in names:
                    fail("counts_unknown", mark, group=name, name=variable.name, allowed=", ".join(names))
                if name in found:
                    fail("counts_twice", mark, group=name)
                found[name] = _positive(text, name, mark)
    except FileNotFoundError:
        fail("counts_no_file", Mark(str(path)), name=variable.name)
    lacking = [name for name in names if name not in found]
    if lacking:
        fail("counts_missing", Mark(str(path)), groups=", ".join(lacking), name=variable.name)
    return np.array([found[name] for name in names])


def _positive(text: str, name: str, mark: Mark) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not (np.isfinite(number) and number > 0):
        fail("counts_not_positive", mark, group=name, value=text)
    return number
