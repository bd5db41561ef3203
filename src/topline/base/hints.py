"""What else might have been meant: one way of offering names in every message."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from topline.base.words import words

_SHOWN: Final = 12


def closest(name: str, known: Collection[str]) -> str | None:
    """The known name that is most like this one, or None when none is close."""
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return close[0] if close else None


def did_you_mean(name: str, known: Collection[str]) -> str:
    """` Did you mean party?` with a leading space, or nothing when no name is close."""
    close = closest(name, known)
    return " " + words("hint-near", name=close) if close else ""


def suggest(name: str, known: Collection[str]) -> str:
    """` Did you mean democrat?`, or all there is when no name is close; with a leading space."""
    return did_you_mean(name, known) or (" " + words("hint-one-of", names=listed(known)) if known else "")


def nearest(name: str, known: Collection[str]) -> str:
    """A whole sentence to end a message with: the close name, all there is, or that there is none."""
    return suggest(name, known).lstrip() or words("hint-none")


def listed(names: Collection[str]) -> str:
    """Names with commas; of a long list the beginning and how many more."""
    shown = ", ".join(list(names)[:_SHOWN])
    more = len(names) - _SHOWN
    return shown + (" " + words("hint-more", n=more) if more > 0 else "")
