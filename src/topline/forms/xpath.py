"""The part of XPath that forms use in `relevant` and `constraint`, as trees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, Never, cast

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<ref>\$\{\s*[^}]+?\s*\})
    |(?P<text>'[^']*'|"[^"]*"|[‘’][^‘’]*[‘’]|[“”][^“”]*[“”])
    |(?P<number>-?\d+(?:\.\d+)?|-?\.\d+)
    |(?P<sign>!=|<=|>=|[=<>(),+*-])
    |(?P<word>[A-Za-z][\w:-]*)
    |(?P<self>\.(?![\w.]))
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
Operator = Literal["=", "!=", "<", "<=", ">", ">="]


class NotXPath(Exception):
    """A text that is none of what is read here; says where it stops making sense."""


@dataclass(frozen=True)
class Asked:
    """`${name}`; `.`, the answer itself, has an empty name."""

    name: str


@dataclass(frozen=True)
class Literally:
    """A text in quotes, or a number."""

    text: str
    number: Decimal | None = None


@dataclass(frozen=True)
class Call:
    """`selected(${q}, 'a')`."""

    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True)
class Comparing:
    """`left op right`."""

    left: Tree
    op: Operator
    right: Tree


@dataclass(frozen=True)
class Joined:
    """Parts joined by `and` or by `or`."""

    how: Literal["and", "or"]
    parts: tuple[Tree, ...]


Tree = Asked | Literally | Call | Comparing | Joined


def parse_xpath(text: str) -> Tree:
    """Parse a condition of a form; `NotXPath` if it uses anything else, such as arithmetic."""
    parser = _Parser(text)
    tree = parser.joined("or")
    if parser.tokens[parser.index][0] != "end":
        parser.stop()
    return tree


class _Parser:
    def __init__(self, text: str) -> None:
        found = [(str(m.lastgroup), m.group()) for m in _TOKEN.finditer(text) if m.lastgroup != "space"]
        self.tokens = [*found, ("end", "")]
        self.index = 0

    @property
    def word(self) -> str:
        return self.tokens[self.index][1]

    def take(self) -> tuple[str, str]:
        self.index += 1
        return self.tokens[self.index - 1]

    def accept(self, *words: str) -> str | None:
        if self.tokens[self.index][0] in ("sign", "word") and self.word.lower() in words:
            return self.take()[1].lower()
        return None

    def stop(self) -> Never:
        raise NotXPath(self.word or "its end")

    def joined(self, how: Literal["and", "or"]) -> Tree:
        """In XPath `and` binds closer than `or`."""
        parts = [self.part(how)]
        while self.accept(how):
            parts.append(self.part(how))
        return parts[0] if len(parts) == 1 else Joined(how, tuple(parts))

    def part(self, how: Literal["and", "or"]) -> Tree:
        return self.joined("and") if how == "or" else self.comparison()

    def comparison(self) -> Tree:
        left = self.operand()
        if op := self.accept("=", "!=", "<", "<=", ">", ">="):
            return Comparing(left, cast(Operator, op), self.operand())
        return left

    def operand(self) -> Tree:
        kind, word = self.tokens[self.index]
        if self.accept("("):
            inside = self.joined("or")
            if not self.accept(")"):
                self.stop()
            return inside
        if kind == "word" and self.tokens[self.index + 1][1] == "(":
            return self.call()
        if kind not in ("ref", "self", "text", "number"):
            self.stop()
        self.take()
        if kind == "number":
            return Literally(word, Decimal(word))
        if kind == "text":
            return Literally(word[1:-1])
        return Asked(word[2:-1].strip() if kind == "ref" else "")

    def call(self) -> Call:
        name = self.take()[1].lower()
        self.take()
        arguments: list[Tree] = []
        while not self.accept(")"):
            if arguments and not self.accept(","):
                self.stop()
            arguments.append(self.joined("or"))
        return Call(name, tuple(arguments))
