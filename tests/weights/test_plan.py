"""`weighting:` of a study: from settings and files of counts to weights, designs and their sentences."""

from pathlib import Path

import numpy as np
import pytest
from tests.dataset.small import STUDY, small_study

from topline.base import ToplineError
from topline.dataset import Dataset, missing_code
from topline.study import Study, read_study
from topline.weights import Step, weightings

REGION = "id,population\nnorth,300\nsouth,100\n"
BY_AGE = """\
region,age_band,population
north,young,150
north,middle,100
north,old,50
south,young,30
south,middle,30
south,old,40
"""
FILES = {
    "region.csv": REGION,
    "by-age.csv": BY_AGE,
    "age.csv": "id,population\nyoung,180\nmiddle,130\nold,90\n",
    "replies.csv": "id,invited,replied\nnorth,300,60\nsouth,100,40\n",
}
CENSUS = "census-nonresponse\nframe: {kind: list, coverage: All, invited: 400}"
MODEL = "\n  model: {assume: weights known}"


def study_with(folder: Path, weighting: str, inference: str = MODEL, **files: str) -> Study:
    """The small study with a weighting, an inference and files of counts (name without .csv: text)."""
    small_study(folder)
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    text = STUDY.replace("inference: descriptive", f"inference: {inference}")
    (folder / "study.yaml").write_text(f"{text}weighting: {{{weighting}}}\n", "utf-8")
    return read_study(folder)


def hundred(study: Study, missing: int = 0) -> Dataset:
    """A hundred people: 60 in the north, 40 in the south, every age; the first ones without a region."""
    region = np.repeat([0, 1], [60, 40]).astype(np.uint8)
    region[:missing] = missing_code("refused")
    return Dataset(study, 100, {"region": region, "age_band": (np.arange(100) % 3).astype(np.uint8)})


def weigh(folder: Path, weighting: str, inference: str = MODEL, missing: int = 0, **files: str) -> Step:
    """The first weighting of that study."""
    study = study_with(folder, weighting, inference, **files)
    return weightings(study, hundred(study, missing))[0]


def refusal(folder: Path, weighting: str, inference: str = MODEL, missing: int = 0, **files: str) -> str:
    """The words in which a weighting is refused."""
    with pytest.raises(ToplineError) as raised:
        weigh(folder, weighting, inference, missing, **files)
    return raised.value.findings[0].text


def test_raking_to_two_targets(tmp_path: Path) -> None:
    """Targets of a variable each: both hold, errors are those of residuals, and the sentence says all."""
    found = weigh(tmp_path, "adjust: rake, targets: {region: region.csv, age_band: age.csv}")
    design = found.design
    assert [margin.off < 1e-10 for margin in found.made[0].margins] == [True, True]
    assert np.bincount(np.repeat([0, 1], [60, 40]), design.weights) == pytest.approx([300, 100])
    assert design.calibration is not None
    assert design.sentence == (
        "Weighted by raking to population counts of region, age group: design effect 1.17, largest weight "
        "1.67 times the mean."
    )


def test_a_crossed_target(tmp_path: Path) -> None:
    """One file with a column for each variable gives the counts of every pair."""
    found = weigh(tmp_path, "adjust: post_stratify, targets: {region_by_age: by-age.csv}")
    pairs = np.repeat([0, 1], [60, 40]) * 3 + np.arange(100) % 3
    assert np.bincount(pairs, found.design.weights) == pytest.approx([150, 100, 50, 30, 30, 40])
    assert found.made[0].margins[0].labels[4] == "South x 35 to 64"


def test_a_crossing_without_a_count(tmp_path: Path) -> None:
    """People in a crossing that the file leaves out are an error that names it."""
    lacking = BY_AGE.replace("south,old,40\n", "")
    assert refusal(tmp_path, "adjust: rake, targets: {by: by-age.csv}", **{"by-age": lacking}) == (
        "people who answered are in South x 65 and over of Region x Age group, whose population count is 0. "
        "Correct the count, or take these people out."
    )


def test_classes_of_a_census(tmp_path: Path) -> None:
    """Post-stratified to the frame: respondents are a simple random sample of their class, with its fpc."""
    design = weigh(tmp_path, "adjust: post_stratify, targets: {region: region.csv}", CENSUS).design
    assert design.strata_names == ("North", "South")
    assert design.factors == pytest.approx([0.8 * 60 / 59, 0.6 * 40 / 39])
    assert design.calibration is None


def test_raking_in_a_census(tmp_path: Path) -> None:
    """Raked to several targets of the frame: the sample is the whole reply, its errors those of residuals."""
    design = weigh(tmp_path, "adjust: rake, targets: {region: region.csv, age_band: age.csv}", CENSUS).design
    assert design.factors == pytest.approx([0.75 * 100 / 99])
    assert design.calibration is not None


def test_non_response_by_class(tmp_path: Path) -> None:
    """Invited and replied by class: those who replied stand for those invited, and classes are strata."""
    found = weigh(tmp_path, "nonresponse: {region: replies.csv}", CENSUS)
    assert list(found.design.weights[[0, 99]]) == [5.0, 2.5]
    assert found.design.factors == pytest.approx([0.8 * 60 / 59, 0.6 * 40 / 39])
    assert found.design.sentence == (
        "Weighted for non-response by region: design effect 1.09, largest weight 1.25 times the mean."
    )


