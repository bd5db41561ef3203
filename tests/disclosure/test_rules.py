"""Small groups and what would give them away."""

from itertools import product
from pathlib import Path

import pytest
from tests.dataset.small import QUESTIONNAIRE, small_study

from topline.disclosure.rules import Rules, crosses, hidden_groups, union_hidden


def test_nothing_is_hidden_where_all_groups_are_large() -> None:
    """Groups of the minimum are shown."""
    assert hidden_groups({"a": 10, "b": 50}, 0, 10) == set()


def test_a_single_small_group_takes_the_next_smallest_with_it() -> None:
    """Total less the groups shown would be the small group: the next smallest is hidden too."""
    assert hidden_groups({"a": 4, "b": 12, "c": 50}, 0, 10) == {"a", "b"}


def test_two_small_groups_hide_each_other_if_they_are_enough_together() -> None:
    """What is had by subtraction is the sum of both: 14 people."""
    assert hidden_groups({"a": 6, "b": 8, "c": 50}, 0, 10) == {"a", "b"}


def test_two_small_groups_that_are_too_few_together_take_a_third() -> None:
    """The sum of both would itself be a group of 7."""
    assert hidden_groups({"a": 3, "b": 4, "c": 50, "d": 60}, 0, 10) == {"a", "b", "c"}


def test_people_in_no_group_are_a_group_that_nobody_sees() -> None:
    """Three people without a region would be Total less all regions; nine others are found with them."""
    assert hidden_groups({"a": 20, "b": 30}, 3, 10) == {"a"}
    assert hidden_groups({"a": 9, "b": 30}, 40, 10) == {"a"}


def test_an_empty_group_hides_nothing() -> None:
    """Nobody is exposed by a group without people."""
    assert hidden_groups({"a": 0, "b": 30}, 0, 10) == set()


def test_one_table_gives_no_group_away() -> None:
    """Of every table of up to four groups, what a reader can subtract is never one group, nor under 10."""
    for sizes in product((0, 3, 8, 12, 40), repeat=4):
        groups = dict(zip("abcd", sizes, strict=True))
        for rest in (0, 2, 15):
            hidden = hidden_groups(groups, rest, 10)
            unseen = [groups[name] for name in hidden] + ([rest] if rest else [])
            everything = all(size == 0 or name in hidden for name, size in groups.items())
            assert all(groups[name] == 0 or groups[name] >= 10 for name in groups if name not in hidden)
            assert not hidden or everything or (len(unseen) > 1 and sum(unseen) >= 10)


def test_a_union_that_leaves_one_hidden_group_is_hidden() -> None:
    """The net of b, c and the hidden a, less b and c shown, would be a."""
    sizes = {"a": 4, "b": 12, "c": 50, "d": 60}
    assert hidden_groups(sizes, 0, 10) == {"a", "b"}
    assert union_hidden(sizes, 0, ("a", "c"), 10)
    assert not union_hidden(sizes, 0, ("a", "b"), 10)
    assert not union_hidden(sizes, 0, ("c", "d"), 10)


def test_the_rest_of_a_union_counts_as_well() -> None:
    """All but four people: the four are everybody less the union."""
    assert union_hidden({"a": 4, "b": 12, "c": 50}, 0, ("b", "c"), 10)


@pytest.mark.parametrize(
    ("variables", "apart"),
    [
        (("likes", "region", "age_band"), True),
        (("likes", "region"), False),
        (("age", "region"), True),
        (("likes", "zone", "age_band"), True),
        (("likes", "northerners", "age"), True),
        (("likes", "young_north"), True),
        (("why", "age_band"), True),
        (("parts", "age_band"), False),
        (("extra", "region"), True),
    ],
)
def test_attributes_that_are_never_crossed(tmp_path: Path, variables: tuple[str, ...], apart: bool) -> None:
    """Only a figure that has all of them is kept back: under their names, as the number behind a band, as
    the variable behind a recode, in a named group, or through the route of a question or its section.
    """
    asked = QUESTIONNAIRE.replace("ask_if: likes = yes", "ask_if: northerners").replace(
        "groups:\n", "groups:\n  young_north: {label: the young, where: region = north and age < 35}\n"
    )
    asked += "- section: end\n  title: End\n  ask_if: age >= 65\n- text: extra\n  ask: More?\n  label: More\n"
    zone = (
        "derive:\n  zone: {label: Zone, recode: region, options: {1 up: Up}, map: {north: up, south: up}}\n"
    )
    study = small_study(tmp_path, zone, asked)
    assert crosses(Rules(10, (frozenset({"region", "age_band"}),)), variables, study) == apart
