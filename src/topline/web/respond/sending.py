"""What is sent of an interview: every variable of the study, with its answer or why there is none."""

from __future__ import annotations

from topline.study.compiled import Compiled
from topline.study.values import Answer, Answers, NoAnswer
from topline.web.respond.path import Step, Walk


def sent_answers(compiled: Compiled, walk: Walk, facts: Answers) -> dict[str, Answer]:
    """The answers on the path, `not_asked` off it; facts stand apart.

    Of an interview that was broken off, what comes from the first open page on is `not_reached`.
    """
    variables = {name for asked in compiled.questions.values() for name in asked.variables}
    answers: dict[str, Answer] = dict.fromkeys(sorted(variables), NoAnswer("not_asked"))
    answers |= {name: each for name, each in walk.answers.items() if name not in facts}
    if walk.open is None:
        return answers
    reached = _before(walk, walk.open)
    return {
        name: each if name.partition(".")[0] in reached else NoAnswer("not_reached")
        for name, each in answers.items()
        if name.partition(".")[0] in reached or name in variables
    }


def _before(walk: Walk, open: Step) -> set[str]:
    """The questions of the screens before a step, in this person's order."""
    names = [screen.name for screen in walk.order]
    screens = walk.order[: names.index(open.screen.name)]
    return {asked.id for screen in screens for asked in screen.questions}
