"""`topline weight STUDY`."""

import csv
from pathlib import Path

import pytest
from tests.dataset.small import FOREIGN, STUDY, small_study, with_columns

from topline.cli import FINDINGS, FINE, WRONG_USE, main

REAL = "examples/non-voters-2020"


def test_weights_of_the_file(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finished weight is shown with its cost and written again by id, digit for digit."""
    assert main(["weight", str(root / REAL), "-o", str(tmp_path / "weights.csv")]) == FINE
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "Weighted by the weights that came with the data."
    assert shown[3] == "Design effect (Kish) 1.121: 5,836 people count as 5,205.2."
    with (tmp_path / "weights.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[:2] == [["RespId", "weight"], ["470001", "0.7516"]]
    assert len(rows) == 5837
    assert shown[-1] == f"{tmp_path / 'weights.csv'}: 5,836 weights"


def test_a_study_without_weighting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to make: wrong use, with what to add."""
    small_study(tmp_path)
    assert main(["weight", str(tmp_path), "--data", "answers.csv"]) == WRONG_USE
    assert capsys.readouterr().err == (
        f"error: {tmp_path} has no weighting: in study.yaml, so there is nothing to make. Add one: adjust: "
        "rake, with targets:.\n"
    )


def test_no_file_of_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A study of its own fieldwork needs --data."""
    small_study(tmp_path, "weighting: {adjust: none}\n")
    assert main(["weight", str(tmp_path)]) == WRONG_USE
    assert "Give one with --data." in capsys.readouterr().err


def test_two_weightings_and_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A weighting beside the first has a column of its own; a weight of 0 is a finding, exit code 1."""
    weighting = (
        "weighting:\n  use: w\n  beside:\n    adjust: post_stratify\n    targets: {region: region.csv}\n"
    )
    (tmp_path / "study.yaml").write_text(STUDY + weighting + FOREIGN, "utf-8")
    (tmp_path / "questionnaire.yaml").write_text(with_columns(), "utf-8")
    (tmp_path / "region.csv").write_text("id,population\nnorth,30\nsouth,10\n", "utf-8")
    columns = "id,w,reg,age,q1,q2_1,q2_2,q3_1,q3_2,q3_3,q4_1,q4_2,q5,q6,q7"
    answers = "40,3,1,9,0,1,0,1,2,-3,2026-05-31,Good"
    people = [("p1", "2", "N"), ("p2", "0", "N"), ("p3", "1", "S"), ("p4", "3", "S")]
    lines = [columns, *(f"{id},{weight},{region},{answers}" for id, weight, region in people)]
    (tmp_path / "answers.csv").write_text("\n".join(lines) + "\n", "utf-8")
    assert main(["weight", str(tmp_path), "-o", str(tmp_path / "out.csv")]) == FINDINGS
    shown = capsys.readouterr().out
    assert "1 people have a weight of 0" in shown
    assert "Beside it (weighting: beside:):\nWeighted to population counts by region: " in shown
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [
            ["id", "weight", "beside"],
            ["p1", "2.0", "30.0"],
            ["p2", "0.0", "0.0"],
            ["p3", "1.0", "2.5"],
            ["p4", "3.0", "7.5"],
        ]
