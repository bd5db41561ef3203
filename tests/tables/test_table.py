"""Tables: rows, bases and flags of every kind of question, in cases that can be counted by hand."""

from pathlib import Path

import numpy as np
import pytest
from tests.dataset.small import small_study

from topline.base import ToplineError
from topline.dataset import Dataset, Numbers, missing_code
from topline.dataset.derive import complete
from topline.designs import Design, design_of
from topline.tables import PROFILES, Table, build_table

DK, BLANK = missing_code("dont_know"), missing_code("blank")


def people(folder: Path) -> Dataset:
    """100 people: 60 in the north, 40 in the south, with answers of each kind."""
    study = small_study(folder)
    region = np.repeat([0, 1], [60, 40]).astype(np.uint8)
    likes = np.array([0] * 30 + [1] * 10 + [2] * 10 + [DK] * 10 + [0] * 10 + [2] * 20 + [BLANK] * 10)
    price = np.array([1] * 50 + [0] * 30 + [BLANK] * 20)
    looks = np.array([1] * 20 + [0] * 60 + [BLANK] * 20)
    none = np.array([0] * 70 + [1] * 10 + [BLANK] * 20)
    times = np.array([2.0] * 50 + [4.0] * 40 + [np.nan] * 10)
    parts = np.array([0] * 50 + [2] * 50)
    return complete(
        Dataset(
            study,
            100,
            {
                "region": region,
                "likes": likes.astype(np.uint8),
                "parts.top": parts.astype(np.uint8),
                "parts.base": parts[::-1].astype(np.uint8),
            },
            {"why": {n: c.astype(np.uint8) for n, c in (("looks", looks), ("price", price), ("none", none))}},
            {"times": Numbers(times, np.where(np.isnan(times), DK, 0).astype(np.uint8))},
        )
    )


def table(folder: Path, name: str, *by: str, weights: np.ndarray | None = None) -> Table:
    """A table of those people, unweighted unless weights are given."""
    data = people(folder)
    design = design_of(data.study, data)
    if weights is not None:
        design = Design("descriptive", weights, design.strata, intervals=False)
    return build_table(name, by, data, design)


def rows(found: Table) -> dict[str, list[float | None]]:
    """Values by row name (with its item in a grid)."""
    return {
        f"{row.item}.{row.spec.name}" if row.item else row.spec.name: [cell.value for cell in row.cells]
        for row in found.rows
    }


def test_a_question_with_one_answer(tmp_path: Path) -> None:
    """Don't know is in the base and has a row, blank is out; nets and scores follow the answers."""
    found = table(tmp_path, "likes", "region")
    assert [(c.label, c.base) for c in found.columns] == [("Total", 90), ("North", 60), ("South", 30)]
    values = rows(found)
    assert values["yes"] == pytest.approx([100 * 40 / 90, 50.0, 100 / 3])
    assert values["dont_know"] == pytest.approx([100 * 10 / 90, 100 / 6, 0.0])
    assert values["not_yes"] == pytest.approx([100 * 40 / 90, 100 / 3, 200 / 3])
    assert values["mean"] == pytest.approx([56.25, 70.0, 100 / 3])
    kinds = [row.spec.kind for row in found.rows]
    assert kinds == ["answer", "answer", "answer", "missing", "net", "mean"]
    assert found.rows[-1].cells[0].base == 80


def test_a_multiple_response(tmp_path: Path) -> None:
    """Shares are of those who ticked something, and may sum to more than 100."""
    found = table(tmp_path, "why")
    assert rows(found) == {"looks": [25.0], "price": [62.5], "none": [12.5], "dont_know": [0.0]}
    assert found.columns[0].base == 80
    assert found.measure.endswith("more than 100")


def test_a_number(tmp_path: Path) -> None:
    """A number has one row, its mean over those who gave one."""
    found = table(tmp_path, "times", "region")
    assert rows(found) == {"mean": pytest.approx([260 / 90, 140 / 60, 4.0])}
    assert [cell.base for cell in found.rows[0].cells] == [90, 60, 30]
    assert found.measure == "Mean"


def test_a_whole_grid_and_one_of_its_rows(tmp_path: Path) -> None:
    """A grid's table has its items one below the other; an item's own table is the same rows."""
    whole = rows(table(tmp_path, "parts", "region"))
    one = rows(table(tmp_path, "parts.top", "region"))
    assert {
        name.removeprefix("top."): cells for name, cells in whole.items() if name.startswith("top.")
    } == one
    assert whole["top.yes"] == pytest.approx([50.0, 100 * 50 / 60, 0.0])
    assert table(tmp_path, "parts.top").label == "Likes the parts: The top"


def test_weights_change_shares_and_bases(tmp_path: Path) -> None:
    """The unweighted base stays; the weighted and Kish's effective base follow the weights."""
    weights = np.repeat([1.0, 3.0], [60, 40])
    cell = table(tmp_path, "likes", weights=weights).rows[0].cells[0]
    assert cell.value == pytest.approx(100 * (30 + 10 * 3) / (60 + 30 * 3))
    assert (cell.base, cell.weighted_base) == (90, 150.0)
    assert cell.effective == pytest.approx(150**2 / (60 + 30 * 9))


def test_low_bases_are_flagged(tmp_path: Path) -> None:
    """Under 30 no figure, 30 to 99 a warning, on the smaller of the unweighted and the effective base."""
    flag_of = PROFILES["market"].of_base
    assert [flag_of(29, 29), flag_of(30, 30), flag_of(99, 99), flag_of(100, 100)] == ["[x]", "[u]", "[u]", ""]
    assert flag_of(200, 99.9) == "[u]"
    assert flag_of(200, 29.9) == "[x]"
    assert [cell.flag for cell in table(tmp_path, "likes", "region").rows[0].cells] == ["[u]"] * 3


def test_what_has_no_table(tmp_path: Path) -> None:
    """Open texts have none, a number cannot stand across the top, and what the data lack is named."""
    with pytest.raises(ToplineError, match="more has no table"):
        table(tmp_path, "more")
    with pytest.raises(ToplineError, match="times cannot stand across the top"):
        table(tmp_path, "likes", "times")
    with pytest.raises(ToplineError, match="the data have no answers to age_band"):
        table(tmp_path, "likes", "age_band")
