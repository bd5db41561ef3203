"""The study as frozen values: what every other room reads.

Names are identity; codes appear only in files. Texts are `str`; a text that came from a file is a
`marks.Text` and knows its place. `topline.study.load` makes all of this; other layers never do (tests may).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal

from topline.base import Mark
from topline.study.tree import Condition

Kind = Literal["single", "multiple", "grid", "rank", "number", "date", "text", "info"]
KINDS: Final[tuple[Kind, ...]] = ("single", "multiple", "grid", "rank", "number", "date", "text", "info")
VariableKind = Literal["codes", "set", "rank", "number", "date", "text"]

#: Missing kinds that the system sets (SEMANTICS.md section 1), with their fixed codes in files.
SYSTEM_MISSING: Final[Mapping[str, int]] = {
    "not_asked": -1,
    "not_in_form": -2,
    "not_in_wave": -3,
    "not_in_mode": -4,
    "not_reached": -5,
    "blank": -6,
    "invalid": -7,
    "withheld": -8,
}
#: Missing kinds that a respondent can choose, if the study declares them.
CHOSEN_MISSING: Final = ("dont_know", "refused", "not_applicable")
MISSING_KINDS: Final = (*SYSTEM_MISSING, *CHOSEN_MISSING)


@dataclass(frozen=True, slots=True)
class Missing:
    """A missing kind that a respondent can choose (or `blank`, shown as a column): code, label, base rule."""

    name: str
    label: str
    in_base: bool = False
    code: int | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One answer. `data` is how a file from elsewhere writes it, when not by its code."""

    name: str
    label: str
    code: int | None = None
    short: str | None = None
    hint: str | None = None
    place: Literal["first", "last"] | None = None
    exclusive: bool = False
    specify: str | None = None
    ends: Literal["screened_out"] | None = None
    data: str | None = None
    parent: str | None = None  # the answer above it, in a code list that is a hierarchy
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row (item) of a grid."""

    name: str
    label: str
    code: int | None = None
    short: str | None = None
    place: Literal["first", "last"] | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Net:
    """Several answers as one; `of` is resolved to the answers that are in it."""

    name: str
    label: str
    of: tuple[str, ...]
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """How the order of rows, options or questions varies between people. `by` names a split."""

    how: Literal["shuffle", "flip"]
    by: str | None = None
    only: tuple[str, ...] = ()
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A rule on an answer: a hard one blocks, a soft one asks once. `rule` says what must hold."""

    severity: Literal["hard", "soft"]
    rule: Condition
    say: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Answers used by several questions, with their nets, scores and missing kinds."""

    name: str
    options: tuple[Option, ...]
    missing: tuple[Missing, ...] = ()
    nets: tuple[Net, ...] = ()
    scores: Mapping[str, tuple[Decimal | None, ...]] = field(default_factory=dict)
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """A random division of people, drawn once: arms with their relative sizes."""

    name: str
    label: str
    arms: Mapping[str, int]
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A named condition: route, table filter, banner column, claim filter and sentence."""

    name: str
    label: str
    where: Condition
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the questionnaire under one heading; `questions` may be asked in random order."""

    name: str
    title: str
    ask_if: Condition | None = None
    questions: Order | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question (or `info` text). Fields that a kind does not use are empty.

    `options`, `missing`, `nets` and `scores` are already those of its scale, when it names one.
    """

    kind: Kind
    id: str
    ask: str = ""
    label: str = ""
    hint: str | None = None
    title: str | None = None
    text: str | None = None
    section: str | None = None
    page: str = ""
    ask_if: Condition | None = None
    base_text: str | None = None
    required: bool = True
    scale: str | None = None
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    missing: tuple[Missing, ...] = ()
    nets: tuple[Net, ...] = ()
    scores: Mapping[str, tuple[Decimal | None, ...]] = field(default_factory=dict)
    order_rows: Order | None = None
    order_options: Order | None = None
    options_from: str | None = None
    places: int | None = None
    minimum: Decimal | date | None = None
    maximum: Decimal | date | None = None
    decimals: int = 0
    lines: int = 1
    max_length: int | None = None
    quotes: Literal["ask"] | None = None
    look: Literal["list"] | None = None
    blank: Missing | None = None
    blank_counts: bool = False
    checks: tuple[Check, ...] = ()
    column: str | None = None
    mark: Mark | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)  # place of each setting's value


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is known of a person without asking here: from the frame, or columns of a data file."""

    name: str
    label: str
    kind: Literal["codes", "number", "date"] = "codes"
    column: str | None = None
    options: tuple[Option, ...] = ()
    nets: tuple[Net, ...] = ()
    minimum: Decimal | date | None = None
    maximum: Decimal | date | None = None
    bands_of: str | None = None
    cuts: tuple[Decimal, ...] = ()
    reads: str | None = None  # sentence for every group: "those in {short}"
    reads_of: Mapping[str, str] = field(default_factory=dict)  # sentence for one group
    coarsen: tuple[str, ...] = ()  # levels of the ladder, finest first
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """A variable worked out from others (`derive:`), with its own label, base and missing rule."""

    name: str
    label: str
    kind: Literal["mean", "index", "recode", "band", "any", "all", "count", "coded"]
    of: tuple[str, ...]  # variables, as `question` or `grid.row`
    score: str | None = None
    at_least: int = 1
    answer: str | None = None  # any, all, count: the answer or net looked for
    options: tuple[Option, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)  # recode: old answer -> new answer
    cuts: tuple[Decimal, ...] = ()
    coders: tuple[str, ...] = ()  # coded: who codes; files codes/NAME.CODER.csv
    into: str | None = None  # coded: the closed question that the texts belong to
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """What a reference in an expression or an address means: one column, whatever asked it.

    `kind`: `codes` (one answer of a list), `set` (multiple response), `rank`, `number`, `date`, `text`.
    `source`: `question`, `row`, `attribute`, `split` or `derived`. `question` is the question that asks it.
    """

    name: str
    kind: VariableKind
    label: str
    source: Literal["question", "row", "attribute", "split", "derived"]
    options: tuple[Option, ...] = ()
    nets: tuple[Net, ...] = ()
    missing: tuple[Missing, ...] = ()
    scores: Mapping[str, tuple[Decimal | None, ...]] = field(default_factory=dict)
    question: Question | None = None
    row: Row | None = None
    attribute: Attribute | None = None

    @property
    def counted(self) -> tuple[Missing, ...]:
        """The missing kinds that count in the base, `blank` last: in tables they stand like answers."""
        blank = self.question.blank if self.question else None
        kinds = (*self.missing, *((blank,) if blank else ()))
        return tuple(kind for kind in kinds if kind.in_base)

    def option(self, name: str) -> Option | None:
        """The answer of that name."""
        return next((option for option in self.options if option.name == name), None)

    def net(self, name: str) -> Net | None:
        """The net of that name."""
        return next((net for net in self.nets if net.name == name), None)

    def answers(self, name: str) -> tuple[str, ...] | None:
        """The answers that a name stands for: itself, or those of the net; None if it is neither."""
        if net := self.net(name):
            return net.of
        return (name,) if self.option(name) else None


@dataclass(frozen=True)
class Questionnaire:
    """questionnaire.yaml, built."""

    questions: tuple[Question, ...] = ()
    sections: tuple[Section, ...] = ()
    missing: tuple[Missing, ...] = ()
    scales: tuple[Scale, ...] = ()
    splits: tuple[Split, ...] = ()
    groups: tuple[Group, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Questions by id, in order."""
        return {question.id: question for question in self.questions}

    @cached_property
    def pages(self) -> Mapping[str, tuple[Question, ...]]:
        """The questions of each page, in order."""
        found: dict[str, list[Question]] = {}
        for question in self.questions:
            found.setdefault(question.page, []).append(question)
        return {name: tuple(questions) for name, questions in found.items()}


