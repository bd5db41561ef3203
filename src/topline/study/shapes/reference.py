"""The reference page of the study format, made from the shapes: one table for each record.

The page's introduction is written by hand; what stands between the two markers is made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from topline.study.shapes.engine import Either, Items, ListOf, MapOf, OneOf, Record, Scalar, Shape
from topline.study.shapes.schema import FILES

START: Final = "<!-- from here on made from the shapes by `make schemas`; edit the shapes, not this -->"
END: Final = "<!-- end of the made part -->"


def reference_page(page: str) -> str:
    """The page with its made part replaced; ValueError if the markers are not there."""
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"the page lacks the lines {START!r} and {END!r}")
    return f"{before}{START}\n\n{reference_tables()}\n{END}{after}"


def reference_tables() -> str:
    """Markdown: a part for each file, in it a table for each record, in the order in which they are met."""
    return "\n".join(line for part in _Reference().parts() for line in part)


class _Reference:
    """Gathers the records of each file; a record that two files use is shown with the first."""

    def __init__(self) -> None:
        self.anchors: dict[int, str] = {}

    def parts(self) -> Iterator[Iterator[str]]:
        for name in ("questionnaire", "study", "waves"):
            yield self.file(FILES[name])

    def file(self, root: Record) -> Iterator[str]:
        found: list[Record] = []
        self.gather(root, root.title.partition(".")[0], found)
        yield f"## {root.title}"
        yield ""
        yield f"{root.doc}"
        yield ""
        yield from self.table(root)
        for record in found[1:]:
            yield f"### {self.anchors[id(record)]}"
            yield ""
            if record.doc:
                yield record.doc
                yield ""
            yield from self.table(record)

    def gather(self, shape: Shape, where: str, found: list[Record]) -> None:
        match shape:
            case Record(title):
                if id(shape) in self.anchors:
                    return
                taken = title in self.anchors.values()
                self.anchors[id(shape)] = f"{title} ({where})" if taken else title
                found.append(shape)
                inside = where if shape is found[0] else title
                for setting in shape.settings.values():
                    self.gather(setting.shape, inside, found)
            case ListOf(item) | MapOf(_, item):
                self.gather(item, where, found)
            case Either(_, items, map):
                for part in (items, map):
                    if part is not None:
                        self.gather(part, where, found)
            case Items(kinds):
                for kind in kinds.values():
                    self.gather(kind, where, found)

    def table(self, record: Record) -> Iterator[str]:
        yield "| setting | what it may be | needed | what it says |"
        yield "| --- | --- | --- | --- |"
        for name, setting in record.settings.items():
            needed = "yes" if setting.required else ""
            yield f"| `{name}` | {self.words(setting.shape)} | {needed} | {_cell(setting.doc)} |"
        if record.open is not None:
            key, shape = record.open
            yield f"| {key.words} | {self.words(shape)} | | one line for each |"
        yield ""

    def words(self, shape: Shape) -> str:
        """The shape in words, with links to the records in it."""
        match shape:
            case Record(_, _, short):
                link = self.link(shape)
                return (
                    f"{self.words(short)}, or the settings of {link}" if short else f"the settings of {link}"
                )
            case OneOf(words):
                return ", ".join(f"`{word}`" for word in words)
            case ListOf(Record() as item):
                return f"a list of {self.link(item)}s"
            case ListOf(item, exactly):
                many = f"{exactly} values" if exactly else "a list"
                return f"{many} in `[ ]`: {self.words(item)}"
            case MapOf(key, item, one):
                name = {"code name": "CODE NAME", "name": "NAME"}.get(key.kind, key.kind.upper())
                return f"lines of `{name}:`, one for each {one}; each {self.words(item)}"
            case Either(text, items, map):
                return "; or ".join(self.words(part) for part in (text, items, map) if part is not None)
            case Items(kinds):
                return "a list of " + ", ".join(self.link(kind) for kind in kinds.values())
            case Scalar("name"):
                return "[a name](#names-and-codes)"
            case Scalar(_, words):
                return _cell(words)
        raise TypeError(f"no words for {type(shape).__name__}")

    def link(self, record: Record) -> str:
        title = self.anchors[id(record)]
        return f"[{title}](#{anchor_of(title)})"


def anchor_of(title: str) -> str:
    """The anchor that a heading gets on the usual hosts of Markdown."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
