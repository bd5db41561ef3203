"""Base sentences from labels: “Base: those who answered “Republican” to “Party””.

Conditions on one question are merged before they are put into words. What would not read well gives None:
then the author writes `base_text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from topline.base import Finding
from topline.base.words import words
from topline.study.model import CHOSEN_MISSING, Question, Study, Variable
from topline.study.tree import And, Compare, Condition, Count, Has, In, InGroup, Is, Node, Not, Or, Ref

#: Answers that a sentence can list; with more of them nobody reads it.
MOST: Final = 6
_OTHERS: Final = 3  # answers listed for "not this one"

_LIMITS: Final = {
    "=": "is-exactly", "<": "is-less", "<=": "is-at-most", ">": "is-more", ">=": "is-at-least",
}  # fmt: skip
_AMOUNTS: Final = {"=": "is-exactly", "<=": "is-or-fewer", ">=": "is-at-least"}
_PLURAL: Final = 2

Joint = Literal["and", "or"]


def base_sentence(condition: Condition | Node, study: Study, language: str = "en") -> str | None:
    """Whom a condition selects, in words and labels; None if only the author can say it.

    Labels are the study's own: for another language give the study with its labels in that language.
    """
    node = condition.node if isinstance(condition, Condition) else condition
    phrase = _Speaker(study, language).phrase(node)
    return words("base", language, who=phrase.who(language)) if phrase else None


def question_base(question: Question, study: Study, language: str = "en") -> str | None:
    """The base sentence of a question: its `base_text`, or one made of its conditions."""
    if question.base_text:
        return words("base", language, who=question.base_text)
    conditions = _conditions(question, study)
    if not conditions:
        return words("base", language, who=words("base-all", language))
    nodes = tuple(condition.node for condition in conditions)
    return base_sentence(nodes[0] if len(nodes) == 1 else And(nodes), study, language)


def base_findings(study: Study) -> Iterator[Finding]:
    """Questions whose base only their author can put into words, and who has not done so."""
    for question in study:
        if question.kind != "info" and question_base(question, study) is None:
            condition = _conditions(question, study)[-1]
            yield Finding("base-text-needed", {"name": question.id}, condition.mark)


def _conditions(question: Question, study: Study) -> list[Condition]:
    sections = (section for section in study.questionnaire.sections if section.name == question.section)
    return [c for c in (*(section.ask_if for section in sections), question.ask_if) if c]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Whom a condition selects. `answered`: what was said to which question; else `label` says it all."""

    answered: tuple[str, ...] = ()
    joint: Joint = "and"
    label: str = ""

    def who(self, language: str) -> str:
        """`those who answered “Yes” to “Registered” and “No” to “Citizen”`."""
        if self.label:
            return self.label
        return words("base-answered", language, what=_joined(self.answered, self.joint, language))


@dataclass(frozen=True, slots=True)
class _Said:
    """Answers and missing kinds of one question with one answer: any of these."""

    ref: Ref
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Amount:
    """What a number or date must be: `18 or more`, `less than 65`."""

    ref: Ref
    limits: tuple[str, ...]
    joint: Joint


_Told = _Said | _Amount | Has


