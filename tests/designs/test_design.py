"""Designs: what each inference allows."""

from pathlib import Path

import numpy as np
import pytest
from tests.dataset.small import STUDY, small_study

from topline.base import ToplineError
from topline.dataset import Dataset, Numbers
from topline.designs import Design, Stage, design_of
from topline.study import Study, read_study
from topline.weights.plan import with_sampling_weights


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


CLUSTERED = (
    "attributes:\n"
    "  school: {label: School, kind: number}\n"
    "  pupils: {label: Pupils, kind: number}\n"
    "  drawn_1: {label: First, kind: number}\n"
    "  drawn_2: {label: Second, kind: number}\n"
)


def in_schools(folder: Path, plan: str) -> Design:
    """40 people in 10 schools, with a declared design."""
    small_study(folder)
    text = STUDY.replace("inference: descriptive", "inference: design")
    text = text.replace("attributes:\n", CLUSTERED) + f"analysis: {{design: {plan}}}\n"
    (folder / "study.yaml").write_text(text, "utf-8")
    study = read_study(folder)
    school = np.arange(40) % 10
    amounts = {
        "school": school + 100.0,
        "pupils": np.full(40, 8.0),
        "drawn_1": 2.0 * (school < 5),
        "drawn_2": 2.0 * (school >= 5),
    }
    numbers = {name: Numbers(of, np.zeros(40, dtype=np.uint8)) for name, of in amounts.items()}
    return design_of(study, Dataset(study, 40, {"region": (school % 2).astype(np.uint8)}, amounts=numbers))


def test_clusters_are_the_units(tmp_path: Path) -> None:
    """Ten schools of 40: factors and strata are those of schools, five in each region."""
    found = in_schools(tmp_path, "{kind: clustered, clusters: school, strata: region}")
    assert list(found.sizes) == [5, 5]
    assert found.factors == pytest.approx([5 / 4, 5 / 4])


def test_strata_count_clusters_where_clusters_were_drawn(tmp_path: Path) -> None:
    """Five schools drawn of ten in each region: its 20 people are not held against ten schools."""
    (tmp_path / "region.csv").write_text("id,population\nnorth,10\nsouth,10\n", "utf-8")
    plan = "{kind: clustered, clusters: school, strata: region, population: region.csv}"
    assert in_schools(tmp_path, plan).factors == pytest.approx([0.5 * 5 / 4, 0.5 * 5 / 4])
    (tmp_path / "region.csv").write_text("id,population\nnorth,4\nsouth,10\n", "utf-8")
    with pytest.raises(ToplineError, match="North"):
        in_schools(tmp_path, plan)


def test_two_stages(tmp_path: Path) -> None:
    """With the number of schools, and of pupils in each, people within schools have an error of their own."""
    plan = "{kind: clustered, clusters: school, clusters_in_all: 20, second: {units: pupils, of: pupils}}"
    with pytest.raises(ToplineError, match="units of the second stage lie in more than one cluster"):
        in_schools(tmp_path, plan)
    found = in_schools(tmp_path, "{kind: clustered, clusters: school, clusters_in_all: 20}")
    assert found.factors == pytest.approx([0.5 * 10 / 9])


def test_replicate_weights(tmp_path: Path) -> None:
    """Weights that come with the data, and the scale of their method."""
    plan = "{replicates: {weights: [drawn_1, drawn_2], method: BRR}}"
    found = in_schools(tmp_path, plan).replicates
    assert found is not None
    assert (found.weights.shape, found.scale, found.df) == ((40, 2), 0.5, 1)
    with pytest.raises(ToplineError, match="JKn needs rscales"):
        in_schools(tmp_path, plan.replace("BRR", "JKn"))


def test_clusters_must_be_named(tmp_path: Path) -> None:
    """Errors that ignored clusters would be too small: nothing is computed."""
    with pytest.raises(ToplineError, match="kind: clustered needs clusters:"):
        in_schools(tmp_path, "{kind: clustered}")
    with pytest.raises(ToplineError, match="scool is not a variable"):
        in_schools(tmp_path, "{kind: clustered, clusters: scool}")


def test_clusters_lie_in_one_stratum() -> None:
    """A cluster in two strata is no cluster of either."""
    strata, clusters = np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 2, 3])
    with pytest.raises(ToplineError, match="1 clusters lie in more than one stratum"):
        Design("design", np.ones(5), strata, ("A", "B"), clusters=clusters)


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


def test_sampling_weights_of_two_stages() -> None:
    """2 of 10 schools, and 3 of 6 and 2 of 8 pupils in them: everybody counts for 5 times 2 or 4."""
    clusters, pupils = np.array([0, 0, 0, 1, 1]), np.arange(5)
    design = Design(
        "design",
        np.ones(5),
        np.zeros(5, dtype=np.intp),
        population=np.array([10.0]),
        clusters=clusters,
        second=Stage(pupils, np.array([6.0, 8.0])),
    )
    data = Dataset(None, 5, {})  # type: ignore[arg-type]
    assert list(with_sampling_weights(design, data).weights) == [10.0, 10.0, 10.0, 20.0, 20.0]
