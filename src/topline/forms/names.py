"""Names from what other tools allow: small letters, digits and _, starting with a letter, each once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from topline.study.lexer import RESERVED
from topline.study.model import MISSING_KINDS

#: Words that a condition would read as something else.
_WORDS: Final = frozenset({*RESERVED, *MISSING_KINDS, "missing", "answered", "count", "any", "all"})
_LONGEST: Final = 30


def plain_name(text: str, before: str) -> str:
    """The nearest name to a text; `before` is put before one that would start with a digit, or be empty."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", letters)  # daysPerWeek is days_per_week
    name = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    return name if name[:1].isalpha() else f"{before}{name}" if name else before.rstrip("_")


def short_name(text: str, before: str) -> str:
    """A name from a sentence, cut after a word."""
    name = plain_name(text, before)
    if len(name) <= _LONGEST:
        return name
    cut = name[: _LONGEST + 1].rpartition("_")[0]
    return cut or name[:_LONGEST]


class Names:
    """A set of names in which each is given once."""

    def __init__(self, taken: Iterable[str] = (), suffix: str = "answer") -> None:
        self.taken = set(taken)
        self.suffix = suffix

    def give(self, wanted: str) -> str:
        """The wanted name, or the next free one like it."""
        if wanted in _WORDS:
            wanted = f"{wanted}_{self.suffix}"
        name, number = wanted, 1
        while name in self.taken:
            number += 1
            name = f"{wanted}_{number}"
        self.taken.add(name)
        return name
