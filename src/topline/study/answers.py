"""Answers of one person as plain JSON and back, so that drafts and responses can be kept as text.

A single answer is its name, a multiple response `{"set": [...]}` (sorted), a rank `{"rank": [...]}`, a number
`{"number": "4"}`, a date `{"date": "2013-11-30"}`, a missing kind `{"missing": "dont_know"}`. Open text is a
text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from topline.study.values import Answer, Answers, NoAnswer


def answers_as_json(answers: Answers) -> dict[str, Any]:
    """Give the answers as plain data."""
    return {name: _plain(answer) for name, answer in answers.items()}


def answers_from_json(value: Mapping[str, Any]) -> dict[str, Answer]:
    """Read what `answers_as_json` gave; ValueError for anything else."""
    return {name: _answer(each) for name, each in value.items()}


def _plain(answer: Answer) -> Any:
    match answer:
        case NoAnswer(kind):
            return {"missing": kind}
        case frozenset():
            return {"set": sorted(answer)}
        case tuple():
            return {"rank": list(answer)}
        case Decimal():
            return {"number": format(answer, "f")}
        case date():
            return {"date": answer.isoformat()}
    return str(answer)


def _answer(value: Any) -> Answer:
    match value:
        case str():
            return value
        case {"missing": str(kind)}:
            return NoAnswer(kind)
        case {"set": [*names]}:
            return frozenset(names)
        case {"rank": [*names]}:
            return tuple(names)
        case {"number": str(digits)}:
            return Decimal(digits)
        case {"date": str(day)}:
            return date.fromisoformat(day)
    raise ValueError(f"{value!r} is no answer")
