"""Codes for answers in words: sheets, faults of coders' files, merging, the coded variable."""

import csv
from pathlib import Path

import pytest

from topline.base import ToplineError
from topline.cli import main
from topline.dataset import read_data
from topline.dataset.coding import read_codes, sheet_csv, task_of, texts_of
from topline.dataset.coding.files import Sheet
from topline.dataset.coding.task import key_of
from topline.designs import design_of
from topline.documents import codebook, codebook_markdown
from topline.study import Study, read_study
from topline.study.check import check_study
from topline.study.load import load
from topline.tables import build_table

STUDY = """\
topline: 1
id: staff
title: Staff
organisation: Us
population: Staff
languages: [en]
inference: descriptive
derive:
  themes:
    label: Themes
    coded: change
    coders: [anna, ben]
    options:
      1 pay: Pay
      2 rooms: Rooms
      9 nothing: {label: Nothing, exclusive: true}
  ways_in_full:
    label: Ways, in full
    coded: ways.other.text
    into: ways
    answer: other
    coders: [anna]
    options: {5 boat: Boat}
  way_in_full:
    label: Main way
    coded: way.other.text
    into: way
    answer: other
    coders: [anna, ben]
"""
QUESTIONNAIRE = """\
questions:
- multiple: ways
  ask: Ways?
  label: Ways
  options:
    1 bus: Bus
    2 bike: Bike
    3 other: {label: Other, specify: Which}
- single: way
  ask: Way?
  label: Way
  options:
    1 bus: Bus
    2 bike: Bike
    3 other: {label: Other, specify: Which}
  scores: {mean: [1, 2, 3]}
- text: change
  ask: What should change?
  label: Change
"""
ANSWERS = """\
ways.bus,ways.bike,ways.other,ways.other.text,way,way.other.text,change
1,0,1,Ferry,3,Bicycle,More pay
0,1,0,-1,2,-1,"Pay,
and desks"
0,0,1,ferry ,3,Bicycle,'=1+1
0,0,1,Bicycle,3,Sledge,-6
-6,-6,-6,-1,1,-1,MORE  pay
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A study with an open question and two boxes beside an answer, and its answers."""
    for name, text in (("study", STUDY), ("questionnaire", QUESTIONNAIRE)):
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    (tmp_path / "answers.csv").write_text(ANSWERS, "utf-8")
    (tmp_path / "codes").mkdir()
    return read_study(tmp_path)


def codes(study: Study, name: str, coder: str, *lines: str) -> Path:
    """A file of codes: each line is a text and its codes."""
    task = task_of(study, name)
    rows = [line.rsplit("|", 1) for line in lines]
    text = "".join(f'{key_of(task.source, text)},"{text}","{given}",\n' for text, given in rows)
    task.file(coder).write_text(f"key,text,codes,note\n{text}", "utf-8")
    return task.file(coder)


def test_a_key_is_of_the_words_alone() -> None:
    """Spaces and capitals make no other key; another question does."""
    assert key_of("change", "More  pay ") == key_of("change", "more pay")
    assert key_of("change", "more pay") != key_of("ways", "more pay")


def test_a_sheet_has_each_answer_once_and_no_formula(study: Study) -> None:
    """Four answers are three different ones; a cell that starts as a formula has an apostrophe."""
    task = task_of(study, "themes")
    texts = texts_of(task, read_data(study, Path(study.folder) / "answers.csv"))
    assert sorted(texts.values()) == ["=1+1", "More pay", "Pay,\nand desks"]
    assert list(texts) == sorted(texts)
    held = Sheet({key_of("change", "More pay"): frozenset({"pay"})}, {key_of("change", "More pay"): "-sure?"})
    rows = list(csv.DictReader(sheet_csv(task, texts, held).splitlines(keepends=True)))
    assert {row["text"]: row["codes"] for row in rows} == {
        "'=1+1": "", "More pay": "pay", "Pay,\nand desks": "",
    }  # fmt: skip
    assert [row["note"] for row in rows if row["codes"]] == ["'-sure?"]


