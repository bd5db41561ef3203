"""Flags: whom each rule names, and whom it says nothing of."""

from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dataset.quality.made import grid

from topline.dataset.quality import (
    QualityRules,
    assess,
    duplicates,
    item_nonresponse,
    speed,
    straight_lining,
    without,
)

NAN = float("nan")
PEOPLE = st.lists(st.text("01234-nd", min_size=6, max_size=6), min_size=2, max_size=25)


def test_speed_is_a_share_of_the_median() -> None:
    """Below 0.4 of the median is fast, the limit itself is not; without a duration nobody is judged."""
    data = grid(["0"] * 7, seconds=[100, 100, 100, 40, 39.9, NAN, 0])
    found = speed(data, QualityRules(seconds="seconds"))
    assert found is not None
    assert (found.median, found.limit) == (100, 40)
    assert found.flag.people.tolist() == [False, False, False, False, True, False, False]
    assert (found.flag.n, found.flag.of) == (1, 5)
    assert found.flag.rule == "seconds below 40.0, which is 0.4 of the median of 100.0"


def test_speed_without_durations() -> None:
    """No column, no flag; a column with nothing in it judges nobody."""
    assert speed(grid(["0", "1"]), QualityRules()) is None
    found = speed(grid(["0", "1"], seconds=[NAN, NAN]), QualityRules(seconds="seconds"))
    assert found is not None
    assert (found.flag.n, found.flag.of, found.flag.share) == (0, 0, None)


def test_a_straight_line() -> None:
    """The same answer in all answered rows, three at least; a gap does not break the longest string."""
    data = grid(["22222", "2-2n2", "22-nn", "22221", "01234", "-----", "22033"])
    (found,) = straight_lining(data)
    assert found.straight.tolist() == [True, True, False, False, False, False, False]
    assert found.judged.tolist() == [True, True, False, True, True, False, True]
    assert found.longest.tolist() == [5, 3, 0, 4, 1, 0, 2]
    assert found.variation[[0, 3, 4, 6]] == pytest.approx([0, 1 - 0.64 - 0.04, 0.8, 1 - 0.16 - 0.04 - 0.16])
    assert np.isnan(found.variation[[2, 5]]).all()
    assert repr(found) == "The grid: 2 of 5 in a straight line"


def test_a_short_grid_is_no_line() -> None:
    """Two rows cannot show a straight line, and a rule of one row is none."""
    assert straight_lining(grid(["22"])) == ()
    with pytest.raises(ValueError, match="2 rows"):
        straight_lining(grid(["22"]), rows=1)


@given(PEOPLE)
def test_straight_lines_person_by_person(people: list[str]) -> None:
    """The arrays say what a loop over each person's answers says."""
    (found,) = straight_lining(grid(people))
    for at, person in enumerate(people):
        given = [sign for sign in person if sign.isdigit()]
        judged = len(given) >= 3
        runs = [len(list(run)) for _, run in groupby(given)]
        assert found.judged[at] == judged
        assert found.straight[at] == (judged and len(set(given)) == 1)
        assert found.longest[at] == (max(runs) if judged else 0)
        if judged:
            shares = [given.count(sign) / len(given) for sign in set(given)]
            assert found.variation[at] == pytest.approx(1 - sum(share**2 for share in shares))


def test_yes_and_no_are_held_against_nobody() -> None:
    """A grid of two answers is counted, but a line in it is no flag."""
    data = grid(["1111", "0101"], answers=2)
    found = assess(data, QualityRules())
    assert found.grids[0].n == 1
    assert found.flags["straight_lining"].of == 0


def test_item_nonresponse_counts_every_kind() -> None:
    """Asked are those whom the question reached; each kind has its count."""
    (item,) = item_nonresponse(grid(["0", "1", "-", "n", "b", "d"]))
    assert (item.asked, item.answered) == (4, 2)
    assert dict(item.kinds) == {"not_asked": 1, "not_reached": 1, "blank": 1, "dont_know": 1}
    assert item.rate == 50
    assert item.label == "The grid: Row 0"
    (nobody,) = item_nonresponse(grid(["n", "n"]))
    assert nobody.rate is None


def test_much_left_unanswered() -> None:
    """Over half of what was asked: half is not over it, and what was not asked does not count."""
    found = assess(grid(["00--", "0---", "0nnn", "nnnn", "-nnn"]), QualityRules())
    assert found.flags["unanswered"].people.tolist() == [False, True, False, False, True]
    assert found.flags["unanswered"].of == 4


def nearest(people: list[str], most: int) -> dict[int, int]:
    """The least number of differences of each person from another, by comparing all pairs."""
    found: dict[int, int] = {}
    for one, first in enumerate(people):
        for other, second in enumerate(people):
            if one != other:
                apart = sum(a != b or a == "-" for a, b in zip(first, second, strict=True))
                if apart <= most:
                    found[one] = min(found.get(one, apart), apart)
    return found


@given(
    st.lists(st.text("012-d", min_size=6, max_size=6), min_size=2, max_size=25),
    st.sampled_from([0.5, 0.6, 0.8, 1.0]),
)
def test_duplicates_are_those_of_all_pairs(people: list[str], match: float) -> None:
    """Blocks of questions find exactly the pairs that comparing everybody with everybody finds."""
    found = duplicates(grid(people), QualityRules(match=match, questions=6))
    wanted = nearest(people, int((1 - match) * 6 + 1e-9))
    assert found.whole
    assert set(np.flatnonzero(found.flag.people)) == set(wanted)
    for one, apart in wanted.items():
        assert found.match[one] == pytest.approx(1 - apart / 6)
        assert (
            sum(a != b or a == "-" for a, b in zip(people[one], people[found.twin[one]], strict=True))
            == apart
        )
    assert found.exact == sum(apart == 0 for apart in wanted.values())


def test_too_many_pairs_leave_the_exact_ones() -> None:
    """Over the limit only people who are alike on every question are found, and it is said."""
    people = ["012012", "012012", "012011", "222222", "012012"]
    found = duplicates(grid(people), QualityRules(match=0.8, questions=6), most_pairs=3)
    assert not found.whole
    assert found.flag.people.tolist() == [True, True, False, False, True]
    assert found.twin.tolist() == [1, 0, -1, -1, 1]
    assert "nearly the same was not looked for" in found.flag.rule


def test_few_questions_show_no_duplicates() -> None:
    """Under the wanted number of questions put to everybody, nobody is judged; routed ones do not count."""
    people = ["0" * 20, "0" * 20, "0" * 19 + "n"]
    found = duplicates(grid(people), QualityRules())
    assert (found.flag.of, found.questions) == (0, 19)
    assert (
        found.flag.rule == "not looked for: the rule asks for 20 questions put to everybody, and there are 19"
    )


def test_durations_are_no_answers() -> None:
    """The column of durations is not compared, though a file from elsewhere has it among its questions."""
    data = grid(["0" * 20] * 2)
    found = duplicates(data, QualityRules(seconds="g.r0"))
    assert found.questions == 19


def test_without_takes_rows_from_every_part() -> None:
    """Columns, numbers and weights lose the same people; nobody taken out is nothing changed."""
    data = replace(grid(["01", "22", "34"], seconds=[1, 2, 3]), weights=np.array([1.0, 2.0, 3.0]))
    less = without(data, np.array([False, True, False]))
    assert less.n == 2
    assert less.codes("g.r1").tolist() == [1, 4]
    assert less.numbers("seconds").values.tolist() == [1, 3]
    assert less.weights is not None
    assert less.weights.tolist() == [1, 3]
    assert without(data, np.zeros(3, dtype=bool)).data_hash == data.data_hash
