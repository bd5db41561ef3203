"""The real file of the non-voters study, read through its questionnaire."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from topline.dataset import Dataset, data_file, missing_code, read_csv
from topline.dataset.filter import filter_rows
from topline.study import read_study

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "non-voters-2020"
ROUTED = ("why_unregistered", "why_voted", "why_not", "strong_republican", "strong_democrat", "leans")


@cache
def data() -> Dataset:
    """The answers of the 5,836 respondents."""
    study = read_study(FOLDER)
    path = data_file(study)
    assert path is not None
    return read_csv(study, path)


def test_size_and_weights() -> None:
    """5,836 people, whose weights have the sum and design effect that the file is known to have."""
    weights = data().weights
    assert weights is not None
    assert data().n == 5836
    assert weights.sum() == pytest.approx(5783.6, abs=0.05)
    assert 5836 * (weights**2).sum() / weights.sum() ** 2 == pytest.approx(1.12, abs=0.005)


@pytest.mark.parametrize("question", ROUTED)
def test_a_route_selects_exactly_those_who_were_asked(question: str) -> None:
    """Of each of the six routes, the condition is true of those whose cells are filled, and of nobody else.

    The codebook sends those with No in Q21 to Q22; the data follow Q20, and so does the study.
    """
    study = data().study
    route = study.questionnaire.by_id[question].ask_if
    assert route is not None
    asked = data().kinds(question) != missing_code("not_asked")
    assert np.array_equal(filter_rows(route, data(), study).true, asked)
    assert 0 < asked.sum() < data().n


def test_there_are_six_routes() -> None:
    """No route is left untested."""
    study = data().study
    assert tuple(q.id for q in study.questionnaire.questions if q.ask_if) == ROUTED


def test_the_route_to_reasons_for_not_being_registered() -> None:
    """486 people follow it in the data, where the codebook's wording would ask others."""
    assert (data().kinds("why_unregistered") != missing_code("not_asked")).sum() == 486


def test_left_blank_counts_where_the_study_says_so() -> None:
    """The file cannot tell "not chosen" from "left blank": such people stay in the base."""
    options = [
        data().option_codes("more_voters", option.name)
        for option in data().study.questionnaire.by_id["more_voters"].options
    ]
    nothing = (np.array(options) == 0).all(axis=0)
    assert nothing.any()
    assert (data().kinds("more_voters") == 0).all()
