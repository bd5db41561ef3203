"""Texts of a form as texts of a questionnaire: pipes, labels for tables, one line where one is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from topline.study.pipes import pipes_of

_PIPE: Final = re.compile(r"\$\{\s*([^}]+?)\s*\}")
_LABEL: Final = 60
_NUMBERED: Final = re.compile(r"^(?:[A-Z]{1,2}[-.]?\s?)?\d+(?:\.\d+)*[.)]?(?:\s*\(\d+\))?[.:]?\s+(?=\S)")
#: What stands for an answer that is not there.
GAP: Final = "…"


def with_pipes(text: str, id_of: Callable[[str], str | None]) -> str:
    """Write `${name}` as `{id|…}`; a name without a question becomes the gap alone, other braces brackets."""
    parts: list[str] = []
    done = 0
    for match in _PIPE.finditer(text):
        id = id_of(match[1])
        parts += [_plain(text[done : match.start()]), f"{{{id}|{GAP}}}" if id else GAP]
        done = match.end()
    return "".join([*parts, _plain(text[done:])])


def _plain(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def one_line(text: str) -> str:
    """A text without line breaks."""
    return " ".join(text.split())


def paragraphs(text: str) -> str:
    """A text whose lines carry no spaces at their ends."""
    return "\n".join(line.strip() for line in text.strip().split("\n"))


def label_from(ask: str) -> str:
    """A label for tables from the words of a question: its number left out, at most 60 characters."""
    text = one_line(ask)
    for pipe in reversed(list(pipes_of(text))):
        text = text[: pipe.start] + GAP + text[pipe.end :]
    text = _NUMBERED.sub("", text).rstrip(" :?") or text
    if len(text) <= _LABEL:
        return text
    cut = text[: _LABEL - 1].rpartition(" ")[0].rstrip(" ,;:.-…")
    return f"{cut or text[: _LABEL - 2]} {GAP}"


def words_of(name: str) -> str:
    """A name as words: `number_of_members` is “Number of members”."""
    return re.sub(r"[\W_]+", " ", name).strip().capitalize() or name
