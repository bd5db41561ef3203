"""Fenced blocks of a report: charts, tables and generated parts, as frozen specs.

```chart skills by department
title: "[MoJ and DfT share first place on 43%][top]"
sort: agree
```
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal

import yaml

from topline.base import Finding, Mark
from topline.base.hints import closest, did_you_mean
from topline.study.marks import Text

BlockKind = Literal["chart", "table", "bases", "about", "main-points"]
SETTINGS: Final[dict[BlockKind, tuple[str, ...]]] = {
    "chart": ("title", "subtitle", "sort", "compare", "show"),
    "table": ("title", "show"),
    "bases": ("title",),
    "about": (),
    "main-points": (),
}
TITLES: Final = ("title", "subtitle")


@dataclass(frozen=True, slots=True)
class Title:
    """Prose inside a block: `key` is `title`, `subtitle`, or the number of a main point from `0`."""

    key: str
    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block. `subject` is a question or `grid.row`, `by` what it is split by; for `bases`, `by` is
    the list of attributes. `settings` holds what is no prose, each a list of names with their places.
    """

    kind: BlockKind
    mark: Mark
    subject: str = ""
    by: tuple[str, ...] = ()
    titles: tuple[Title, ...] = ()
    settings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    faults: tuple[Finding, ...] = field(default=(), compare=False)


def read_block(info: str, content: str, file: str, line: int, indent: int = 0) -> Block | None:
    """Read a fenced block that starts on `line`; None if it is not one of Topline's.

    `indent` is how far its lines stand from the margin. Faults are kept in the block.
    """
    kind, _, rest = info.strip().partition(" ")
    if kind not in SETTINGS:
        return None
    block = _Block(kind, Mark(file, line, indent + 1), indent)
    block.subject(rest.strip())
    block.body(content)
    return Block(
        block.kind,
        block.mark,
        block.of,
        block.by,
        tuple(block.titles),
        block.settings,
        tuple(block.faults),
    )


def no_block(info: str, mark: Mark) -> Finding | None:
    """What to say of a fenced block that is none of Topline's; None where nothing stands after the fence."""
    name = info.strip().partition(" ")[0]
    if not name:
        return None
    if near := closest(name.lower(), SETTINGS):
        return Finding("block_unknown", {"name": name, "near": near}, mark)
    return Finding("block_other", {"name": name, "allowed": ", ".join(SETTINGS)}, mark)


class _Block:
    def __init__(self, kind: BlockKind, mark: Mark, indent: int) -> None:
        self.kind, self.mark, self.indent = kind, mark, indent
        self.of, self.by = "", tuple[str, ...]()
        self.titles: list[Title] = []
        self.settings: dict[str, tuple[str, ...]] = {}
        self.faults: list[Finding] = []

    def subject(self, text: str) -> None:
        names = r"[\w.]+(?:\s*,\s*[\w.]+)*"
        if self.kind in ("about", "main-points"):
            self.fault("block_takes_nothing", self.mark, block=self.kind) if text else None
        elif self.kind == "bases":
            self.by = tuple(re.split(r"\s*,\s*", text)) if re.fullmatch(names, text) else ()
            self.fault("block_bases", self.mark) if not self.by else None
        elif found := re.fullmatch(rf"([\w.]+)(?:\s+by\s+({names}))?", text):
            self.of = found[1]
            self.by = tuple(re.split(r"\s*,\s*", found[2])) if found[2] else ()
        else:
            self.fault("block_subject", self.mark, block=self.kind, found=text)

    def body(self, content: str) -> None:
        if not content.strip():
            return
        try:
            node = yaml.compose(content, yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            where = error.problem_mark
            mark = self.at(where.line, where.column) if where else self.mark
            self.fault("block_yaml", mark, block=self.kind, problem=error.problem)
            return
        except (yaml.YAMLError, RecursionError):  # a control character, or brackets without end
            self.fault(
                "block_yaml", self.mark, block=self.kind, problem="it holds what no list of settings does"
            )
            return
        if self.kind == "main-points":
            self.points(node)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self.setting(key, value)
        else:
            self.fault("block_settings", self.mark, block=self.kind)

    def points(self, node: yaml.Node | None) -> None:
        if not isinstance(node, yaml.SequenceNode):
            self.fault("block_points", self.mark)
            return
        for number, item in enumerate(node.value):
            self.title(str(number), item)

    def setting(self, key: yaml.Node, value: yaml.Node) -> None:
        name, allowed = str(key.value), SETTINGS[self.kind]
        if name not in allowed:
            hint = did_you_mean(name, allowed)
            mark = self.at(key.start_mark.line, key.start_mark.column)
            self.fault(
                "block_setting", mark, block=self.kind, name=name, allowed=", ".join(allowed), hint=hint
            )
        elif name in TITLES:
            self.title(name, value)
        else:
            items = value.value if isinstance(value, yaml.SequenceNode) else [value]
            self.settings[name] = tuple(self.name(item) for item in items)

    def name(self, node: yaml.Node) -> Text:
        text = node.value if isinstance(node, yaml.ScalarNode) else yaml.serialize(node).strip()
        return Text(str(text), self.at(node.start_mark.line, node.start_mark.column))

    def title(self, key: str, node: yaml.Node) -> None:
        mark = self.at(node.start_mark.line, node.start_mark.column)
        if not isinstance(node, yaml.ScalarNode):
            self.fault("block_text", mark, block=self.kind, name=key)
            return
        quoted = 1 if node.style in ("'", '"') else 0
        mark = Mark(mark.file, mark.line, mark.column + quoted)
        self.titles.append(Title(key, str(node.value), mark))

    def at(self, line: int, column: int) -> Mark:
        return Mark(self.mark.file, self.mark.line + 1 + line, self.indent + column + 1)

    def fault(self, id: str, mark: Mark, **values: object) -> None:
        self.faults.append(Finding(id, values, mark))
