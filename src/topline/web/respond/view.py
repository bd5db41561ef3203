"""What is drawn: one person's state on one screen, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TypeVar

from topline.study.compiled import Choice, Compiled, Item, Ordering
from topline.study.values import Answers
from topline.web.respond.forms import Address, Fault
from topline.web.respond.http import Fields
from topline.web.respond.order import arranged
from topline.web.respond.speech import Speech

_N = TypeVar("_N", Choice, Item)


@dataclass(frozen=True, slots=True)
class View:
    """Everything that drawing a question needs beside its precompiled pieces.

    `fields` are what stands in the form now (saved, or as just sent); `alone`: the question is the page.
    """

    compiled: Compiled
    speech: Speech
    known: Answers
    facts: Answers
    seed: int
    fields: Fields = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    alone: bool = True

    def faults_of(self, question: str) -> list[Fault]:
        """What is wrong with one question."""
        return [fault for fault in self.faults if fault.question == question]

    def checked(self, name: str, value: str) -> str:
        """` checked` if the field holds the value."""
        return " checked" if value in self.fields.get(name, ()) else ""

    def chosen(self, name: str, value: str) -> str:
        """` selected` if the field holds the value."""
        return " selected" if value in self.fields.get(name, ()) else ""

    def value(self, name: str) -> str:
        """What stands in a field, escaped."""
        return escape(next(iter(self.fields.get(name, ())), ""))

    def ordered(self, things: Sequence[_N], ordering: Ordering | None, key: str) -> list[_N]:
        """The options or rows in this person's order."""
        return arranged(things, ordering, key, self.seed, self.facts, self.compiled)


def message(speech: Speech, fault: Fault, known: Answers) -> str:
    """What a fault says, as HTML."""
    if fault.say is not None:
        return speech.say(fault.say)(known)
    places = {
        name: speech.html(each.address, known) if isinstance(each, Address) else escape(str(each))
        for name, each in fault.places.items()
    }
    return speech.word(fault.word, **places)


def errors(view: View, faults: Iterable[Fault]) -> tuple[str, str]:
    """The messages at a field, and its ` aria-describedby`-ready ids (joined by spaces)."""
    found = list(faults)
    said = "".join(
        f'<p class="err" id="{escape(fault.at)}-error">'
        f'<span class="vh">{view.speech.word("errors.error")} </span>'
        f"{message(view.speech, fault, view.known)}</p>"
        for fault in found
    )
    return said, " ".join(f"{escape(fault.at)}-error" for fault in found)
