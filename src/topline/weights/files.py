"""Weights as a file: one line a person, in the order of the answers."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

from topline.dataset import Dataset
from topline.dataset.sheet import Sheet
from topline.study import Study
from topline.weights.plan import Step


def weights_csv(study: Study, answers: Path, data: Dataset, steps: Sequence[Step]) -> str:
    """The weights as CSV, every digit kept: id or row, weight, and the weight of `beside:` if there is one.

    The id is the column of the answers that `data: id:` names; without it, rows are counted from 1.
    People whom rules of data quality took out of `data` have no line.
    """
    settings = study.settings.get("data")
    column = str(settings["id"]) if isinstance(settings, Mapping) and "id" in settings else None
    series = Sheet(answers).text(column, "the id") if column else None
    n = data.exclusions.collected if data.exclusions else data.n
    ids = series.to_list() if series is not None else list(range(1, n + 1))
    if data.exclusions:
        ids = [id for id, out in zip(ids, data.exclusions.out, strict=True) if not out]
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column or "row", *("weight", "beside")[: len(steps)]])
    writer.writerows(zip(ids, *(step.design.weights.tolist() for step in steps), strict=True))
    return out.getvalue()
