"""The questionnaire as one frozen value, for reading: every text with the state of its translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from topline.documents.asked import Asked
from topline.documents.texts import Said, State
from topline.study.model import Study


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a question: what it is about (`Order`), the words, and a condition as written."""

    about: str
    text: Said | str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer, a row or a missing kind: its code in files, its words, a second line, notes on it."""

    code: str
    text: Said
    hint: Said | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as people read it; `number` counts questions from 1, and is 0 for a text without one.

    `after`: names of the questions that its route looks at. `page` counts pages from 1.
    """

    id: str
    number: int
    page: int
    kind: str
    text: Said | None
    label: Said | None
    asked: Asked
    after: tuple[str, ...] = ()
    hint: Said | None = None
    paragraphs: tuple[Said, ...] = ()
    rows: tuple[Choice, ...] = ()
    choices: tuple[Choice, ...] = ()
    missing: tuple[Choice, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section (or what stands before the first): its title, who is asked it, the order of its questions."""

    id: str
    title: Said | None
    entries: tuple[Entry, ...]
    who: str = ""
    condition: str = ""
    order: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its questions."""
        return tuple(entry.number for entry in self.entries if entry.number)


@dataclass(frozen=True, slots=True)
class Named:
    """A group (with its condition), split or attribute that the questionnaire speaks of."""

    name: str
    text: Said
    detail: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A whole questionnaire; `own` is the language of Topline's words, `language` that of the study's texts.

    `facts`: name and words. `known`: labels of attributes, which texts may pipe in. `states`: how many texts
    are in which state of translation.
    """

    title: Said
    language: str
    own: str
    facts: tuple[tuple[str, Said | str], ...]
    publisher: str
    parts: tuple[Part, ...]
    groups: tuple[Named, ...]
    splits: tuple[Named, ...]
    known: Mapping[str, str]
    states: Mapping[State, int]

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Every question and text by its name, in order."""
        return {entry.id: entry for part in self.parts for entry in part.entries}

    @property
    def is_translation(self) -> bool:
        """Whether the texts shown are a translation."""
        return "own" not in self.states

    @property
    def all_drafts(self) -> bool:
        """Whether no translated text has been passed by a translator: then none is marked by itself."""
        return self.is_translation and not self.states.get("translated")


def questionnaire(study: Study, language: str | None = None) -> Questionnaire:
    """Make the questionnaire for reading, in the study's first language or another of its own.

    Raises ToplineError if the study does not have the language.
    """
    from topline.documents.questionnaire_build import Builder  # the makers know this module's values

    return Builder(study, language).questionnaire()
