"""Made-up people: attributes and answers, question after question along their routes, to the targets."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from topline.base import fail
from topline.base.progress import progress
from topline.base.words import words
from topline.rehearse.sets import spread_sets
from topline.rehearse.spread import Group, of_people, skipping, spread_answers
from topline.rehearse.targets import Targets
from topline.study.compiled import Asked, Compiled
from topline.study.model import Study, Variable
from topline.study.values import Answer, NoAnswer
from topline.web.respond.path import Guide, ends, offered

Person = dict[str, Answer]
BLANK: Final = NoAnswer("blank")
NOT_ASKED: Final = NoAnswer("not_asked")
_DONT_KNOW: Final = Fraction(4)  # per cent who choose a missing kind, where nothing is said


def make_people(study: Study, compiled: Compiled, targets: Targets, seed: int) -> list[Person]:
    """People whose answers meet the targets; the same for the same seed.

    Raises ToplineError, naming the target, for one that cannot be reached.
    """
    maker = _Maker(study, targets, random.Random(seed))
    people: list[Person] = [{} for _ in range(targets.people)]
    for attribute in study.attributes:
        if study.variables[attribute.name].kind == "codes":
            maker.give_exactly(people, study.variables[attribute.name])
    for draw in compiled.splits:
        maker.draw_arms(people, draw.name, draw.arms)
    guide = Guide(compiled)
    ended: set[int] = set()  # places of the people whose interview is over
    for screen in progress(compiled.screens, words("progress-people")):
        for asked in screen.questions:
            there = [
                person
                for place, person in enumerate(people)
                if place not in ended and guide.is_asked(asked, person)
            ]
            for name in asked.variables:
                for person in people:
                    person[name] = NOT_ASKED
                maker.answer(asked, study.variables[name], there)
        ended |= {
            place
            for place, person in enumerate(people)
            if any(ends(asked, person) for asked in screen.questions)
        }
    return people


class _Maker:
    """Gives one variable after another to people."""

    def __init__(self, study: Study, targets: Targets, random: random.Random) -> None:
        self.study, self.targets, self.random = study, targets, random

    def shares(self, variable: Variable) -> Mapping[str, Fraction]:
        """How answers are spread where no target says so: as assumed in the file, else evenly."""
        if given := self.targets.shares.get(variable.name):
            return given
        kinds = [kind.name for kind in variable.missing]
        rest = (100 - _DONT_KNOW * len(kinds)) / max(len(variable.options), 1)
        return {option.name: rest for option in variable.options} | dict.fromkeys(kinds, _DONT_KNOW)

    def give_exactly(self, people: list[Person], variable: Variable) -> None:
        """An attribute, by its counts, or by its shares as near as whole people go."""
        numbers = self.targets.counts.get(variable.name) or of_people(self.shares(variable), len(people))
        names = [name for name, number in numbers.items() for _ in range(number)]
        self.random.shuffle(names)
        for person, name in zip(people, names, strict=True):
            person[variable.name] = name if variable.option(name) else NoAnswer(name)

    def draw_arms(self, people: list[Person], name: str, arms: Mapping[str, int]) -> None:
        """A split: its arms by their sizes, at random."""
        numbers = of_people({arm: Fraction(size) for arm, size in arms.items()}, len(people))
        drawn = [arm for arm, number in numbers.items() for _ in range(number)]
        self.random.shuffle(drawn)
        for person, arm in zip(people, drawn, strict=True):
            person[name] = arm

    def answer(self, asked: Asked, variable: Variable, people: list[Person]) -> None:
        """One variable of a question, for those who are asked it."""
        if variable.kind == "codes":
            self._codes(asked, variable, people)
            return
        for figure in self.targets.figures:
            if figure.address.variable == variable.name:
                fail("rehearse-kind", figure.mark, name=variable.name, kind=asked.kind)
        if variable.kind == "set":
            self._sets(asked, variable, people)
            return
        make: Callable[[Person], Answer] = {
            "rank": lambda person: self._rank(asked, person),
            "number": lambda person: self._number(variable),
            "date": lambda person: self._date(asked),
            "text": lambda person: self._text(asked, person),
        }[variable.kind]
        for person in people:
            person[variable.name] = make(person)

    # --- one of several: to the targets

    def _codes(self, asked: Asked, variable: Variable, people: list[Person]) -> None:
        self.random.shuffle(people)
        people = self._skip(asked, variable, people)
        for group in spread_answers(
            self.study, self.targets, variable, people, self.shares(variable), self.random
        ):
            self._give(asked, variable, group)

    def _skip(self, asked: Asked, variable: Variable, people: list[Person]) -> list[Person]:
        """Let some leave the question blank, as many as `bases` (or `counts`) leave; return the others."""
        silent = skipping(self.study, self.targets, variable, people)
        if silent and asked.required:
            fail("rehearse-required", name=variable.name)
        for person in silent:
            person[variable.name] = BLANK
        gone = {id(person) for person in silent}
        return [person for person in people if id(person) not in gone]

    def _give(self, asked: Asked, variable: Variable, group: Group) -> None:
        names = [name for name, number in group.numbers.items() for _ in range(number)]
        self.random.shuffle(names)
        for person, name in zip(group.people, names, strict=True):
            person[variable.name] = name if variable.option(name) else NoAnswer(name)
            self._specify(asked, (name,), person)

    # --- the other kinds: as assumed

    def _sets(self, asked: Asked, variable: Variable, people: list[Person]) -> None:
        alone = [kind.name for kind in variable.missing] + [
            each.name for each in asked.options if each.exclusive
        ]
        several = [each.name for each in asked.options if not each.exclusive]
        sets = spread_sets(alone, several, self.shares(variable), len(people), self.random)
        for person, chosen in zip(people, sets, strict=True):
            (first, *_) = chosen
            person[variable.name] = chosen if variable.option(first) else NoAnswer(first)
            self._specify(asked, chosen, person)

    def _rank(self, asked: Asked, person: Person) -> Answer:
        names = [each.name for each in offered(asked, person)]
        self.random.shuffle(names)
        most = min(asked.places or len(names), len(names))
        return tuple(names[: self.random.randint(1, most)])

    def _number(self, variable: Variable) -> Answer:
        shares = self.targets.shares.get(variable.name)
        question = variable.question
        if shares is None:
            low = int(question.minimum) if question and isinstance(question.minimum, Decimal) else 0
            high = int(question.maximum) if question and isinstance(question.maximum, Decimal) else low + 100
            return Decimal(self.random.randint(low, high))
        drawn = self._drawn(shares)
        return NoAnswer(drawn) if any(kind.name == drawn for kind in variable.missing) else Decimal(drawn)

    def _date(self, asked: Asked) -> Answer:
        low = asked.minimum if isinstance(asked.minimum, date) else date(1970, 1, 1)
        high = asked.maximum if isinstance(asked.maximum, date) else date(2000, 1, 1)
        return low + timedelta(days=self.random.randint(0, (high - low).days))

    def _text(self, asked: Asked, person: Person) -> Answer:
        words = self.targets.words.get(asked.id)
        if not asked.required and not (words and self._happens(Fraction(words.share))):
            return BLANK
        if asked.quotes:
            person[f"{asked.id}.quote"] = self.random.choice(("yes", "no"))
        return self._words(asked.id)

    def _specify(self, asked: Asked, chosen: Iterable[str], person: Person) -> None:
        names = set(chosen)
        for option in asked.options:
            if option.specify and option.name in names:
                place = f"{asked.id}.{option.name}.text"
                person[place] = self._words(place)

    def _words(self, name: str) -> str:
        words = self.targets.words.get(name)
        return self.random.choice(words.texts) if words and words.texts else "Made-up words."

    def _happens(self, percent: Fraction) -> bool:
        return self.random.random() * 100 < percent

    def _drawn(self, shares: Mapping[str, Fraction]) -> str:
        names: Sequence[str] = list(shares)
        return self.random.choices(names, [float(shares[name]) for name in names])[0]
