"""Base sentences under tables."""

from __future__ import annotations

from topline.base.words import words
from topline.study.model import Question, Study, Variable
from topline.study.rules.coded import open_names
from topline.study.sentence import question_base


def base_of(variable: Variable, study: Study) -> str:
    """Whom the figures of a variable are of; of coded answers, those who wrote some."""
    coded = next((d for d in study.derived if d.kind == "coded" and d.name == variable.name), None)
    if coded is None:
        return base_sentence(variable.question, study)
    if coded.into:
        return base_sentence(study.questionnaire.by_id[coded.into], study)
    language = study.languages[0]
    what = words("quoted", language, text=open_names(study)[coded.of[0]])
    return words("base", language, who=words("base-answered", language, what=what))


def base_sentence(question: Question | None, study: Study) -> str:
    """Whom the figures of a question are of, in words, and whether those without an answer are left out."""
    language = study.languages[0]
    everybody = words("base", language, who=words("base-all", language))
    if question is None:
        return everybody
    # `topline check` warns of a base that only its author can put into words
    asked = words("base", language, who=words("base-asked", language))
    said = question_base(question, study, language) or asked
    if not leaves_out(question):
        return said
    return words("base-all-and-answered" if said == everybody else "base-and-answered", language, base=said)


def leaves_out(question: Question) -> bool:
    """Whether somebody who is asked can be outside the base: by a missing kind, or by leaving it blank."""
    if any(not kind.in_base for kind in question.missing):
        return True
    blank = question.blank_counts or (question.blank is not None and question.blank.in_base)
    return not question.required and not blank
