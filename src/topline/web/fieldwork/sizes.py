"""How long answers can be: every saved page and every sealed interview is padded to a constant.

The constants come from the questionnaire alone: the longest that a page, or the whole, can hold, rounded up
to a power of two, so that a length never says what was answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from topline.study.answers import answers_as_json
from topline.study.compiled import Asked, Compiled
from topline.study.values import Answer, NoAnswer
from topline.web.limits import LONGEST, LONGEST_BESIDE
from topline.web.store.kinds import dump

_LEAST: Final = 1024
_WIDEST: Final = "\U0001f4a1"  # four bytes in UTF-8: no character takes more, alone or written in JSON
_FRAME: Final = 160  # bytes round the answers: digest, names of the parts, length


def page_sizes(compiled: Compiled) -> dict[str, int]:
    """For each screen, the bytes that its saved answers are padded to."""
    return {
        screen.name: _rounded([_longest(asked) for asked in screen.questions]) for screen in compiled.screens
    }


def sealed_size(compiled: Compiled) -> int:
    """The bytes that a whole interview is padded to."""
    arms: dict[str, Any] = {draw.name: max(draw.arms, key=len) for draw in compiled.splits}
    return _rounded([arms, *(_longest(asked) for asked in compiled.questions.values())])


def _rounded(parts: list[dict[str, Any]]) -> int:
    whole = {name: answer for part in parts for name, answer in part.items()}
    needed = len(dump(whole).encode()) + _FRAME
    size = _LEAST
    while size < needed:
        size *= 2
    return size


def _longest(asked: Asked) -> dict[str, Any]:
    """The longest that each variable of a question can be, as plain data."""
    found: dict[str, Any] = {}
    for name, answer in _candidates(asked):
        plain = answers_as_json({name: answer})[name]
        if len(dump(plain).encode()) >= len(dump(found.get(name, "")).encode()):
            found[name] = plain
    return found


def _candidates(asked: Asked) -> Iterator[tuple[str, Answer]]:
    kinds = ["not_asked", "not_reached", "blank", *(each.name for each in asked.missing)]
    for variable in asked.variables:
        yield from ((variable, NoAnswer(kind)) for kind in kinds)
        if asked.kind in ("single", "grid"):
            yield from ((variable, option.name) for option in asked.options)
    limit = asked.max_length or LONGEST
    names = [option.name for option in asked.options]
    longest: Mapping[str, Answer] = {
        "multiple": frozenset(names),
        "rank": tuple(names),
        "number": Decimal("-" + "9" * 15 + "." + "9" * 9),
        "date": date(2000, 12, 31),
        "text": _WIDEST * limit,
    }
    if asked.kind in longest:
        yield asked.id, longest[asked.kind]
    beside = _WIDEST * (asked.max_length or LONGEST_BESIDE)
    yield from ((f"{asked.id}.{each.name}.text", beside) for each in asked.options if each.specify)
    if asked.quotes:
        yield f"{asked.id}.quote", "yes"
