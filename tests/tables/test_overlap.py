"""Columns that share people: answers of a multiple response and named groups across the top of a table."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables.test_table import people

from topline.base import ToplineError
from topline.dataset import Dataset, Numbers, missing_code
from topline.designs import Calibration, Design, design_of
from topline.designs.calibrated import Term
from topline.disclosure import TableRequest, release
from topline.estimates import Groups, Item, bases_of, covariance, difference, joint_cells, p_value
from topline.tables import Book, Compare, Table, as_csv, as_html, as_json, as_xlsx, build_tables, measure_of

N, COLUMNS, K = 240, 3, 3
BLANK = missing_code("blank")


def designs(seed: int) -> list[Design]:
    """The same people under designs of each kind: strata, clusters, and calibrated weights."""
    rng = np.random.default_rng(seed)
    weights = rng.lognormal(0, 0.5, N)
    strata = np.repeat(np.arange(4), N // 4)
    plain = Design("design", weights, strata, tuple("abcd"), np.array([90.0, 200.0, 300.0, 1e6]))
    margin = Calibration((Term(rng.integers(0, 3, N), 3),), np.ones(N), weights)
    clustered = replace(plain, population=None, clusters=np.arange(N) // 6)
    return [plain, clustered, replace(plain, calibration=margin)]


@given(st.integers(0, 10_000), st.floats(0.1, 0.9))
@settings(max_examples=30, deadline=None)
def test_cells_of_shared_columns_have_the_covariance_of_rows(seed: int, chance: float) -> None:
    """The covariance of cells whose columns share people is that of indicators, person by person."""
    rng = np.random.default_rng(seed)
    masks = rng.random((COLUMNS, N)) < chance
    codes = rng.integers(0, K + 1, N).astype(np.uint8)  # K is outside the base
    parts = [Groups((~mask).astype(np.uint8), 1) for mask in masks]
    cells = np.stack([mask & (codes == k) for mask in masks for k in range(K)], axis=1)
    for design in designs(seed):
        totals, matrix = joint_cells(design, Item(codes, K, bases_of(np.eye(K))), *parts)
        z = design.weights[:, None] * cells
        assert totals == pytest.approx(z.sum(axis=0))
        assert matrix == pytest.approx(covariance(design, z), rel=1e-8, abs=1e-7)


def sample(folder: Path) -> tuple[Dataset, Design]:
    """The hundred people, drawn with replacement: looks appeal to who say no, price to every second one."""
    data = people(folder)
    no, second = data.codes("likes") == 2, np.arange(100) % 2 == 0
    chosen = {"looks": no | (np.arange(100) < 25), "price": second, "none": ~second & ~no}
    why = {name: np.where(np.arange(100) < 95, mask, BLANK).astype(np.uint8) for name, mask in chosen.items()}
    return replace(data, choices={"why": why}), replace(design_of(data.study, data), intervals=True)


def tabled(folder: Path, by: tuple[str, ...], compare: Compare) -> Table:
    """The table of one question by a banner."""
    data, design = sample(folder)
    return build_tables(["likes"], by, data, design, compare)[0]


def marks(table: Table) -> dict[str, str]:
    """The marks of "no" by column."""
    row = next(row for row in table.rows if row.spec.name == "no")
    return {column.group: cell.marks for column, cell in zip(table.columns, row.cells, strict=True)}


@pytest.mark.parametrize(("test", "higher"), [("pairs", "b"), ("against_rest", "+")])
def test_marks_come_at_the_p_of_the_rows(tmp_path: Path, test: str, higher: str) -> None:
    """Looks are above price, and above who did not choose them, from the p of the rows' difference on."""
    data, design = sample(tmp_path)
    y = measure_of(data.study.variables["likes"], data).share(("no",))
    looks, price = (data.option_codes("why", name) == 1 for name in ("looks", "price"))
    assert (looks & price).sum() > 10
    found = difference(design, (y, looks), (y, price if test == "pairs" else ~looks))
    p = p_value(found.value, found.se, int(np.isfinite(y).sum()) - 1)
    assert p is not None
    assert 0 < p < 0.5
    assert marks(tabled(tmp_path, ("why",), Compare(test, p * 1.001)))["looks"].startswith(higher)
    assert higher not in marks(tabled(tmp_path, ("why",), Compare(test, p * 0.999)))["looks"]