def test_a_sheet_written_again_keeps_the_codes(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    """Work that stands in a sheet is not lost when it is written anew; the other coder's is not touched."""
    file = codes(study, "themes", "anna", "More pay|1")
    given = ["code", study.folder, "themes", "sheet", "--coder", "anna"]
    assert main([*given, "--data", f"{study.folder}/answers.csv"]) == 0
    assert f"{file}: 3 different answers, 1 of them coded" in capsys.readouterr().out
    rows = {
        row["text"]: row["codes"] for row in csv.DictReader(file.read_text("utf-8").splitlines(keepends=True))
    }
    assert rows["More pay"] == "pay"
    assert not task_of(study, "themes").file("ben").exists()


PAY = key_of("change", "More pay")
FAULTS = {
    f"key,text,codes\n{PAY},More pay,pai\n": ":2:27 error: “pai” is not in the code frame of themes. ",
    f"key,text,codes\n{PAY},,pay nothing\n": ":2:19 error: nothing stands for itself alone",
    f"key,text,codes\n{PAY},,1\n{PAY},,2\n": f":3:1 error: key {PAY} stands on line 2 already",
    "key,text,codes\n0000,,1\n": ":2:1 error: key 0000 is that of no answer",
    "key,text,codes\n,,1\n": ":2:1 error: there is no key",
    f"key,text,codes\n{PAY},1\n": ":2 error: this line has 2 cells where the first line has 3",
    "id,codes\n": ":1 error: the first line holds id, codes. It should hold key, text and codes",
    "": ":1 error: the first line holds nothing.",
    f'key,text,codes\n{PAY},"More pay,1\n': " error: this is no CSV file: ",
}


@pytest.mark.parametrize("text", FAULTS)
def test_faults_of_a_coders_file(study: Study, text: str) -> None:
    """Each fault is said with its line and column and without a word of the answer."""
    task = task_of(study, "themes")
    texts = texts_of(task, read_data(study, Path(study.folder) / "answers.csv"))
    task.file("anna").write_text(text, "utf-8")
    with pytest.raises(ToplineError) as error:
        read_codes(task, task.file("anna"), texts)
    assert FAULTS[text] in str(error.value)
    assert "More" not in str(error.value)


def test_merging_keeps_what_was_decided(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    """What both give alike is agreed; the rest is decided by hand once, and stays."""
    codes(study, "themes", "anna", "More pay|pay", "Pay,\nand desks|pay, rooms", "=1+1|9")
    codes(study, "themes", "ben", "More pay|1", "Pay,\nand desks|rooms", "=1+1|nothing")
    given, data = ["code", study.folder, "themes"], ["--data", f"{study.folder}/answers.csv"]
    assert main([*given, "agreement", *data]) == 1
    printed = capsys.readouterr().out
    assert "The same codes: 66.7% of 3 answers" in printed
    assert f"{key_of('change', 'Pay, and desks')}  " in printed
    assert "desks" not in printed.replace("Rooms and desks", "")
    assert main([*given, "merge", *data]) == 1
    assert "2 of 3 answers agreed, 0 decided by hand, 1 to decide" in capsys.readouterr().out
    with pytest.raises(ToplineError, match="1 of 3 answers have no codes yet"):
        read_data(study, Path(study.folder) / "answers.csv")
    agreed = task_of(study, "themes").file("agreed")
    first = agreed.read_text("utf-8").replace('and desks",,', 'and desks",pay rooms,', 1)
    agreed.write_text(first, "utf-8")
    assert main([*given, "merge", *data]) == 0
    assert "2 of 3 answers agreed, 1 decided by hand, 0 to decide" in capsys.readouterr().out


def test_the_coded_variable_has_a_base_of_its_own(study: Study) -> None:
    """Those who wrote something are its base; who left it blank has no code, and no zero."""
    codes(study, "themes", "agreed", "More pay|pay", "Pay,\nand desks|pay rooms", "=1+1|nothing")
    data = read_data(study, Path(study.folder) / "answers.csv")
    blank = 240 + 5
    assert data.option_codes("themes", "pay").tolist() == [1, 1, 0, blank, 1]
    assert data.option_codes("themes", "rooms").tolist() == [0, 1, 0, blank, 0]
    table = build_table("themes", (), data, design_of(study, data))
    assert table.base_sentence == "Base: those who answered “Change”"
    assert [row.cells[0].base for row in table.rows] == [4, 4, 4]


def test_other_is_coded_back(study: Study) -> None:
    """The words beside “other” become answers of the closed question; the rest stays as it was answered."""
    codes(study, "ways_in_full", "agreed", "Ferry|boat", "Bicycle|2")
    codes(study, "way_in_full", "agreed", "Bicycle|bike", "Sledge|other")
    data = read_data(study, Path(study.folder) / "answers.csv")
    chosen = {
        name: data.option_codes("ways_in_full", name).tolist() for name in ("bus", "bike", "other", "boat")
    }
    blank = 240 + 5
    assert chosen == {
        "bus": [1, 0, 0, 0, blank],
        "bike": [0, 1, 0, 1, blank],
        "other": [0, 0, 0, 0, blank],
        "boat": [1, 0, 1, 0, blank],
    }
    assert data.codes("way_in_full").tolist() == [1, 1, 1, 2, 0]
    assert data.codes("way").tolist() == [2, 1, 2, 2, 0]


def test_one_answer_takes_one_code(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    """A text of a question with one answer gets one code; with ordered codes kappa is weighted as well."""
    data = ["--data", f"{study.folder}/answers.csv"]
    codes(study, "way_in_full", "anna", "Bicycle|bike bus", "Sledge|other")
    assert main(["code", study.folder, "way_in_full", "agreement", *data]) == 2
    assert "way takes one answer, and here are 2 codes. Keep one." in capsys.readouterr().err
    codes(study, "way_in_full", "anna", "Bicycle|bike", "Sledge|other")
    codes(study, "way_in_full", "ben", "Bicycle|bike", "Sledge|bike")
    assert main(["code", study.folder, "way_in_full", "agreement", *data]) == 1
    printed = capsys.readouterr().out
    assert "Krippendorff's alpha (nominal): 0.000" in printed
    assert "Cohen's kappa, quadratic weights" in printed


def test_agreement_needs_two(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    """One coder agrees with nobody, and two who coded other answers cannot be compared."""
    data = ["--data", f"{study.folder}/answers.csv"]
    codes(study, "themes", "anna", "More pay|pay")
    assert main(["code", study.folder, "themes", "agreement", *data]) == 2
    assert "agreement needs two coders with codes. themes has: anna." in capsys.readouterr().err
    codes(study, "themes", "ben", "=1+1|pay")
    assert main(["code", study.folder, "themes", "agreement", *data]) == 2
    assert "no answer has codes of two coders" in capsys.readouterr().err
    assert main(["code", study.folder, "theme", "merge", *data]) == 2
    assert "has no coded variable theme." in capsys.readouterr().err
    assert main(["code", study.folder, "themes", "sheet", "--coder", "bern", *data]) == 2
    assert "themes has no coder bern." in capsys.readouterr().err


def test_the_codebook_shows_the_codes(study: Study) -> None:
    """A coded variable has the codes that it may take, those of the closed question first."""
    text = codebook_markdown(codebook(study))
    themes, ways = text.partition("### `ways_in_full`")[::2]
    assert "- Answers in words to change, coded by people." in themes
    assert "| `1` | `pay` | Pay |" in themes
    assert "- In ways, the answer “other” is replaced by these codes." in ways
    assert ways.index("| `1` | `bus` | Bus |") < ways.index("| `5` | `boat` | Boat |")
    assert "- Kind: number" not in text


BROKEN = [
    ("coded: change", "coded: way", "11:12", "way is not an open question. "),
    ("coders: [anna, ben]", "coders: [anna, anna]", "12:20", "“anna” cannot be the name of one more coder."),
    ("coders: [anna, ben]", "coders: [agreed]", "12:14", "“agreed” cannot be the name"),
    ("into: ways", "into: change", "20:11", "change is not a question of one or several answers"),
    (
        "answer: other",
        "answer: others",
        "21:13",
        "ways has no answer “others” to look for. Did you mean other?",
    ),
    ("{5 boat: Boat}", "{5 bus: Boat}", "23:15", "bus is an answer of ways already. "),
]


@pytest.mark.parametrize(("old", "new", "place", "says"), BROKEN)
def test_a_block_that_cannot_be(study: Study, old: str, new: str, place: str, says: str) -> None:
    """What a coded variable names must be there; the message says where and what may stand there."""
    (Path(study.folder) / "study.yaml").write_text(STUDY.replace(old, new, 1), "utf-8")
    loaded = load(study.folder)
    assert loaded.study is not None
    found = [str(finding) for finding in check_study(loaded.study)]
    assert any(one.startswith(f"study.yaml:{place} error: ") and says in one for one in found), found
