"""The table of conditions by question: who is asked what, in the author's words and as a sentence."""

from __future__ import annotations

from topline.study.model import Question, Section, Study
from topline.study.sentence import question_base


def conditions_table(study: Study) -> str:
    """Give a line for each question: id, its route as written, and its base sentence."""
    sections = {section.name: section for section in study.questionnaire.sections}
    rows = [
        (question.id, _route(question, sections), question_base(question, study) or "")
        for question in study
        if question.kind != "info"
    ]
    wide = [max(len(row[column]) for row in [("question", "asked if", ""), *rows]) for column in (0, 1)]
    head = f"{'question':{wide[0]}}  {'asked if':{wide[1]}}  base"
    return "\n".join([head, *(f"{name:{wide[0]}}  {route:{wide[1]}}  {base}" for name, route, base in rows)])


def _route(question: Question, sections: dict[str, Section]) -> str:
    section = sections.get(question.section or "")
    parts = [part for part in (section.ask_if if section else None, question.ask_if) if part]
    if len(parts) == 2:
        return " and ".join(f"({part.text})" for part in parts)
    return parts[0].text if parts else "everybody"
