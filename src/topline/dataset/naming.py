"""Names for what has none: from labels and from columns of files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable
from typing import Final

from topline.study.lexer import RESERVED
from topline.study.model import MISSING_KINDS

_LONGEST: Final = 40
_NUMBERED: Final = re.compile(r"^\s*-?\d+\s*[.)=:-]\s*(?=\S)")  # "1. Yes", "-9) Refused"
#: Words that conditions read otherwise.
_TAKEN: Final = frozenset({*RESERVED, *MISSING_KINDS, "missing", "answered", "count", "any", "all"})


def unnumbered(label: str) -> str:
    """A label without the code that some files write before it."""
    return _NUMBERED.sub("", label).strip()


def slug(text: str, otherwise: str) -> str:
    """A name of small letters, digits and _ from any text; `otherwise` where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain.casefold().replace("'", "")).strip("_")
    if len(name) > _LONGEST:
        name = name[: _LONGEST + 1].rpartition("_")[0] or name[:_LONGEST]
    if not name:
        name = otherwise
    if not name[0].isalpha():
        name = f"v{name}"
    return f"{name}_" if name in _TAKEN else name


def unique(names: Iterable[str], taken: Container[str] = ()) -> list[str]:
    """The names, a number after each that is there already."""
    found: dict[str, None] = {}
    for name in names:
        made, number = name, 2
        while made in found or made in taken:
            made, number = f"{name}_{number}", number + 1
        found[made] = None
    return list(found)
