"""Whether there can be a person of whom some conditions are true and others are not.

Each condition has two rails: a literal "is true" and a literal "is false"; unknown is neither. A variable has
exactly one of its value classes; a question is `not_asked` exactly when a route to it is not true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from topline.study.expand import expand
from topline.study.model import Study
from topline.study.reach.classes import NOT_ASKED, Test, TooMany, ValueClass, classes_of
from topline.study.reach.solver import BUDGET, solve
from topline.study.tree import And, Compare, Count, Has, In, Is, Node, Not, Or
from topline.study.values import Answer

YES: Final = 1  # a literal that always holds


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether there can be such a person; if so, `example` is one: only what the conditions depend on."""

    status: Literal["possible", "impossible", "not decided"]
    example: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True)
class Reach:
    """The routes of a study, ready for questions about who can be asked what."""

    study: Study
    budget: int = BUDGET

    @cached_property
    def routes(self) -> Mapping[str, tuple[Node, ...]]:
        """The conditions under which each question is asked (its section's and its own), written out."""
        sections = {
            section.name: expand(section.ask_if, self.study)
            for section in self.study.questionnaire.sections
            if section.ask_if
        }
        return {
            question.id: (
                *((sections[question.section],) if question.section in sections else ()),
                *((expand(question.ask_if, self.study),) if question.ask_if else ()),
            )
            for question in self.study
        }

    def ask(
        self,
        true: Iterable[Node],
        not_true: Iterable[Node] = (),
        routes_of: Collection[str] | None = None,
    ) -> Reached:
        """Look for a person of whom all of `true` are true and none of `not_true` is.

        `routes_of` names the questions whose routes count, the others being asked of everybody; None is all.
        """
        encoder = _Encoder(self, routes_of)
        true, not_true = list(true), list(not_true)
        try:
            encoder.collect([*true, *not_true])
        except TooMany:
            return Reached("not decided")
        encoder.clauses += [[encoder.rail(node, True)] for node in true]
        encoder.clauses += [[-encoder.rail(node, True)] for node in not_true]
        solved = solve(encoder.clauses, self.budget)
        return Reached(solved.status, encoder.people_of(solved.model))


@dataclass
class _Encoder:
    """One question to the solver: only the variables that it depends on, also through routes, are encoded."""

    reach: Reach
    routes_of: Collection[str] | None
    clauses: list[list[int]] = field(default_factory=lambda: [[YES]])
    last: int = YES
    tests: dict[str, dict[Test, int]] = field(default_factory=dict)  # variable -> its tests, numbered
    classes: dict[str, list[tuple[ValueClass, int]]] = field(default_factory=dict)  # with their literals
    rails: dict[tuple[Node, bool], int] = field(default_factory=dict)

    def new(self) -> int:
        self.last += 1
        return self.last

    def route(self, name: str) -> tuple[Node, ...]:
        """The conditions of the question that asks a variable, if they count."""
        question = self.reach.study.variables[name].question
        if question is None or (self.routes_of is not None and question.id not in self.routes_of):
            return ()
        return self.reach.routes[question.id]

    def collect(self, nodes: Sequence[Node]) -> None:
        """Gather the variables of the nodes and of the routes behind them; lay their classes and routes."""
        waiting = list(nodes)
        while waiting:
            for test in tests_of(waiting.pop()):
                name = str(test.ref)
                if name not in self.tests:
                    self.tests[name] = {}
                    waiting += self.route(name)
                self.tests[name].setdefault(test, len(self.tests[name]))
        for name, tests in self.tests.items():
            variable = self.reach.study.variables[name]
            found = classes_of(variable, list(tests), may_skip=bool(self.route(name)))
            self.classes[name] = [(each, self.new()) for each in found]
            self.exactly_one([literal for _, literal in self.classes[name]])
        for name in self.tests:
            if route := self.route(name):
                asked = self.conjunction([self.rail(node, True) for node in route])
                skipped = next(literal for each, literal in self.classes[name] if each.answer is NOT_ASKED)
                self.clauses += [[asked, skipped], [-asked, -skipped]]

    def people_of(self, model: Collection[int]) -> dict[str, Answer]:
        """The answers that a solution stands for."""
        return {
            name: each.answer
            for name, classes in self.classes.items()
            for each, literal in classes
            if literal in model
        }

    def exactly_one(self, literals: Sequence[int]) -> None:
        self.clauses.append(list(literals))
        for n, literal in enumerate(literals):
            self.clauses += [[-literal, -other] for other in literals[n + 1 :]]

    def rail(self, node: Node, true: bool) -> int:
        """The literal that says that a condition is true, or that it is false."""
        key = (node, true)
        if key not in self.rails:
            self.rails[key] = self.make_rail(node, true)
        return self.rails[key]

    def make_rail(self, node: Node, true: bool) -> int:
        match node:
            case Not(part):
                return self.rail(part, not true)
            case And(parts) | Or(parts):
                each = [self.rail(part, true) for part in parts]
                if isinstance(node, And) == true:
                    return self.conjunction(each)
                return -self.conjunction([-literal for literal in each])
            case Compare() | In() | Has() | Count() | Is():
                name = str(node.ref)
                number = self.tests[name][node]
                those = [literal for each, literal in self.classes[name] if each.says[number] is true]
                return -self.conjunction([-literal for literal in those])
            case _:
                raise TypeError(f"{node!r} is not written out")

    def conjunction(self, literals: Sequence[int]) -> int:
        """A literal that holds exactly if all of these do."""
        if len(literals) < 2:
            return literals[0] if literals else YES
        found = self.new()
        self.clauses += [[-found, literal] for literal in literals]
        self.clauses.append([found, *(-literal for literal in literals)])
        return found


def tests_of(node: Node) -> Iterator[Test]:
    """The comparisons of a condition that is written out."""
    match node:
        case Not(part):
            yield from tests_of(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from tests_of(part)
        case Compare() | In() | Has() | Count() | Is():
            yield node
        case _:
            raise TypeError(f"{node!r} is not written out")
