"""Rules of `quality:`: what may stand there, whom they take out, and what is said of it."""

import csv
import json
from pathlib import Path

import pytest
from tests.dataset.small import small_study

from topline.base import ToplineError
from topline.cli import main
from topline.dataset import excluded_sentence, read_data
from topline.dataset.quality import Exclusion, exclude
from topline.designs import design_of
from topline.disclosure import release
from topline.report.method import method
from topline.study import Study, read_study
from topline.study.check import check_study
from topline.study.late_rules import late_rules
from topline.study.load import load

QUALITY = """\
quality:
  speed: {seconds: age, share: 0.5}
  straight_lining: {rows: 2}
  contradictions:
    young_and_old: {label: Likes it and no part of it, where: likes = yes and parts.top = no}
  figures: [likes=yes, mean(likes), parts.top=not_yes]
  exclude:
    nonsense: {flags: [young_and_old], why: Both cannot be true.}
    fast_nonsense: {flags: [speed, young_and_old], why: Fast as well.}
"""
HEAD = (
    "region,age,half,likes,parts.top,parts.base,why.looks,why.price,why.none,best.looks,best.price,"
    "times,first,more\n"
)
ANSWERS = HEAD + "".join(
    f"{region},{age},a,{likes},{top},{base},-1,-1,-1,1,2,1,2020-01-01,\n"
    for region, age, likes, top, base in (
        ("north", 20, "no", "no", "no"),
        ("north", 60, "yes", "no", "yes"),
        ("south", 60, "neither", "yes", "yes"),
        ("south", 60, "neither", "neither", "yes"),
        ("south", 25, "yes", "no", "yes"),
    )
)


def study_with(folder: Path, quality: str = QUALITY) -> Study:
    """The small study with a block of quality, and its answers in Topline's own form."""
    small_study(folder, quality)
    (folder / "answers.csv").write_text(ANSWERS, "utf-8")
    return read_study(folder)


def test_people_are_taken_out_of_every_reading(tmp_path: Path) -> None:
    """Who has all flags of a rule is left out wherever answers are read, and the counts go along."""
    study = study_with(tmp_path)
    data = read_data(study, tmp_path / "answers.csv")
    assert data.n == 3
    assert data.exclusions is not None
    assert [(rule.name, rule.n, rule.alone) for rule in data.exclusions.rules] == [
        ("nonsense", 2, 1),
        ("fast_nonsense", 1, 0),
    ]
    assert excluded_sentence(data) == (
        "Taken out by declared rules of data quality: 2 of 5 people"
        " (nonsense: 2, Both cannot be true; fast_nonsense: 1, Fast as well)."
    )
    assert read_data(study, tmp_path / "answers.csv", everybody=True).n == 5


def test_weights_are_of_those_who_stay(tmp_path: Path) -> None:
    """The file of weights names the rows that are left, each by its place in the file of answers."""
    (tmp_path / "region.csv").write_text("id,population\nnorth,10\nsouth,50\n", "utf-8")
    study_with(tmp_path, QUALITY + "weighting: {adjust: post_stratify, targets: {region: region.csv}}\n")
    given = ["weight", str(tmp_path), "--data", str(tmp_path / "answers.csv")]
    assert main([*given, "-o", str(tmp_path / "weights.csv")]) == 0
    assert (tmp_path / "weights.csv").read_text("utf-8").splitlines() == [
        "row,weight", "1,10.0", "3,25.0", "4,25.0",
    ]  # fmt: skip


def test_the_report_says_who_was_taken_out(tmp_path: Path) -> None:
    """What is released carries the sentence, and the report prints it about the research."""
    study = study_with(tmp_path)
    data = read_data(study, tmp_path / "answers.csv")
    released = release(study, data, design_of(study, data), [])
    told = dict(method(study, released, None, "en"))
    assert told["Data quality"] == excluded_sentence(data)
    everybody = read_data(study, tmp_path / "answers.csv", everybody=True)
    assert "Data quality" not in dict(
        method(study, release(study, everybody, design_of(study, everybody), []), None, "en")
    )


def test_a_rule_without_its_flag() -> None:
    """A rule made in Python that asks for a flag which was not looked for is refused."""
    with pytest.raises(ToplineError, match=r"needs the flag speed, which is not there\. Flags here: none"):
        exclude({}, [Exclusion("fast", ("speed",), "Too fast.")], 3)


def test_rules_that_leave_nobody(tmp_path: Path) -> None:
    """Rules that take out everybody are refused, and the checks can still be looked at."""
    study = study_with(tmp_path, QUALITY.replace("likes = yes and parts.top = no", "age > 0"))
    with pytest.raises(ToplineError, match="takes out all 5 people"):
        read_data(study, tmp_path / "answers.csv")
    assert main(["quality", str(tmp_path), "--data", str(tmp_path / "answers.csv")]) == 0


