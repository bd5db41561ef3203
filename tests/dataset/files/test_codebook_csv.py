"""CSV from elsewhere: columns as they look, and a codebook that somebody wrote by hand."""

from pathlib import Path

import pytest

from topline.base import ToplineError
from topline.dataset import Dataset, codebook_of, read

ANSWERS = """\
id;born;satisfied;town;likes;score;code;empty
1;1990-05-31;1;Bangor;A;7.5;007;
2;1985-01-02;2;Bangor;B;8;008;
3;;9;Ystrad;A;-1;010;
4;2001-12-24;1;Ystrad;A;2.25;011;
"""
CODEBOOK = """\
column,kind,label,code,value_label,missing,in_base
satisfied,,Satisfied with the service,,,,
satisfied,,,1,Yes,,
satisfied,,,2,No,,
satisfied,,,9,Don't know,dont_know,yes
score,number,Score of 10,,,,
score,,,-1,Refused,refused,
"""


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """The file, with semicolons as spreadsheets of half of Europe write them."""
    path = tmp_path / "answers.csv"
    path.write_text(ANSWERS, "utf-8-sig")
    return path


def kinds(data: Dataset) -> dict[str, str]:
    """What each column was taken for."""
    return {column.name: column.kind for column in codebook_of(data).columns}


def test_columns_as_they_look(answers: Path) -> None:
    """Numbers, dates, few texts, few whole numbers from 0; what starts with 0 is a code, not a number."""
    data = read(answers)
    assert kinds(data) == {
        "id": "number", "born": "date", "satisfied": "codes", "town": "codes", "likes": "codes",
        "score": "number", "code": "text", "empty": "text",
    }  # fmt: skip
    assert data.texts["code"].values == ("007", "008", "010", "011")
    assert [option.label for option in data.study.variables["town"].options] == ["Bangor", "Ystrad"]


def test_codebook_by_hand(answers: Path) -> None:
    """Labels, codes, missing kinds and their base rule from a codebook; the rest as it looks."""
    (answers.parent / "answers.codebook.csv").write_text(CODEBOOK, "utf-8")
    data = read(answers, language="en")
    satisfied = data.study.variables["satisfied"]
    assert (satisfied.label, [o.label for o in satisfied.options]) == (
        "Satisfied with the service",
        ["Yes", "No"],
    )
    assert [(kind.name, kind.code, kind.in_base) for kind in satisfied.missing] == [("dont_know", 9, True)]
    assert [value.kind for value in codebook_of(data).by_name["score"].missing] == ["refused"]
    assert data.numbers("score").values.tolist()[:2] == [7.5, 8]
    assert kinds(data)["born"] == "date"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("column,", "name,", "columns.csv:1 error: the codebook has no heading “column”. Allowed: column, "),
        (
            "score,number",
            "score,integer",
            "columns.csv:6 error: the codebook has the kind “integer”. Allowed: ",
        ),
        (
            "refused,",
            "no_idea,",
            "columns.csv:7 error: the codebook has the missing kind “no_idea”. Allowed: ",
        ),
        (
            "satisfied",
            "happy",
            "columns.csv error: the codebook lists the column happy, which answers.csv does ",
        ),
        (
            "score,number",
            "town,number",
            "town error: the codebook says that this column holds a number, but “B",
        ),
        (
            "score,number",
            "score,date",
            "score error: the codebook says that this column holds a date, but “7.5”",
        ),
        (
            "9,Don't",
            "x,Don't",
            "columns.csv error: the codebook has the code “x” for satisfied, a column of ",
        ),
    ],
)
def test_faults_of_a_codebook(old: str, new: str, said: str, answers: Path) -> None:
    """Each fault with its line, what was given and what is allowed."""
    book = answers.parent / "columns.csv"
    book.write_text(CODEBOOK.replace(old, new), "utf-8")
    with pytest.raises(ToplineError) as caught:
        read(answers, codebook=book)
    assert str(caught.value).replace(f"{answers.parent}/", "").startswith(said)


def test_no_such_codebook(answers: Path) -> None:
    """A codebook that is named and is not there is an error; none beside the file is none."""
    with pytest.raises(ToplineError, match=r"the codebook .*none\.csv is not there"):
        read(answers, codebook=answers.parent / "none.csv")
