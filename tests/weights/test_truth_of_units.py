"""A sample of units in proportion to size against a known truth, drawn again and again."""

import numpy as np
import pytest

from topline.designs import Design
from topline.estimates import cell_sums, mean_interval, means
from topline.sampling import Plan, draw

DRAWS = 500
PEOPLE = np.linspace(80, 400, 60).astype(int)  # in each unit


@pytest.mark.slow
def test_shares_of_units_are_unbiased_and_intervals_cover() -> None:
    """240 people of 12 in 60 units, where large units say yes more often: the share needs no weight, and
    errors by units cover it. Units count as drawn with replacement, so errors are a little too large (12 of
    60 units: at most 1.12 times), never too small; those of a simple sample would be far too small.
    """
    random = np.random.default_rng(5)
    unit = np.repeat(np.arange(60), PEOPLE)
    chance = np.clip(np.linspace(0.2, 0.7, 60) + random.normal(0, 0.12, 60), 0.02, 0.98)
    yes = (random.random(len(unit)) < chance[unit]).astype(int)
    groups = [(f"u{each:02}",) for each in unit.tolist()]
    found, errors, simple, covered = [], [], [], []
    for seed in range(DRAWS):
        who = draw(Plan(240, seed, "pps", ("unit",), units=12), groups).places
        ones, nobody = np.ones(len(who)), np.zeros(len(who), dtype=int)
        clusters = np.unique(unit[who], return_inverse=True)[1]
        assert len(set(clusters.tolist())) == 12
        each = []
        for design in (
            Design("design", ones, nobody, ("",), None, clusters=clusters),
            Design("design", ones, nobody, ("",), None),
        ):
            share = means(cell_sums(design, nobody, 1, yes[who], 2), np.eye(2))
            each.append((float(share.value[0, 1]), float(share.se[0, 1]), int(share.df[0, 1])))
        (value, error, free), (_, plain, _) = each
        interval = mean_interval(value, error, free)
        assert interval is not None
        assert free == 11
        found.append(value)
        errors.append(error)
        simple.append(plain)
        covered.append(interval[0] <= yes.mean() <= interval[1])
    spread = float(np.std(found))
    assert abs(np.mean(found) - yes.mean()) < 0.15 * spread
    assert 0.97 < np.mean(errors) / spread < 1.15
    assert np.mean(simple) < 0.7 * spread
    assert 0.93 <= np.mean(covered) <= 0.98
    assert abs(np.mean(chance) - yes.mean()) > 3 * spread / np.sqrt(DRAWS)  # units of equal chance would miss
