"""Read the fields of one screen: answers, or what is wrong with them at which field.

Field names are the variables' names: `skills`, `progress.flexible`, `channels` (once for each box ticked),
`worst.1`, `restrictions.other.text`, `devices.missing`, `born.day`, `anything_else.quote`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from topline.study.compiled import Asked, Choice
from topline.study.evaluate import Test, compile_node
from topline.study.model import Kind
from topline.study.values import Answer, Answers, NoAnswer
from topline.web.limits import LONGEST, LONGEST_BESIDE
from topline.web.respond.http import Fields
from topline.web.respond.path import Step, offered

BLANK: Final = NoAnswer("blank")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Address:
    """A place of a message that is a text of the study."""

    address: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a field. `word` is of the catalogue, or `say` the address of the check's own text.

    `at` is the HTML id of the field. `missing`: nothing was given. `soft`: may be sent again as it is.
    """

    question: str
    at: str
    word: str = ""
    places: Mapping[str, object] = field(default_factory=dict)
    missing: bool = False
    soft: bool = False
    say: str | None = None


@dataclass(slots=True)
class Reading:
    """What a form says: answers by variable, and faults in the order of the page."""

    answers: dict[str, Answer] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class Reader:
    """Reads the forms of a study; its checks are compiled once."""

    def __init__(self, questions: Mapping[str, Asked]) -> None:
        self._checks: dict[str, list[tuple[str, Test, str]]] = {
            id: [(rule.severity, compile_node(rule.rule), rule.say) for rule in asked.checks]
            for id, asked in questions.items()
        }

    def read(self, step: Step, fields: Fields, known: Answers) -> Reading:
        """Read one screen. `known` are the facts and the answers before it."""
        reading = Reading()
        seen_soft = set(fields.get(".soft", ()))
        for asked in step.asked:
            if asked.kind != "info":
                _READERS[asked.kind](_Form(asked, fields, known, reading))
        faulty = {fault.question for fault in reading.faults}
        now = {**known, **reading.answers}
        for asked in step.asked:
            if asked.id in faulty:
                continue
            for severity, holds, say in self._checks[asked.id]:
                if holds(now) is False and not (severity == "soft" and say in seen_soft):
                    at = _first_field(asked, known)
                    reading.faults.append(Fault(asked.id, at, soft=severity == "soft", say=say))
        return reading


def _first_field(asked: Asked, known: Answers) -> str:
    names = {
        "date": "day",
        "rank": "1",
        "grid": asked.rows[0].name if asked.rows else "",
    }
    return f"{asked.id}.{names[asked.kind]}" if asked.kind in names else asked.id


@dataclass(frozen=True, slots=True)
class _Form:
    asked: Asked
    fields: Fields
    known: Answers
    reading: Reading

    def values(self, name: str) -> list[str]:
        return [each.strip() for each in self.fields.get(name, ()) if each.strip()]

    def one(self, name: str) -> str:
        return next(iter(self.values(name)), "")

    def put(self, answer: Answer, name: str | None = None) -> None:
        self.reading.answers[name or self.asked.id] = answer

    def fault(self, word: str, at: str | None = None, *, missing: bool = False, **places: object) -> None:
        self.reading.faults.append(
            Fault(self.asked.id, at or self.asked.id, f"errors.{word}", places, missing)
        )

    def nothing(self, word: str, at: str | None = None, name: str | None = None) -> None:
        """Nothing was given: a fault where an answer is required, else blank."""
        if not self.asked.required:
            self.put(BLANK, name)
        elif self.asked.missing:
            self.fault(f"{word}_or", at, missing=True, kind=Address(self.asked.missing[0].text))
        else:
            self.fault(word, at, missing=True)

    def kind(self, name: str) -> NoAnswer | None:
        """The missing kind of that name, if this question offers it."""
        return next((NoAnswer(each.name) for each in self.asked.missing if each.name == name), None)

    def specified(self, chosen: Choice) -> bool:
        """Read the text beside an option; False if it lacks what must stand there."""
        if chosen.specify is None:
            return True
        name = f"{self.asked.id}.{chosen.name}.text"
        text = self.one(name)
        if not text:
            self.fault("specify", name, option=Address(chosen.text))
            return False
        limit = self.asked.max_length or LONGEST_BESIDE
        if len(text) > limit:
            self.fault("too_long", name, found=len(text), maximum=limit)
            return False
        self.put(text, name)
        return True


