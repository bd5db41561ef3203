"""Profiles of low bases: what each gives, marks and leaves out, and where that is said."""

import csv
import json
from dataclasses import replace
from io import BytesIO, StringIO
from math import nan, sqrt
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tables.test_table import people

from topline.base import ToplineError
from topline.designs import design_of
from topline.estimates import proportion_interval
from topline.tables import (
    PROFILES,
    Book,
    as_csv,
    as_html,
    as_json,
    as_xlsx,
    build_tables,
    low_base_named,
    low_base_of,
)

NCHS = PROFILES["nchs"]


def share(p: float, n: int, deff: float = 1.0, df: int | None = None, profile: str = "nchs") -> str:
    """The flag of a share of n people whose sample has this design effect."""
    se = sqrt(p * (1 - p) / n * deff)
    return PROFILES[profile].of_figure(p, se, n, n / deff, n - 1 if df is None else df, share=True)


@pytest.mark.parametrize(
    ("profile", "flags"),
    [("market", ["[x]", "[x]", "[u]", "[u]", ""]), ("census-pack", ["[x]", "", "", "", ""])],
)
def test_bases_alone(profile: str, flags: list[str]) -> None:
    """`market` gives nothing under 30 and marks under 100, `census-pack` gives nothing under 10."""
    assert [share(0.4, n, profile=profile) for n in (9, 29, 30, 99, 100)] == flags
    assert PROFILES[profile].of_base(200, 9.9) == "[x]"


@pytest.mark.parametrize(
    ("flag", "p", "n", "deff", "df"),
    [
        ("[x]", 0.5, 29, 1.0, None),  # too few people
        ("[x]", 0.1, 58, 2.0, None),  # too few effective ones: 29
        ("[x]", 0.5, 40, 1.0, None),  # 0.32 wide
        ("", 0.5, 60, 1.0, None),  # 0.26 wide, half of the share
        ("[x]", 0.02, 100, 1.0, None),  # 0.068 wide: three times the share
        ("[u]", 0.98, 100, 1.0, None),  # as much of its complement
        ("", 0.01, 1000, 1.0, None),  # 0.014 wide: fine, though 140% of the share
        ("[u]", 0.0, 200, 1.0, None),  # nobody
        ("[u]", 1.0, 200, 1.0, None),  # everybody
        ("[u]", 0.5, 2000, 1.0, 7),  # few clusters
        ("", 0.5, 2000, 1.0, 8),
    ],
)
def test_the_standards_of_the_nchs(flag: str, p: float, n: int, deff: float, df: int | None) -> None:
    """Each rule of Parker et al. 2017 decides one case."""
    assert share(p, n, deff, df) == flag


@given(st.floats(0.001, 0.999), st.integers(2, 5000), st.floats(0.5, 5.0), st.integers(1, 60))
def test_what_the_nchs_gives_is_precise(p: float, n: int, deff: float, df: int) -> None:
    """A share that is given has enough people, enough effective ones, and an interval narrow in one way."""
    se = sqrt(p * (1 - p) / n * deff)
    flag = NCHS.of_figure(p, se, n, nan, df, share=True)
    low, high = proportion_interval(p, se, df, n, "beta")
    few = n < 30 or p * (1 - p) / se**2 < 30
    wide = high - low >= 0.30 or (high - low > 0.05 and (high - low) / p > 1.30)
    assert (flag == "[x]") == (few or wide)
    assert df >= 8 or flag


def test_means_take_bases_and_degrees_of_freedom() -> None:
    """The standards speak of shares; a mean needs 30 people and is marked under 8 degrees of freedom."""
    assert NCHS.of_figure(3.0, 0.5, 29, 29.0, 28, share=False) == "[x]"
    assert NCHS.of_figure(3.0, 0.5, 100, 100.0, 7, share=False) == "[u]"
    assert NCHS.of_figure(3.0, 0.5, 100, 100.0, 99, share=False) == ""
    assert NCHS.of_figure(0.5, nan, 100, 100.0, 99, share=True) == ""  # a design without errors


def test_the_profile_is_declared_in_the_study(tmp_path: Path) -> None:
    """`market` unless study.yaml says another; one that does not exist is named with those that do."""
    study = people(tmp_path).study
    assert low_base_of(study).name == "market"
    declared = replace(study, settings={**study.settings, "analysis": {"low_base": "census-pack"}})
    assert low_base_of(declared).name == "census-pack"
    with pytest.raises(ToplineError, match="no profile of low bases called none"):
        low_base_named("none")


def book(folder: Path, profile: str, few: bool = False) -> Book:
    """The table of one question by region: 60 and 30 people, or 10 of them in the south."""
    data = people(folder)
    design = replace(design_of(data.study, data), intervals=True)
    if few:
        design = replace(design, weights=np.where(np.arange(100) < 70, 1.0, 1e-9))
    tables = build_tables(["likes"], ("region",), data, design, low_base=PROFILES[profile])
    return Book("Small", (), (tables,))


@pytest.mark.parametrize(
    ("profile", "few", "said"),
    [
        ("market", False, {"[u]: base of 30 to 99, so the figure is unreliable"}),
        ("census-pack", False, set()),
        ("census-pack", True, set()),
        ("nchs", False, {"[x]: no figure, because the base or the effective base is under 30"}),
    ],
)
def test_every_format_explains_its_marks(tmp_path: Path, profile: str, few: bool, said: set[str]) -> None:
    """Sheets and pages explain the marks that stand on them, files of data the profile."""
    made = book(tmp_path, profile, few)
    sheet = openpyxl.load_workbook(BytesIO(as_xlsx(made))).worksheets[1]
    notes = [str(row[0].value) for row in sheet.iter_rows() if str(row[0].value).startswith("[")]
    assert [any(note.startswith(text) for note in notes) for text in said] == [True] * len(said)
    if profile == "nchs":
        rows = {str(row[0].value): [cell.value for cell in row[1:]] for row in sheet.iter_rows()}
        assert rows["Neither: marked"] == ["-", "-", "[u]"]  # 0% in the south
    page = as_html(made)
    assert all(f"<dt>{text[:3]}</dt><dd>{text[5:]}" in page for text in said)
    assert ("[u]" in page) == any(note.startswith("[u]") for note in notes)
    assert json.loads(as_json(made))["low_bases"].startswith(f"Low bases by the profile {profile}.")
    assert f"by the profile {profile}" in next(csv.reader(StringIO(as_csv(made))))[0]
