"""Base sentences under tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from topline.base.words import words
from topline.dataset import Dataset, missing_code
from topline.study.model import Question, Study, Variable
from topline.study.rules.coded import open_names
from topline.study.sentence import question_base

#: Kinds of people whom nobody asked: the sentence leaves them out by saying who was asked.
_NOT_ASKED: Final = ("not_asked", "not_in_form", "not_in_wave", "not_in_mode")


def base_of(variables: Sequence[Variable], data: Dataset) -> str:
    """Whom the figures of a variable or all rows of a grid are of; of coded answers, those who wrote some.

    Whether people without an answer are left out shows from the question or, where answers came from
    elsewhere or were set to `invalid` since, from the data.
    """
    variable, study = variables[0], data.study
    coded = next((d for d in study.derived if d.kind == "coded" and d.name == variable.name), None)
    if coded is None:
        left_out = any(_lacking(one, data) for one in variables)
        return _sentence(variable.question, study, left_out=left_out)
    if coded.into:
        return _sentence(study.questionnaire.by_id[coded.into], study)
    language = study.languages[0]
    what = words("quoted", language, text=open_names(study)[coded.of[0]])
    return words("base", language, who=words("base-answered", language, what=what))


def _lacking(variable: Variable, data: Dataset) -> bool:
    """Whether somebody who was asked is outside the base."""
    kinds = data.kinds(variable.name)
    names = (*_NOT_ASKED, *(kind.name for kind in variable.counted))
    return not np.isin(kinds, [0, *(missing_code(name) for name in names)]).all()


def _sentence(question: Question | None, study: Study, *, left_out: bool = False) -> str:
    """Whom the figures of a question are of, in words, and whether those without an answer are left out."""
    language = study.languages[0]
    everybody = words("base", language, who=words("base-all", language))
    if question is None:
        return everybody
    # `topline check` warns of a base that only its author can put into words
    asked = words("base", language, who=words("base-asked", language))
    said = question_base(question, study, language) or asked
    if not (left_out or _may_lack(question)):
        return said
    return words("base-all-and-answered" if said == everybody else "base-and-answered", language, base=said)


def _may_lack(question: Question) -> bool:
    """Whether somebody who is asked can be outside the base: by a missing kind, or by leaving it blank."""
    if any(not kind.in_base for kind in question.missing):
        return True
    blank = question.blank_counts or (question.blank is not None and question.blank.in_base)
    return not question.required and not blank