def test_non_response_then_targets(tmp_path: Path) -> None:
    """Both steps are kept: non-response by class first, then raking from those weights."""
    settings = "nonresponse: {region: replies.csv}, adjust: rake, targets: {age_band: age.csv}"
    found = weigh(tmp_path, settings, CENSUS)
    assert [made.method for made in found.made] == ["non-response", "raking"]
    assert found.made[1].base == pytest.approx(found.made[0].weights)
    assert found.design.strata_names == ("North", "South")
    assert found.design.calibration is not None
    assert found.design.sentence.startswith(
        "Weighted for non-response by region; by raking to population counts of age group: "
    )


def test_non_response_without_a_frame(tmp_path: Path) -> None:
    """Where not everybody was invited, classes of non-response change weights and leave the design alone."""
    found = weigh(tmp_path, "nonresponse: {region: replies.csv}")
    assert list(found.design.weights[[0, 99]]) == [5.0, 2.5]
    assert found.design.factors == pytest.approx([100 / 99])
    assert found.design.calibration is None


def test_more_answers_than_replies(tmp_path: Path) -> None:
    """The counts of a class say how many replied, and no more can have answered."""
    replies = "id,invited,replied\nnorth,300,50\nsouth,100,40\n"
    assert refusal(tmp_path, "nonresponse: {region: replies.csv}", CENSUS, replies=replies) == (
        "60 people answered in North of Region, and the counts say that 50 replied. Correct the counts, or "
        "remove duplicates."
    )


def test_missing_values(tmp_path: Path) -> None:
    """People without an answer: refused with the choice, merged into a group, or a class of their own."""
    rake = "adjust: rake, targets: {region: region.csv}"
    assert refusal(tmp_path, rake, missing=3) == (
        "3 people have no answer to Region, so they get no weight. Count them with a group (weighting: "
        "missing: {region: GROUP}), or give them a class of their own: a row missing,COUNT among the targets."
    )
    merged = weigh(tmp_path, f"{rake}, missing: {{region: south}}", missing=3).design.weights
    assert merged[0] == merged[99] == pytest.approx(100 / 43)
    own = weigh(tmp_path, rake, missing=3, region=f"{REGION}missing,30\n").design.weights
    assert own[:3] == pytest.approx(10.0)
    assert own.sum() == pytest.approx(430)


def test_scaling_to_one_target(tmp_path: Path) -> None:
    """Totals that disagree: with `scale_to` the others take the total of the one to trust."""
    age = "id,population\nyoung,90\nmiddle,65\nold,45\n"
    settings = "adjust: rake, targets: {region: region.csv, age_band: age.csv}"
    (tmp_path / "age.csv").write_text(age, "utf-8")
    assert "they differ by 200" in refusal(tmp_path, settings, age=age)
    scaled = weigh(tmp_path, f"{settings}, scale_to: region", age=age)
    assert scaled.design.weights.sum() == pytest.approx(400)
    assert list(scaled.made[0].margins[1].wanted) == pytest.approx([180, 130, 90])


def test_a_limit_on_weights(tmp_path: Path) -> None:
    """`trim` cuts and rakes again until both hold; without that the targets move, and it is said."""
    settings = "adjust: rake, targets: {region: region.csv, age_band: age.csv}"
    capped = weigh(tmp_path, f"{settings}, trim: {{max: 1.6}}").made[0]
    assert capped.diagnostics.largest == pytest.approx(1.6, rel=1e-5)
    assert max(margin.off for margin in capped.margins) < 1e-10
    step = weigh(tmp_path, f"{settings}, trim: {{max: 1.6, rerake: false}}")
    assert step.made[0].diagnostics.largest <= 1.6 + 1e-12
    assert "The target no longer holds: 65 and over of Age group is off by" in str(step.made[0])
    assert "; cut at 1.6 times the mean: " in step.design.sentence


def test_calibration_with_bounds(tmp_path: Path) -> None:
    """Bounds speak of weights before and after, both on the scale of the population."""
    settings = "adjust: calibrate, distance: logit, bounds: [0.4, 1.9]"
    found = weigh(tmp_path, f"{settings}, targets: {{region: region.csv, age_band: age.csv}}").made[0]
    factors = found.weights / found.base
    assert found.base.sum() == pytest.approx(400)
    assert 0.4 < factors.min() < factors.max() < 1.9


def test_weights_below_zero_are_refused(tmp_path: Path) -> None:
    """Linear calibration that goes below zero makes no tables; the message gives two ways out."""
    few = "id,population\nnorth,390\nsouth,10\n"
    old = "id,population\nyoung,10\nmiddle,20\nold,370\n"
    settings = "adjust: calibrate, targets: {region: region.csv, age_band: age.csv}"
    assert refusal(tmp_path, settings, region=few, age=old) == (
        "27 weights came out below 0, and no table can show them. Use distance: raking, or give bounds: "
        "[0.3, 3] (R: calfun, bounds)."
    )


def test_weights_from_sampling(tmp_path: Path) -> None:
    """A sample by strata with their counts and no weights: everybody counts for N_h / n_h."""
    plan = "design\nanalysis: {design: {kind: stratified, strata: region, population: region.csv}}"
    found = weigh(tmp_path, "adjust: none", plan)
    assert list(found.design.weights[[0, 99]]) == [5.0, 2.5]
    assert found.design.sentence == "Weighted by the sampling fractions of the design."
    raked = weigh(tmp_path, "adjust: rake, targets: {age_band: age.csv}", plan)
    assert raked.made[0].base == pytest.approx(found.design.weights)
    assert raked.design.strata_names == ("North", "South")
