"""The integer solve: counts that are printed as given, and totals handed down through nested sets."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topline.base import ToplineError, half_up
from topline.rehearse.solve import Goal, above, below, counts_printed_as, feasible, hand_out


@given(percent=st.integers(0, 100), base=st.integers(1, 400))
def test_counts_are_those_that_are_printed_so(percent: int, base: int) -> None:
    """The range holds exactly the counts whose share, rounded half up, is the figure."""
    low, high = counts_printed_as(percent, base)
    expected = [count for count in range(base + 1) if half_up(Fraction(100 * count, base)) == percent]
    assert list(range(low, high + 1)) == expected


@given(share=st.fractions(0, 1, max_denominator=50), size=st.integers(1, 200))
def test_below_and_above_are_strict(share: Fraction, size: int) -> None:
    """`below` and `above` are the nearest counts on the other side of a share."""
    assert Fraction(below(share, size), size) < share <= Fraction(below(share, size) + 1, size)
    assert Fraction(above(share, size) - 1, size) <= share < Fraction(above(share, size), size)


@st.composite
def problems(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, int], list[Goal]]:
    """Sizes, a hidden answer, and goals over nested sets that the answer meets."""
    names = [f"g{i}" for i in range(draw(st.integers(1, 7)))]
    sizes = {name: draw(st.integers(0, 60)) for name in names}
    hidden = {name: draw(st.integers(0, size)) for name, size in sizes.items()}
    goals = []
    for end in sorted(draw(st.sets(st.integers(1, len(names)), max_size=4))):
        members = names[:end]  # each a part of the next: they nest
        total = sum(hidden[name] for name in members)
        goals.append(
            Goal(f"first {end}", frozenset(members), max(0, total - draw(st.integers(0, 3))), total + 1)
        )
    return sizes, hidden, goals


@given(problems())
def test_what_can_be_met_is_met(problem: tuple[dict[str, int], dict[str, int], list[Goal]]) -> None:
    """Goals that have a solution get one, with the total asked for."""
    sizes, hidden, goals = problem
    total = sum(hidden.values())
    low, high = feasible(sizes, goals)
    assert low <= total <= high
    found = hand_out(sizes, goals, total, {name: Fraction(size, 3) for name, size in sizes.items()})
    assert sum(found.values()) == total
    assert all(0 <= found[name] <= size for name, size in sizes.items())
    for goal in goals:
        assert goal.low <= sum(found[name] for name in goal.members) <= goal.high


def test_counts_stay_near_what_is_wanted() -> None:
    """Without goals in the way each group gets what it wants, up to the total."""
    sizes = {"a": 100, "b": 50, "c": 10}
    wanted = {"a": Fraction(40), "b": Fraction(20), "c": Fraction(4)}
    assert hand_out(sizes, [], 64, wanted) == {"a": 40, "b": 20, "c": 4}
    assert hand_out(sizes, [], 160, wanted) == sizes


def test_unreachable_goal_is_named() -> None:
    """A goal that the smaller sets leave no room for is named with them."""
    goals = [Goal("small", frozenset("a"), 0, 5), Goal("whole", frozenset("ab"), 90, 95)]
    with pytest.raises(ToplineError, match="whole cannot be reached: small leaves between 0 and 55 people"):
        feasible({"a": 60, "b": 50}, goals)


def test_crossing_sets_are_refused() -> None:
    """Sets that overlap without nesting are more than this solves, and the message says so."""
    goals = [Goal("left", frozenset("ab"), 0, 9), Goal("right", frozenset("bc"), 0, 9)]
    with pytest.raises(ToplineError, match="right and left overlap without one lying within the other"):
        feasible({"a": 9, "b": 9, "c": 9}, goals)
