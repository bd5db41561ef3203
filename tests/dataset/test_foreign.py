"""Files from elsewhere: their codes, their columns, and every kind of cell that does not fit."""

from pathlib import Path

import numpy as np
import pytest
from tests.dataset.small import FOREIGN, small_study, with_columns

from topline.base import ToplineError
from topline.dataset import Dataset, data_file, made_up_sentence, missing_code, read_csv
from topline.study import Study

HEADER = "id,w,reg,age,q1,q2_1,q2_2,q3_1,q3_2,q3_3,q4_1,q4_2,q5,q6,q7"
ONE = "7,1.5,N,40,3,1,9,0,1,0,1,2,-3,2026-05-31,Good"
TWO = "8,0,S,64,2,2,3,NA,NA,NA,2,1,9,2026-06-01,"


def study_of(folder: Path, data: str = FOREIGN) -> Study:
    """The small study, with a `data:` block."""
    (folder / "answers.csv").touch()
    return small_study(folder, data, with_columns())


def read(folder: Path, *rows: str, header: str = HEADER, data: str = FOREIGN) -> Dataset:
    """Write rows and read them through the study."""
    path = folder / "answers.csv"
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return read_csv(study_of(folder, data), path)


def test_a_file_is_read_through_its_codes(tmp_path: Path) -> None:
    """Texts of options, codes of scales, missing kinds, sets and weights become columns."""
    data = read(tmp_path, ONE, TWO)
    assert data.weights is not None
    assert list(data.weights) == [1.5, 0.0]
    assert list(data.codes("region")) == [0, 1]
    assert list(data.codes("likes")) == [0, 1]
    assert list(data.codes("parts.base")) == [missing_code("dont_know"), 0]
    assert list(data.codes("age_band")) == [1, 1]
    assert list(data.option_codes("why", "price")) == [1, missing_code("not_asked")]
    assert [list(data.option_codes("best", option)) for option in ("looks", "price")] == [[1, 2], [2, 1]]
    assert list(data.numbers("times").values[:1]) == [-3]
    assert list(data.numbers("times").kinds) == [0, missing_code("dont_know")]
    assert data.texts["more"].values == ("Good", "")


def test_the_file_stands_in_the_study_folder(tmp_path: Path) -> None:
    """`data: file:` is read from the study's folder."""
    assert data_file(study_of(tmp_path)) == tmp_path / "answers.csv"


def test_a_split_that_the_file_lacks_is_left_out(tmp_path: Path) -> None:
    """Nobody knows which arm a person was in: asking for it is an error, reading the file is not."""
    data = read(tmp_path, ONE)
    with pytest.raises(ToplineError, match="the data have no answers to half"):
        data.codes("half")


def test_answers_that_a_file_says_are_made_up(tmp_path: Path) -> None:
    """The study's own sentence is the one that every page prints."""
    data = read(tmp_path, ONE, data=FOREIGN + "  made_up: Invented for a class.\n")
    assert made_up_sentence(data) == "Invented for a class."
    assert made_up_sentence(read(tmp_path, ONE)) == ""


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ONE.replace("N,40", "X,40"), "3 error: column reg: “X” is not an answer to region. Allowed: N, S"),
        (ONE.replace("N,40", "N,17"), "column age: “17” is not an answer to age. Allowed: a number from"),
        (ONE.replace("N,40", "N,old"), "column age: “old” is not an answer to age"),
        (ONE.replace("N,40", ",40"), "column reg: the cell is empty. Allowed for region: N, S"),
        (ONE.replace(",0,1,0,", ",0,NA,0,"), "why: this row has an answer in column q3_1 and none in"),
        (ONE.replace(",1,2,-3", ",1,1,-3"), "best: this row ranks looks twice"),
        (ONE.replace("1.5", "-1"), "column w: “-1” is not a weight"),
        (ONE.replace("1.5", "heavy"), "column w: “heavy” is not a weight"),
        (ONE.replace("2026-05-31", "31 May"), "Allowed: a date such as 2026-05-31"),
        (ONE.replace("7,1.5", "8,1.5"), "column id: the id 8 stands here for the second time"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(tmp_path: Path, row: str, message: str) -> None:
    """Line, column and value are named, with what may stand there."""
    with pytest.raises(ToplineError) as caught:
        read(tmp_path, TWO, row)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + "\n", "the file has a header but no rows"),
        (HEADER.replace("q1", "age") + "\n" + ONE + "\n", "the column age stands in the header twice"),
        (HEADER.replace("q1", "loves") + "\n" + ONE + "\n", "there is no column q1"),
        (HEADER + "\n" + ONE + ",more\n", "the file cannot be read as CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """A file without rows, with a column twice or without one, or with ragged rows is an error."""
    path = tmp_path / "answers.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ToplineError, match=message):
        read_csv(study_of(tmp_path), path)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    """A missing file and one in another encoding are errors that say what to do."""
    study = study_of(tmp_path)
    with pytest.raises(ToplineError, match="there is no such file"):
        read_csv(study, tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(b"id,caf\xe9\n1,2\n")
    with pytest.raises(ToplineError, match="Save it as CSV UTF-8"):
        read_csv(study, tmp_path / "latin.csv")


def test_lines_are_counted_through_texts_of_several_lines(tmp_path: Path) -> None:
    """The line of a bad cell is that of the file, not the number of its row."""
    long = ONE.replace("Good", '"Good\nand\nbad"')
    with pytest.raises(ToplineError, match=":5 error: column reg"):
        read(tmp_path, long, TWO.replace("S,64", "W,64"))


def test_more_than_200_answers_take_16_bits(tmp_path: Path) -> None:
    """A long list keeps its codes apart from the missing kinds."""
    options = "".join(f"    {code} town{code}: Town {code}\n" for code in range(1, 251))
    asked = "- single: town\n  column: town\n  ask: Where?\n  label: Town\n  missing: [refused]\n  options:\n"
    path = tmp_path / "a.csv"
    path.write_text("reg,age,town\nN,20,1\nN,20,245\nN,20,R\n", "utf-8")
    study = small_study(
        tmp_path,
        "data: {file: a.csv, codes: {refused: R}}\n",
        f"missing:\n  refused: {{label: Refused, in_base: false}}\nquestions:\n{asked}{options}",
    )
    data = read_csv(study, path)
    assert data.codes("town").dtype == np.uint16
    assert list(data.codes("town")[:2]) == [0, 244]
    assert list(data.kinds("town")) == [0, 0, missing_code("refused")]


def test_a_broken_file_does_not_print_its_answers(tmp_path: Path) -> None:
    """A file that is no CSV is refused without a word of what people wrote in it."""
    study = study_of(tmp_path)
    file = tmp_path / "broken.csv"
    file.write_text('id,region\n1,"Jane Smith of 12 Elm Road', "utf-8")
    with pytest.raises(ToplineError) as caught:
        read_csv(study, file)
    assert "a quotation mark is not closed" in str(caught.value)
    assert "Jane" not in str(caught.value)
