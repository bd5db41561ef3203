"""Dead ends: lists with nothing to choose from, answers after which nothing comes, scores nobody can get."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from typing import Final

from topline.base import Finding
from topline.study.model import Option, Question
from topline.study.reach.people import Reach, tests_of
from topline.study.tree import Compare, Has, Is, Ref

_SEVERAL: Final = 3  # questions that must follow before an answer that skips them all is worth a word


def list_findings(reach: Reach, dead: Collection[str]) -> Iterator[Finding]:
    """Questions with `options_from` that somebody is asked who chose nothing that it could show."""
    for question in reach.study:
        source = reach.study.variables.get(question.options_from or "")
        if source is None or question.id in dead or source.kind != "set":
            continue
        shown = Has(Ref(source.name), tuple(o.name for o in source.options if not o.exclusive))
        if reach.ask(reach.routes[question.id], [shown]).status != "possible":
            continue
        lone = [option.name for option in source.options if option.exclusive]
        route = f"{source.name} is answered" + "".join(f" and not {source.name} has {name}" for name in lone)
        values = {"name": question.id, "source": source.name, "route": route}
        yield Finding("list-empty", values, question.marks.get("options_from", question.mark))


def end_findings(reach: Reach, dead: Collection[str]) -> Iterator[Finding]:
    """Answers after which no question follows, where other answers lead on to several: a forgotten `ends`."""
    asked = [question for question in reach.study if question.kind != "info"]
    decisive = {test.ref for nodes in reach.routes.values() for node in nodes for test in tests_of(node)}
    for number, question in enumerate(asked):
        later = asked[number + 1 :]
        if dead or question.kind != "single" or Ref(question.id) not in decisive or len(later) < _SEVERAL:
            continue
        if any(not reach.routes[other.id] for other in later):
            continue
        stops = [option for option in question.options if _stops(option, question, later, reach)]
        if len(stops) < len(question.options):
            for option in stops:
                values = {"answer": option.name, "name": question.id}
                yield Finding("answer-leads-nowhere", values, option.mark or question.mark)


def _stops(option: Option, question: Question, later: Sequence[Question], reach: Reach) -> bool:
    """Whether people can give this answer, and none of them can be asked a later question."""
    chosen = Compare(Ref(question.id), "=", option.name)
    if option.ends or reach.ask([*reach.routes[question.id], chosen]).status != "possible":
        return False
    return all(reach.ask([chosen, *reach.routes[other.id]]).status == "impossible" for other in later)


def derived_findings(reach: Reach, dead: Collection[str]) -> Iterator[Finding]:
    """Derived variables that need answers to questions whose routes exclude each other."""
    for derived in reach.study.derived:
        needed = len(derived.of) if derived.kind == "all" else derived.at_least
        refs = [_ref(name) for name in derived.of if name in reach.study.variables]
        if needed < 2 or len(refs) < needed or any(ref.name in dead for ref in refs):
            continue
        pairs = list(combinations(refs, 2))
        apart = [pair for pair in pairs if _exclude(pair, reach)]
        if apart and (len(apart) == len(pairs) or needed == len(refs)):
            values = {"name": derived.name, "n": needed, "first": apart[0][0], "second": apart[0][1]}
            yield Finding("derived-nobody", values, derived.mark)


def _exclude(pair: tuple[Ref, Ref], reach: Reach) -> bool:
    return reach.ask([Is(ref, "answered") for ref in pair]).status == "impossible"


def _ref(name: str) -> Ref:
    grid, _, row = name.partition(".")
    return Ref(grid, row or None)
