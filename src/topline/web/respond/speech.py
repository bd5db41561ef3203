"""Texts of a study and words of the pages in one language, as HTML with every character escaped.

What is not there in the language is said in the first one (a text) or in English (a word), and marked with
its language, so that a screen reader pronounces it and a browser lays it out in its own direction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from typing import Final, Never

from topline.study.compiled import Asked, Choice, Compiled, Known
from topline.study.pipes import BUILT_IN, Pipe, pipes_of
from topline.study.values import Answers, NoAnswer
from topline.web.respond.words import FALLBACK, direction, words

#: HTML of a text for one person: pipes are filled from the person's answers and attributes.
Say = Callable[[Answers], str]
_NOBODY: Final[Mapping[str, Never]] = {}


class Speech:
    """One language of a compiled study."""

    def __init__(self, compiled: Compiled, language: str) -> None:
        self.language: Final = language
        self.direction: Final = direction(language)
        self.anonymous: Final = compiled.anonymity != "confidential"
        self._first = compiled.languages[0]
        self._own = compiled.texts.get(language, {})
        self._all = compiled.texts[self._first]
        self._words, self._english = words(language), words(FALLBACK)
        self._choices: dict[str, dict[str, str]] = _labels(compiled)

    # --- words of the pages

    def word(self, key: str, **places: object) -> str:
        """A word of the pages as HTML; `places` are HTML already."""
        text = escape(self._words.get(key) or self._english[key]).format_map(places)
        return text if key in self._words else self._marked(text, FALLBACK)

    def plain(self, key: str, **places: object) -> str:
        """A word of the pages as plain text: for titles and labels, where no markup can stand."""
        return (self._words.get(key) or self._english[key]).format_map(places)

    # --- texts of the study

    def raw(self, address: str) -> str:
        """The text at an address as it stands, pipes and all."""
        return self._own.get(address) or self._all[address]

    def has(self, address: str) -> bool:
        """Whether the study says anything at an address."""
        return address in self._all

    def html(self, address: str, answers: Answers = _NOBODY) -> str:
        """A text as HTML; a pipe is filled from `answers`, or by its fallback."""
        return self._mark(address, escape(self.filled(address, answers)))

    def filled(self, address: str, answers: Answers) -> str:
        """A text with its pipes filled, as plain text."""
        text = self.raw(address)
        return self._spliced(_cut(text), answers) if "{" in text else text

    def say(self, address: str) -> Say:
        """A text as HTML, cut at its pipes once; calling it splices the answers in."""
        return self._say(address, self.raw(address))

    def _say(self, address: str, text: str) -> Say:
        parts = _cut(text)
        if not any(isinstance(part, Pipe) for part in parts):
            constant = self._mark(address, escape(text))
            return lambda answers: constant
        return lambda answers: self._mark(address, escape(self._spliced(parts, answers)))

    def paragraphs(self, address: str) -> list[tuple[bool, Say]]:
        """The paragraphs of an `info`; True marks one that is nothing but a word the pages fill in
        themselves.
        """
        found: list[tuple[bool, Say]] = []
        for text in self.raw(address).strip().split("\n\n"):
            own = text.strip() in {f"{{{word}}}" for word in BUILT_IN}
            found.append((own, self._say(address, " ".join(text.split()))))
        return found

    def answer(self, variable: str, answers: Answers) -> str:
        """The answer to a variable in words, as plain text; empty for none."""
        answer = answers.get(variable)
        labels = self._choices.get(variable, {})
        match answer:
            case None | NoAnswer():
                kind = answer.kind if isinstance(answer, NoAnswer) else ""
                return self.filled(labels[f"?{kind}"], answers) if f"?{kind}" in labels else ""
            case frozenset():
                return "; ".join(self.filled(labels[name], answers) for name in labels if name in answer)
            case tuple():
                return "; ".join(self.filled(labels[name], answers) for name in answer)
            case Decimal():
                return format(answer, "f")
            case date():
                return f"{answer.day}/{answer.month}/{answer.year}"
        return self.filled(labels[answer], answers) if answer in labels else answer

    def _spliced(self, parts: Sequence[str | Pipe], answers: Answers) -> str:
        return "".join(part if isinstance(part, str) else self._filled(part, answers) for part in parts)

    def _filled(self, pipe: Pipe, answers: Answers) -> str:
        answer = answers.get(pipe.name)
        if answer is None or isinstance(answer, NoAnswer):
            return pipe.fallback or ""
        short = self._choices.get(pipe.name, {}).get(f"!{answer}")
        return self.raw(short) if short else self.answer(pipe.name, answers)

    def _mark(self, address: str, html: str) -> str:
        return html if self._own.get(address) else self._marked(html, self._first)

    def _marked(self, html: str, language: str) -> str:
        if language == self.language:
            return html
        turned = direction(language)
        turn = f' dir="{turned}"' if turned != self.direction else ""
        return f'<span lang="{language}"{turn}>{html}</span>'


def _cut(text: str) -> list[str | Pipe]:
    """A text cut at its pipes."""
    parts: list[str | Pipe] = []
    end = 0
    for pipe in pipes_of(text):
        parts += [text[end : pipe.start], pipe]
        end = pipe.end
    return [*parts, text[end:]]


def _labels(compiled: Compiled) -> dict[str, dict[str, str]]:
    """Addresses of the answers' words by variable; missing kinds under `?kind`, short names under `!name`."""
    found: dict[str, dict[str, str]] = {}
    asked: Asked
    for asked in compiled.questions.values():
        labels = _of(asked.options) | {f"?{kind.name}": kind.text for kind in asked.missing}
        found |= dict.fromkeys(asked.variables, labels)
    attribute: Known
    for attribute in compiled.attributes:
        shorts = {f"!{name}": address for name, address in attribute.shorts.items()}
        found[attribute.name] = _of(attribute.options) | shorts
    return found


def _of(choices: tuple[Choice, ...]) -> dict[str, str]:
    return {choice.name: choice.text for choice in choices}
