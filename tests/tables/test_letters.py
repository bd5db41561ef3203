"""Letters and marks of columns that differ, in cases that can be worked out by other means."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.tables.test_table import people

from topline.dataset import Dataset
from topline.designs import Design, design_of
from topline.designs.replicates import replicated
from topline.estimates import difference, holm, p_value
from topline.tables import Compare, build_tables, letters
from topline.tables.letters import letter
from topline.tables.measures import measure_of


def sample(folder: Path, intervals: bool = True) -> tuple[Dataset, Design]:
    """60 people in the north and 40 in the south, drawn with replacement."""
    data = people(folder)
    return data, replace(design_of(data.study, data), intervals=intervals)


def marks(
    folder: Path, compare: Compare, name: str = "likes", intervals: bool = True
) -> dict[str, list[str]]:
    """The marks of each row: Total, North, South."""
    data, design = sample(folder, intervals)
    table = build_tables(["likes"], ("region",), data, design, compare)[0]
    return {row.spec.name: [cell.marks for cell in row.cells] for row in table.rows}


def test_letters_stand_in_the_higher_column(tmp_path: Path) -> None:
    """North gives 0% and South 67% no: South is above column a. Total has no marks."""
    found = marks(tmp_path, Compare("pairs"))
    assert found["no"] == ["", "", "a"]
    assert found["yes"] == ["", "", ""]
    data, design = sample(tmp_path)
    columns = build_tables(["likes"], ("region",), data, design, Compare("pairs"))[0].columns
    assert [column.letter for column in columns] == ["", "a", "b"]


def test_each_column_against_the_rest(tmp_path: Path) -> None:
    """With two groups the rest of one is the other: one is above it and the other below."""
    found = marks(tmp_path, Compare("against_rest"))
    assert found["no"] == ["", "−", "+"]


def test_marks_follow_the_difference_person_by_person(tmp_path: Path) -> None:
    """The level at which a mark comes is the p of the difference with its covariance, by t."""
    data, design = sample(tmp_path)
    likes, region = data.codes("likes"), data.codes("region")
    y = np.where(likes < 240, (likes == 0) * 1.0, np.where(likes == likes[50], 0.0, np.nan))
    found = difference(design, (y, region == 0), (y, region == 1))
    p = p_value(found.value, found.se, found.df)
    assert p is not None
    assert marks(tmp_path, Compare("pairs", p * 0.999))["yes"] == ["", "", ""]
    assert marks(tmp_path, Compare("pairs", p * 1.001))["yes"] == ["", "b", ""]
    assert holm([p, p]) == [2 * p, 2 * p]
    adjusted = Compare("against_rest", p * 1.999, "holm")
    assert marks(tmp_path, adjusted)["yes"] == ["", "", ""]
    assert marks(tmp_path, replace(adjusted, level=p * 2.001))["yes"] == ["", "+", "−"]


def test_no_marks_without_errors_or_bases(tmp_path: Path) -> None:
    """A design without errors tests nothing, and a column with a base under 30 takes no part."""
    assert marks(tmp_path, Compare("pairs"), intervals=False)["no"] == ["", "", ""]
    data, design = sample(tmp_path)
    few = replace(design, weights=np.where(np.arange(100) < 75, 1.0, 0.01))
    table = build_tables(["likes"], ("region",), data, few, Compare("pairs"))[0]
    assert {cell.marks for row in table.rows for cell in row.cells} == {""}


@pytest.mark.parametrize(("place", "name"), [(0, "a"), (25, "z"), (26, "aa"), (27, "ab"), (702, "aaa")])
def test_letters_go_on_after_z(place: int, name: str) -> None:
    """Columns after the 26th have two letters."""
    assert letter(place) == name


def replicated_sample(folder: Path, mse: bool) -> tuple[Dataset, Design]:
    """The same 100 people with weights and 12 weights of samples drawn anew."""
    data, design = sample(folder)
    rng = np.random.default_rng(8)
    weights = rng.lognormal(0, 0.4, data.n)
    drawn = weights[:, None] * rng.poisson(1.0, (data.n, 12))
    found = replicated(drawn, weights, "bootstrap", mse=mse)
    return data, replace(design, weights=weights, replicates=found)


@pytest.mark.parametrize("mse", [False, True])
@pytest.mark.parametrize("test", ["pairs", "against_rest"])
@pytest.mark.parametrize(
    ("name", "answer"), [("likes", "yes"), ("likes", "mean"), ("why", "price"), ("times", "mean")]
)
def test_replicate_weights_decide_on_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, answer: str, test: str, mse: bool
) -> None:
    """A mark comes at the p of the difference under each replicate, as of figures against the rest."""
    monkeypatch.setattr(letters, "LEAST_COMPARED", 10)
    data, design = replicated_sample(tmp_path, mse)
    measure = measure_of(data.study.variables[name], data)
    assert measure is not None
    assert design.replicates is not None
    y = measure.of_row([row.name for row in measure.rows].index(answer))
    region = data.codes("region")
    means = [
        [
            float(np.average(y[some], weights=w[some]))
            for some in ((region == g) & np.isfinite(y) for g in (0, 1))
        ]
        for w in (design.weights, *design.replicates.weights.T)
    ]
    gaps = np.array([north - south for north, south in means])
    centre = gaps[0] if mse else gaps[1:].mean()
    error = float(np.sqrt(((gaps[1:] - centre) ** 2).sum() / 11))
    p = p_value(gaps[0], error, design.replicates.df)
    assert p is not None
    assert difference(design, (y, region == 0), (y, region == 1)).se == pytest.approx(error)

    def marked(level: float) -> bool:
        table = build_tables([name], ("region",), data, design, Compare(test, level))[0]
        row = next(row for row in table.rows if row.spec.name == answer)
        return any(cell.marks for cell in row.cells)

    assert not marked(p * 0.9999)
    assert marked(p * 1.0001)
