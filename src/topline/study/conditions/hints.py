"""What else might have been meant."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from topline.base.words import words

_SHOWN: Final = 12


def did_you_mean(name: str, known: Collection[str]) -> str:
    """` Did you mean party?`, or nothing when no name is close."""
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return " " + words("hint-near", name=close[0]) if close else ""


def suggest(name: str, known: Collection[str]) -> str:
    """` Did you mean democrat?`, or all there is when no name is close."""
    return did_you_mean(name, known) or (" " + words("hint-one-of", names=listed(known)) if known else "")


def listed(names: Collection[str]) -> str:
    """Names with commas; of a long list the beginning and how many more."""
    shown = ", ".join(list(names)[:_SHOWN])
    more = len(names) - _SHOWN
    return shown + (" " + words("hint-more", n=more) if more > 0 else "")
