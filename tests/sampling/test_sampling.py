"""Samples: allocation, selection, probabilities and sizes, each proved by a second way."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topline.base import ToplineError
from topline.sampling import (
    Allocation,
    Method,
    Plan,
    allocate,
    brewer,
    difference_power,
    draw,
    generator,
    inclusion_probabilities,
    simple,
    size_for_difference,
    size_for_margin,
    systematic,
    systematic_unequal,
    units_and_people,
)
from topline.sampling.unequal import brewer_chances

HOWS: list[Allocation] = ["proportional", "equal", "neyman"]


# --- allocation


def test_proportional_by_hand() -> None:
    """10 of 50, 30 and 20: shares 5, 3, 2; largest remainders decide the rest."""
    assert allocate([50, 30, 20], 10).tolist() == [5, 3, 2]
    assert allocate([50, 30, 21], 10).tolist() == [5, 3, 2]
    assert allocate([10, 10, 10], 8, least=0).tolist() == [3, 3, 2]  # of equal remainders the first ones


def test_neyman_of_a_textbook() -> None:
    """Cochran's formula n_h = n N_h S_h / sum(N_h S_h), with whole results: 400*10 : 600*30 of 110."""
    assert allocate([400, 600], 110, "neyman", spread=[10, 30]).tolist() == [20, 90]


def test_a_stratum_that_gives_too_much_is_taken_whole() -> None:
    """Neyman asks 90 of 50: all 50 are taken, the rest goes to the others in proportion."""
    assert allocate([50, 400, 600], 200, "neyman", spread=[100, 1, 2]).tolist() == [50, 38, 112]


def test_refusals_of_allocation() -> None:
    """Each refusal says what was given, what is allowed, what to do."""
    for size, words in ((0, "from 1 to 40"), (41, "from 1 to 40"), (3, "needs 4")):
        with pytest.raises(ToplineError, match=words):
            allocate([20, 20], size)
    with pytest.raises(ToplineError, match=r"the spread .* of each of the 2 strata, and 0 are given"):
        allocate([20, 20], 10, "neyman")
    with pytest.raises(ToplineError, match="one of them above 0"):
        allocate([20, 20], 10, "neyman", spread=[0, 0])


@st.composite
def strata(drawn: st.DrawFn) -> tuple[list[int], list[float], int, int]:
    """Strata, spreads, a least number and a size that fits."""
    counts = drawn(st.lists(st.integers(1, 60), min_size=1, max_size=8))
    spread = [drawn(st.floats(0.01, 50)) for _ in counts]
    least = drawn(st.integers(0, 5))
    lowest = max(1, sum(min(least, each) for each in counts))
    return counts, spread, least, drawn(st.integers(lowest, sum(counts)))


@given(case=strata(), how=st.sampled_from(HOWS))
def test_allocation_holds_its_limits(case: tuple[list[int], list[float], int, int], how: Allocation) -> None:
    """The parts sum to the size, each between its least number and its population."""
    counts, spread, least, size = case
    found = allocate(counts, size, how, spread=spread, least=least)
    assert found.sum() == size
    assert all(min(least, n) <= got <= n for n, got in zip(counts, found, strict=True))


