"""Answers of a study in files: kinds in the base are answers there, system kinds are declared missing."""

from dataclasses import replace
from pathlib import Path

import pyreadstat
import pytest
from tests.dataset.files.made import same
from tests.dataset.small import QUESTIONNAIRE, small_study
from tests.dataset.test_plain import BARE, FULL

from topline.dataset import Dataset, codebook_of, read, read_responses, write, write_responses
from topline.dataset.codebook import Column
from topline.study.same import same_study
from topline.study.values import NoAnswer


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    """Three people: one who answered everything, one who was not asked some, one who broke off."""
    study = small_study(tmp_path)
    write_responses(study, tmp_path / "answers.csv", [FULL, BARE, {}], made_up=False)
    return read_responses(study, tmp_path / "answers.csv")


def column(data: Dataset, source: str) -> Column:
    """A column by its name in the file."""
    return codebook_of(data).by_source[source]


def test_parquet_is_the_identity(data: Dataset, tmp_path: Path) -> None:
    """Our own format holds answers, study and codebook: all three come back, without the study's folder."""
    assert write(data, tmp_path / "other" / "a.parquet") == ()
    again = read(tmp_path / "other" / "a.parquet")
    assert again.data_hash == data.data_hash
    assert same_study(again.study, data.study)
    assert codebook_of(again) == codebook_of(data)
    assert again.study.folder == str(tmp_path / "other")


def test_spss_declares_what_is_not_in_the_base(data: Dataset, tmp_path: Path) -> None:
    """System kinds are one declared range; "don't know", in the base, is a value with its label."""
    write(data, tmp_path / "a.sav")
    frame, meta = pyreadstat.read_sav(tmp_path / "a.sav", user_missing=True, output_format="polars")
    assert meta.missing_ranges["likes"] == [{"lo": -8.0, "hi": -1.0}]
    assert frame["likes"].to_list() == [3, 2, -5]
    assert frame["parts_base"].to_list() == [97, -5, -5]
    assert meta.variable_value_labels["parts_base"] == {
        3.0: "Agree", 2.0: "Neither", 1.0: "Disagree", 97.0: "Don't know",
        -5.0: "Not reached: broke off before",
    }  # fmt: skip
    again = read(tmp_path / "a.sav")
    assert [value.kind for value in column(again, "likes").missing] == ["not_reached"]
    assert column(again, "parts_base").values[-1].labels == {"und": "Don't know"}


def test_a_code_that_is_an_answer_moves(data: Dataset, tmp_path: Path) -> None:
    """Times may be -1: there "not asked" gets another code, and a note says which."""
    assert [note.text for note in write(data, tmp_path / "a.sav")] == [
        "nets, scores, routes and other rules of the study are not written; .parquet holds them.",
        "the wording of questions is not written (11 columns); their labels are.",
        "that columns are rows of one question is not written (parts); the columns are there.",
    ]
    study = data.study
    people = [{**FULL, "times": NoAnswer("not_reached")}, *({**FULL, "times": n} for n in (-5, -1, 50))]
    write_responses(study, tmp_path / "b.csv", people, made_up=False)  # type: ignore[arg-type]
    moved = read_responses(study, tmp_path / "b.csv")
    assert str(write(moved, tmp_path / "b.sav")[0]) == (
        "note: times: not_reached -5 is written as -9. The format leaves no other code."
    )
    again = read(tmp_path / "b.sav")
    assert again.numbers("times").values[1:].tolist() == [-5, -1, 50]
    assert [(value.code, value.kind) for value in column(again, "times").missing] == [(-9.0, "not_reached")]