@dataclass(frozen=True, repr=False)
class Study:
    """A whole study: study.yaml, its questionnaire, and where they came from.

    `settings` holds the parts of study.yaml that later layers read by themselves (`weighting`, `analysis`,
    `disclosure`, `report`, `data`, `frame`, `privacy` ...): plain dicts, lists and texts with marks, already
    checked against their shapes.
    """

    id: str
    title: str
    folder: str
    languages: tuple[str, ...]
    inference: Literal["descriptive", "design", "census-nonresponse", "model"]
    questionnaire: Questionnaire
    attributes: tuple[Attribute, ...] = ()
    derived: tuple[Derived, ...] = ()
    anonymity: str = "anonymous"
    settings: Mapping[str, object] = field(default_factory=dict)

    def __repr__(self) -> str:
        """What it is, on one line: the whole questionnaire would fill the screen."""
        asked = sum(question.kind != "info" for question in self)
        spoken = ", ".join(self.languages)
        return f"{self.title or self.id}: {asked} questions in {spoken}; inference: {self.inference}."

    @cached_property
    def variables(self) -> Mapping[str, Variable]:
        """Every variable by name, in order: questions, rows as `grid.row`, attributes, splits, derived."""
        from topline.study.variables import variables_of  # the table is long enough for a room of its own

        return {variable.name: variable for variable in variables_of(self)}

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """Named groups by name."""
        return {group.name: group for group in self.questionnaire.groups}

    def __iter__(self) -> Iterator[Question]:
        """Go through the questions in order."""
        return iter(self.questionnaire.questions)
