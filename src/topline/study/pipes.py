"""Pipes: `{name}` and `{name|what else to say}` in a text stand for an answer given before, or an attribute.

A pipe is a parsed reference to a name, never a template: braces around anything that is not a name stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from topline.study.model import Question

#: Names that Topline fills itself.
BUILT_IN: Final = frozenset({"privacy_sentence"})

_PIPE: Final = re.compile(r"\{([^\W\d]\w*(?:\.\w+)?)(?:\|([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Pipe:
    """A reference in a text: `text[start:end]`. `fallback` is what to say where there is no answer."""

    name: str
    fallback: str | None
    start: int
    end: int


def pipes_of(text: str) -> Iterator[Pipe]:
    """The pipes of a text, in order."""
    for match in _PIPE.finditer(text):
        yield Pipe(match[1], match[2], match.start(), match.end())


def texts_of(question: Question) -> Iterator[str]:
    """Every text of a question that a respondent may see."""
    yield from filter(None, (question.title, question.text, question.ask, question.hint))
    for option in question.options:
        yield from filter(None, (option.label, option.hint, option.specify))
    yield from (row.label for row in question.rows)
    yield from (check.say for check in question.checks)
