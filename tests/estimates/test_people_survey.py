"""Official figures of the Civil Service People Survey: benchmarks, and the guide's worked examples."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from topline.base import half_up
from topline.designs import Design
from topline.estimates import mean_vector, quantile


@pytest.fixture(scope="module")
def organisations(shared_data: Path) -> pl.DataFrame:
    """Every published figure of every organisation, benchmarks among them."""
    return pl.read_parquet(shared_data / "csps" / "organisations.parquet")


def medians(table: pl.DataFrame, year: int) -> list[tuple[float, float]]:
    """The published benchmark of each measure of a year, and the median of the organisations."""
    rows = table.filter(pl.col("obj_year") == year)
    benchmark = pl.col("organisation").str.contains("(?i)benchmark")
    mean = pl.col("organisation").str.contains("(?i)mean score|all civil servants")
    published = rows.filter(benchmark & pl.col("value").is_not_null()).select("question_measure", "value")
    others = rows.filter(~benchmark & ~mean)
    found = []
    for measure, value in published.rows():
        scores = others.filter(pl.col("question_measure") == measure)["value"].drop_nulls().to_numpy()
        n = len(scores)
        design = Design("descriptive", np.ones(n), np.zeros(n, dtype=int), intervals=False)
        found.append((value, quantile(design, scores, 0.5, rule="school").value))
    return found


@pytest.mark.parametrize(("year", "measures"), [(2010, 73), (2011, 72), (2012, 81), (2014, 82)])
def test_benchmarks_are_medians(organisations: pl.DataFrame, year: int, measures: int) -> None:
    """The benchmark is the median organisation, to the last published figure: every measure of four years."""
    found = medians(organisations, year)
    assert len(found) == measures
    wrong = [pair for pair in found if pair != pytest.approx((pair[0], pair[0]), abs=1e-9)]
    assert [pair for pair in wrong if pair[0] != float(half_up(pair[1]))] == []


@pytest.mark.parametrize(
    ("year", "measures", "within"), [(2009, 71, 61), (2013, 82, 82), (2021, 126, 121), (2024, 121, 111)]
)
def test_benchmarks_of_other_years(
    organisations: pl.DataFrame, year: int, measures: int, within: int
) -> None:
    """Within half a point where the published list of organisations is nearly the one that was used.

    In 2013 ten medians lie between two whole figures, and were taken of unrounded ones; in the other years
    groups stand beside their members.
    """
    found = medians(organisations, year)
    assert len(found) == measures
    assert sum(abs(value - median) <= 0.5 + 1e-9 for value, median in found) == within


GUIDE = [  # headcount, responses, per cent positive, margin: Technical guide 2013, page 23
    (200, 120, 43, 6),
    (150, 80, 50, 8),
    (50, 40, 30, 6),
    (500, 375, 60, 2),
]


@pytest.mark.parametrize(("headcount", "responses", "positive", "margin"), GUIDE)
def test_margins_of_the_worked_example(headcount: int, responses: int, positive: int, margin: int) -> None:
    """People who answered in a group whose headcount is known: share and margin of the guide, 4 of 4.

    The guide takes sqrt((N - n) / (N - 1)), the design (1 - n/N) n / (n - 1): printed, they are the same.
    """
    yes = round(responses * positive / 100)
    answers = np.repeat([100.0, 0.0], [yes, responses - yes])
    strata = np.zeros(responses, dtype=int)
    population = np.array([float(headcount)])
    found = mean_vector(
        Design("census-nonresponse", np.ones(responses), strata, population=population), answers[:, None]
    )
    assert half_up(float(found.value[0])) == positive
    assert half_up(1.96 * float(found.se[0])) == margin
    p, n = positive / 100, responses
    guide = 196 * np.sqrt(p * (1 - p) / n * (headcount - n) / (headcount - 1))
    assert half_up(float(guide)) == margin


def test_index_and_rounding_of_the_guide(shared_data: Path) -> None:
    """The engagement index of the worked respondent is 65 and of the group 53; shares are rounded once."""
    guide = json.loads((shared_data / "csps" / "2013" / "method_oracles.json").read_text("utf-8"))
    index, rounding = guide["engagement_index"], guide["rounding"]["tableA"]
    assert list(index["weights"].values()) == [100, 75, 50, 25, 0]
    for example, value in (
        (index["respondent_example"], index["respondent_example"]["score"]),
        (index["group_example"], index["group_example"]["index"]),
    ):
        scores = np.array(example["scores"], dtype=float)
        n = len(scores)
        design = Design("descriptive", np.ones(n), np.zeros(n, dtype=int), intervals=False)
        assert float(mean_vector(design, scores[:, None]).value[0]) == value
    shares = [100 * count / rounding["n"] for count in rounding["counts"]]
    assert [half_up(share) for share in shares] == rounding["displayed"]
    assert half_up(sum(shares[:2])) == rounding["positive"]
    assert sum(rounding["displayed"]) == rounding["sum_displayed"]
