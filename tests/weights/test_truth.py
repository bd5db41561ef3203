"""Weights against a known truth: samples drawn again and again from one population."""

import numpy as np
import pytest

from topline.designs import Design
from topline.estimates import cell_sums, mean_interval, means
from topline.weights import Margin, Weighted, adjust_response, rake

DRAWS = 1000
SIZES = np.array([6000, 3000, 1000])  # people in each stratum
DRAWN = np.array([250, 250, 250])


class Population:
    """Ten thousand people in strata, with an age and a sex; who replies and what they say depends on both."""

    def __init__(self) -> None:
        random = np.random.default_rng(7)
        n = int(SIZES.sum())
        self.stratum = np.repeat(np.arange(3), SIZES)
        self.age = (
            random.random(n)[:, None] > np.array([[0.3, 0.7], [0.4, 0.8], [0.2, 0.5]])[self.stratum]
        ).sum(1)
        self.sex = random.integers(0, 2, n)
        self.says_yes = random.random(n) < 0.2 + 0.2 * self.age + 0.1 * self.sex + 0.05 * self.stratum
        self.willing = 0.3 + 0.2 * self.age

    def sample(self, random: np.random.Generator) -> np.ndarray:
        """The people of a stratified sample, many times over from the small stratum, who reply."""
        starts = np.cumsum(SIZES) - SIZES
        drawn = np.concatenate(
            [
                start + random.choice(size, n, replace=False)
                for start, size, n in zip(starts, SIZES, DRAWN, strict=True)
            ]
        )
        return drawn[random.random(len(drawn)) < self.willing[drawn]]

    def margin(self, name: str, codes: np.ndarray, who: np.ndarray) -> Margin:
        """The counts of a variable in the population, for the people of a sample."""
        counts = np.bincount(codes).astype(float)
        return Margin(name, codes[who], counts, tuple(map(str, range(len(counts)))))


def weigh(population: Population, who: np.ndarray) -> tuple[Weighted, Design]:
    """Non-response by stratum, then raking to age and sex; the design knows its strata."""
    stratum = population.margin("stratum", population.stratum, who)
    replied = adjust_response((SIZES / DRAWN)[stratum.codes], stratum)
    margins = [population.margin("age", population.age, who), population.margin("sex", population.sex, who)]
    weighted = rake(replied.weights, margins)
    names = ("large", "middle", "small")
    return weighted, weighted.design(
        Design("design", replied.weights, stratum.codes, names, SIZES.astype(float))
    )


@pytest.mark.slow
def test_shares_are_unbiased_and_intervals_cover() -> None:
    """A thousand samples: the mean estimate is the truth to a tenth of a standard error, 93 to 97% cover it.

    Replies depend on age, so unweighted shares are far off. The truth is taken for all and by age; a base is
    always over 30.
    """
    population, random = Population(), np.random.default_rng(11)
    truth = [
        population.says_yes.mean(),
        *(population.says_yes[population.age == age].mean() for age in range(3)),
    ]
    found, covered, errors, plain = [], [], [], []
    for _ in range(DRAWS):
        who = population.sample(random)
        _, design = weigh(population, who)
        yes, age = population.says_yes[who].astype(int), population.age[who]
        by_age = means(cell_sums(design, age, 3, yes, 2), np.eye(2))
        total = means(cell_sums(design, np.zeros(len(who), int), 1, yes, 2), np.eye(2))
        value = np.concatenate([total.value[:, 1], by_age.value[:, 1]])
        se, df = np.concatenate([total.se[:, 1], by_age.se[:, 1]]), [*total.df[:, 1], *by_age.df[:, 1]]
        inside = []
        for p, error, free, true in zip(value, se, df, truth, strict=True):
            interval = mean_interval(p, error, int(free))
            assert interval is not None
            inside.append(interval[0] <= true <= interval[1])
        found.append(value)
        errors.append(se)
        covered.append(inside)
        plain.append(yes.mean())
    spread = np.std(found, axis=0)
    assert np.abs(np.mean(found, axis=0) - truth).max() < 0.1 * spread.max()
    assert np.mean(errors, axis=0) == pytest.approx(spread, rel=0.08)
    assert 0.93 <= np.mean(covered) <= 0.97
    assert abs(np.mean(plain) - truth[0]) > spread[0]
