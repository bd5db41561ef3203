"""The path of one person: a pure function of the frozen questionnaire, the facts, the seed and what is saved.

There is no stored "next page". Answers off the path stay in the draft and are dropped when it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from topline.study.compiled import Asked, Choice, Compiled, Screen
from topline.study.evaluate import Test, compile_node
from topline.study.values import Answer, Answers, NoAnswer
from topline.web.respond.order import screens_for

_NOT_ASKED: Final = NoAnswer("not_asked")
Saved = Mapping[str, Answers]


@dataclass(frozen=True, slots=True)
class Step:
    """One screen on the path, with the questions of it that this person is asked."""

    screen: Screen
    asked: tuple[Asked, ...]
    done: bool

    @property
    def alone(self) -> bool:
        """Whether one question heads the page itself, as all do but a note without a title."""
        return len(self.asked) == 1 and (self.asked[0].kind != "info" or self.asked[0].title is not None)


@dataclass(frozen=True, slots=True)
class Walk:
    """The path as far as it is known. `answers` holds facts, answers on the path, and what is not asked.

    `order` is every screen in this person's order, on the path or not.
    """

    steps: tuple[Step, ...]
    answers: Answers
    order: tuple[Screen, ...]

    @property
    def open(self) -> Step | None:
        """The first screen that is not answered; None if all are."""
        return next((step for step in self.steps if not step.done), None)

    def index(self, name: str) -> int | None:
        """The place on the path of a screen, from 0."""
        return next((place for place, step in enumerate(self.steps) if step.screen.name == name), None)


class Guide:
    """Routes of a compiled study, ready to be asked."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._routes: dict[str, Test] = {
            id: compile_node(asked.route)
            for id, asked in compiled.questions.items()
            if asked.route is not None
        }
        self._ending = {
            id
            for id, asked in compiled.questions.items()
            if any(each.ends is not None for each in asked.options)
        }
        self.varies = bool(self._routes)  # whether the number of pages hangs on the answers

    def walk(self, facts: Answers, seed: int, saved: Saved) -> Walk:
        """Follow the path. Answers of a page count only if each of its questions is still asked and still
        fits.
        """
        known: dict[str, Answer] = dict(facts)
        steps: list[Step] = []
        ended = False
        order = tuple(screens_for(self.compiled, seed, facts))
        for screen in order:
            asked: list[Asked] = []
            others: list[Asked] = []
            for each in screen.questions:
                (others if ended or not self.is_asked(each, known) else asked).append(each)
            if asked:
                if body := saved.get(screen.name):
                    for each in asked:
                        known.update(_fitting(each, body, known))
                done = body is not None and all(name in known for each in asked for name in each.variables)
                steps.append(Step(screen, tuple(asked), done))
            for each in others:
                known.update(dict.fromkeys(each.variables, _NOT_ASKED))
            ended = ended or any(each.id in self._ending and ends(each, known) for each in asked)
        return Walk(tuple(steps), known, order)

    def is_asked(self, asked: Asked, known: Answers) -> bool:
        """Whether a person with these answers is asked a question."""
        route = self._routes.get(asked.id)
        return route is None or route(known) is True


def offered(asked: Asked, known: Answers) -> tuple[Choice, ...]:
    """The options for this person: all, or those that the person chose in another question
    (`options_from`).
    """
    if asked.options_from is None:
        return asked.options
    chosen = known.get(asked.options_from)
    return tuple(each for each in asked.options if isinstance(chosen, frozenset) and each.name in chosen)


def _fitting(asked: Asked, body: Answers, known: Answers) -> dict[str, Answer]:
    """The saved answers of a question with its additions; nothing if an option is no longer offered."""
    prefix = f"{asked.id}."
    found = {name: each for name, each in body.items() if name == asked.id or name.startswith(prefix)}
    answer = found.get(asked.id)
    if asked.options_from and isinstance(answer, tuple | frozenset | str):
        names = {each.name for each in offered(asked, known)}
        if not names.issuperset((answer,) if isinstance(answer, str) else answer):
            return {}
    return found


def ends(asked: Asked, known: Answers) -> bool:
    """Whether the answer to a question ends the interview (`ends: screened_out`)."""
    answer = known.get(asked.id)
    chosen = answer if isinstance(answer, frozenset) else {answer}
    return any(option.ends is not None and option.name in chosen for option in asked.options)