def _single(form: _Form) -> None:
    asked = form.asked
    value = form.one(asked.id)
    chosen = next((each for each in offered(asked, form.known) if each.name == value), None)
    kind = form.kind(value)
    if chosen is not None:
        if form.specified(chosen):
            form.put(chosen.name)
    elif kind is not None:
        form.put(kind)
    elif value:
        form.fault("unknown")
    else:
        form.nothing("choose_one")


def _multiple(form: _Form) -> None:
    asked = form.asked
    values = dict.fromkeys(form.values(asked.id))
    chosen = [each for each in offered(asked, form.known) if each.name in values]
    kinds = [each for each in asked.missing if each.name in values]
    if len(chosen) + len(kinds) < len(values):
        form.fault("unknown")
        return
    if alone := next((each for each in (*kinds, *chosen) if each.exclusive or each in kinds), None):
        if len(values) > 1:
            form.fault("exclusive", option=Address(alone.text))
        else:
            form.put(NoAnswer(alone.name) if alone in kinds else frozenset({alone.name}))
    elif not chosen:
        form.nothing("choose_any")
    elif all(list(map(form.specified, chosen))):  # every one is read, so that every fault is said
        form.put(frozenset(each.name for each in chosen))


def _grid(form: _Form) -> None:
    asked = form.asked
    names = {each.name for each in asked.options}
    for row in asked.rows:
        name = f"{asked.id}.{row.name}"
        value = form.one(name)
        if value in names:
            form.put(value, name)
        elif kind := form.kind(value):
            form.put(kind, name)
        elif value:
            form.fault("unknown", name)
        elif asked.required:
            form.fault("each_row", name, missing=True, row=Address(row.text))
        else:
            form.put(BLANK, name)


def _rank(form: _Form) -> None:
    asked = form.asked
    by_name = {each.name: each for each in offered(asked, form.known)}
    given = [form.one(f"{asked.id}.{place}") for place in range(1, places_of(asked, form.known) + 1)]
    kind = form.kind(form.one(f"{asked.id}.missing"))
    filled = [name for name in given if name]
    if kind is not None and filled:
        form.fault("kind_and_answer", f"{asked.id}.1", kind=Address(_text_of(asked.missing, kind.kind)))
    elif kind is not None:
        form.put(kind)
    elif unknown := next((n for n, name in enumerate(given, 1) if name and name not in by_name), None):
        form.fault("unknown", f"{asked.id}.{unknown}")
    elif twice := next((n for n, name in enumerate(given, 1) if name and name in given[: n - 1]), None):
        form.fault("twice", f"{asked.id}.{twice}", option=Address(by_name[given[twice - 1]].text))
    elif given[: len(filled)] != filled:
        gap = given.index("") + 1
        form.fault("gap", f"{asked.id}.{gap}", place=gap)
    elif filled:
        form.put(tuple(filled))
    elif asked.required:
        form.fault("first_place", f"{asked.id}.1", missing=True)
    else:
        form.put(BLANK)


def places_of(asked: Asked, known: Answers) -> int:
    """How many places of a rank this person can fill."""
    options = len(offered(asked, known))
    return min(asked.places or options, options)


def _number(form: _Form) -> None:
    asked = form.asked
    if not (text := _text_or_kind(form, "write")):
        return
    number = Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
    exponent = number.as_tuple().exponent if number is not None else 0
    if number is None or (isinstance(exponent, int) and -exponent > asked.decimals):
        if asked.decimals:
            form.fault("decimal", decimals=asked.decimals, example=f"4.{'5' * asked.decimals}")
        else:
            form.fault("whole")
    elif not _outside(form, number, ""):
        form.put(number)


