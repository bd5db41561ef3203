"""Topline's own file of answers: what is written is what is read."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from tests.dataset.small import small_study

from topline.base import ToplineError
from topline.dataset import missing_code, read_responses, write_responses
from topline.study.values import Answers, NoAnswer

FULL: Answers = {
    "region": "south",
    "age": Decimal(35),
    "half": "b",
    "likes": "yes",
    "parts.top": "no",
    "parts.base": NoAnswer("dont_know"),
    "why": frozenset({"price"}),
    "best": ("price", "looks"),
    "times": Decimal(-1),
    "first": date(2026, 5, 31),
    "more": "=2+2, or so\nthey say",
}
BARE: Answers = {
    "region": "north",
    "age": Decimal(64),
    "likes": "neither",
    "why": NoAnswer("not_asked"),
    "times": NoAnswer("dont_know"),
    "more": NoAnswer("blank"),
}


def test_answers_of_every_kind_survive_the_file(tmp_path: Path) -> None:
    """Codes, sets, rankings, numbers, dates, texts and missing kinds come back as they went out."""
    study, path = small_study(tmp_path), tmp_path / "answers.csv"
    write_responses(study, path, [FULL, BARE], made_up=False)
    data = read_responses(study, path)
    not_reached = missing_code("not_reached")
    assert list(data.codes("region")) == [1, 0]
    assert list(data.codes("half")) == [1, not_reached]
    assert list(data.codes("likes")) == [0, 1]
    assert list(data.codes("parts.top")) == [2, not_reached]
    assert list(data.codes("parts.base")) == [missing_code("dont_know"), not_reached]
    assert list(data.option_codes("why", "price")) == [1, missing_code("not_asked")]
    assert list(data.option_codes("why", "looks")) == [0, missing_code("not_asked")]
    assert [data.option_codes("best", o)[0] for o in ("looks", "price")] == [2, 1]
    assert data.numbers("times").values[0] == -1
    assert list(data.numbers("times").kinds) == [0, missing_code("dont_know")]
    assert data.numbers("first").values[0] == date(2026, 5, 31).toordinal()
    assert data.texts["more"].values == ("=2+2, or so\nthey say", "")
    assert list(data.texts["more"].kinds) == [0, missing_code("blank")]
    assert not data.made_up


def test_the_file_is_plain(tmp_path: Path) -> None:
    """The header holds names and the cells codes; a text that starts like a formula is defused."""
    study, path = small_study(tmp_path), tmp_path / "answers.csv"
    write_responses(study, path, [BARE, {**FULL, "more": "-6"}], made_up=True)
    assert path.read_text("utf-8") == (
        "topline.made_up,region,age,half,likes,parts.top,parts.base,"
        "why.looks,why.price,why.none,best.looks,best.price,times,first,more\n"
        "1,1,64,-5,2,-5,-5,-1,-1,-1,-5,-5,dont_know,not_reached,-6\n"
        "1,2,35,2,3,1,97,0,1,0,2,1,-1,2026-05-31,'-6\n"
    )
    data = read_responses(study, path)
    assert data.made_up
    assert data.texts["more"].values == ("", "-6")


def test_bands_take_the_value_of_a_cut_upwards(tmp_path: Path) -> None:
    """35 is in the band that starts at 35, 64 still is, and 65 is in the next."""
    study, path = small_study(tmp_path), tmp_path / "answers.csv"
    ages = [Decimal(age) for age in (34, 35, 64, 65)]
    write_responses(study, path, [{**FULL, "age": age} for age in ages], made_up=False)
    assert list(read_responses(study, path).codes("age_band")) == [0, 1, 1, 2]


def test_nothing_ticked_is_blank(tmp_path: Path) -> None:
    """A multiple response without a tick is left blank: it is not an answer of "none of them"."""
    study, path = small_study(tmp_path), tmp_path / "answers.csv"
    write_responses(study, path, [{**FULL, "why": frozenset()}, FULL], made_up=False)
    assert list(read_responses(study, path).kinds("why")) == [missing_code("blank"), 0]


def test_a_wrong_code_is_named_with_its_place(tmp_path: Path) -> None:
    """The finding names file, line, column and value, and what may stand there; one for each column."""
    study, path = small_study(tmp_path), tmp_path / "answers.csv"
    write_responses(study, path, [FULL, FULL], made_up=False)
    lines = path.read_text("utf-8").splitlines()
    lines[-2] = lines[-2].replace("2,35,2,3", "2,35,7,4")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(ToplineError) as caught:
        read_responses(study, path)
    assert [str(finding).removeprefix(str(path)) for finding in caught.value.findings] == [
        ":4 error: column half: “7” is not an answer to half. Allowed: a, b, 1, 2; missing: -1 not_asked, "
        "-2 not_in_form, -3 not_in_wave, -4 not_in_mode, -5 not_reached, -6 blank, -7 invalid, -8 withheld.",
        ":4 error: column likes: “4” is not an answer to likes. Allowed: yes, neither, no, 3, 2, 1; missing: "
        "97 dont_know, -1 not_asked, -2 not_in_form, -3 not_in_wave, -4 not_in_mode, -5 not_reached, "
        "-6 blank, -7 invalid, -8 withheld.",
    ]


def test_the_hash_is_of_the_answers(tmp_path: Path) -> None:
    """The same answers have the same hash, one other answer another."""
    study, path = small_study(tmp_path), tmp_path / "answers.csv"
    hashes = []
    for second in (BARE, BARE, {**BARE, "likes": "no"}):
        write_responses(study, path, [FULL, second], made_up=False)
        hashes.append(read_responses(study, path).data_hash)
    assert hashes[0] == hashes[1] != hashes[2]


def test_arrays_are_locked(tmp_path: Path) -> None:
    """Nobody can change an answer in place."""
    study, path = small_study(tmp_path), tmp_path / "answers.csv"
    write_responses(study, path, [FULL], made_up=False)
    with pytest.raises(ValueError, match="read-only"):
        read_responses(study, path).codes("likes")[:] = np.uint8(0)