def test_the_verb_prints_flags_exclusions_and_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The checks are of everybody; key figures stand with and without the flagged."""
    study_with(tmp_path)
    assert main(["quality", str(tmp_path), "--data", str(tmp_path / "answers.csv")]) == 0
    printed = capsys.readouterr().out
    assert "Data quality: A small study, 5 people" in printed
    assert "Taken out by declared rules: 2 of 5 people" in printed
    assert "nonsense: 2 taken out, 1 by this rule alone. Both cannot be true." in printed
    assert "Likes it and no part of it" in printed
    lines = [line.split() for line in printed.splitlines() if line.startswith("Likes it: Agree")]
    assert lines == [["Likes", "it:", "Agree", "40.0", "5", "0.0", "1", "0.0", "3", "-40.0"]]


def test_tables_say_who_was_taken_out(tmp_path: Path) -> None:
    """The count stands above every table that is written, and weights leave these people out."""
    study_with(tmp_path)
    out, answers = tmp_path / "tables.csv", str(tmp_path / "answers.csv")
    assert main(["tables", str(tmp_path), "--data", answers, "-o", str(out)]) == 0
    assert "2 of 5 people" in out.read_text("utf-8")


FAULTS = [
    (
        "seconds: age",
        "seconds: agee",
        "25:20",
        "agee is not a number question or attribute. Did you mean age?",
    ),
    ("share: 0.5", "share: 40", "25:32", "quality: speed: share: 40 is not a share. "),
    ("seconds: age, share: 0.5", "share: 0.5", "25:10", "needs seconds: or where:, one of them. "),
    ("rows: 2", "rows: 1", "26:27", "rows: 1 is too few. A line needs at least 2 rows; 3 or more is usual."),
    (
        "flags: [young_and_old]",
        "flags: [straight]",
        "31:24",
        "“straight”. It may be: speed, straight_lining, unanswered, duplicate, young_and_old.",
    ),
    ("mean(likes)", "likes=yes/region=north", "29:24", "“likes=yes/region=north” is not a figure that can "),
    ("young_and_old: {", "speed: {", "28:5", "speed is the name of a built-in flag. Give the contradiction "),
]


@pytest.mark.parametrize(("old", "new", "place", "says"), FAULTS)
def test_a_rule_that_cannot_be(tmp_path: Path, old: str, new: str, place: str, says: str) -> None:
    """What the block names must be there; the message says where and what may stand there."""
    small_study(tmp_path)
    text = (tmp_path / "study.yaml").read_text("utf-8")
    (tmp_path / "study.yaml").write_text(text + QUALITY.replace(old, new, 1), "utf-8")
    loaded = load(tmp_path)
    assert loaded.study is not None
    found = [str(finding) for finding in check_study(loaded.study)]
    assert any(one.startswith(f"study.yaml:{place} error: ") and says in one for one in found), found


def test_a_condition_that_cannot_be(tmp_path: Path) -> None:
    """Conditions of contradictions are checked as those of routes are."""
    with pytest.raises(ToplineError, match=r"study.yaml:28"):
        study_with(tmp_path, QUALITY.replace("likes = yes and", "likes = maybe and"))
    with pytest.raises(ToplineError, match=r"study.yaml:28"):
        study_with(tmp_path, QUALITY.replace("likes = yes and", "likes == yes and"))


def test_a_rule_made_after_the_launch_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that the frozen study lacks, or has otherwise, is named in the output; one it has is not."""
    study_with(tmp_path)
    frozen = tmp_path / "frozen" / "1"
    frozen.mkdir(parents=True)
    text = (tmp_path / "study.yaml").read_text("utf-8")
    (frozen / "study.yaml").write_text(text, "utf-8")
    assert late_rules(read_study(tmp_path)) == ""
    (frozen / "study.yaml").write_text(text.replace("Both cannot be", "Both can hardly be"), "utf-8")
    assert late_rules(read_study(tmp_path)) == "Declared after the launch of version 1: nonsense."
    (frozen / "study.yaml").write_text(text.replace("share: 0.5", "share: 0.4"), "utf-8")
    assert main(["quality", str(tmp_path), "--data", str(tmp_path / "answers.csv")]) == 0
    assert "Declared after the launch of version 1: nonsense, fast_nonsense." in capsys.readouterr().out


def test_json_and_csv_hold_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unrounded counts for programs, and the same parts as a table; neither says who anybody was."""
    study_with(tmp_path)
    given = ["quality", str(tmp_path), "--data", str(tmp_path / "answers.csv")]
    assert main([*given, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["people"] == 5
    assert found["excluded"]["rules"][0] == {
        "name": "nonsense", "why": "Both cannot be true.", "people": 2, "alone": 1,
    }  # fmt: skip
    assert [figure["difference"] for figure in found["figures"]] == pytest.approx([-40.0, -10.0, 20.0])
    assert main([*given, "--format", "csv", "-o", str(tmp_path / "quality.csv")]) == 0
    rows = list(csv.reader((tmp_path / "quality.csv").read_text("utf-8").splitlines()))
    assert ["Grids", "Likes the parts", "2", "2", "5", "40.0%", "1.0", "0.50"] in rows


def test_a_data_file_without_a_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file has the checks that need no declaration; durations are named on the command line."""
    file = tmp_path / "answers.csv"
    file.write_text("q1,secs\n" + "".join(f"{n % 3},{n}\n" for n in range(1, 41)), "utf-8")
    assert main(["quality", str(file), "--seconds", "secs"]) == 0
    printed = capsys.readouterr().out
    assert "secs below 8.2, which is 0.4 of the median of 20.5" in printed
    assert main(["quality", str(file), "--seconds", "sec"]) == 2
    assert "sec is not a number question or attribute. Did you mean secs?" in capsys.readouterr().err