def test_several_chosen_kinds_share_a_range(tmp_path: Path) -> None:
    """SPSS declares one range: what people chose keeps its codes, the system's kinds stand beside."""
    kinds = "  97 dont_know: {label: Don't know}\n  98 refused: {label: Refused}\n"
    kinds += "  99 not_applicable: {label: Not applicable}\n"
    text = QUESTIONNAIRE.replace("  97 dont_know: {label: Don't know, in_base: true}\n", kinds)
    text = text.replace("missing: [dont_know]", "missing: [dont_know, refused, not_applicable]")
    study = small_study(tmp_path, questionnaire=text)
    every = ("dont_know", "refused", "not_applicable", "not_reached", "blank")
    people = [{**FULL, "likes": NoAnswer(kind)} for kind in every]
    write_responses(study, tmp_path / "a.csv", people, made_up=False)
    data = read_responses(study, tmp_path / "a.csv")
    notes = [str(note) for note in write(data, tmp_path / "a.sav")]
    assert "note: likes: not_reached -5 is written as 100, blank -6 is written as 101." in notes[0]
    again = read(tmp_path / "a.sav")
    assert column(again, "likes").declared == ((97.0, 101.0),)
    assert sorted(again.kinds("likes")) == sorted(data.kinds("likes"))


def test_stata_gets_letters(data: Dataset, tmp_path: Path) -> None:
    """What is not in the base is a letter with its label; what is in the base stays a number."""
    write(data, tmp_path / "a.dta")
    frame, meta = pyreadstat.read_dta(tmp_path / "a.dta", user_missing=True, output_format="dict")
    assert frame["likes"] == [3, 2, "b"]
    assert frame["parts_base"] == [97, "b", "b"]
    assert meta.variable_value_labels["why_looks"] == {
        0: "Not chosen", 1: "Chosen", 97: "Don't know", "a": "Not asked: the route did not lead here",
        "b": "Not reached: broke off before",
    }  # fmt: skip
    assert read(tmp_path / "a.dta").kinds("likes").tolist() == data.kinds("likes").tolist()


def test_csv_and_its_codebook(data: Dataset, tmp_path: Path) -> None:
    """CSV with its codebook gives every answer, name, label, missing kind, base rule and set again."""
    assert [note.id for note in write(data, tmp_path / "a.csv")] == ["study-left"]
    again = read(tmp_path / "a.csv")
    assert (tmp_path / "a.codebook.csv").exists()
    for name in data.columns:
        assert again.codes(name).tolist() == data.codes(name).tolist(), name
    for name in data.amounts:
        assert again.numbers(name).kinds.tolist() == data.numbers(name).kinds.tolist(), name
    assert again.numbers("first").values[0] == data.numbers("first").values[0]
    assert again.texts["more"].values == data.texts["more"].values
    assert again.kinds("more").tolist() == data.kinds("more").tolist()
    parts = again.study.questionnaire.by_id["parts"]
    assert (parts.kind, [row.name for row in parts.rows]) == ("grid", ["top", "base"])
    assert parts.missing[0].in_base
    assert again.study.questionnaire.by_id["why"].kind == "multiple"
    write(again, tmp_path / "b.csv")
    assert same(again, read(tmp_path / "b.csv")) == []


def test_what_was_worked_out_later_is_written_too(data: Dataset, tmp_path: Path) -> None:
    """A variable that is added to answers from a file gets its column and its labels."""
    write(data, tmp_path / "a.sav")
    bare = read(tmp_path / "a.sav")
    attribute = data.study.attributes[0]
    study = replace(bare.study, attributes=(*bare.study.attributes, replace(attribute, name="place")))
    more = replace(bare, study=study, columns={**bare.columns, "place": data.codes("region")})
    write(more, tmp_path / "b.sav")
    assert [value.labels["und"] for value in column(read(tmp_path / "b.sav"), "place").values] == [
        "North",
        "South",
    ]


@pytest.mark.parametrize("ending", [".sav", ".dta", ".csv", ".parquet"])
def test_made_up_answers_stay_made_up(ending: str, data: Dataset, tmp_path: Path) -> None:
    """No format lets made-up answers pass for real ones, nor does a second file made from the first."""
    write(replace(data, made_up=True), tmp_path / f"a{ending}")
    again = read(tmp_path / f"a{ending}")
    write(again, tmp_path / f"b{ending}")
    assert again.made_up
    assert read(tmp_path / f"b{ending}").made_up
    assert not read_back(data, tmp_path / f"real{ending}").made_up


def read_back(data: Dataset, path: Path) -> Dataset:
    """The data set through a file."""
    write(data, path)
    return read(path)