@pytest.mark.parametrize(("by", "test", "higher"), [("why", "against_rest", "−"), ("region", "pairs", "a")])
def test_means_of_numbers_are_compared_as_shares_are(tmp_path: Path, by: str, test: str, higher: str) -> None:
    """The mean of a number has its mark from the p of the rows' difference on, in either kind of column."""
    data, design = sample(tmp_path)
    times = np.where(np.arange(100) < 90, np.arange(100) % 7 + (np.arange(100) >= 60) * 1.5, np.nan)
    kinds = np.where(np.isnan(times), BLANK, 0).astype(np.uint8)
    data = replace(data, amounts={"times": Numbers(times, kinds)})
    inside = data.option_codes("why", "none") == 1 if by == "why" else data.codes("region") == 1
    found = difference(design, (times, inside), (times, ~inside))
    p = p_value(found.value, found.se, 89)
    assert p is not None
    for level, mark in ((p * 1.001, higher), (p * 0.999, "")):
        table = build_tables(["times"], (by,), data, design, Compare(test, level))[0]
        assert table.rows[0].cells[3 if by == "why" else 2].marks == mark
        assert "with 89 degrees of freedom" in table.comparison


def test_independent_columns_would_give_another_error(tmp_path: Path) -> None:
    """Adding the variances of two columns that share people is not the error of their difference."""
    data, design = sample(tmp_path)
    y = measure_of(data.study.variables["likes"], data).share(("no",))
    looks, price = (data.option_codes("why", name) == 1 for name in ("looks", "price"))
    own = difference(design, (y, looks), (y, price)).se
    cells = next(row for row in tabled(tmp_path, ("why",), Compare()).rows if row.spec.name == "no").cells
    added = np.hypot(cells[1].se or 0, cells[2].se or 0) / 100
    assert own < 0.9 * added


def test_named_groups_stand_across_the_top(tmp_path: Path) -> None:
    """Named groups are columns of one span beside those of variables, each under its own label."""
    table = tabled(tmp_path, ("region", "northerners", "why"), Compare())
    assert [(c.variable, c.group, c.heading, c.letter) for c in table.columns[3:]] == [
        ("northerners", "northerners", "Groups", ""),
        ("why", "looks", "Reasons", "a"),
        ("why", "price", "Reasons", "b"),
        ("why", "none", "Reasons", "c"),
        ("why", "dont_know", "Reasons", "d"),
    ]
    north = [row.cells[1].value for row in table.rows]
    assert [row.cells[3].value for row in table.rows] == north
    assert table.columns[7].base == 0


def test_the_table_says_how_columns_were_compared(tmp_path: Path) -> None:
    """Test, level, degrees of freedom, correction and shared people stand under the table in every format."""
    table = tabled(tmp_path, ("why",), Compare("against_rest", 0.05, "holm"))
    assert table.comparison == (
        "Each column is compared with everybody else in the base by two-sided t tests at 0.05 with 79 to 89 "
        "degrees of freedom, corrected by Holm's method over the tests of one row in one block. Columns may "
        "share people: the tests take in the covariance of those who are in both."
    )
    book = Book("Small", (), ((table,),))
    assert table.comparison.replace("'", "&#x27;") in as_html(book)
    assert table.comparison in as_csv(book)
    assert json.loads(as_json(book))["tables"][0]["weightings"][0]["comparison"] == table.comparison
    sheet = openpyxl.load_workbook(BytesIO(as_xlsx(book))).worksheets[1]
    assert table.comparison in [row[0].value for row in sheet.iter_rows()]


def test_a_column_of_everybody_has_no_rest(tmp_path: Path) -> None:
    """Where nobody is left, nothing is compared, however the sums were rounded."""
    data, design = sample(tmp_path)
    every = {
        "looks": np.ones(100, np.uint8),
        "price": np.ones(100, np.uint8),
        "none": np.zeros(100, np.uint8),
    }
    data = replace(data, choices={"why": every})
    weighted = replace(design, weights=np.random.default_rng(1).lognormal(0, 1, 100))
    for test in ("pairs", "against_rest"):
        table = build_tables(["likes"], ("why",), data, weighted, Compare(test))[0]
        assert {cell.marks for row in table.rows for cell in row.cells} == {""}


def test_published_tables_keep_to_columns_apart(tmp_path: Path) -> None:
    """The rules that hide small groups take columns as apart, so published tables refuse shared ones."""
    data, design = sample(tmp_path)
    for name in ("why", "northerners"):
        with pytest.raises(ToplineError, match=f"{name} cannot stand across the top of a table"):
            release(data.study, data, design, [TableRequest("likes", (name,))])
