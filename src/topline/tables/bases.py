"""Base sentences under tables."""

from __future__ import annotations

from topline.base.words import words
from topline.study.model import Question, Study
from topline.study.sentence import question_base


def base_sentence(question: Question | None, study: Study) -> str:
    """Whom the figures of a question are of, in words; of what was not asked, all respondents."""
    language = study.languages[0]
    if question is None:
        return words("base", language, who=words("base-all", language))
    # `topline check` warns of a base that only its author can put into words
    return question_base(question, study, language) or words(
        "base", language, who=words("base-asked", language)
    )
