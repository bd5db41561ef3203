"""Who is asked a question: the conditions that lead to it, as written, and in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from topline.base.words import words
from topline.study.model import Question, Study
from topline.study.parse import write_condition
from topline.study.sentence import base_sentence, question_base
from topline.study.tree import Condition


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked: conditions as written, the section's and the question's own; `who` says it in words.

    `base` is the base sentence. Both conditions are empty where everybody is asked.
    """

    question: str
    section: str
    own: str
    base: str
    who: str

    @property
    def condition(self) -> str:
        """Both conditions as one; empty where everybody is asked."""
        if self.section and self.own:
            return f"({self.section}) and ({self.own})"
        return self.section or self.own


def asked(question: Question, study: Study, language: str) -> Asked:
    """Who is asked a question, in Topline's words of that language.

    A condition that no sentence can be made of is shown as it is written.
    """
    section = next((s for s in study.questionnaire.sections if s.name == question.section), None)
    above = section.ask_if if section else None
    found = Asked(
        question.id,
        write_condition(above) if above else "",
        write_condition(question.ask_if) if question.ask_if else "",
        question_base(question, study, language) or "",
        "",
    )
    if not found.base:
        otherwise = words("codebook-base-otherwise", language, condition=found.condition)
        return replace(found, base=words("base", language, who=otherwise), who=otherwise)
    return replace(found, who=_who(found.base, language))


def sentence_of(condition: Condition, study: Study, language: str) -> str:
    """Whom a condition selects, in words; as it is written, if no sentence can be made of it."""
    if found := base_sentence(condition, study, language):
        return _who(found, language)
    return words("codebook-base-otherwise", language, condition=write_condition(condition))


def _who(base: str, language: str) -> str:
    return base.removeprefix(words("base", language, who=""))
