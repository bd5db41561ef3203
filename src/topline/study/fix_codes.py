"""Give codes to lists of answers and rows that have none (FORMAT.md section 4).

Codes are what data files hold, so a code that stands is never changed, and a list in which only some entries
have one is left to its author: nobody else can know which codes the file already uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from topline.study.edit import Replacement
from topline.study.marks import Map, Seq, Value
from topline.study.reading.plain_yaml import read_plain_yaml, read_source
from topline.study.shapes.engine import NAME

_LISTS = ("options", "rows")
_FILES = {"questionnaire.yaml": ("scales", "questions"), "study.yaml": ("attributes", "derive")}


def write_codes(folder: str | Path) -> list[Replacement]:
    """The insertions that give codes 1, 2, 3 ... in order to every list of answers or rows without any.

    `edit_folder` makes them. Lists in CSV files are left alone. Errors: a file cannot be read.
    """
    return [
        insertion
        for name, parts in _FILES.items()
        for insertion in _of_file(Path(folder) / name, name, parts)
    ]


def _of_file(path: Path, name: str, parts: tuple[str, ...]) -> Iterator[Replacement]:
    map, _ = read_plain_yaml(read_source(path, name))
    for part in parts:
        for item in _entries(map.get(part)):
            for list_name in _LISTS:
                entries = item.get(list_name)
                if isinstance(entries, Map):
                    yield from _of_list(entries)


def _entries(part: Value | None) -> list[Map]:
    items = part.values() if isinstance(part, Map) else part if isinstance(part, Seq) else ()
    return [item for item in items if isinstance(item, Map)]


def _of_list(entries: Map) -> Iterator[Replacement]:
    if not all(NAME.fullmatch(key) for key in entries):
        return
    for code, key in enumerate(entries, start=1):
        yield Replacement(entries.key(key).at(0), "", f"{code} ")
