"""Tables against a known truth: a disproportionate stratified sample, drawn again and again."""

from pathlib import Path

import numpy as np
import pytest

from topline.dataset import Dataset
from topline.study import Study, read_study
from topline.tables import build_tables
from topline.weights import weighted_designs

DRAWS = 1000
SIZES = np.array([9000, 4000, 1500, 500])  # people in each office
DRAWN = np.array([150, 150, 150, 150])
STUDY = """\
topline: 1
id: truth
title: Truth
organisation: Us
population: Staff
languages: [en]
inference: design
attributes:
  office: {label: Office, options: {1 a: A, 2 b: B, 3 c: C, 4 d: D}}
  sex: {label: Sex, options: {1 f: Women, 2 m: Men}}
  grade: {label: Grade, options: {1 low: Low, 2 middle: Middle, 3 high: High}}
analysis:
  design: {kind: stratified, strata: office, population: office.csv}
weighting:
  adjust: rake
  targets: {sex: sex.csv, grade: grade.csv}
"""
QUESTIONNAIRE = """\
questions:
- single: view
  ask: What do you think?
  label: View
  options: {1 good: Good, 2 fair: Fair, 3 bad: Bad}
- multiple: uses
  ask: What do you use?
  label: Uses
  options: {1 mail: Mail, 2 phone: Phone}
"""


class Population:
    """Fifteen thousand people whose answers depend on office, sex and grade."""

    def __init__(self) -> None:
        rng = np.random.default_rng(41)
        n = int(SIZES.sum())
        self.office = np.repeat(np.arange(4), SIZES)
        self.sex = (rng.random(n) < 0.4 + 0.08 * self.office).astype(int)
        self.grade = (rng.random(n)[:, None] > np.array([0.5, 0.85]) - 0.1 * self.office[:, None]).sum(1)
        level = 0.6 * self.grade + 0.4 * self.sex - 0.3 * self.office + rng.normal(size=n)
        self.view = (level[:, None] > np.array([0.0, 1.0])).sum(1)
        self.mail = (level > 0.2).astype(int)

    def data(self, study: Study, who: np.ndarray) -> Dataset:
        """The answers of some people; everybody uses a telephone, so nobody left the question blank."""
        names = ("office", "sex", "grade", "view")
        columns = {name: getattr(self, name)[who].astype(np.uint8) for name in names}
        uses = {"mail": self.mail[who].astype(np.uint8), "phone": np.ones(len(who), dtype=np.uint8)}
        return Dataset(study, len(who), columns, {"uses": uses})

    def study(self, folder: Path) -> Study:
        """The study, with the counts that the design and the targets need."""
        (folder / "study.yaml").write_text(STUDY, "utf-8")
        (folder / "questionnaire.yaml").write_text(QUESTIONNAIRE, "utf-8")
        for name, groups in (("office", "abcd"), ("sex", "fm"), ("grade", ("low", "middle", "high"))):
            counts = np.bincount(getattr(self, name))
            lines = [f"{group},{count}" for group, count in zip(groups, counts, strict=True)]
            (folder / f"{name}.csv").write_text("\n".join(["id,population", *lines, ""]), "utf-8")
        return read_study(folder)


@pytest.mark.slow
def test_tables_are_unbiased_and_their_intervals_cover(tmp_path: Path) -> None:
    """A thousand samples through weighting to tables: cells are true on average, 95% of intervals hold.

    Offices are drawn alike, though one is eighteen times another; weights are those of the sample, raked to
    sex and grade. Judged are cells whose base was never under 30: by office, sex and grade.
    """
    population, rng = Population(), np.random.default_rng(43)
    study = population.study(tmp_path)
    starts = np.cumsum(SIZES) - SIZES

    def cells(who: np.ndarray) -> np.ndarray:
        data = population.data(study, who)
        tables = build_tables(
            ("view", "uses"), ("office", "sex", "grade"), data, weighted_designs(study, data)[0]
        )
        return np.array(
            [
                (cell.value, np.nan if cell.low is None else cell.low, cell.high or np.nan, cell.base)
                for table in tables
                for row in table.rows
                if row.spec.name != "phone"
                for cell in row.cells
            ]
        )

    truth = _shares(population)
    drawn = np.stack(
        [
            cells(
                np.concatenate(
                    [
                        s + rng.choice(n, k, replace=False)
                        for s, n, k in zip(starts, SIZES, DRAWN, strict=True)
                    ]
                )
            )
            for _ in range(DRAWS)
        ]
    )
    judged = drawn[:, :, 3].min(axis=0) >= 30
    assert judged.sum() >= 36
    value, low, high = (drawn[:, judged, part] for part in range(3))
    spread = value.std(axis=0)
    assert np.abs((value.mean(axis=0) - truth[judged]) / spread).max() < 0.15
    stated = ((high - low) / (2 * 1.96)).mean(axis=0)
    assert stated == pytest.approx(spread, rel=0.2)  # no cell has an error of its own kind
    covered = (low <= truth[judged]) & (truth[judged] <= high)
    assert 0.93 <= covered.mean() <= 0.97


def _shares(population: Population) -> np.ndarray:
    """The true shares in the order of the tables' cells."""
    groups = [np.ones(len(population.office), dtype=bool)]
    for name in ("office", "sex", "grade"):
        column = getattr(population, name)
        groups += [column == code for code in range(column.max() + 1)]
    rows = [population.view == code for code in range(3)] + [population.mail == 1]
    return np.array([100 * row[group].mean() for row in rows for group in groups])
