"""Names and texts within what a format has room for; each change is told in a note."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from topline.base import Finding
from topline.dataset.files.raw import RawFile
from topline.dataset.naming import unique


def cut(
    text: str, most: int, what: str, findings: list[Finding], unit: Literal["bytes", "characters"] = "bytes"
) -> str:
    """A text within so many bytes of UTF-8, or characters; a note where it had to be cut."""
    in_bytes = unit == "bytes"
    if (len(text.encode()) if in_bytes else len(text)) <= most:
        return text
    findings.append(Finding("text-cut", {"what": what, "most": f"{most} {unit}", "text": text}))
    return text.encode()[:most].decode("utf-8", "ignore") if in_bytes else text[:most]


def renamed(raw: RawFile, most: int, findings: list[Finding], *, plain: bool = False) -> RawFile:
    """Columns by names of at most so many bytes, told apart without regard to capitals.

    `plain`: only letters, digits and _, as Stata has it; else also the signs that SPSS allows.
    """
    kept = r"[^\w]" if plain else r"[^\w.@#$]"
    short = []
    for column in raw.columns:
        name = re.sub(kept, "_", column.source)
        name = name if name[:1].isalpha() or (plain and name[:1] == "_") else f"v{name}"
        name = name.encode()[:most].decode("utf-8", "ignore")
        short.append(name if plain else name.rstrip(".") or "v")
    lower = unique(name.lower() for name in short)
    names = [old if old.lower() == new else new for old, new in zip(short, lower, strict=True)]
    by_old = {column.source: new for column, new in zip(raw.columns, names, strict=True)}
    findings += [
        Finding("column-renamed", {"column": old, "new": new}) for old, new in by_old.items() if old != new
    ]
    return replace(
        raw,
        columns=tuple(replace(column, source=by_old[column.source]) for column in raw.columns),
        sets=tuple(
            replace(entry, columns=tuple(by_old[name] for name in entry.columns)) for entry in raw.sets
        ),
        weight=by_old.get(raw.weight, ""),
    )


def left_behind(raw: RawFile) -> list[Finding]:
    """What neither SPSS nor Stata has a place for: wording, further languages, grids."""
    found = []
    worded = [c.source for c in raw.columns if c.texts and c.texts != c.labels]
    if worded:
        found.append(Finding("wording-left", {"n": len(worded)}))
    if len(raw.languages) > 1:
        others = ", ".join(raw.languages[1:])
        found.append(Finding("languages-left", {"kept": raw.languages[0], "left": others}))
    if raw.grids:
        found.append(Finding("grids-left", {"names": ", ".join(grid.name for grid in raw.grids)}))
    return found
