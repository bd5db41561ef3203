"""Trends over waves: real files of two or three waves, their groups, what is refused, what is written."""

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from topline.base import ToplineError
from topline.cli import main
from topline.dataset import read_data, write_responses
from topline.designs import Design
from topline.estimates import benjamini_hochberg, difference, holm
from topline.study import Study, read_study
from topline.study.published import PublishedFile
from topline.study.waves import read_waves
from topline.tables import Answers, Family, Trend, TrendRow, adjusted, build_trends, side_of
from topline.tables.files import COLUMNS
from topline.weights import weighted_designs

STUDY = """\
topline: 1
id: staff
title: Staff
organisation: Us
population: Staff
languages: [en]
wave: now
inference: {model: {assume: people drawn with replacement}}
attributes:
  unit:
    label: Unit
    options:
      1 north: North
      2 south: South
"""
QUESTIONS = """\
missing:
  97 dont_know: {label: Don't know, in_base: true}
questions:
- single: happy
  ask: Happy?
  label: Happy
  options:
    2 yes: Yes
    1 no: No
  missing: [dont_know]
  scores: {mean: [100, 0]}
- single: grade
  ask: Grade?
  label: Grade
  options:
    1 junior: Junior
    2 senior: Senior
"""
WAVES = """\
waves:
  then: {frozen: then, data: then/answers.csv}
questions:
  happy: {then: happy, status: same}
  grade: {then: grade, status: same}
"""
Person = tuple[str, str, str]


def people(*groups: tuple[int, Person]) -> list[Person]:
    """So many people each of (unit, happy, grade)."""
    return [person for n, person in groups for _ in range(n)]


NOW = people(
    (70, ("north", "yes", "junior")), (50, ("north", "no", "senior")),
    (60, ("south", "yes", "senior")), (40, ("south", "no", "junior")),
)  # fmt: skip
THEN = people(
    (40, ("north", "yes", "senior")), (60, ("north", "no", "junior")),
    (30, ("south", "yes", "junior")), (70, ("south", "no", "senior")),
)  # fmt: skip


