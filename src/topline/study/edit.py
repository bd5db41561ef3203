"""Change texts at their places in files that people wrote: everything else stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from topline.base import Mark, fail
from topline.base.files import write_atomically

#: Where a line ends for the YAML parser, which counts the lines of marks.
_LINE_END: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Replacement:
    """Put `new` in the place of `old`, which stands at `mark`; an empty `old` inserts before it."""

    mark: Mark
    old: str
    new: str


def edit(source_text: str, replacements: Iterable[Replacement]) -> str:
    """Make all changes to the text of one file, in any order.

    Errors: a place that the text does not have, an `old` that does not stand there, changes that overlap or
    insert at one place.
    """
    starts = [0, *(match.end() for match in _LINE_END.finditer(source_text))]
    placed = sorted(((_offset(starts, source_text, r.mark), r) for r in replacements), key=lambda p: p[0])
    made: list[str] = []
    done, before = 0, None
    for start, replacement in placed:
        if before is not None and (start < done or start == before[0]):
            first = before[1].mark
            fail("edit-overlap", replacement.mark, line=first.line, column=first.column)
        end = start + len(replacement.old)
        if source_text[start:end] != replacement.old:
            found = source_text[start:end] or "the end of the file"
            fail("edit-not-there", replacement.mark, old=replacement.old, found=found)
        made += [source_text[done:start], replacement.new]
        done, before = end, (start, replacement)
    return "".join([*made, source_text[done:]])


def edit_folder(folder: str | Path, replacements: Iterable[Replacement]) -> tuple[str, ...]:
    """Make changes to files of a folder, each named by its mark; returns the names of the changed files.

    Every new text is worked out before the first file is touched, and each file is replaced in one step.
    """
    by_file: dict[str, list[Replacement]] = {}
    for replacement in replacements:
        by_file.setdefault(replacement.mark.file, []).append(replacement)
    texts = {Path(folder, name): _edited(Path(folder, name), changes) for name, changes in by_file.items()}
    for path, text in texts.items():
        write_atomically(path, text)
    return tuple(by_file)


def _edited(path: Path, replacements: list[Replacement]) -> bytes:
    text = path.read_bytes().decode("utf-8")
    start = "\ufeff" if text.startswith("\ufeff") else ""  # the reader of marks does not see it
    return (start + edit(text.removeprefix(start), replacements)).encode("utf-8")


def _offset(starts: list[int], text: str, mark: Mark) -> int:
    if not 1 <= mark.line <= len(starts) or mark.column < 1:
        fail("edit-outside", mark)
    offset = starts[mark.line - 1] + mark.column - 1
    if offset > (starts[mark.line] if mark.line < len(starts) else len(text)):
        fail("edit-outside", mark)
    return offset
