"""Orders: shuffled, flipped, by split, anchored, partly moved; the same for one person whenever asked."""

from collections import Counter
from pathlib import Path

import pytest

from topline.rehearse.people import make_people
from topline.rehearse.rehearsal import send
from topline.rehearse.targets import Targets
from topline.study import read_study
from topline.study.compile import compile_study
from topline.study.compiled import Choice, Compiled, Ordering
from topline.study.values import NoAnswer
from topline.web.respond import Request, Runner, handle
from topline.web.respond.order import arranged, screens_for
from topline.web.respond.path import Guide

NON_VOTERS = Path(__file__).resolve().parents[2] / "examples" / "non-voters-2020"


def names(compiled: Compiled, ordering: Ordering | None, seed: int, direction: str = "forward") -> list[str]:
    """Five answers in the order of one person; e is exclusive, f is anchored last, b comes first."""
    options = [
        Choice("a", "a"),
        Choice("e", "e", exclusive=True),
        Choice("f", "f", place="last"),
        Choice("b", "b", place="first"),
        Choice("c", "c"),
        Choice("d", "d"),
    ]
    found = arranged(options, ordering, "q.options", seed, {"direction": direction}, compiled)
    return [option.name for option in found]


def test_without_an_order_only_anchors_count(compiled: Compiled) -> None:
    """As written, with `first` in front and `last` at the end."""
    assert names(compiled, None, 1) == ["b", "a", "e", "c", "d", "f"]


def test_shuffle_moves_what_may_move(compiled: Compiled) -> None:
    """Every order of the movable answers comes up, about equally often; exclusive and anchored ones stay."""
    orders = Counter(tuple(names(compiled, Ordering("shuffle"), seed)) for seed in range(600))
    assert len(orders) == 6
    assert min(orders.values()) > 60
    assert all((order[0], order[2], order[5]) == ("b", "e", "f") for order in orders)


def test_flip_turns_half_of_the_people(compiled: Compiled) -> None:
    """Two orders, each about half of the time."""
    orders = Counter(tuple(names(compiled, Ordering("flip"), seed)) for seed in range(600))
    assert set(orders) == {("b", "a", "e", "c", "d", "f"), ("b", "d", "e", "c", "a", "f")}
    assert min(orders.values()) > 240


def test_flip_by_split_follows_the_arm(compiled: Compiled) -> None:
    """The first arm sees the answers as written, the second turned, whatever the seed."""
    ordering = Ordering("flip", by="direction")
    assert {tuple(names(compiled, ordering, seed, "forward")) for seed in range(9)} == {
        ("b", "a", "e", "c", "d", "f")
    }
    assert {tuple(names(compiled, ordering, seed, "backward")) for seed in range(9)} == {
        ("b", "d", "e", "c", "a", "f")
    }


def test_shuffle_by_split_is_one_order_for_each_arm(compiled: Compiled) -> None:
    """All people of an arm see one order."""
    ordering = Ordering("shuffle", by="direction")
    assert len({tuple(names(compiled, ordering, seed, "backward")) for seed in range(9)}) == 1


def test_only_moves_those_named(compiled: Compiled) -> None:
    """`only` changes places among the answers it names."""
    orders = {tuple(names(compiled, Ordering("shuffle", only=("a", "d")), seed)) for seed in range(40)}
    assert orders == {("b", "a", "e", "c", "d", "f"), ("b", "d", "e", "c", "a", "f")}


def test_person_sees_one_order(runner: Runner) -> None:
    """The order is kept: the page is the same whenever it is opened, and another person's may differ."""
    pages = []
    for seed in range(12):
        token = runner.invite({}, seed=seed, arms={"direction": "forward"})
        handle(Request("POST", f"/i/{token}/start"), runner)
        handle(Request("POST", f"/i/{token}/p/statement", body=b"statement=neither"), runner)
        first, second = (handle(Request("GET", f"/i/{token}/p/parts"), runner).text for _ in range(2))
        assert first == second
        assert first.index("Everything else") > max(first.index("The people"), first.index("The tools"))
        pages.append(first.index("The people") < first.index("The tools"))
    assert set(pages) == {True, False}


@pytest.fixture(scope="module")
def voters() -> Compiled:
    """The study of 2020: real routes, orders and a screening question."""
    return compile_study(read_study(NON_VOTERS))


def test_questions_of_a_section_change_places(voters: Compiled) -> None:
    """`order: {questions: shuffle}` moves the section's questions among themselves, and no other."""
    (part,) = [part for part in voters.sections if part.questions]
    orders = {tuple(screen.name for screen in screens_for(voters, seed, {})) for seed in range(30)}
    moving = {screen.name for screen in voters.screens if screen.section == part.name}
    assert len(orders) > 1
    written = [screen.name for screen in voters.screens]
    for order in orders:
        assert [name for name in order if name not in moving] == [
            name for name in written if name not in moving
        ]
        assert sorted(order) == sorted(written)


def test_screening_ends_the_interview(voters: Compiled) -> None:
    """An answer that screens out ends the path at its page; nothing after it is asked."""
    walk = Guide(voters).walk({}, 1, {"citizen": {"citizen": "no"}})
    assert [step.screen.name for step in walk.steps] == ["citizen"]
    assert walk.open is None
    assert walk.answers["registered"] == NoAnswer("not_asked")


def test_forty_people_through_the_study_of_2020(voters: Compiled) -> None:
    """Made-up people go through 31 pages with real routes and come out as they went in."""
    study = read_study(NON_VOTERS)
    send(voters, make_people(study, voters, Targets(people=40), 1), 1)
