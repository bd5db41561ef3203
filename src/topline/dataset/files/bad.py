"""Files that cannot be read: what is wrong with each, in one sentence with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from topline.base import Mark, ToplineError, fail

FORMATS: Final = {
    ".sav": "SPSS", ".zsav": "SPSS", ".por": "SPSS portable", ".dta": "Stata", ".parquet": "Parquet",
    ".csv": "CSV",
}  # fmt: skip
#: How files begin, by what they are.
_BEGINNINGS: Final = (
    (b"$FL2", "SPSS (.sav)"),
    (b"$FL3", "SPSS (.zsav)"),
    (b"<stata_dta>", "Stata (.dta)"),
    (b"PAR1", "Parquet (.parquet)"),
    (b"PK\x03\x04", "a ZIP file or an Excel workbook (.xlsx)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"%PDF", "a PDF"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
)
_OLD_STATA: Final = frozenset(range(102, 116))  # the first byte of .dta files before version 13
_HEAD: Final = 512


def looked_at(path: Path, endings: Sequence[str]) -> str:
    """The ending of a file that is there, holds something, and begins as its ending says."""
    ending = path.suffix.lower()
    mark = Mark(str(path))
    if path.is_dir():
        fail("data-folder", mark, endings=", ".join(endings))
    if not path.exists():
        fail("data-no-file", mark)
    if ending not in endings:
        fail("data-ending", mark, ending=ending or "no ending", endings=", ".join(endings))
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        fail("data-unreadable", mark, reason=error.strerror or str(error))
    if not head:
        fail("data-empty", mark)
    found = _what(head)
    if not _fits(head, found, ending):
        instead = f": it is {found}" if found else ""
        fail("data-not-this", mark, ending=ending, format=FORMATS[ending], instead=instead)
    return ending


def _what(head: bytes) -> str:
    found = next((name for start, name in _BEGINNINGS if head.startswith(start)), "")
    if not found and b"SPSS PORT FILE" in _portable(head):
        return "SPSS portable (.por)"
    if not found and head[0] in _OLD_STATA and head[1] in (1, 2) and head[2] == 1:
        return "Stata (.dta)"
    return found


def _portable(head: bytes) -> bytes:
    """The start of a portable file, whose text may stand in EBCDIC; line ends taken out."""
    bare = head.replace(b"\r", b"").replace(b"\n", b"")
    return bare + bare.decode("cp037", "ignore").encode("ascii", "ignore")


def _fits(head: bytes, found: str, ending: str) -> bool:
    if ending == ".csv":
        return not found and b"\0" not in head
    if ending in (".sav", ".zsav"):
        return found.startswith("SPSS (")
    return f"({ending})" in found


@contextmanager
def explained(path: Path, ending: str) -> Iterator[None]:
    """Turn what the libraries say about a bad file into one error that says what to do."""
    mark = Mark(str(path))
    try:
        yield
    except ToplineError:
        raise
    except UnicodeDecodeError as error:
        fail("data-encoding", mark, reason=error.reason)
    except ImportError:
        raise
    except Exception as error:  # pyreadstat and Polars have an error class for nearly every fault
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        if "utf" in reason.lower() or "encoding" in reason.lower() or "converted" in reason.lower():
            fail("data-encoding", mark, reason=reason)
        fail("data-damaged", mark, format=FORMATS[ending], reason=reason)
