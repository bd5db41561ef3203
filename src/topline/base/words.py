"""Words that Topline itself writes into sentences, by language: `texts/en.toml`, `texts/cy.toml` ...

Messages to the author of a study stand in `messages/` (see `findings`); here stands what readers see.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


def words(id: str, language: str = "en", **values: object) -> str:
    """The words of that id with its named places filled; KeyError if English lacks them.

    A language that lacks the words, or has no file, gives the English ones: a missing translation is found by
    `topline check`, not by a reader's empty page. `en-US` reads `en.toml`.
    """
    template = texts(language).get(id) or texts("en")[id]
    return template.format_map(values)


@cache
def texts(language: str) -> Mapping[str, str]:
    """Every text of a language by id, from `texts/en.toml` and `texts/en.PART.toml`; empty without a file."""
    name = language.partition("-")[0].lower()
    found: dict[str, str] = {}
    for entry in sorted(files("topline.base").joinpath("texts").iterdir(), key=lambda e: e.name):
        if entry.name.partition(".")[0] == name and entry.name.endswith(".toml"):
            added = tomllib.loads(entry.read_text("utf-8"))
            if twice := found.keys() & added.keys():
                raise ValueError(f"{entry.name}: {', '.join(sorted(twice))} stands in two files")
            found |= added
    return MappingProxyType(found)
