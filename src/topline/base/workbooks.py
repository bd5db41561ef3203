"""Whether a workbook may be opened. It is a zip of XML that somebody sent, and a small one may fill a memory:
its parts and its inflated bytes are counted before any library reads it, and a document type, by which XML
grows without end, is refused.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from topline.base.findings import Mark, fail

_MOST_MEMBERS: Final = 1_000
_MOST_TIMES: Final = 200  # inflated over packed
_CHUNK: Final = 1 << 20
_DOCTYPE: Final = "<!DOCTYPE"
#: The mark in the encodings that XML may be in; a piece of a file that ends within one keeps so many bytes.
_DOCTYPES: Final = tuple(_DOCTYPE.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
_KEPT: Final = max(map(len, _DOCTYPES))


def count_workbook(path: Path, most: int) -> None:
    """Refuse a bomb, by what its directory says and by what is really in it; `most`: bytes, inflated.

    Raises ToplineError; what zipfile raises where this is no zip passes through.
    """
    with zipfile.ZipFile(path) as book:
        members, mark = book.infolist(), Mark(str(path))
        if len(members) > _MOST_MEMBERS:
            fail("workbook-parts", mark, parts=len(members), most=_MOST_MEMBERS)
        packed = max(1, path.stat().st_size)
        left = min(most, max(packed * _MOST_TIMES, _CHUNK))
        for member in members:
            with book.open(member) as file:
                tail = b""
                while piece := file.read(_CHUNK):
                    left -= len(piece)
                    if left < 0:
                        fail("workbook-bomb", mark)
                    if any(mark_of in tail + piece for mark_of in _DOCTYPES):
                        fail("workbook-doctype", mark)
                    tail = piece[-_KEPT:]
