"""Answers taken out as `invalid`, from files of every kind to tables: out of the base, and known as such."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.dataset.test_foreign import HEADER, ONE, TWO, study_of
from tests.tables.test_table import people

from topline.base import ToplineError
from topline.dataset import Dataset, missing_code, read, read_csv, read_responses, write, write_responses
from topline.dataset.quality.nonresponse import item_nonresponse
from topline.designs import design_of
from topline.study.values import NoAnswer
from topline.tables import Table, build_table

INVALID = missing_code("invalid")


def cleaned(folder: Path) -> Dataset:
    """The 100 people of the tables, of whom the first ten have an answer that was taken out."""
    data = people(folder)
    likes = data.codes("likes").copy()
    likes[:10] = INVALID
    return replace(data, columns={**data.columns, "likes": likes})


def table(data: Dataset) -> Table:
    """The table of the question."""
    return build_table("likes", (), data, design_of(data.study, data))


@pytest.mark.parametrize("ending", ["sav", "zsav", "dta", "csv", "parquet"])
def test_every_format_keeps_them_and_tables_leave_them_out(ending: str, tmp_path: Path) -> None:
    """Written and read again they are invalid still, and 30 of the other 80 said yes."""
    file = tmp_path / f"answers.{ending}"
    write(cleaned(tmp_path), file)
    data = read(file)
    assert list(np.flatnonzero(data.kinds("likes") == INVALID)) == list(range(10))
    found = table(data)
    assert found.columns[0].base == 80
    assert {row.spec.kind for row in found.rows} <= {"answer", "missing", "net", "mean"}
    assert not [row for row in found.rows if "invalid" in row.spec.name]
    assert [row.cells[0].value for row in found.rows if row.spec.label == "Agree"] == [37.5]


def test_the_base_sentence_says_that_some_are_left_out(tmp_path: Path) -> None:
    """Of a question that all must answer, too: the data show that not all did."""
    data = cleaned(tmp_path)
    assert table(data).base_sentence == "Base: all respondents who gave an answer"
    likes = np.zeros(data.n, dtype=np.uint8)
    whole = replace(data, columns={**data.columns, "likes": likes})
    assert table(whole).base_sentence == "Base: all respondents"
    likes = likes.copy()
    likes[3] = missing_code("not_asked")
    assert table(replace(data, columns={**data.columns, "likes": likes})).base_sentence == (
        "Base: all respondents"
    )


def test_a_code_outside_the_scale_is_refused_until_it_is_declared(tmp_path: Path) -> None:
    """A file from elsewhere: line and column are named; `codes: {invalid: ...}` takes such answers out."""
    path = tmp_path / "answers.csv"
    wild = ONE.replace("N,40,3", "N,40,8")
    path.write_text(f"{HEADER}\n{wild}\n{TWO}\n", "utf-8")
    with pytest.raises(ToplineError, match=r"column q1: “8” is not an answer to likes\. Allowed: 3, 2, 1"):
        read_csv(study_of(tmp_path), path)
    declared = study_of(tmp_path)
    settings = dict(declared.settings)
    data = dict(settings["data"])
    settings["data"] = {**data, "codes": {**data["codes"], "invalid": "8"}}
    found = read_csv(replace(declared, settings=settings), path)
    assert list(found.kinds("likes")) == [INVALID, 0]
    assert table(found).columns[0].base == 1


def test_a_codebook_declares_them(tmp_path: Path) -> None:
    """Of a CSV file with a codebook: a value whose missing kind is invalid; without it, it is an answer."""
    (tmp_path / "a.csv").write_text("q\n" + "1\n" * 5 + "2\n" * 4 + "9\n", "utf-8")
    book = "column,code,value_label,missing\nq,1,Yes,\nq,2,No,\n"
    (tmp_path / "a.codebook.csv").write_text(book, "utf-8")
    assert [option.label for option in read(tmp_path / "a.csv").study.variables["q"].options][:2] == [
        "Yes",
        "No",
    ]
    assert (read(tmp_path / "a.csv").kinds("q") == 0).all()
    (tmp_path / "a.codebook.csv").write_text(book + "q,9,Out of the scale,invalid\n", "utf-8")
    data = read(tmp_path / "a.csv")
    assert list(np.flatnonzero(data.kinds("q") == INVALID)) == [9]
    found = build_table("q", (), data, design_of(data.study, data))
    assert [row.cells[0].value for row in found.rows[:2]] == pytest.approx([500 / 9, 400 / 9])


def test_toplines_own_file_has_their_code(tmp_path: Path) -> None:
    """-7 in a column of codes, the name in one of numbers; both are read."""
    study = people(tmp_path).study
    path = tmp_path / "own.csv"
    gone = NoAnswer("invalid")
    write_responses(
        study, path, [{"likes": gone, "times": gone}, {"likes": "yes", "times": 3.0}], made_up=False
    )
    data = read_responses(study, path)
    assert list(data.kinds("likes")) == [INVALID, 0]
    assert list(data.numbers("times").kinds) == [INVALID, 0]


def test_they_are_a_failure_to_answer(tmp_path: Path) -> None:
    """Item non-response counts them among those who were asked and gave no answer."""
    data = cleaned(tmp_path)
    found = next(one for one in item_nonresponse(data) if one.name == "likes")
    assert (found.asked, found.kinds["invalid"]) == (100, 10)