@dataclass(frozen=True)
class _Speaker:
    study: Study
    language: str

    def phrase(self, node: Node) -> _Phrase | None:
        """Put a condition into words, or None."""
        match node:
            case InGroup(name):
                return _Phrase(label=self.study.groups[name].label)
            case And(parts):
                return self.join(parts, "and")
            case Or(parts):
                return self.join(parts, "or")
            case Count(ref, op, number):
                return self.counted(ref, op, number)
            case _:
                told = self.told(node, "and")
                return None if told is None else self.one(told)

    def join(self, parts: Sequence[Node], joint: Joint) -> _Phrase | None:
        """Merge what is said of one question, then join: questions by `and`/`or`, groups by commas."""
        answered: list[str] = []
        labels: list[str] = []
        for part in self.merged(parts, joint):
            phrase = self.one(part) if isinstance(part, _Said | _Amount | Has) else self.phrase(part)
            if phrase is None:
                return None
            if len(phrase.answered) == 1:
                answered += phrase.answered
            else:
                labels.append(phrase.who(self.language))
        if not labels:
            return _Phrase(tuple(answered), joint)
        if answered:
            labels.insert(0, _Phrase(tuple(answered), joint).who(self.language))
        if joint == "and" and len(labels) > 2:
            return None
        between = words("base-among" if joint == "and" else "base-or", self.language)
        return _Phrase(label=between.join(labels))

    def merged(self, parts: Sequence[Node], joint: Joint) -> Iterator[Node | _Told]:
        """The parts in order, with all that is said of one question at its first mention."""
        found: list[Node | _Told] = []
        for part in parts:
            told = self.told(part, joint)
            for place, other in enumerate(found):
                if told is not None and (both := _both(other, told, joint)) is not None:
                    found[place] = both
                    break
            else:
                found.append(part if told is None else told)
        yield from found

    def told(self, node: Node, joint: Joint) -> _Told | None:
        """What a comparison says of one question; None if it cannot be put into words that way."""
        match node:
            case Compare(ref, "=" | "!=" as op, str(value)):
                return self.allowed(ref, self.answers(ref, (value,)), negated=op == "!=")
            case In(ref, values, negated):
                return self.allowed(ref, self.answers(ref, values), negated=negated)
            case Not(Compare() | In() as part):
                inside = self.told(part, joint)
                return (
                    self.allowed(inside.ref, inside.names, negated=True)
                    if isinstance(inside, _Said)
                    else None
                )
            case Is(ref, "answered", negated=False):
                options = self.study.variables[str(ref)].options
                return _Said(ref, frozenset(option.name for option in options))
            case Is(ref, state, negated=False) if state in CHOSEN_MISSING:
                return _Said(ref, frozenset((state,)))
            case Has(ref) if self.study.variables[str(ref)].kind == "set":
                return node
            case Compare(ref, op, Decimal() as value) if op in _LIMITS:
                return _Amount(ref, (words(_LIMITS[op], self.language, value=value),), joint)
            case _:
                return None

    def answers(self, ref: Ref, names: tuple[str, ...]) -> frozenset[str]:
        variable = self.study.variables[str(ref)]
        return frozenset(answer for name in names for answer in variable.answers(name) or (name,))

    def allowed(self, ref: Ref, names: frozenset[str], *, negated: bool) -> _Said | None:
        """These answers, or all but these if they are few enough to be listed."""
        if not negated:
            return _Said(ref, names)
        options = self.study.variables[str(ref)].options
        others = frozenset(option.name for option in options) - names
        return _Said(ref, others) if len(others) <= _OTHERS else None

    def one(self, part: _Told) -> _Phrase | None:
        """Say what was answered to one question, or who the people of an attribute are."""
        variable = self.study.variables[str(part.ref)]
        if isinstance(part, _Said):
            if variable.source == "attribute":
                return self.people(variable, part.names)
            answers = self.list_of(variable, part.names)
        elif isinstance(part, _Amount):
            answers = _joined(part.limits, part.joint, self.language)
        else:
            quoted = [self.quote(self.label(variable, name)) for name in part.values]
            answers = _joined(quoted, "and" if part.how == "all" else "or", self.language)
        if variable.question is None or answers is None:
            return None
        title = self.quote(_title(variable))
        id = "base-to" if answers else "base-given"
        return _Phrase((words(id, self.language, answers=answers, question=title),))

    def counted(self, ref: Ref, op: str, number: int) -> _Phrase | None:
        """`those who gave 2 or more answers to “Sports”`."""
        variable = self.study.variables[str(ref)]
        op, number = {">": (">=", number + 1), "<": ("<=", number - 1)}.get(op, (op, number))
        if op == "!=" or (op != ">=" and number < _PLURAL) or variable.kind != "set":
            return None
        amount = words(_AMOUNTS[op], self.language, value=number)
        title = self.quote(_title(variable))
        return _Phrase(label=words("base-count", self.language, amount=amount, question=title))

    def list_of(self, variable: Variable, names: frozenset[str]) -> str | None:
        """The answers in quotation marks, "" for any answer at all; None if there are none, or too many."""
        if names == frozenset(option.name for option in variable.options):
            return ""
        labels = self.labels(variable, names)
        if not labels or len(labels) > MOST:
            return None
        return _joined([self.quote(label) for label in labels], "or", self.language)

    def labels(self, variable: Variable, names: frozenset[str]) -> list[str]:
        """The net that is exactly these answers, or each of them, in the order of the question."""
        if net := next((net for net in variable.nets if frozenset(net.of) == names), None):
            return [net.label]
        found = [option.label for option in variable.options if option.name in names]
        return found + [missing.label for missing in variable.missing if missing.name in names]

    def label(self, variable: Variable, name: str) -> str:
        found = variable.net(name) or variable.option(name)
        return found.label if found else name

    def people(self, variable: Variable, names: frozenset[str]) -> _Phrase | None:
        """The people of a group of the frame: as the study says they are called, or by the label."""
        attribute = variable.attribute
        options = [option for option in variable.options if option.name in names]
        if attribute and len(options) == 1:
            reads = attribute.reads_of.get(options[0].name) or attribute.reads
            if reads:
                short = options[0].short or options[0].label
                return _Phrase(label=reads.format(short=short, label=options[0].label))
        answers = self.list_of(variable, names)
        if not answers:
            return None
        return _Phrase(label=words("base-of", self.language, attribute=variable.label, answers=answers))

    def quote(self, text: str) -> str:
        return words("quoted", self.language, text=text)


def _title(variable: Variable) -> str:
    if variable.row and variable.question:
        return f"{variable.question.label}: {variable.row.label}"
    return variable.label


def _both(one: Node | _Told, other: _Told, joint: Joint) -> _Told | None:
    """Two statements about one question as one; None if they are not that, or cannot be."""
    match one, other:
        case _Said(ref, names), _Said(same, more) if ref == same:
            return _Said(ref, names & more if joint == "and" else names | more)
        case _Amount(ref, limits), _Amount(same, more) if ref == same:
            return _Amount(ref, (*limits, *more), joint)
        case Has(ref, values, how), Has(same, more, other_how) if ref == same:
            wanted: Literal["any", "all"] = "all" if joint == "and" else "any"
            if (len(values) == 1 or how == wanted) and (len(more) == 1 or other_how == wanted):
                return Has(ref, tuple(dict.fromkeys((*values, *more))), wanted)
    return None


def _joined(parts: Iterable[str], joint: Joint, language: str) -> str:
    """`a, b or c`."""
    *first, last = parts
    if not first:
        return last
    return words(f"list-{joint}", language, first=", ".join(first), last=last)
