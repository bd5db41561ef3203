"""Which missing kind a label means, where it is clear; and what Topline calls its kinds in files."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from topline.base.words import words
from topline.dataset.codebook import UNCLEAR
from topline.dataset.naming import unnumbered
from topline.study.model import SYSTEM_MISSING

_CODE_AFTER: Final = re.compile(r"\s*\(\s*-?[\d.a-z]{1,4}\s*\)\s*$")  # "Refused (-9)"
_CODE_BEFORE: Final = re.compile(r"^\s*-\s*\d+\s*[.)=:-]?\s*")


def kind_of_label(label: str) -> str:
    """The missing kind that a label names in so many words; `unclear` where it is none of them."""
    return _phrases().get(_plain(label), UNCLEAR)


def system_label(kind: str, language: str) -> str:
    """What a file calls one of Topline's own kinds."""
    return words(f"missing-{kind.replace('_', '-')}", language)


#: Stata's extended missing values for Topline's kinds; the others get what is left of the alphabet.
LETTERS: Final[Mapping[str, str]] = {
    "not_asked": ".a", "not_in_form": ".f", "not_in_wave": ".w", "not_in_mode": ".m", "not_reached": ".b",
    "blank": ".l", "invalid": ".i", "withheld": ".h", "dont_know": ".d", "refused": ".r",
    "not_applicable": ".n",
}  # fmt: skip


def system_code(kind: str) -> int | None:
    """The fixed code of a kind that the system sets; None for those that people choose."""
    return SYSTEM_MISSING.get(kind)


@cache
def _phrases() -> Mapping[str, str]:
    text = files("topline.dataset").joinpath("kinds.toml").read_text("utf-8")
    return {_plain(phrase): kind for kind, phrases in tomllib.loads(text).items() for phrase in phrases}


def _plain(label: str) -> str:
    """A label without its code, signs, accents and capitals."""
    bare = _CODE_AFTER.sub("", _CODE_BEFORE.sub("", unnumbered(label)))
    letters = unicodedata.normalize("NFKD", bare.casefold().replace("'", "").replace("’", ""))
    kept = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", kept))
