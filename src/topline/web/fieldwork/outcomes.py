"""What became of each person invited, counted at the close by class of what is kept; no list is written.

AAPOR, Standard Definitions, 9th edition (2016), page 58: complete, partial and break-off by the share of the
applicable questions that were answered, "refused" and empty not counting as answers. Each row of a grid is a
question of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from topline.study.compiled import Compiled
from topline.web.store.engines import Transaction

_OUTSIDE: Final = ("not_asked", "not_in_form", "not_in_wave", "not_in_mode")
_UNANSWERED: Final = ("blank", "refused", "not_reached", "invalid", "withheld")
#: Where somebody stands who left no answers that count, and its name among the final dispositions.
_NO_ANSWERS: Final = {
    "opted_out": "opted_out",
    "left": "left",
    "undelivered": "undelivered",
    "started": "break_off",
    "finished": "break_off",
    "waiting": "nothing_returned",
}


def outcome_of(compiled: Compiled, answers: Mapping[str, Any], complete: int, partial: int) -> str:
    """The outcome of an interview, from its answers as plain data; limits in percent."""
    if _is_screened_out(compiled, answers):
        return "screened_out"
    kinds = [
        _missing(answers.get(name, {"missing": "not_asked"}))
        for asked in compiled.questions.values()
        for name in asked.variables
    ]
    asked = [kind for kind in kinds if kind not in _OUTSIDE]
    answered = sum(kind not in _UNANSWERED for kind in asked)
    if 100 * answered >= complete * len(asked):
        return "complete"
    return "partial" if 100 * answered >= partial * len(asked) else "break_off"


def without_answers(kind: str) -> str:
    """The outcome of somebody none of whose answers count, by where they stood."""
    return _NO_ANSWERS[kind]


def write_outcomes(db: Transaction, study: str, found: Iterable[tuple[str, str]]) -> None:
    """Write how many people of each class had each outcome: pairs of class and outcome."""
    rows = [(study, cell, outcome, n) for (cell, outcome), n in sorted(Counter(found).items())]
    db.many("insert into outcome_count values (?, ?, ?, ?)", rows)


def _is_screened_out(compiled: Compiled, answers: Mapping[str, Any]) -> bool:
    for asked in compiled.questions.values():
        ending = {option.name for option in asked.options if option.ends is not None}
        answer = answers.get(asked.id)
        chosen = answer.get("set", ()) if isinstance(answer, Mapping) else (answer,)
        if not ending.isdisjoint(chosen):
            return True
    return False


def _missing(answer: Any) -> str | None:
    return answer.get("missing") if isinstance(answer, Mapping) else None
