"""Words and signs of a condition, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, cast

from topline.base import fail
from topline.study.marks import at

TokenKind = Literal["word", "number", "date", "sign", "end"]

#: Words of the grammar: neither a variable nor an answer may be called so.
RESERVED: Final = frozenset({"and", "or", "not", "in", "has", "is"})

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<date>\d{4}-\d{2}-\d{2}(?!\w))
    |(?P<number>-?\d+(?:\.\d+)?(?!\w))
    |(?P<word>\w+)
    |(?P<foreign>==|=>|=<|<>|&&?|\|\|?|≠|≤|≥|!(?!=))
    |(?P<quote>["'“”‘’][^"'“”‘’]*["'“”‘’]?)
    |(?P<sign>!=|<=|>=|[=<>()\[\],.])
    |(?P<other>.)""",
    re.VERBOSE,
)
#: What people write who come from a programming language or a statistics package.
_INSTEAD: Final = {
    "==": "=", "=>": ">=", "=<": "<=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=",
    "&": "and", "&&": "and", "|": "or", "||": "or", "!": "not",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign: `text[start:end]`. The last one is of kind `end` and empty."""

    kind: TokenKind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it stops."""
        return self.start + len(self.text)


def tokens(text: str) -> list[Token]:
    """Cut a condition into words and signs; ToplineError at the first character that has no place in one."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, word, start = match.lastgroup, match.group(), match.start()
        if kind == "space":
            continue
        if kind == "word" and word.lower() in RESERVED and word not in RESERVED:
            fail("expression-sign", at(text, start), found=word, write=word.lower())
        if kind == "foreign":
            fail("expression-sign", at(text, start), found=word, write=_INSTEAD[word])
        if kind == "quote":
            fail("expression-quotes", at(text, start), write=word.strip("\"'“”‘’") or "the name")
        if kind == "other":
            fail("expression-character", at(text, start), found=word)
        found.append(Token(cast(TokenKind, kind), word, start))
    found.append(Token("end", "", len(text.rstrip())))
    return found
