"""Designs: what each inference allows."""

from pathlib import Path

import numpy as np
import pytest
from tests.dataset.small import STUDY, small_study

from topline.base import ToplineError
from topline.dataset import Dataset
from topline.designs import Design, design_of
from topline.study import Study, read_study


def study_of(folder: Path, inference: str, more: str = "") -> Study:
    """The small study with another inference."""
    small_study(folder)
    text = STUDY.replace("inference: descriptive", f"inference: {inference}")
    (folder / "study.yaml").write_text(text + more, "utf-8")
    return read_study(folder)


def people(study: Study, n: int = 40) -> Dataset:
    """People of whom only the region is known, half of them in each."""
    return Dataset(study, n, {"region": (np.arange(n) % 2).astype(np.uint8)})


def test_descriptive_figures_have_no_errors(tmp_path: Path) -> None:
    """These respondents and no others: no intervals."""
    study = study_of(tmp_path, "descriptive")
    assert not design_of(study, people(study)).intervals


def test_a_census_has_the_correction_for_its_frame(tmp_path: Path) -> None:
    """40 of 160 invited: a variance is multiplied by 1 - 1/4, and by n/(n - 1)."""
    frame = "frame: {kind: list, coverage: All, file: frame.csv, invited: 160, key: email}\n"
    study = study_of(tmp_path, "census-nonresponse", frame)
    assert design_of(study, people(study)).factors == pytest.approx([0.75 * 40 / 39])


def test_a_census_needs_the_number_invited(tmp_path: Path) -> None:
    """Without it there is no correction, and nothing is guessed."""
    frame = "frame: {kind: list, coverage: All, file: frame.csv, key: email}\n"
    study = study_of(tmp_path, "census-nonresponse", frame)
    with pytest.raises(ToplineError, match="needs the number of people invited"):
        design_of(study, people(study))


def test_a_model_must_be_named(tmp_path: Path) -> None:
    """An open link gives no margin of error unless the study names the model it stands on."""
    study = study_of(tmp_path, "model")
    assert not design_of(study, people(study)).intervals
    named = '\n  model: {assume: "weights known, people drawn with replacement"}'
    study = study_of(tmp_path, named)
    assert design_of(study, people(study)).intervals


def test_declared_strata(tmp_path: Path) -> None:
    """A design by region with its population counts: each stratum has its own correction."""
    (tmp_path / "region.csv").write_text("id,population\nnorth,40\nsouth,20\n", "utf-8")
    plan = "analysis: {design: {kind: stratified, strata: region, population: region.csv}}\n"
    study = study_of(tmp_path, "design", plan)
    found = design_of(study, people(study))
    assert found.strata_names == ("North", "South")
    assert found.factors == pytest.approx([0.5 * 20 / 19, 0.0])


def test_clusters_are_refused(tmp_path: Path) -> None:
    """Errors that ignored clusters would be too small: nothing is computed."""
    study = study_of(tmp_path, "design", "analysis: {design: {kind: clustered, clusters: school}}\n")
    with pytest.raises(ToplineError, match="clustered designs cannot be estimated yet"):
        design_of(study, people(study))


def test_more_answers_than_people_is_an_error() -> None:
    """A stratum of 30 people cannot have 40 answers."""
    with pytest.raises(ToplineError, match="40 people answered out of 30"):
        Design("design", np.ones(40), np.zeros(40, dtype=np.intp), ("North",), np.array([30.0]))


def test_a_lonely_person_has_no_variance() -> None:
    """One answer in a stratum: refused, with the remedy."""
    with pytest.raises(ToplineError, match="North has 1 answers: a variance needs two"):
        Design("design", np.ones(3), np.array([0, 1, 1]), ("North", "South"))


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_what_is_no_weight_is_refused(weight: float) -> None:
    """Negative weights and missing ones are errors that name the row."""
    with pytest.raises(ToplineError, match="row 2 of the answers"):
        Design("design", np.array([1.0, weight, 1.0]), np.zeros(3, dtype=np.intp))
