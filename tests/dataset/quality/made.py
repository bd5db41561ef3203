"""Answers in memory for checks of data quality: one grid, its rows as columns of codes."""

from collections.abc import Sequence

import numpy as np

from topline.dataset import Dataset, Numbers, missing_code
from topline.study.model import Attribute, Option, Question, Questionnaire, Row, Study

MISSING = {"-": "blank", "n": "not_asked", "b": "not_reached", "d": "dont_know"}


def grid(people: Sequence[str], answers: int = 5, seconds: Sequence[float] | None = None) -> Dataset:
    """A person is a text with a sign for each row: a digit from 0 is an answer, a letter a missing kind."""
    rows = tuple(Row(f"r{place}", f"Row {place}") for place in range(len(people[0])))
    options = tuple(Option(f"a{code}", f"Answer {code}", code) for code in range(answers))
    question = Question("grid", "g", ask="?", label="The grid", options=options, rows=rows)
    attributes = (Attribute("seconds", "Seconds", "number"),) if seconds else ()
    study = Study(
        "made", "Made", "", ("en",), "descriptive", Questionnaire((question,)), attributes=attributes
    )
    columns = {
        f"g.r{place}": np.array([_code(person[place]) for person in people], dtype=np.uint8)
        for place in range(len(rows))
    }
    amounts = {"seconds": _numbers(seconds)} if seconds else {}
    return Dataset(study, len(people), columns, amounts=amounts)


def _code(sign: str) -> int:
    return missing_code(MISSING[sign]) if sign in MISSING else int(sign)


def _numbers(values: Sequence[float]) -> Numbers:
    array = np.array(values, dtype=float)
    return Numbers(array, np.where(np.isnan(array), missing_code("blank"), 0).astype(np.uint8))
