"""The first sheet of a workbook (.xlsx) as CSV, counted first, then read in a process with limits."""

from __future__ import annotations

import csv
import io
import resource
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Final

from topline.base import fail
from topline.base.workbooks import count_workbook

_MOST_BYTES: Final = 100_000_000
_SECONDS: Final = 20
_MEMORY: Final = 1 << 31


def csv_of_workbook(path: Path) -> str:
    """The first sheet as CSV; ToplineError for what is no workbook, too large, or takes too long."""
    try:
        count_workbook(path, _MOST_BYTES)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        fail("frame-workbook", file=path, why=str(error) or type(error).__name__)
    command = [sys.executable, "-m", "topline.web.fieldwork.workbook", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, preexec_fn=_limit)
    except subprocess.TimeoutExpired:
        fail("frame-workbook-slow", file=path, seconds=_SECONDS)
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["?"]
        fail("frame-workbook", file=path, why=lines[-1][:200])
    return done.stdout.decode("utf-8")


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _write(path: str) -> None:
    """In the child: the first sheet on standard output."""
    import warnings

    warnings.simplefilter("ignore")  # of decorations that are not kept
    from openpyxl import load_workbook

    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
    writer = csv.writer(out, lineterminator="\n")
    sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    width = 0
    for row in sheet.iter_rows(values_only=True):
        cells = [_text(each) for each in row]
        while not width and cells and not cells[-1]:
            cells.pop()  # a sheet may be formatted beyond its table
        width = width or len(cells)
        writer.writerow([*cells, *[""] * (width - len(cells))][:width])
    out.flush()


if __name__ == "__main__":
    _write(sys.argv[1])