@given(case=strata())
def test_neyman_beats_every_exchange(case: tuple[list[int], list[float], int, int]) -> None:
    """Before rounding Neyman's is best: afterwards moving two people never helps by more than rounding can.

    Second way: the variance sum(N^2 S^2 / n) of the result against every other one, on small frames.
    """
    counts, spread, _, _ = case
    counts, spread = [min(each, 6) for each in counts[:3]], spread[:3]
    size = max(len(counts), sum(counts) // 2)

    def variance(sizes: tuple[int, ...]) -> float:
        return sum((n * s) ** 2 * (1 / m - 1 / n) for n, s, m in zip(counts, spread, sizes, strict=True))

    best = min(variance(each) for each in product(*(range(1, n + 1) for n in counts)) if sum(each) == size)
    shifted = [
        variance(each)
        for each in product(*(range(1, n + 1) for n in counts))
        if sum(each) == size
        and max(
            abs(a - b)
            for a, b in zip(each, allocate(counts, size, "neyman", spread=spread, least=1), strict=True)
        )
        <= 1
    ]
    assert min(shifted) <= best * (1 + 1e-9) + 1e-12


# --- selection


@pytest.mark.slow
@pytest.mark.parametrize("method", ["simple", "stratified", "systematic"])
def test_stated_probabilities_are_the_frequencies(method: Method) -> None:
    """4,000 samples: every person is drawn as often as the probability says, within 4.5 standard errors."""
    groups = [("a",)] * 7 + [("b",)] * 12 + [("c",)] * 4
    seen = np.zeros(len(groups))
    for seed in range(4000):
        sample = draw(Plan(9, seed, method, ("g",), least=1), groups)
        assert len(sample.places) == 9
        seen[sample.places] += 1
    if method == "stratified":
        by = {stratum.groups: stratum.probability for stratum in sample.strata}
        stated = np.array([by[each] for each in groups])
    else:
        stated = np.full(len(groups), sample.strata[0].probability)
    errors = np.sqrt(stated * (1 - stated) / 4000)
    assert (np.abs(seen / 4000 - stated) <= 4.5 * errors).all()


def test_simple_samples_are_equally_likely() -> None:
    """All 10 pairs of 5 come about equally often (chi-square with 9 degrees, 0.1% point 27.9)."""
    seen = Counter(tuple(simple(5, 2, generator(seed)).tolist()) for seed in range(5000))
    assert len(seen) == 10
    assert sum((n - 500) ** 2 / 500 for n in seen.values()) < 27.9


@given(population=st.integers(1, 200), data=st.data())
def test_systematic_probabilities_by_enumeration(population: int, data: st.DataObject) -> None:
    """Over all N starts everybody is drawn exactly n times: n / N, whatever the step."""
    size = data.draw(st.integers(1, population))

    class Start:
        def __init__(self, start: int) -> None:
            self.start = start

        def integers(self, most: int) -> int:
            assert most == population
            return self.start

    seen = Counter(
        int(place)
        for start in range(population)
        for place in systematic(np.arange(population), size, Start(start))  # type: ignore[arg-type]
    )
    assert seen == Counter(dict.fromkeys(range(population), size))


def test_systematic_spreads_over_the_order() -> None:
    """Implicit stratification: of groups of 20, 30 and 50 a tenth is 2, 3 and 5, with every seed."""
    groups = [("b",)] * 30 + [("a",)] * 20 + [("c",)] * 50
    for seed in range(50):
        places = draw(Plan(10, seed, "systematic", ("g",)), groups).places
        assert Counter(groups[place] for place in places) == {("a",): 2, ("b",): 3, ("c",): 5}


def test_a_seed_draws_the_same_again() -> None:
    """Saved result: the sample of a seed is part of a study's record and may never change."""
    groups = [("a",)] * 10 + [("b",)] * 10
    plan, saved = Plan(6, 7, "stratified", ("g",)), [5, 6, 7, 15, 17, 19]
    assert draw(plan, groups).places.tolist() == draw(plan, groups).places.tolist() == saved
    assert draw(Plan(6, 8, "stratified", ("g",)), groups).places.tolist() != saved


def test_refusals_of_a_plan() -> None:
    """Strata without attributes, more people than there are, strata without a spread."""
    groups = [("a",)] * 10
    with pytest.raises(ToplineError, match="a stratified sample needs attributes"):
        draw(Plan(5, 1, "stratified"), groups)
    with pytest.raises(ToplineError, match="from 1 to 10"):
        draw(Plan(11, 1), groups)
    with pytest.raises(ToplineError, match="lacks these strata: a"):
        draw(Plan(5, 1, "stratified", ("g",), "neyman"), groups)


# --- unequal probabilities


def test_certain_units_are_taken_first() -> None:
    """Sizes 100, 5, 3, 2 and two units: the first is certain, the rest shares one place as 5 : 3 : 2."""
    assert inclusion_probabilities([100, 5, 3, 2], 2) == pytest.approx([1, 0.5, 0.3, 0.2])
    assert inclusion_probabilities([100, 90, 1], 3) == pytest.approx([1, 1, 1])


SIZES = st.lists(st.floats(0.1, 100), min_size=3, max_size=6)


@given(sizes=SIZES, data=st.data())
def test_probabilities_sum_and_keep_proportions(sizes: list[float], data: st.DataObject) -> None:
    """They sum to the number, none passes 1, and units that are not certain keep the proportions of size."""
    number = data.draw(st.integers(1, len(sizes)))
    found = inclusion_probabilities(sizes, number)
    assert found.sum() == pytest.approx(number)
    assert (found <= 1 + 1e-12).all()
    free = found < 1 - 1e-9
    ratios = found[free] / np.array(sizes)[free]
    assert ratios == pytest.approx(ratios[:1].repeat(len(ratios)))


@given(sizes=SIZES, data=st.data())
def test_brewer_by_enumeration(sizes: list[float], data: st.DataObject) -> None:
    """Second way: every path of Brewer's method, with its chance, gives each unit its exact probability."""
    stated = inclusion_probabilities(sizes, data.draw(st.integers(1, len(sizes))))
    certain = stated >= 1 - 1e-9
    number = round(stated.sum()) - int(certain.sum())

    def paths(drawn: tuple[int, ...], chance: float) -> Iterator[tuple[tuple[int, ...], float]]:
        if len(drawn) == number:
            yield drawn, chance
            return
        there = np.isin(np.arange(len(stated)), drawn)
        chances = brewer_chances(stated, there, certain, number, len(drawn) + 1)
        for unit in np.flatnonzero(chances > 0):
            yield from paths((*drawn, int(unit)), chance * chances[unit])

    found = certain.astype(float)
    for drawn, chance in paths((), 1.0):
        found[list(drawn)] += chance
    assert found == pytest.approx(stated, abs=1e-9)


@pytest.mark.parametrize("select", [brewer, systematic_unequal])
def test_unequal_frequencies(select: type) -> None:
    """6,000 samples of four of nine units: fixed size, and frequencies as stated (4.5 standard errors)."""
    stated = inclusion_probabilities([90, 20, 18, 15, 12, 9, 6, 3, 1], 4)
    seen = np.zeros(9)
    for seed in range(6000):
        places = select(stated, generator(seed))
        assert len(places) == 4
        seen[places] += 1
    errors = np.sqrt(np.maximum(stated * (1 - stated), 1e-12) / 6000)
    assert (np.abs(seen / 6000 - stated) <= 4.5 * errors).all()


def test_refusals_of_unequal_selection() -> None:
    """Negative sizes, too many units, probabilities that sum to no whole number."""
    with pytest.raises(ToplineError, match="unit 2 has the size -1"):
        inclusion_probabilities([1, -1], 1)
    with pytest.raises(ToplineError, match="3 units cannot be drawn where 2 have a size"):
        inclusion_probabilities([1, 1, 0], 3)
    with pytest.raises(ToplineError, match=r"the probabilities sum to 1\.4"):
        brewer(np.array([0.7, 0.7]), generator(1))


# --- units, then people


UNITS = [120, 90, 60, 60, 45, 30, 24, 21]  # 450 people


@pytest.mark.slow
def test_frequencies_of_units_and_people() -> None:
    """6,000 samples of 54 in four of eight units, one of them certain: every person comes with 54/450, every
    unit as often as its size says (4.5 standard errors), and each sample has 54 people of four units.
    """
    groups = [(f"u{unit}",) for unit, people in enumerate(UNITS) for _ in range(people)]
    seen, units = np.zeros(len(groups)), np.zeros(len(UNITS))
    for seed in range(6000):
        sample = draw(Plan(54, seed, "pps", ("unit",), units=4), groups)
        seen[sample.places] += 1
        took = np.array([each.drawn for each in sample.strata])
        assert (took.sum(), (took > 0).sum(), len(sample.places)) == (54, 4, 54)
        units += took > 0
        assert {each.probability for each in sample.strata} == {54 / 450}
    error = math.sqrt(0.12 * 0.88 / 6000)
    assert (np.abs(seen / 6000 - 0.12) <= 4.5 * error).all()
    stated = inclusion_probabilities(UNITS, 4)
    assert stated[0] == 1
    errors = np.sqrt(np.maximum(stated * (1 - stated), 1e-12) / 6000)
    assert (np.abs(units / 6000 - stated) <= 4.5 * errors).all()


@given(
    people=st.lists(st.integers(30, 400), min_size=3, max_size=12), units=st.integers(2, 11), data=st.data()
)
def test_people_of_units_by_hand(people: list[int], units: int, data: st.DataObject) -> None:
    """Second way: from each drawn unit come f N / p people, up or down to a whole number; their sum holds."""
    units = min(units, len(people) - 1)
    size = data.draw(st.integers(2 * units, 20 * units))
    chances = inclusion_probabilities(people, units)
    wanted = [size / sum(people) * n / p for n, p in zip(people, chances, strict=True)]
    seed = data.draw(st.integers(0, 10**6))
    short = any(math.ceil(each - 1e-9) > n for each, n in zip(wanted, people, strict=True))
    if short or min(wanted) < 2 - 1e-9:
        with pytest.raises(ToplineError, match="is too small for" if min(wanted) < 2 - 1e-9 else "are taken"):
            units_and_people(people, size, units, generator(seed))
        return
    found = units_and_people(people, size, units, generator(seed))
    assert (found.sum(), (found > 0).sum()) == (size, units)
    for took, each, n in zip(found.tolist(), wanted, people, strict=True):
        assert took == 0 or (abs(took - each) < 1 and took <= n)


def test_units_of_equal_take() -> None:
    """Without a certain unit the same number comes from each: 5 units of 100 people give 20 each."""
    found = units_and_people([200, 150, 100, 100, 120, 180, 90, 60], 100, 5, generator(3))
    assert sorted(found.tolist()) == [0, 0, 0, 20, 20, 20, 20, 20]


def test_a_seed_draws_the_same_units_again() -> None:
    """Saved result, as for people: it is part of a study's record."""
    assert units_and_people(UNITS, 54, 4, generator(7)).tolist() == [14, 0, 13, 0, 14, 0, 13, 0]


def test_refusals_of_units() -> None:
    """One unit, all units, too few people, a unit that has fewer than are taken, called by its name."""
    for units in (1, 8):
        with pytest.raises(
            ToplineError, match=f"{units} of 8 units cannot be drawn. Give --units from 2 to 7"
        ):
            units_and_people(UNITS, 54, units, generator(1))
    with pytest.raises(ToplineError, match="4 units with at least 2 people from each, which needs 8 or more"):
        units_and_people(UNITS, 7, 4, generator(1))
    with pytest.raises(ToplineError, match="from 1 to 450"):
        units_and_people(UNITS, 451, 4, generator(1))
    groups = [("big",)] * 60 + [("middle",)] * 50 + [("small",)] * 9
    with pytest.raises(ToplineError, match="unit small has 9 people, and 10 are taken"):
        draw(Plan(20, 1, "pps", ("unit",), units=2), groups)


# --- sizes


def test_size_for_a_margin() -> None:
    """3 points at 95%: 1,068 of a large population, 880 of 5,000; half replying doubles them."""
    assert size_for_margin(0.03) == 1068
    assert size_for_margin(0.03, population=5000) == 880
    assert size_for_margin(0.03, population=5000, response=0.5) == 1760
    assert size_for_margin(0.03, deff=1.5) == 1601
    assert size_for_margin(0.001, population=50) == 50


def test_size_and_power_for_a_difference() -> None:
    """Saved results of R: power.prop.test(p1=.5, p2=.75, power=.9) gives n = 76.7; with n = 50, 0.740."""
    assert size_for_difference(0.5, 0.75, power=0.9) == 77
    assert round(difference_power(50, 0.5, 0.75), 3) == 0.740
    with pytest.raises(ToplineError, match="a difference that is none"):
        size_for_difference(0.5, 0.5)
    with pytest.raises(ToplineError, match="level is 95 and must lie between 0 and 1"):
        size_for_margin(0.03, level=95)


@given(margin=st.floats(0.005, 0.3), share=st.floats(0.02, 0.98), population=st.integers(10, 10**6))
def test_the_margin_is_reached(margin: float, share: float, population: int) -> None:
    """Second way: with n people the margin, with (N - n) / (N - 1), is met; with one fewer it is not."""
    n = size_for_margin(margin, share=share, population=population)

    def reached(size: int) -> float:
        return 1.959963985 * math.sqrt(share * (1 - share) / size * (population - size) / (population - 1))

    assert reached(n) <= margin * (1 + 1e-6)
    if n > 1:
        assert reached(n - 1) > margin * (1 - 1e-6)
