"""`topline tables`, as it is typed."""

import csv
from pathlib import Path

import pytest
from tests.dataset.small import small_study

from topline.cli import main
from topline.dataset import write_responses
from topline.study import read_study

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """All cells of the tables of the non-voters study, as the verb writes them."""
    file = tmp_path_factory.mktemp("tables") / "tables.csv"
    assert main(["tables", str(ROOT / "examples" / "non-voters-2020"), "-o", str(file)]) == 0
    lines = list(csv.reader(file.read_text("utf-8").splitlines()))
    return [dict(zip(lines[1], line, strict=True)) for line in lines[2:]]


def test_every_question_is_tabulated(cells: list[dict[str, str]]) -> None:
    """All questions but the one that the plan skips, by the six variables of the banner."""
    study = read_study(ROOT / "examples" / "non-voters-2020")
    asked = {question.id for question in study if question.kind != "info"} - {"citizen"}
    assert {cell["question"] for cell in cells} == asked
    banner = {"", "voter", "age_band", "race", "education", "income", "gender"}
    assert {cell["banner"] for cell in cells} == banner


def test_real_figures(cells: list[dict[str, str]]) -> None:
    """Nine in ten are registered: value, interval and bases stand in one line."""
    wanted = ("registered", "yes", "")
    line = next(c for c in cells if (c["question"], c["answer"], c["group"]) == wanted)
    assert [line[name] for name in ("value", "low", "high", "base")] == ["89.8", "88.9", "90.7", "5816"]
    assert float(line["effective_base"]) < float(line["base"])


def test_made_up_answers_are_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The head of the tables says that the answers are made up; the verb says what it wrote."""
    study = small_study(tmp_path)
    write_responses(study, tmp_path / "a.csv", [{"region": "north", "likes": "yes"}], made_up=True)
    output = tmp_path / "tables.html"
    assert main(["tables", str(tmp_path), "--data", str(tmp_path / "a.csv"), "-o", str(output)]) == 0
    assert "These answers are made up." in output.read_text("utf-8")
    assert capsys.readouterr().out == f"{output}: 4 tables of 1 respondents\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "tables.pdf"], "Give a name that ends in .xlsx, .ods, .csv, .html or .json"),
        (["-o", "tables.csv"], "Give one with --data"),
        (["--data", "none.csv", "-o", "tables.csv"], "there is no such file"),
    ],
)
def test_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    """An output of another kind, or no answers, is wrong use: exit code 2 and what to do."""
    small_study(tmp_path)
    assert main(["tables", str(tmp_path), *arguments]) == 2
    assert message in capsys.readouterr().err
