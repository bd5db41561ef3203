"""The texts of a study in one of its languages, each with what is known of its translation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from topline.base import fail
from topline.base.words import texts as texts_of_language
from topline.base.words import words
from topline.study.model import Missing, Net, Option, Question, Study
from topline.study.translations import Translation, load_translations, texts_of

State = Literal["own", "translated", "unreviewed", "untranslated"]


@dataclass(frozen=True, slots=True)
class Said:
    """A text as shown: `own` stands in the study's first language; `untranslated` falls back to it."""

    text: str
    language: str
    state: State = "own"

    def __str__(self) -> str:
        """Give the text."""
        return self.text


class Texts:
    """Looks up texts by address; keeps the first language's where a translation lacks one."""

    def __init__(self, study: Study, language: str | None = None) -> None:
        """Read the translation; ToplineError if the study lacks the language, or its file is broken."""
        self.study = study
        self.first = study.languages[0]
        self.language = language or self.first
        if self.language not in study.languages:
            fail("language-unknown", given=self.language, allowed=", ".join(study.languages))
        self._addresses = texts_of(study)
        self._found: Translation | None = None
        if self.language != self.first:
            self._found = load_translations(study)[0].get(self.language)
            if self._found is None:
                fail("language-without-file", language=self.language, file=f"translations/{self.language}.po")

    def of(self, address: str, text: str) -> Said:
        """The text of that address, whose words in the first language are `text`."""
        if self.language == self.first:
            return Said(text, self.first)
        found = self._found.texts.get(address) if self._found else None
        if self._found is None or found is None:
            return Said(text, self.first, "untranslated")
        state: State = "unreviewed" if address in self._found.unreviewed else "translated"
        return Said(found, self.language, state)

    def option(self, question: Question, option: Option, part: str = "") -> Said:
        """An answer of a question, or its `hint` or `specify`."""
        at = f"{option_owner(question)}.options.{option.name}"
        return self.of(f"{at}.{part}" if part else at, getattr(option, part or "label") or "")

    def missing(self, kind: Missing) -> Said:
        """The label of a missing kind that a respondent can choose."""
        return self.of(f"missing.{kind.name}", kind.label)

    def net(self, question: Question, net: Net) -> Said:
        """The label of a net: a question's own, or its scale's."""
        own = f"{question.id}.nets.{net.name}"
        return self.of(
            own if own in self._addresses else f"scales.{question.scale}.nets.{net.name}", net.label
        )

    def counts(self) -> Counter[State]:
        """How many of the study's texts are in which state."""
        return Counter(self.of(address, text).state for address, text in self._addresses.items())


def option_owner(question: Question) -> str:
    """The address under which a question's answers stand: its scale's, if it has one."""
    if question.scale:
        return f"scales.{question.scale}"
    return question.options_from if question.kind == "rank" and question.options_from else question.id


def own_words_language(study: Study) -> str:
    """The language of what Topline itself writes about this study: its first, if Topline has words in it."""
    return study.languages[0] if texts_of_language(study.languages[0]) else "en"


def language_name(tag: str, language: str) -> str:
    """What a language is called; its tag, where Topline has no name for it."""
    id = f"language-{tag.partition('-')[0].lower()}"
    return words(id, language) if id in texts_of_language("en") else tag
