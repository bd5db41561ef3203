"""The first sheet of a workbook (.xlsx) as CSV, read in a process of its own with limits.

A workbook is a zip of XML that somebody sent: before it is read its directory and its inflated bytes are
counted, and a document type, by which XML grows without end, is refused.
"""

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

_MOST_BYTES: Final = 100_000_000
_MOST_MEMBERS: Final = 1_000
_MOST_TIMES: Final = 200  # inflated over packed
_CHUNK: Final = 1 << 20
_SECONDS: Final = 20
_MEMORY: Final = 1 << 31
_DOCTYPE: Final = b"<!DOCTYPE"


def csv_of_workbook(path: Path) -> str:
    """The first sheet as CSV; ToplineError for what is no workbook, too large, or takes too long."""
    try:
        with zipfile.ZipFile(path) as book:
            _counted(path, book)
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


def _counted(path: Path, book: zipfile.ZipFile) -> None:
    """Refuse a bomb: by what its directory says, and by what is really in it."""
    members = book.infolist()
    packed = max(1, path.stat().st_size)
    if len(members) > _MOST_MEMBERS:
        fail("frame-workbook-parts", file=path, parts=len(members), most=_MOST_MEMBERS)
    left = min(_MOST_BYTES, max(packed * _MOST_TIMES, _CHUNK))
    for member in members:
        with book.open(member) as file:
            tail = b""
            while piece := file.read(_CHUNK):
                left -= len(piece)
                if left < 0:
                    fail("frame-workbook-bomb", file=path)
                if _DOCTYPE in tail + piece:
                    fail("frame-workbook-doctype", file=path)
                tail = piece[-len(_DOCTYPE) :]


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
