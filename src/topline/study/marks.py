"""Texts, mappings and lists that remember where in a file they stood.

They are ordinary `str`, `dict` and `list`, so nothing downstream needs to know; an error can still point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from topline.base import Mark


class Text(str):
    """A scalar of a YAML file: always text, whatever it looks like.

    `style` is YAML's: None (plain), `'`, `"`, `|` or `>`. `indent` is the column of the text's later lines.
    """

    mark: Mark
    style: str | None
    end: tuple[int, int]

    def __new__(cls, text: str, mark: Mark, style: str | None = None, end: tuple[int, int] = (0, 0)) -> Self:
        """Make the text with its place; `end` is the line and column just after it in the file."""
        self = super().__new__(cls, text)
        self.mark, self.style, self.end = mark, style, end
        return self

    def at(self, offset: int) -> Mark:
        """The place of a character of the text: exact on one line, the start of a folded text."""
        if self.style in ("|", ">") or self.end[0] != self.mark.line:
            return self.mark
        return replace(self.mark, column=self.mark.column + offset + (1 if self.style else 0))


class Map(dict[str, "Value"]):
    """A YAML mapping; keys are `Text`s, in the file's order."""

    mark: Mark

    def __init__(self, pairs: list[tuple[Text, Value]], mark: Mark) -> None:
        super().__init__(pairs)
        self.mark = mark

    def key(self, name: str) -> Text:
        """The key as it stands in the file."""
        return next(key for key in self if key == name and isinstance(key, Text))


class Seq(list["Value"]):
    """A YAML list."""

    mark: Mark

    def __init__(self, items: list[Value], mark: Mark) -> None:
        super().__init__(items)
        self.mark = mark


Value = Text | Map | Seq


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: the path as the user gave it, and its text."""

    file: str
    text: str


def mark_of(value: object) -> Mark | None:
    """The place of a value, if it remembers one."""
    return getattr(value, "mark", None)


def at(text: str, offset: int) -> Mark | None:
    """The place of a character of a text, if it remembers one."""
    return text.at(offset) if isinstance(text, Text) else None
