"""The filter over arrays reads a condition as the route does."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.study.studies import condition, small_study
from tests.study.trees import nodes

from topline.dataset.filter import filter_rows
from topline.study.evaluate import compile_condition
from topline.study.model import MISSING_KINDS, Study, Variable
from topline.study.tree import Compare, Count, Has, In, InGroup, Is, Ref
from topline.study.values import Answer, NoAnswer

STUDY = small_study()
PEOPLE = 300


def an_answer(variable: Variable, rng: random.Random) -> Answer | None:
    """A random answer of that variable; in a third of the cases a missing kind, or nothing at all."""
    if rng.random() < 0.3:
        return rng.choice([None, *map(NoAnswer, MISSING_KINDS)])
    names = [option.name for option in variable.options]
    match variable.kind:
        case "codes":
            return rng.choice(names)
        case "set":
            return frozenset(rng.sample(names, rng.randint(0, len(names))))
        case "rank":
            return tuple(rng.sample(names, rng.randint(1, 3)))
        case "number":
            return Decimal(rng.randint(-8, 80)) / 4
        case "date":
            return date(2010, 1, 1) + timedelta(rng.randint(-3, 3))
        case "text":
            return "words"


def people(study: Study, seed: int) -> list[dict[str, Answer]]:
    """`PEOPLE` people with random answers."""
    rng = random.Random(seed)
    drawn = [{name: an_answer(v, rng) for name, v in study.variables.items()} for _ in range(PEOPLE)]
    return [{name: answer for name, answer in one.items() if answer is not None} for one in drawn]


class Arrays:
    """The answers of people as arrays, in the layout of a data set; `wide` takes 16 bits for codes."""

    def __init__(self, study: Study, answers: Sequence[Mapping[str, Answer]], wide: bool = False) -> None:
        self.study, self.answers, self.wide = study, answers, wide

    def _missing(self, name: str) -> list[int]:
        """The missing codes, 0 where there is an answer."""
        codes = []
        for one in self.answers:
            answer = one.get(name, NoAnswer("not_reached"))
            codes.append(240 + MISSING_KINDS.index(answer.kind) if isinstance(answer, NoAnswer) else 0)
        return codes

    def kinds(self, name: str) -> np.ndarray:
        return np.array(self._missing(name), np.uint8)

    def codes(self, name: str) -> np.ndarray:
        order = [option.name for option in self.study.variables[name].options]
        up = 65520 - 240 if self.wide else 0
        pairs = zip(self.answers, self._missing(name), strict=True)
        return np.array([m + up if m else order.index(one[name]) for one, m in pairs], "u2" if up else "u1")

    def option_codes(self, name: str, option: str) -> np.ndarray:
        pairs = zip(self.answers, self._missing(name), strict=True)
        return np.array([m if m else self._chosen(one[name], option) for one, m in pairs], np.uint8)

    def _chosen(self, answer: Answer, option: str) -> int:
        """1 if chosen; the place in a ranking."""
        place = answer.index(option) + 1 if isinstance(answer, tuple) and option in answer else 1
        return place if option in answer else 0

    def numbers(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        pairs = list(zip(self.answers, self._missing(name), strict=True))
        values = [np.nan if m else self._number(one[name]) for one, m in pairs]
        return np.array(values), np.array([m for _, m in pairs], np.uint8)

    def _number(self, answer: Answer) -> float:
        return answer.toordinal() if isinstance(answer, date) else float(answer)


def leaves() -> st.SearchStrategy[object]:
    """Comparisons that fit the small study."""
    ops = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    states = st.sampled_from(["missing", "answered", *MISSING_KINDS])
    found = [
        st.builds(Is, st.sampled_from([_ref(name) for name in STUDY.variables]), states, st.booleans()),
        st.builds(InGroup, st.sampled_from(sorted(STUDY.groups))),
        st.builds(Compare, st.just(Ref("devices")), ops, st.decimals(-3, 21, places=1)),
        st.builds(Compare, st.just(Ref("joined")), ops, st.dates(date(2009, 12, 28), date(2010, 1, 5))),
    ]
    for name, variable in STUDY.variables.items():
        names = [option.name for option in variable.options] + [net.name for net in variable.nets]
        if variable.kind == "codes":
            found.append(st.builds(Compare, st.just(_ref(name)), st.sampled_from(["=", "!="]), _one(names)))
            found.append(st.builds(In, st.just(_ref(name)), _some(names), st.booleans()))
        if variable.kind in ("set", "rank"):
            found.append(st.builds(Has, st.just(_ref(name)), _some(names), st.sampled_from(["any", "all"])))
            found.append(st.builds(Count, st.just(_ref(name)), ops, st.integers(0, 5)))
    return st.one_of(found)


def _ref(name: str) -> Ref:
    grid, _, row = name.partition(".")
    return Ref(grid, row or None)


def _one(names: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(names)


def _some(names: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True).map(tuple)


ANSWERS = people(STUDY, seed=1)
NARROW, WIDE = Arrays(STUDY, ANSWERS), Arrays(STUDY, ANSWERS, wide=True)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(nodes(leaves()), st.sampled_from([NARROW, WIDE]))
def test_route_and_filter_agree(node: object, arrays: Arrays) -> None:
    """1,000 random conditions over 300 people: the same are true, false and unknown."""
    test = compile_condition(node, STUDY)
    results = [test(one) for one in ANSWERS]
    masks = filter_rows(node, arrays, STUDY)
    assert masks.true.tolist() == [result is True for result in results]
    assert masks.false.tolist() == [result is False for result in results]


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        ("party = democrat", [1, 0, 0, 0], [0, 1, 0, 0]),
        ("not party = democrat", [0, 1, 0, 0], [1, 0, 0, 0]),
        ("party is refused", [0, 0, 1, 0], [1, 1, 0, 1]),
        ("outsiders", [0, 1, 1, 0], [1, 0, 0, 0]),
        ("party = democrat or devices > 2", [1, 1, 0, 0], [0, 0, 0, 0]),
    ],
)
def test_missing_selects_nobody(text: str, true: list[int], false: list[int]) -> None:
    """Who has no answer is in neither mask of a comparison; `is` puts everybody in one of them."""
    devices = [NoAnswer("dont_know"), Decimal(3), Decimal(1), NoAnswer("not_asked")]
    parties = ["democrat", "another", NoAnswer("refused"), NoAnswer("not_reached")]
    answers = [{"party": p, "devices": d} for p, d in zip(parties, devices, strict=True)]
    masks = filter_rows(condition(text), Arrays(STUDY, answers), STUDY)
    assert masks.true.astype(int).tolist() == true
    assert masks.false.astype(int).tolist() == false
