"""The words of the pages by language: `en.toml` has them all, other files may still lack some."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

FALLBACK: Final = "en"
#: Names of languages that have no file of words yet, in their own words.
_NAMES: Final[Mapping[str, str]] = {
    "ar": "العربية", "bn": "বাংলা", "de": "Deutsch", "es": "Español", "fa": "فارسی", "fr": "Français",
    "ga": "Gaeilge",
    "gd": "Gàidhlig", "he": "עברית", "hi": "हिन्दी", "it": "Italiano", "nl": "Nederlands", "pa": "ਪੰਜਾਬੀ",
    "pl": "Polski", "pt": "Português", "ro": "Română", "so": "Soomaali", "tr": "Türkçe", "uk": "Українська",
    "ur": "اردو", "zh": "中文",
}  # fmt: skip
_RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


@cache
def words(language: str) -> Mapping[str, str]:
    """The words of a language as `section.key` -> text; empty for a language without a file."""
    file = files(__name__).joinpath(f"{language}.toml")
    if not language.isalpha() or not file.is_file():
        return {}
    tables = tomllib.loads(file.read_text("utf-8"))
    return {f"{section}.{key}": text for section, table in tables.items() for key, text in table.items()}


def language_name(language: str) -> str:
    """The language in its own words; its code where nobody has written them down."""
    return words(language).get("language.name") or _NAMES.get(language.partition("-")[0], language)


def direction(language: str) -> str:
    """`rtl` for languages written from right to left, else `ltr`."""
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
