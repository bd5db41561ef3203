"""Plain YAML as text: the least punctuation that reads back as the same texts.

The reader of this format takes every scalar as text (`reading/plain_yaml.py`), so `yes`, `1` and `~` need no
quotation marks. Quotes stand only where YAML itself would read something else, long texts are folded after
`>-`, texts of several lines stand after `|`, and short mappings stand in `{ }` on one line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

WIDTH: Final = 110

Tree = str | Mapping[str, "Tree"] | Sequence["Tree"]


class Lines(dict[str, Tree]):
    """A mapping that is written one entry a line, however short it is."""


#: What YAML takes for a sign when a text starts with it; `-`, `?` and `:` only before a space.
_FIRST: Final = re.compile(r"---|\.\.\.|[,\[\]{}#&*!|>'\"%@`]|[-?:](?:\s|$)")
#: What cannot stand in a YAML file as it is, or would end a line of it.
_UNPRINTABLE: Final = re.compile(
    "[^ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
#: What ends a plain text.
_INSIDE: Final = re.compile(r":(?:\s|$)|\s#")
_INSIDE_FLOW: Final = re.compile(r"[,\[\]{}:]|^\?")  # libyaml takes [?a] for a key
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
#: A space that may become a line break of a folded text: no other space beside it.
_BREAK: Final = re.compile(r"(?<=[^ ]) (?=[^ ])")


def scalar(text: str, *, flow: bool = False) -> str:
    """A text on one line: plain if it survives, else in double quotes. `flow`: inside `{ }` or `[ ]`."""
    plain = (
        text != ""
        and text == text.strip(" ")
        and not _FIRST.match(text)
        and not _UNPRINTABLE.search(text)
        and not _INSIDE.search(text)
        and not (flow and _INSIDE_FLOW.search(text))
    )
    return text if plain else quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes; what cannot stand in a YAML file is escaped."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if not _UNPRINTABLE.match(character):
        return character
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def write_entry(key: str, value: Tree, indent: int) -> list[str]:
    """The lines of one `key: value`, `indent` spaces in."""
    start = f"{' ' * indent}{scalar(key)}:"
    if isinstance(value, str):
        return _text_entry(start, value, indent)
    if not value or ((one := _on_one_line(value)) and len(start) + 1 + len(one) <= WIDTH):
        return [f"{start} {_flow(value)}"]
    if isinstance(value, Mapping):
        return [start, *write_mapping(value, indent + 2)]
    return [start, *write_list(value, indent + 2)]


def write_mapping(mapping: Mapping[str, Tree], indent: int) -> list[str]:
    """The lines of a mapping, one entry after the other."""
    return [line for key, value in mapping.items() for line in write_entry(key, value, indent)]


def write_list(items: Sequence[Tree], indent: int) -> list[str]:
    """The lines of a list, each item after a dash."""
    lines: list[str] = []
    for item in items:
        if isinstance(item, Lines) or (isinstance(item, Mapping) and not _fits(item, indent + 2)):
            lines.extend(write_item(item, indent))
        else:
            lines.append(f"{' ' * indent}- {_flow(item) if not isinstance(item, str) else scalar(item)}")
    return lines


def write_item(item: Mapping[str, Tree], indent: int) -> list[str]:
    """One mapping as an item of a list: the dash stands before its first entry."""
    first, *others = write_mapping(item, indent + 2)
    return [f"{' ' * indent}- {first[indent + 2 :]}", *others]


def _text_entry(start: str, text: str, indent: int) -> list[str]:
    inside = " " * (indent + 2)
    if "\n" in text and (chomping := _literal(text)) is not None:
        lines = text.removesuffix("\n").split("\n")
        return [f"{start} |{chomping}", *(inside + line if line else "" for line in lines)]
    one = f"{start} {scalar(text)}"
    if len(one) <= WIDTH or not _foldable(text):
        return [one]
    return [f"{start} >-", *(inside + line for line in _folded(text, WIDTH - len(inside)))]


def _literal(text: str) -> str | None:
    """Which `|` keeps a text of several lines: the sign after it, or None if none does."""
    lines = text.removesuffix("\n").split("\n")
    if (
        not lines[0]
        or not lines[-1]
        or any(line != line.strip() or _UNPRINTABLE.search(line) for line in lines)
    ):
        return None
    return "" if text.endswith("\n") else "-"


def _foldable(text: str) -> bool:
    return text == text.strip() and not _UNPRINTABLE.search(text)


def _folded(text: str, width: int) -> list[str]:
    """Cut a text into lines at single spaces; a word longer than the width stands alone."""
    words = _BREAK.split(text)
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def _on_one_line(value: Tree) -> str | None:
    """A short value as it stands in `{ }` or `[ ]`; None if it has parts that want lines of their own."""
    if isinstance(value, Lines) or _has_lines(value):
        return None
    return _flow(value)


def _has_lines(value: Tree) -> bool:
    if isinstance(value, str):
        return "\n" in value
    parts = value.values() if isinstance(value, Mapping) else value
    return isinstance(value, Lines) or any(_has_lines(part) for part in parts)


def _fits(value: Tree, indent: int) -> bool:
    one = _on_one_line(value)
    return one is not None and indent + len(one) <= WIDTH


def _flow(value: Tree) -> str:
    if isinstance(value, str):
        return scalar(value, flow=True)
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{scalar(key, flow=True)}: {_flow(item)}" for key, item in value.items()) + "}"
        )
    return "[" + ", ".join(_flow(item) for item in value) + "]"
