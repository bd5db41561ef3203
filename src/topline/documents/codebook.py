"""The codebook of a study as one frozen value: every variable, its columns, codes, base and conditions.

Made from the definition alone, never from answers. Renderers (Markdown, CSV, DDI) read nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from topline.documents.asked import Asked
from topline.study.model import Study

Source = Literal["question", "attribute", "split", "derived", "file"]


@dataclass(frozen=True, slots=True)
class Value:
    """What may stand in a cell: `code` as the file writes it. A missing kind is told from an answer."""

    code: str
    name: str
    label: str
    missing: bool = False
    in_base: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file of answers: `variable` is its address (`grid.row`, `question.option`)."""

    variable: str
    name: str
    label: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Combined:
    """A net: its name, label and the names of the answers in it."""

    name: str
    label: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One question, attribute, split or derived variable, with its columns.

    `kind` is the question's kind; for others `codes`, `number`, `date`, `id` or `weight`. `scores`: for each
    score the number of each answer by name. `low` and `high`: the range allowed, ends included. `asked`: who
    is asked (None where nobody is asked anything).
    """

    name: str
    kind: str
    source: Source
    label: str
    columns: tuple[Column, ...]
    section: str = ""
    text: str = ""
    hint: str = ""
    base: str = ""
    asked: Asked | None = None
    nets: tuple[Combined, ...] = ()
    scores: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    orders: tuple[str, ...] = ()
    checks: tuple[tuple[str, str], ...] = ()  # rule as written, what the respondent reads
    low: str = ""
    high: str = ""
    decimals: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about the whole study: `name` is its setting (`population`), `label` its name in words."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Codebook:
    """A whole codebook in one language; `own` is the language of Topline's words in it.

    `sections`: title by name. `translation_note`: how far this language is translated; empty for the first.
    """

    study: str
    title: str
    language: str
    own: str
    facts: tuple[Fact, ...]
    sections: Mapping[str, str]
    blocks: tuple[Block, ...]
    fieldwork: tuple[str, ...] = ()  # first and last day
    own_fieldwork: bool = True  # False: the answers were collected elsewhere
    translation_note: str = ""

    @property
    def conditions(self) -> tuple[Block, ...]:
        """The questions that not everybody is asked."""
        return tuple(block for block in self.blocks if block.asked and block.asked.condition)

    def fact(self, name: str) -> str:
        """A fact about the study by the name of its setting; empty if the study does not say."""
        return next((fact.text for fact in self.facts if fact.name == name), "")


def codebook(study: Study, language: str | None = None) -> Codebook:
    """Make the codebook of a study, in its first language or in another of its own.

    Raises ToplineError if the study does not have the language.
    """
    from topline.documents.codebook_build import Builder  # the makers know this module's values

    return Builder(study, language).codebook()


def codebooks(study: Study) -> tuple[Codebook, ...]:
    """Make the codebook in every language that the study has texts in, the first language first."""
    from topline.study.translations import load_translations  # polib is loaded only where it is needed

    return tuple(codebook(study, language) for language in (study.languages[0], *load_translations(study)[0]))
