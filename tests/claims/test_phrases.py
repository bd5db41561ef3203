"""Every phrase of the table at its edges."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topline.claims.check import span
from topline.claims.judge import judge, offers
from topline.claims.phrases import Interval, table, uses
from topline.disclosure.released import Figure
from topline.study.address import parse_address

ADDRESS = parse_address("skills=agree")


def share(value: float, low: float | None = None, high: float | None = None, base: int = 2390) -> Figure:
    """A released share."""
    return Figure(ADDRESS, "percent", value, base, low=low, high=high)


def count(value: float) -> Figure:
    """A released count."""
    return Figure(parse_address("responses"), "count", value)


def verdict(words: str, figure: Figure) -> str:
    """The worst that is said of the words: `holds`, a level, or `unread` if there is no phrase in them."""
    judged = judge(words, figure, 0, table())
    order = ["unit", "base", "fails", "weak", "clears", "review", "figure"]
    levels = sorted((problem.level for problem in judged.problems), key=order.index)
    return levels[0] if levels else "holds" if judged.read else "unread"


EDGES = [
    # words, then figure and verdict on both sides of each edge
    ("36%", [(35.49, "fails"), (35.5, "holds"), (36.49, "holds"), (36.5, "fails")]),
    ("36.2%", [(36.14, "fails"), (36.15, "holds"), (36.25, "fails")]),
    ("some 74%", [(73.5, "holds"), (74.5, "fails")]),
    ("fully 95%", [(95.2, "holds"), (94.4, "fails")]),
    ("fully 49%", [(49.0, "review")]),
    ("as many as 50%", [(50.0, "holds"), (49.6, "review")]),
    ("only 49%", [(49.4, "holds"), (49.6, "fails")]),
    ("just 50%", [(49.9, "holds"), (50.0, "review")]),
    ("a third", [(32.3, "fails"), (32.4, "holds"), (34.3, "holds"), (34.4, "fails")]),
    ("half", [(48.9, "fails"), (49.0, "holds"), (51.0, "holds"), (51.1, "fails")]),
    ("1 in 5", [(18.4, "fails"), (18.5, "holds"), (21.5, "holds"), (21.6, "fails")]),
    ("7 out of 10", [(68.4, "fails"), (68.5, "holds"), (71.6, "fails")]),
    ("one in twenty", [(4.2, "fails"), (4.25, "holds"), (5.75, "holds"), (5.8, "fails")]),  # the cap of 15%
    ("about half", [(47.9, "fails"), (48.0, "holds"), (52.0, "holds"), (52.1, "fails")]),
    ("roughly one in ten", [(8.4, "fails"), (8.5, "holds"), (11.5, "holds"), (11.6, "fails")]),
    ("just over a third", [(33.33, "fails"), (33.5, "holds"), (36.33, "holds"), (36.4, "fails")]),
    ("just over 36%", [(36.4, "fails"), (36.6, "holds"), (39.0, "holds"), (39.4, "fails")]),
    ("just under half", [(46.9, "fails"), (47.0, "holds"), (49.4, "holds"), (49.6, "fails")]),
    ("nearly three quarters", [(71.9, "fails"), (72.0, "holds"), (74.4, "holds"), (74.6, "fails")]),
    ("well over half", [(50.0, "fails"), (50.6, "weak"), (54.9, "weak"), (55.0, "holds"), (65.4, "weak")]),
    ("more than a third", [(33.33, "fails"), (33.4, "fails"), (33.6, "holds"), (38.3, "holds"),
                           (38.6, "weak"), (43.3, "weak"), (43.6, "fails")]),
    ("over 7 out of 10", [(70.0, "fails"), (70.4, "fails"), (70.6, "holds"), (75.0, "holds"), (75.4, "weak"),
                          (80.0, "weak"), (80.4, "fails")]),
    ("less than a quarter", [(14.9, "fails"), (15.0, "weak"), (19.9, "weak"), (20.0, "holds"),
                             (24.4, "holds"), (24.6, "fails"), (25.0, "fails")]),
    ("fewer than 40%", [(35.0, "holds"), (39.4, "holds"), (39.6, "fails"), (34.9, "weak"), (29.9, "fails")]),
    ("at least 40%", [(39.9, "fails"), (40.0, "holds"), (45.0, "holds"), (45.1, "fails")]),
    ("the majority", [(50.0, "fails"), (50.4, "fails"), (50.6, "holds"), (100.0, "holds")]),
    ("more than half", [(50.0, "fails"), (50.6, "holds"), (74.0, "holds")]),
    ("most", [(50.0, "fails"), (50.6, "weak"), (59.9, "weak"), (60.0, "holds")]),
    ("a clear majority", [(50.0, "fails"), (64.4, "weak"), (65.0, "holds")]),
    ("the vast majority", [(69.9, "fails"), (70.0, "weak"), (79.9, "weak"), (80.0, "holds")]),
    ("the overwhelming majority", [(84.9, "fails"), (85.0, "weak"), (89.9, "weak"), (90.0, "holds")]),
    ("almost all", [(90.0, "fails"), (90.4, "fails"), (90.6, "holds"), (99.4, "holds"), (99.6, "fails"),
                    (100.0, "fails")]),
    ("all", [(99.7, "fails"), (100.0, "holds")]),
    ("no one", [(0.0, "holds"), (0.3, "fails")]),
    ("none", [(0.0, "holds"), (0.3, "fails")]),
    ("a minority", [(49.4, "holds"), (49.6, "fails"), (50.0, "fails")]),
    ("a small minority", [(20.0, "holds"), (20.1, "fails")]),
    ("few", [(15.0, "holds"), (15.1, "fails")]),
    ("hardly any", [(5.0, "holds"), (5.1, "fails")]),
    ("many", [(44.0, "figure")]),
    ("many (44%)", [(44.0, "holds"), (46.0, "fails")]),
    ("several", [(12.0, "figure")]),
    ("<1%", [(0.0, "fails"), (0.2, "holds"), (0.5, "fails")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "value", "expected"),
    [(words, value, expected) for words, edges in EDGES for value, expected in edges],
)
def test_a_phrase_holds_exactly_within_its_bounds(words: str, value: float, expected: str) -> None:
    """On both sides of each edge, for the unrounded and for the printed figure."""
    assert verdict(words, share(value)) == expected


def test_every_phrase_of_the_table_is_tried_at_its_edges() -> None:
    """A phrase that comes into the table needs its edges here."""
    tried = {phrase.id for words, _ in EDGES for use in uses(words, table()) for phrase in use.phrases}
    assert tried == {phrase.id for phrase in table().phrases}


@pytest.mark.parametrize("phrase", [p for p in table().phrases if p.accept], ids=lambda p: p.id)
def test_every_spelling_of_a_phrase_is_read_as_that_phrase(phrase: object) -> None:
    """Each of the words in the table is recognised, at the start and within a text."""
    for words in phrase.words:  # type: ignore[attr-defined]
        text = f"{words} 40%" if phrase.takes == "number" else words  # type: ignore[attr-defined]
        for shown in (text, text.capitalize(), f"a total of\n{text}" if not phrase.start else text):  # type: ignore[attr-defined]
            found = [p for use in uses(shown, table()) for p in use.phrases]
            assert phrase in found, shown


@pytest.mark.parametrize(
    ("words", "value", "expected"),
    [
        ("over 2,400", 2400, "fails"),
        ("over 2,400", 2439, "holds"),
        ("more than 30,000", 31500, "holds"),
        ("more than 30,000", 31501, "weak"),
        ("more than thirty thousand", 33001, "fails"),
        ("about 2,400", 2352, "holds"),
        ("about 2,400", 2351, "fails"),
        ("fewer than 2,500", 2375, "holds"),
        ("fewer than 2,500", 2500, "fails"),
        ("2,439", 2439, "holds"),
        ("2,439", 2440, "fails"),
        ("8%", 2439, "unit"),
        ("the majority", 2439, "unread"),
    ],
)
def test_counts_are_held_by_ratio(words: str, value: int, expected: str) -> None:
    """A count is exact when it stands alone; phrases allow a share of it; a percentage is another unit."""
    assert verdict(words, count(value)) == expected


@pytest.mark.parametrize(
    ("words", "low", "high", "expected"),
    [
        ("the majority", 50.1, 54.0, "holds"),
        ("the majority", 50.0, 54.0, "clears"),
        ("more than half", 49.8, 54.0, "clears"),
        ("little more than half (52%)", 49.8, 54.0, "clears"),
        ("little more than half (52%)", 50.2, 54.0, "holds"),
        ("just over 51%", 49.8, 54.0, "holds"),
    ],
)
def test_a_majority_must_clear_its_margin(words: str, low: float, high: float, expected: str) -> None:
    """The lower bound of the interval must lie over half, also for “little more than half”."""
    assert verdict(words, share(52.0, low, high)) == expected


def test_a_minority_must_clear_its_margin() -> None:
    """The upper bound of the interval must lie under half."""
    assert verdict("a minority", share(48.0, 46.0, 50.0)) == "clears"
    assert verdict("a minority", share(48.0, 46.0, 49.9)) == "holds"


@pytest.mark.parametrize(
    ("words", "value", "expected"),
    [
        ("the majority", 61.2, "holds"),
        ("the overwhelming majority", 61.2, "fails"),
        ("the vast majority", 71.0, "weak"),
        ("only around a third", 36.1, "fails"),
        ("over 7 out of 10", 71.0, "holds"),
        ("only 1 in 5", 20.0, "holds"),
        ("less than a third", 29.0, "holds"),
    ],
)
def test_the_wording_of_the_printed_report(words: str, value: float, expected: str) -> None:
    """The report of 2013 fails where CLAIMS.md says that it does, and holds elsewhere."""
    assert verdict(words, share(value)) == expected


def test_a_base_within_the_words_is_checked_and_a_year_is_left_alone() -> None:
    """“of the 2,390” must be the base; “2013” is no figure; another count is listed as unread."""
    assert verdict("36% of the 2,390", share(36.0)) == "holds"
    assert verdict("36% of the 2,391", share(36.0)) == "base"
    assert judge("36% in 2013", share(36.0), 0, table()).unread == ()
    assert judge("36% of those aged 18 to 34", share(36.0), 0, table()).unread == ("18", "34")


def test_a_hidden_figure_is_never_judged() -> None:
    """Judging what disclosure control hides is a programmer's error."""
    with pytest.raises(ValueError, match="skills=agree is hidden"):
        judge("36%", Figure(ADDRESS, "percent", None, hidden="[c]"), 0, table())


