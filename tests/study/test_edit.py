"""Changing files at marks: comments survive byte for byte; codes are given to lists without any."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topline.base import Mark, ToplineError
from topline.study.edit import Replacement, edit, edit_folder
from topline.study.fix_codes import write_codes
from topline.study.load import load
from topline.study.marks import Source
from topline.study.reading.plain_yaml import read_plain_yaml

STUDY = (
    "topline: 1\nid: a\ntitle: A\norganisation: B\npopulation: C\nlanguages: [en]\ninference: descriptive\n"
)
ASKED = """\
# a comment that stays   \n
scales:
  yes_no:  # and this
    options:
      yes: Yes
      no: No   # this too
questions:
- grid: things\t
  ask: How about these?
  label: Things
  scale: yes_no
  rows: {one: One, "two": Two}
- single: party
  ask: Which?
  label: Party
  options:
    7 red: Red
    9 blue: Blue
"""


def at(line: int, column: int, old: str, new: str) -> Replacement:
    """A replacement in some file."""
    return Replacement(Mark("q.yaml", line, column), old, new)


def test_only_the_places_change() -> None:
    """Several replacements and insertions, in any order, leave every other character alone."""
    text = "a: Yes  # why\r\n\r\n# ünï\r\nb: No\r\n"
    changed = edit(text, [at(4, 4, "No", "Never"), at(1, 4, "Yes", "Always"), at(4, 1, "", "1 ")])
    assert changed == "a: Always  # why\r\n\r\n# ünï\r\n1 b: Never\r\n"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([at(1, 1, "b", "c")], "q.yaml:1:1 error: “b” should stand here, but this stands here: “a”."),
        ([at(1, 1, "abc", "c"), at(1, 2, "b", "")], "q.yaml:1:2 error: two changes touch the same place"),
        ([at(1, 1, "", "x"), at(1, 1, "", "y")], "the first one is at line 1, column 1"),
        ([at(3, 1, "", "x")], "q.yaml:3:1 error: there is no such place in the file."),
        ([at(1, 99, "", "x")], "q.yaml:1:99 error: there is no such place in the file."),
        ([at(2, 1, "z", "x")], "this stands here: “the end of the file”"),
    ],
)
def test_refused(changes: list[Replacement], message: str) -> None:
    """What does not stand there, overlaps or lies outside the file is refused."""
    with pytest.raises(ToplineError) as error:
        edit("abc d\n", changes)
    assert message in str(error.value)


@given(st.lists(st.text("ab #é🙂", max_size=8), min_size=1, max_size=8), st.data())
def test_edits_at_the_marks_of_the_reader(words: list[str], data: st.DataObject) -> None:
    """The marks of a text that was read are the places to change it at."""
    source = "".join(f'k{n}:   "{word}"   # {word}\n' for n, word in enumerate(words))
    read, _ = read_plain_yaml(Source("q.yaml", source))
    chosen = data.draw(st.sets(st.sampled_from(sorted(read))))
    changes = [Replacement(read[key].mark, f'"{read[key]}"', '"new"') for key in chosen]
    changed, _ = read_plain_yaml(Source("q.yaml", edit(source, changes)))
    assert changed == {key: "new" if key in chosen else text for key, text in read.items()}


def test_codes_are_written_in(tmp_path: Path) -> None:
    """Lists without codes get 1, 2, ... in order; lists with codes, comments and spaces stay as they are."""
    (tmp_path / "study.yaml").write_text(STUDY)
    asked = tmp_path / "questionnaire.yaml"
    asked.write_text(ASKED)
    asked.chmod(0o640)
    assert edit_folder(tmp_path, write_codes(tmp_path)) == ("questionnaire.yaml",)
    wanted = ASKED.replace("      yes:", "      1 yes:").replace("      no:", "      2 no:")
    assert asked.read_text() == wanted.replace("{one:", "{1 one:").replace('"two"', '"2 two"')
    assert asked.stat().st_mode & 0o777 == 0o640
    study = load(tmp_path).study
    assert study is not None
    assert [option.code for option in study.questionnaire.scales[0].options] == [1, 2]
    assert [row.code for row in study.questionnaire.questions[0].rows] == [1, 2]
    assert write_codes(tmp_path) == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["questionnaire.yaml", "study.yaml"]


def test_codes_of_attributes_and_a_byte_order_mark(tmp_path: Path) -> None:
    """Groups of attributes get codes as well; a byte order mark at the start of a file stays."""
    attributes = "attributes:\n  sex:\n    label: Sex\n    options:\n      f: Women\n      m: Men\n"
    (tmp_path / "study.yaml").write_text("\ufeff" + STUDY + attributes, "utf-8")
    (tmp_path / "questionnaire.yaml").write_text(ASKED.replace("yes: Yes", "8 yes: Yes"))
    edit_folder(tmp_path, [change for change in write_codes(tmp_path) if change.mark.file == "study.yaml"])
    text = (tmp_path / "study.yaml").read_text("utf-8")
    assert text.startswith("\ufefftopline: 1\n")
    assert text.endswith("      1 f: Women\n      2 m: Men\n")


def test_half_coded_lists_are_left_to_their_author(tmp_path: Path) -> None:
    """A list in which only some entries have a code gets none: nobody knows which codes the file uses."""
    (tmp_path / "study.yaml").write_text(STUDY)
    (tmp_path / "questionnaire.yaml").write_text(ASKED.replace("7 red", "red").replace("{one", "{4 one"))
    assert [change.new for change in write_codes(tmp_path)] == ["1 ", "2 "]  # yes_no alone
