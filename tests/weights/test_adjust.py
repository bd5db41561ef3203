"""Post-stratification: what it gives, what it refuses, and R's result."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.dataset.small import small_study
from tests.estimates.api import cases, coded, design, numbers

from topline.base import ToplineError
from topline.dataset import Dataset
from topline.designs import Design, read_counts
from topline.estimates import number_means, number_sums
from topline.study import Study, read_study
from topline.weights import weighted_designs
from topline.weights.plan import Step, weightings

FRAME = "frame: {kind: list, coverage: All, invited: 350}\n"


def answers(study: Study, regions: list[int]) -> Dataset:
    """People of a small study of whom only the region is known."""
    return Dataset(study, len(regions), {"region": np.array(regions, dtype=np.uint8)})


def weigh(folder: Path, regions: list[int], population: tuple[float, float], more: str = "") -> Step:
    """The study of a census by region after weighting to counts by region."""
    north, south = population
    (folder / "region.csv").write_text(f"id,population\nnorth,{north}\nsouth,{south}\n", "utf-8")
    settings = f"weighting: {{adjust: post_stratify, targets: {{region: region.csv}}{more}}}\n"
    small_study(folder, settings + FRAME)
    path = folder / "study.yaml"
    path.write_text(path.read_text("utf-8").replace("descriptive", "census-nonresponse"), "utf-8")
    study = read_study(folder)
    return weightings(study, answers(study, regions))[0]


def test_weights_bring_each_group_to_its_count(tmp_path: Path) -> None:
    """Thirty people for 300, ten for 50: each counts for ten, or for five; the sentence says what it cost."""
    found = weigh(tmp_path, [0] * 30 + [1] * 10, (300, 50)).design
    assert list(found.weights) == [10.0] * 30 + [5.0] * 10
    assert found.sentence == (
        "Weighted to population counts by region: design effect 1.06, largest weight 1.14 times the mean."
    )
    assert (found.strata_names, found.factors[1]) == (("North", "South"), pytest.approx(0.8 * 10 / 9))


def test_strata_that_are_classes_give_r_results() -> None:
    """Weighting the stratified api sample by its strata is R's postStratify: weights, mean, error, df."""
    expected = cases()["strat.w.poststratify"]["result"]
    codes, levels = coded("strat", "stype")
    counts = np.array([4421.0, 755.0, 1018.0])
    weights = design("strat").weights * (counts / np.bincount(codes, design("strat").weights))[codes]
    assert weights.sum() == pytest.approx(expected["weights"]["sum"], rel=1e-9)
    assert list(weights[:10]) == pytest.approx(expected["weights"]["first10"], rel=1e-9)
    weighted = Design("census-nonresponse", weights, codes, tuple(levels), counts)
    found = number_means(number_sums(weighted, np.zeros(200, int), 1, numbers("strat", "api00")))
    assert found.value[0, 0] == pytest.approx(expected["mean_api00"]["estimate"]["api00"], rel=1e-9)
    assert found.se[0, 0] == pytest.approx(expected["mean_api00"]["se"]["api00"], rel=1e-9)
    assert found.df[0, 0] == expected["mean_api00"]["df"]


@pytest.mark.parametrize(
    ("regions", "population", "message"),
    [
        ([0] * 30, (300.0, 50.0), "nobody who answered is in South of Region"),
        ([0] * 30 + [1] * 9, (300.0, 50.0), "South of Region has fewer than 10 answers"),
        ([0] * 30 + [1] * 10 + [245], (300.0, 50.0), "1 people have no answer to Region"),
    ],
)
def test_what_cannot_be_weighted_is_refused(
    tmp_path: Path, regions: list[int], population: tuple[float, float], message: str
) -> None:
    """An empty or tiny class and people without a class are errors that say what to do."""
    with pytest.raises(ToplineError, match=message):
        weigh(tmp_path, regions, population)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,population\nnorth,10\n", "there is no population count for south"),
        ("id,population\nnorth,10\nsouth,0\n", "south: “0” is not a count of people"),
        ("id,population\nnorth,10\nsouth,-3\n", "south: “-3” is not a count of people"),
        ("id,population\nnorth,10\nsouth,nan\n", "south: “nan” is not a count of people"),
        ("id,population\nnorth,10\neast,5\n", "“east” is not an answer of region"),
        ("id,population\nnorth,10\nnorth,5\n", "north has two lines"),
        ("id,population\nnorth,10\nsouth,few\n", "south: “few” is not a count of people"),
        ("id,population\nnorth\nsouth,5\n", "there is no population count for north"),
        ("region,half,population\nnorth,a,10\n", "there is no variable half with answers to weight by"),
        ("name,n\nnorth,10\n", "the first line of a file of population counts is: id,population"),
    ],
)
def test_faulty_counts_are_refused_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    """A file of counts that lacks a group, or holds something else, is an error at its line."""
    study, path = small_study(tmp_path), tmp_path / "counts.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ToplineError, match=message):
        read_counts(study.variables["region"], path)
    path.unlink()
    with pytest.raises(ToplineError, match="It should hold the population counts of region"):
        read_counts(study.variables["region"], path)


def test_a_second_weighting_stands_beside_the_first(tmp_path: Path) -> None:
    """`beside:` gives a second design; the first one stays unweighted."""
    (tmp_path / "region.csv").write_text("id,population\nnorth,300\nsouth,50\n", "utf-8")
    settings = (
        "weighting: {adjust: none, why: As it is, "
        "beside: {adjust: post_stratify, targets: {region: region.csv}}}\n"
    )
    study = small_study(tmp_path, settings)
    first, beside = weighted_designs(study, answers(study, [0] * 30 + [1] * 10))
    assert not first.weighted
    assert beside.weights.sum() == pytest.approx(350)


def test_whose_weights_are_taken(tmp_path: Path) -> None:
    """`use` takes those of the file, `adjust: none` none, and no word at all those of the file."""
    (tmp_path / "region.csv").write_text("id,population\nnorth,300\nsouth,50\n", "utf-8")
    regions, given = [0] * 30 + [1] * 10, np.linspace(1, 2, 40)
    for settings, expected in (
        ("", [given]),
        ("weighting: {use: w}\n", [given]),
        ("weighting: {use: w, beside: {adjust: none, why: To see}}\n", [given, np.ones(40)]),
        ("weighting: {adjust: none, why: As it is}\n", [np.ones(40)]),
    ):
        study = small_study(tmp_path, settings)
        data = replace(answers(study, regions), weights=given)
        found = weighted_designs(study, data)
        assert len(found) == len(expected)
        for one, weights in zip(found, expected, strict=True):
            assert np.array_equal(one.weights, weights)
    study = small_study(tmp_path, "weighting: {use: w}\n")
    with pytest.raises(ToplineError, match="the answers have no weights"):
        weighted_designs(study, answers(study, regions))