@pytest.mark.parametrize(
    ("words", "value", "expected"),
    [
        ("nine in ten (88%)", 89.8, ("nine in ten (90%)", "about nine in ten (90%)", "90%")),
        ("less than a quarter", 26.3, ("just over a quarter (26%)", "about a quarter (26%)", "26%")),
        ("The overwhelming majority", 61.2, ("The majority (61%)", "Three in five (61%)",
                                             "Just over three in five (61%)")),
        ("35% are registered", 36.0, ("36% are registered", "just over a third (36%)", "36%")),
        ("12%", 0.3, ("<1%",)),
    ],
)  # fmt: skip
def test_true_words_are_offered_the_most_natural_first(
    words: str, value: float, expected: tuple[str, ...]
) -> None:
    """The same words with true digits come first, then the nearest fraction, then the bare figure."""
    assert offers(words, share(value), 0, table()) == expected


@given(
    st.sampled_from(
        ["a third (36%)", "the vast majority", "12%", "few (3%)", "more than half", "over 7 in 10"]
    ),
    st.floats(0, 100).map(lambda value: round(value, 3)),
)
def test_what_is_offered_always_holds(words: str, value: float) -> None:
    """No offered phrase has a problem of its own, whatever the figure."""
    for offer in offers(words, share(value, max(0, value - 2), min(100, value + 2)), 0, table()):
        assert not judge(offer, share(value, max(0, value - 2), min(100, value + 2)), 0, table()).problems


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("[90, 100]", "90% or more"),
        ("(50, 100]", "more than 50%"),
        ("[0, 15]", "15% or less"),
        ("[0, 50)", "less than 50%"),
        ("(90, 100)", "more than 90% and less than 100%"),
        ("[100, 100]", "100%"),
    ],
)
def test_an_interval_is_said_as_a_person_would(interval: str, expected: str) -> None:
    """Bounds in words, without brackets."""
    assert span(Interval.read(interval)) == expected


def test_an_interval_written_otherwise_is_refused() -> None:
    """A slip in phrases.toml is an error at once."""
    with pytest.raises(ValueError, match=r"'0-5' is no interval"):
        Interval.read("0-5")


def test_fractions_that_are_offered_stand_in_order_of_size() -> None:
    """The list runs from a tenth to nine tenths."""
    sizes = [size for _, size in table().fractions]
    assert sizes == sorted(sizes)
    assert sizes[0] == Fraction(1, 10)
    assert sizes[-1] == Fraction(9, 10)
