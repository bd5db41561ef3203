"""Net promoter scores and other differences of two nets: values, errors, and how they are printed."""

from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dataset.small import QUESTIONNAIRE, small_study

from topline.dataset import Dataset, missing_code
from topline.dataset.derive import complete
from topline.designs import Design
from topline.estimates import mean_vector
from topline.tables import Table, build_table, measure_of
from topline.tables.printed import shown

N = 200
ASKED = """\
- single: tell
  ask: Would you tell a friend?
  label: Would tell a friend
  points: [0, 10]
  nets:
    promoters: {label: Promoters, of: [p9, p10]}
    detractors: {label: Detractors, of: [p0, p1, p2, p3, p4, p5, p6]}
  scores: {nps: nps, same: {above: promoters, below: detractors}, ends: {above: p10, below: p0}}
"""


def answers(folder: Path, points: np.ndarray) -> Dataset:
    """A small study with a scale from 0 to 10 and these answers to it."""
    study = small_study(folder, questionnaire=QUESTIONNAIRE.replace("- grid: parts", ASKED + "- grid: parts"))
    region = (np.arange(len(points)) % 2).astype(np.uint8)
    return complete(Dataset(study, len(points), {"tell": points.astype(np.uint8), "region": region}, {}, {}))


def design(seed: int, n: int = N) -> Design:
    """A stratified sample with weights."""
    weights = np.random.default_rng(seed).lognormal(0, 0.5, n)
    return Design("design", weights, np.arange(n) % 3, tuple("abc"), np.array([300.0, 400.0, 500.0]))


def rows(table: Table) -> dict[str, object]:
    """The rows of a table by name."""
    return {row.spec.name: row for row in table.rows}


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_error_has_the_covariance_of_the_two_nets(tmp_path_factory: object, seed: int) -> None:
    """NPS is promoters less detractors; its variance is that of both less twice their covariance."""
    data = answers(tmp_path_factory.mktemp("nps"), np.random.default_rng(seed).integers(0, 11, N))
    plan, y = design(seed), data.codes("tell")
    found = rows(build_table("tell", ("region",), data, plan))
    for column, domain in enumerate((None, data.codes("region") == 0, data.codes("region") == 1)):
        nets = mean_vector(plan, np.stack([y >= 9, y <= 6], axis=1).astype(float), domain)
        cell = found["nps"].cells[column]
        both = nets.covariance
        assert cell.value == pytest.approx(100 * (nets.value[0] - nets.value[1]))
        assert cell.se == pytest.approx(100 * sqrt(both[0, 0] + both[1, 1] - 2 * both[0, 1]))
        promoters, detractors = found["promoters"].cells[column], found["detractors"].cells[column]
        assert cell.value == pytest.approx(promoters.value - detractors.value)
        assert found["same"].cells[column] == cell


def test_labels_and_places(tmp_path: Path) -> None:
    """A difference says of what it is; it is printed in whole points, the mean of the scale with a place."""
    data = answers(tmp_path, np.repeat(np.arange(11), [30, 0, 0, 0, 0, 0, 11, 20, 20, 19, 0]))
    found = rows(build_table("tell", (), data, design(1, 100)))
    assert [found[name].spec.label for name in ("nps", "same", "ends", "mean")] == [
        "Net promoter score (9 to 10 less 0 to 6, in points)",
        "Promoters less Detractors, in points",
        "10 less 0, in points",
        "Mean score",
    ]
    plain = replace(design(1, 100), weights=np.ones(100))
    found = rows(build_table("tell", (), data, plain))
    assert [shown(found[n].cells[0], found[n].spec) for n in ("nps", "mean")] == ["-22", "5.4"]
    mean = measure_of(data.study.variables["tell"], data).mean()
    assert mean is not None
    assert mean.mean() == pytest.approx(5.37)


@pytest.mark.parametrize(("counted", "value"), [("true", -10.0), ("false", -20.0)])
def test_missing_kinds_in_the_base_count_as_neither(tmp_path: Path, counted: str, value: float) -> None:
    """With don't know in the base a difference stays that of the two shares that stand above it."""
    asked = ASKED.replace("  nets:", "  missing: [dont_know]\n  nets:")
    text = QUESTIONNAIRE.replace("- grid: parts", asked + "- grid: parts")
    study = small_study(tmp_path, questionnaire=text.replace("in_base: true", f"in_base: {counted}"))
    points = np.repeat([10, 0, 8, missing_code("dont_know")], [10, 20, 20, 50]).astype(np.uint8)
    data = complete(Dataset(study, 100, {"tell": points, "region": np.zeros(100, np.uint8)}, {}, {}))
    found = rows(build_table("tell", (), data, replace(design(1, 100), weights=np.ones(100))))
    assert found["nps"].cells[0].value == pytest.approx(value)


def test_a_score_just_under_zero_is_zero(tmp_path: Path) -> None:
    """Rounded to nothing, a difference has no sign."""
    data = answers(tmp_path, np.repeat([10, 6, 8], [100, 101, 299]))
    found = rows(build_table("tell", (), data, replace(design(1, 500), weights=np.ones(500))))
    assert found["nps"].cells[0].value == pytest.approx(-0.2)
    assert shown(found["nps"].cells[0], found["nps"].spec) == "0"