def write_wave(folder: Path, answers: Sequence[Person], study: str = STUDY, asked: str = QUESTIONS) -> None:
    """A study with its answers, made up."""
    folder.mkdir(exist_ok=True)
    (folder / "study.yaml").write_text(study, "utf-8")
    (folder / "questionnaire.yaml").write_text(asked, "utf-8")
    rows = [{"unit": unit, "happy": happy, "grade": grade} for unit, happy, grade in answers]
    write_responses(read_study(folder), folder / "answers.csv", rows, made_up=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study with its answers, and an earlier wave in `then`."""
    write_wave(tmp_path, NOW)
    write_wave(tmp_path / "then", THEN)
    (tmp_path / "waves.yaml").write_text(WAVES, "utf-8")
    return tmp_path


def trends(folder: Path, by: str = "") -> tuple[Trend, ...]:
    """The trends of a study with its answers in answers.csv."""
    study = read_study(folder)
    waves = read_waves(study)
    sides = [side for wave in waves.waves if (side := side_of(wave, errors=True)) is not None]
    return build_trends(answers(study, folder), sides, waves, by)


def answers(study: Study, folder: Path) -> Answers:
    """The answers of a study."""
    data = read_data(study, folder / "answers.csv")
    return Answers("now", "Now", data, weighted_designs(study, data)[0])


def row(found: Sequence[Trend], answer: str, group: str = "", question: str = "happy") -> TrendRow:
    """One row of one question."""
    (trend,) = (trend for trend in found if trend.question == question)
    (wanted,) = (row for row in trend.rows if (row.spec.name, row.group) == (answer, group))
    return wanted


def values(row: TrendRow) -> list[float | None]:
    """The figures of a row, by wave."""
    return [None if point is None or point.value is None else round(point.value, 9) for point in row.points]


def replace_in(path: Path, old: str, new: str) -> None:
    """Change a part of a file that stands there once."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def refused(folder: Path, by: str = "") -> str:
    """The message with which trends are refused."""
    with pytest.raises(ToplineError) as caught:
        trends(folder, by)
    return str(caught.value)


def test_change_of_answers(folder: Path) -> None:
    """35% to 59.09%; the error is that of two samples drawn with replacement."""
    found = row(trends(folder), "yes")
    assert values(found) == [35.0, round(100 * 130 / 220, 9)]
    made = found.changes[1]
    assert made is not None
    errors = [p * (1 - p) / (n - 1) for p, n in ((0.35, 200), (130 / 220, 220))]
    assert made.se == pytest.approx(100 * np.sqrt(sum(errors)))
    assert made.verdict == "rose"
    assert row(trends(folder), "mean").changes[1].verdict == "rose"  # type: ignore[union-attr]


WEIGHTED = {
    "study.yaml": STUDY + "data: {file: answers.csv, weight: w}\n",
    "questionnaire.yaml": """\
questions:
- grid: parts
  column: parts_{row}
  ask: And the parts?
  label: Parts
  options:
    2 good: Good
    1 bad: Bad
  rows:
    1 pay: Pay
    2 team: Team
- multiple: ways
  column: ways_{option}
  ask: Which ways?
  label: Ways
  options:
    1 bus: Bus
    2 foot: On foot
- number: minutes
  column: minutes
  ask: How many minutes?
  label: Minutes
  range: [0, 99]
""",
}
MANY = """\
waves:
  then: {frozen: then, data: then/answers.csv}
questions:
  parts: {then: parts, status: same}
  ways: {then: ways, status: same}
  minutes: {then: minutes, status: same}
"""
HEADER = ("unit", "parts_1", "parts_2", "ways_1", "ways_2", "minutes", "w")


def weighted_wave(folder: Path, n: int, seed: int) -> np.ndarray:
    """A study with a grid, a multiple response and a number, and n weighted answers: columns as HEADER."""
    folder.mkdir(exist_ok=True)
    for name, text in WEIGHTED.items():
        (folder / name).write_text(text, "utf-8")
    rng = np.random.default_rng(seed)
    columns = [rng.integers(1, 3, (n, 3)), rng.integers(0, 2, (n, 2)), rng.integers(5, 90, (n, 1))]
    found = np.hstack([*columns, rng.integers(1, 9, (n, 1))]).astype(float)
    found[:, 3] = np.maximum(found[:, 3], 1 - found[:, 4])  # whoever ticks nothing left it blank
    lines = [",".join(HEADER), *(",".join(f"{value:g}" for value in row) for row in found)]
    (folder / "answers.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return found


@pytest.mark.parametrize(
    ("question", "item", "answer", "column", "is_it"),
    [
        ("parts", "team", "good", 2, 2.0),
        ("ways", "", "foot", 4, 1.0),
        ("minutes", "", "mean", 5, None),
    ],
)
def test_weighted_change_is_that_of_one_stratified_sample(
    tmp_path: Path, question: str, item: str, answer: str, column: int, is_it: float | None
) -> None:
    """Both waves in one data set, each a stratum: its halves differ by as much, with the same error."""
    waves = [weighted_wave(tmp_path / "then", 300, 1), weighted_wave(tmp_path, 200, 2)]
    (tmp_path / "waves.yaml").write_text(MANY, "utf-8")
    (trend,) = (trend for trend in trends(tmp_path) if trend.question == question)
    (found,) = (row for row in trend.rows if (row.item, row.spec.name) == (item, answer))
    made = found.changes[1]
    assert made is not None

    both = np.vstack(waves)
    later = np.arange(len(both)) >= 300
    y = both[:, column] if is_it is None else 100.0 * (both[:, column] == is_it)
    design = Design("design", both[:, 6], later.astype(np.intp), ("then", "now"))
    expected = difference(design, (y, later), (y, ~later))
    assert (made.value, made.se) == pytest.approx((expected.value, expected.se), rel=1e-9)
    assert made.share == (is_it is not None)


def test_groups_with_the_same_names(folder: Path) -> None:
    """Within units, and within answers to a question with a lineage of its own."""
    assert values(row(trends(folder, "unit"), "yes", "north")) == [40.0, round(100 * 70 / 120, 9)]
    assert values(row(trends(folder, "grade"), "yes", "senior")) == pytest.approx([40 / 1.1, 60 / 1.1])


def test_groups_in_another_order(folder: Path) -> None:
    """Groups are known by their names, not by their places in a list."""
    study = folder / "then" / "study.yaml"
    replace_in(study, "1 north: North\n      2 south: South", "2 south: South\n      1 north: North")
    assert values(row(trends(folder, "unit"), "yes", "north"))[0] == 40.0


def test_changed_groups_need_a_map(folder: Path) -> None:
    """Two units became one: refused without a map or with half a one; with it, they are counted together."""
    split = STUDY.replace("      2 south: South\n", "      2 south: South\n      3 east: East\n")
    east = [("east", happy, grade) for unit, happy, grade in THEN[:100]]
    write_wave(folder / "then", [*east, *THEN[100:]], split)
    assert "the groups of unit changed since wave then: east." in refused(folder, "unit")
    with (folder / "waves.yaml").open("a") as file:
        file.write("maps:\n  unit: {then: {south: south}}\n")
    assert "the groups of unit changed since wave then: east." in refused(folder, "unit")
    replace_in(folder / "waves.yaml", "{south: south}", "{south: south, east: south}")
    found = row(trends(folder, "unit"), "yes", "south")
    assert values(found) == [35.0, 60.0]
    assert found.notes == ("South is what were South, East in then.",)
    assert values(row(trends(folder, "unit"), "yes", "north"))[0] is None  # nobody was in it then


def test_a_broken_question_has_figures_and_no_change(folder: Path) -> None:
    """Both figures stand there, marked, with the reason; as groups it is refused."""
    replace_in(folder / "waves.yaml", "happy, status: same", "happy, status: broken, why: New words")
    found = row(trends(folder), "yes")
    assert values(found)[0] == 35.0
    assert (found.changes, found.mark) == ((None, None), "[b]")
    assert found.notes == ("[b] Break in the series: New words. No change may be stated.",)
    assert "happy is broken since wave then: New words." in refused(folder, "happy")


def test_another_base_rule(folder: Path) -> None:
    """Whoever calls a question comparable whose base changed still gets no change."""
    asked = QUESTIONS.replace("in_base: true", "in_base: false")
    write_wave(folder / "then", THEN, asked=asked)
    replace_in(folder / "waves.yaml", "happy, status: same", "happy, status: comparable, why: Nearly")
    found = row(trends(folder), "yes")
    assert (found.changes, found.mark) == ((None, None), "[b]")
    assert "nobody without an answer counted then, dont_know counts now" in found.notes[0]


def test_three_waves_with_published_figures_between(folder: Path) -> None:
    """Each change is since the wave before that has the figure; published groups take today's names."""
    (folder / "between.csv").write_text(
        "question,answer,value,base,banner,group,effective_base\n"
        "happy,yes,50,200,,,100\nhappy,yes,44.5,90,unit,n,\nhappy,mean,50,200,,,\n",
        "utf-8",
    )
    replace_in(folder / "waves.yaml", "answers.csv}\n", "answers.csv}\n  mid: {published: between.csv}\n")
    replace_in(folder / "waves.yaml", "happy: {then: happy,", "happy: {then: happy, mid: happy,")
    with (folder / "waves.yaml").open("a") as file:
        file.write("maps:\n  unit: {mid: {n: north}}\n")
    found = row(trends(folder), "yes")
    assert values(found) == [35.0, 50.0, round(100 * 130 / 220, 9)]
    first, second = found.changes[1:]
    assert first is not None
    assert second is not None
    assert (first.value, first.then.value, second.then.value) == (pytest.approx(15), 35.0, 50.0)
    assert second.then.se == pytest.approx(5.0)
    assert row(trends(folder), "mean").changes[2].se is None  # type: ignore[union-attr]
    no = row(trends(folder), "no")
    assert no.points[1] is None
    assert no.changes[2].then.value == 65.0  # type: ignore[union-attr]
    assert values(row(trends(folder, "unit"), "yes", "north"))[1] == 44.5


def test_tables_of_an_earlier_wave_are_published_figures(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of `topline tables` is read as it is, and that its answers are made up goes with it."""
    output = folder / "tables.csv"
    assert (
        main(["tables", str(folder / "then"), "--data", str(folder / "then/answers.csv"), "-o", str(output)])
        == 0
    )
    real = (folder / "answers.csv").read_text("utf-8").replace("topline.made_up,", "").replace("\n1,", "\n")
    (folder / "answers.csv").write_text(real, "utf-8")
    replace_in(folder / "waves.yaml", "{frozen: then, data: then/answers.csv}", "{published: tables.csv}")
    capsys.readouterr()
    assert main(["change", str(folder), "--data", str(folder / "answers.csv")]) == 0
    printed = capsys.readouterr().out
    assert printed.count("These answers are made up.") == 1
    assert "Above the published figures of then stands: Staff. Not checked for disclosure" in printed
    assert values(row(trends(folder), "yes")) == [35.0, round(100 * 130 / 220, 9)]


def test_every_column_of_tables_is_known_to_published_figures(tmp_path: Path) -> None:
    """A column that `topline tables` writes is no error in a file of published figures."""
    path = tmp_path / "published.csv"
    path.write_text(",".join(COLUMNS) + "\n", "utf-8")
    assert PublishedFile(path, "published.csv").findings == ()


def test_published_groups_are_not_added(folder: Path) -> None:
    """The share of two groups together is not known from their shares as printed."""
    lines = "happy,yes,44,90,unit,n\nhappy,yes,40,90,unit,m\n"
    (folder / "between.csv").write_text("question,answer,value,base,banner,group\n" + lines, "utf-8")
    replace_in(folder / "waves.yaml", "{frozen: then, data: then/answers.csv}", "{published: between.csv}")
    assert "the groups of unit changed since wave then: n, m." in refused(folder, "unit")
    with (folder / "waves.yaml").open("a") as file:
        file.write("maps:\n  unit: {then: {n: north, m: north}}\n")
    assert "several published groups of wave then are now north of unit." in refused(folder, "unit")


@pytest.mark.parametrize(
    ("old", "new", "by", "said"),
    [
        ("  grade: {then: grade, status: same}\n", "", "grade", "grade has no lineage to wave then."),
        ("{frozen: then, data: then/answers.csv}", "{published: t.csv}", "unit", "unit cannot divide people"),
        ("", "", "nothing", "nothing cannot stand across the top"),
    ],
)
def test_what_cannot_divide_people(folder: Path, old: str, new: str, by: str, said: str) -> None:
    """Groups must be known in both waves."""
    (folder / "t.csv").write_text("question,answer,value,base\nhappy,yes,44,90\n", "utf-8")
    replace_in(folder / "waves.yaml", old, new) if old else None
    assert said in refused(folder, by)


def test_a_study_without_errors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Descriptive answers have a change and no interval, also against published figures."""
    replace_in(folder / "study.yaml", "{model: {assume: people drawn with replacement}}", "descriptive")
    (folder / "t.csv").write_text("question,answer,value,base\nhappy,yes,44,90\n", "utf-8")
    replace_in(folder / "waves.yaml", "{frozen: then, data: then/answers.csv}", "{published: t.csv}")
    assert main(["change", str(folder), "--data", str(folder / "answers.csv")]) == 0
    printed = capsys.readouterr().out
    assert "Errors of change are not stated" in printed
    assert [line.split() for line in printed.splitlines() if line.startswith("Yes")] == [
        ["Yes", "44", "59", "+15"]
    ]


def test_low_bases_have_no_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Under 30 people neither a figure nor its change is printed or written."""
    write_wave(folder / "then", THEN[:20])
    output = folder / "change.json"
    arguments = ["change", str(folder), "--data", str(folder / "answers.csv"), "-o", str(output)]
    assert main([*arguments, "--from", "then"]) == 0
    assert "[x]" in capsys.readouterr().out
    first = json.loads(output.read_text("utf-8"))["questions"][0]["rows"][0]["waves"]
    assert [(wave["value"], wave["change"], wave["verdict"]) for wave in first] == [
        (None, None, ""),
        ("59.1", None, ""),
    ]


def test_the_file_holds_every_wave(folder: Path) -> None:
    """A line for each figure of each wave, the change beside the later one."""
    output = folder / "change.csv"
    assert main(["change", str(folder), "--data", str(folder / "answers.csv"), "-o", str(output)]) == 0
    lines = list(csv.reader(output.read_text("utf-8").splitlines()))
    assert "These answers are made up." in lines[0][0]
    cells = [dict(zip(lines[1], line, strict=True)) for line in lines[2:]]
    yes = [cell for cell in cells if (cell["question"], cell["answer"]) == ("happy", "yes")]
    assert [(cell["wave"], cell["value"], cell["since"], cell["change"]) for cell in yes] == [
        ("then", "35.0", "", ""),
        ("now", "59.1", "then", "24.1"),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "change.pdf"], "Give a name that ends in .csv or .json."),
        (["--from", "them"], "there is no wave “them” under waves:. Did you mean then?"),
    ],
)
def test_wrong_use(folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    """Another kind of file, or a wave that is not there, is wrong use."""
    assert main(["change", str(folder), "--data", str(folder / "answers.csv"), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_waves_that_are_not_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wave without figures, and a study without waves, are told so."""
    replace_in(folder / "waves.yaml", "{frozen: then, data: then/answers.csv}", "{label: Then}")
    arguments = ["change", str(folder), "--data", str(folder / "answers.csv")]
    assert main(arguments) == 2
    assert "wave then has neither answers nor figures." in capsys.readouterr().err
    (folder / "waves.yaml").unlink()
    assert main(arguments) == 2
    assert "has no waves.yaml" in capsys.readouterr().err


def test_a_lie_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What topline check calls an error in waves.yaml stops the comparison."""
    replace_in(folder / "questionnaire.yaml", "ask: Happy?", "ask: Very happy?")
    assert main(["change", str(folder), "--data", str(folder / "answers.csv")]) == 2
    assert "happy is called same, but its wording changed" in capsys.readouterr().err


def test_many_groups_are_one_family(folder: Path) -> None:
    """Holm's p over the groups of one row; everybody with one change is no family, and keeps p as it is."""
    found = adjusted(trends(folder, "unit"), Family())
    plain = trends(folder, "unit")
    for answer in ("yes", "mean"):
        ps = [row(plain, answer, unit).changes[1].p for unit in ("north", "south")]
        made = [row(found, answer, unit).changes[1] for unit in ("north", "south")]
        assert [one.adjusted for one in made] == holm(ps)
        assert [one.p for one in made] == ps
        assert row(found, answer).changes[1].adjusted is None
    every = adjusted(plain, Family("bh", "all"))
    tested = [
        one for t in every for r in t.rows for one in r.changes if one is not None and one.p is not None
    ]
    assert [one.adjusted for one in tested] == benjamini_hochberg([one.p for one in tested])
    assert adjusted(plain, Family("none")) == plain


def test_verdicts_follow_the_corrected_p(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A change that one test finds may be none among many; file and screen say by which convention."""
    made = row(trends(folder, "unit"), "yes", "north").changes[1]
    assert made is not None
    assert (made.verdict, replace(made, adjusted=0.06).verdict) == ("rose", "no significant change")
    path = folder / "change.csv"
    typed = ["change", str(folder), "--data", str(folder / "answers.csv"), "--by", "unit"]
    assert main([*typed, "-o", str(path)]) == 0
    said = "Verdicts follow p corrected by Holm's method over the changes of one row"
    assert said in capsys.readouterr().out
    head, *lines = csv.reader(path.read_text("utf-8").splitlines())
    assert said in head[0]
    cells = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    of = {cell["group"]: cell for cell in cells if (cell["answer"], cell["since"]) == ("yes", "then")}
    assert (of[""]["p_adjusted"], of["north"]["p_adjusted"]) == ("", of["north"]["p"])
    assert main([*typed, "--adjust", "none"]) == 0
    assert "corrected" not in capsys.readouterr().out
