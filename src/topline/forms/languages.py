"""The languages of a form: which one the questionnaire is in, and the tags of the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from topline.forms.columns import Line

_TAGS: Final = {
    "albanian": "sq", "amharic": "am", "arabic": "ar", "bengali": "bn", "bangla": "bn", "bulgarian": "bg",
    "burmese": "my", "chinese": "zh", "croatian": "hr", "czech": "cs", "danish": "da", "dari": "prs",
    "dutch": "nl", "english": "en", "estonian": "et", "farsi": "fa", "finnish": "fi", "french": "fr",
    "français": "fr", "german": "de", "deutsch": "de", "greek": "el", "gujarati": "gu", "hausa": "ha",
    "hebrew": "he", "hindi": "hi", "hungarian": "hu", "indonesian": "id", "irish": "ga", "italian": "it",
    "japanese": "ja", "khmer": "km", "kinyarwanda": "rw", "korean": "ko", "kurdish": "ku", "lao": "lo",
    "latvian": "lv", "lithuanian": "lt", "luganda": "lg", "malagasy": "mg", "malay": "ms", "maltese": "mt",
    "nepali": "ne", "norwegian": "no", "pashto": "ps", "persian": "fa", "polish": "pl", "portuguese": "pt",
    "português": "pt", "punjabi": "pa", "romanian": "ro", "russian": "ru", "scottish gaelic": "gd",
    "serbian": "sr", "slovak": "sk", "slovenian": "sl", "somali": "so", "spanish": "es", "español": "es",
    "swahili": "sw", "kiswahili": "sw", "swedish": "sv", "tagalog": "tl", "tamil": "ta", "telugu": "te",
    "thai": "th", "tigrinya": "ti", "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi",
    "welsh": "cy", "wolof": "wo", "xhosa": "xh", "yoruba": "yo", "zulu": "zu",
}  # fmt: skip
_IN_BRACKETS: Final = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\)\s*$")


@dataclass(frozen=True)
class Languages:
    """`base` is the name of the language that the questionnaire is written in, as its columns give it."""

    base: str
    base_tag: str | None  # None: the form does not say
    others: Mapping[str, str]  # name in the columns -> tag
    unknown: Mapping[str, str]  # those among them, and the base, whose tag is one for private use

    def text(self, line: Line, name: str) -> str:
        """The text of a field in the language of the questionnaire, else without one, else in any."""
        texts = line.texts.get(name, {})
        return texts.get(self.base) or texts.get("") or next(iter(texts.values()), "")

    def translations(self, line: Line, name: str) -> dict[str, str]:
        """The texts of a field in the other languages, by tag."""
        texts = line.texts.get(name, {})
        return {tag: texts[language] for language, tag in self.others.items() if texts.get(language)}


def languages_of(lines: Iterable[Line], default: str) -> Languages:
    """Find the languages of a form: its `default_language`, else texts without a language, else the first.

    Images and sounds do not count: only words make a language.
    """
    named: dict[str, None] = {}
    for line in lines:
        for name in ("label", "hint"):
            named.update(dict.fromkeys(line.texts.get(name, ())))
    given = next((name for name in named if name and _same(name, default)), None) if default else None
    base = given if given is not None else "" if "" in named or not named else next(iter(named))
    label_languages = {language for line in lines for language in line.texts.get("label", ())}
    if given is None and "" not in label_languages and label_languages:
        base = next(language for language in named if language in label_languages)
    stated = base or default
    names = [name for name in dict.fromkeys((stated, *named)) if name]
    strange = [name for name in names if tag_of(name) is None]
    unknown = {name: f"q{chr(ord('a') + n // 26)}{chr(ord('a') + n % 26)}" for n, name in enumerate(strange)}
    tags = {name: tag_of(name) or unknown[name] for name in names}
    base_tag = tags.get(stated)
    others = {name: tag for name, tag in tags.items() if name != base and tag != (base_tag or "en")}
    return Languages(base, base_tag, others, unknown)


def tag_of(name: str) -> str | None:
    """The tag of a language from its name: `Swahili (sw)`, `English`, `fr`; None if it is not known."""
    if match := _IN_BRACKETS.search(name):
        return match[1]
    plain = name.strip().lower()
    if plain in _TAGS:
        return _TAGS[plain]
    if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", plain):
        return name.strip()
    return None


def _same(one: str, other: str) -> bool:
    return one.strip().lower() == other.strip().lower() or tag_of(one) == (tag_of(other) or "")