def _date(form: _Form) -> None:
    asked = form.asked
    parts = [form.one(f"{asked.id}.{part}") for part in ("year", "month", "day")]
    kind = form.kind(form.one(f"{asked.id}.missing"))
    at = f"{asked.id}.day"
    if kind is not None:
        if any(parts):
            form.fault("kind_and_answer", at, kind=Address(_text_of(asked.missing, kind.kind)))
        else:
            form.put(kind)
    elif not any(parts):
        form.nothing("write", at)
    elif (day := _day(parts)) is None:
        form.fault("date", at)
    elif not _outside(form, day, "date_", at):
        form.put(day)


def _day(parts: list[str]) -> date | None:
    if not all(part.isascii() and part.isdecimal() for part in parts) or len(parts[0]) != 4:
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def _outside(form: _Form, value: Decimal | date, prefix: str, at: str | None = None) -> bool:
    low, high = form.asked.minimum, form.asked.maximum
    beyond = any(
        limit is not None and (value < limit if sign < 0 else value > limit)  # type: ignore[operator]
        for limit, sign in ((low, -1), (high, 1))
    )
    if beyond:
        word = (
            "between"
            if low is not None and high is not None
            else "at_least"
            if low is not None
            else "at_most"
        )
        form.fault(f"{prefix}{word}", at, minimum=_shown(low), maximum=_shown(high))
    return beyond


def _shown(limit: Decimal | date | None) -> str:
    if isinstance(limit, date):
        return f"{limit.day} {limit.month} {limit.year}"
    return "" if limit is None else format(limit, "f")


def _text(form: _Form) -> None:
    asked = form.asked
    if not (text := _text_or_kind(form, "write")):
        return
    limit = asked.max_length or LONGEST
    if len(text) > limit:
        form.fault("too_long", found=len(text), maximum=limit)
        return
    form.put(text)
    if asked.quotes:
        form.put("yes" if form.one(f"{asked.id}.quote") else "no", f"{asked.id}.quote")


def _text_or_kind(form: _Form, word: str) -> str | None:
    """The text of the field; None if a missing kind or nothing was given (and dealt with)."""
    asked = form.asked
    text = form.one(asked.id)
    kind = form.kind(form.one(f"{asked.id}.missing"))
    if kind is not None and text:
        form.fault("kind_and_answer", kind=Address(_text_of(asked.missing, kind.kind)))
        return None
    if kind is not None:
        form.put(kind)
        return None
    if not text:
        form.nothing(word)
        return None
    return text


def _text_of(choices: tuple[Choice, ...], name: str) -> str:
    return next(each.text for each in choices if each.name == name)


_READERS: Final[Mapping[Kind, Callable[[_Form], None]]] = {
    "single": _single,
    "multiple": _multiple,
    "grid": _grid,
    "rank": _rank,
    "number": _number,
    "date": _date,
    "text": _text,
}


def fields_of(questions: Iterable[Asked], answers: Answers) -> dict[str, list[str]]:
    """The fields that a form would hold for these answers: the other direction of `Reader.read`."""
    beside = {asked.id for asked in questions if asked.kind in ("rank", "number", "date", "text")}
    fields: dict[str, list[str]] = {}
    for name, answer in answers.items():
        match answer:
            case NoAnswer("blank"):
                continue
            case NoAnswer(kind):
                fields[f"{name}.missing" if name in beside else name] = [kind]
            case frozenset():
                fields[name] = sorted(answer)
            case tuple():
                fields |= {f"{name}.{place}": [each] for place, each in enumerate(answer, start=1)}
            case Decimal():
                fields[name] = [format(answer, "f")]
            case date():
                parts = {"day": answer.day, "month": answer.month, "year": answer.year}
                fields |= {f"{name}.{part}": [str(number)] for part, number in parts.items()}
            case str():
                fields[name] = [answer]
    return fields
