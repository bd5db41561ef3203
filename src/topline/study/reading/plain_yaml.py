"""Plain YAML: the part of YAML that cannot surprise (FORMAT.md section 2), read with the place of everything.

The lexer decides nothing: every scalar is text. No anchors, aliases, tags, merge keys or second document.
A key given twice is an error, and so is a text that a ` #` cuts short. All faults of a file that can be told
apart are reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import yaml

from topline.base import Finding, Mark, ToplineError, fail
from topline.study.marks import Map, Seq, Source, Text, Value
from topline.study.reading.yaml_faults import explain

_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: How deep a file may nest, far more than any shape does; and what the parser's stack takes for certain.
_DEEPEST: Final = 50
_STACK: Final = 5000
#: How many references and anchors of a file are told.
_MANY: Final = 100
#: What an anchor, alias or tag could look like; only then are the parser's events looked at one by one.
_SUSPECT: Final = re.compile(r"(?:^|[\s\[{,:-])[&*!]\S", re.MULTILINE)


def read_source(path: Path, shown: str) -> Source:
    """Read a text file as UTF-8; `shown` is the path as the user gave it.

    Errors: the file is missing, is a folder, or is not UTF-8 (with the line where that starts).
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        fail("file-missing", Mark(shown), file=path.name)
    except OSError as error:
        fail("file-unreadable", Mark(shown), why=error.strerror)
    try:
        return Source(shown, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fail("not-utf8", Mark(shown, line), byte=f"{data[error.start]:#04x}")


def read_plain_yaml(source: Source) -> tuple[Map, list[Finding]]:
    """Parse one file: its top mapping and the faults found in it.

    A fault of syntax stops the parser and is raised as a `ToplineError`, and so are references to another
    place, which a few lines of anchors could multiply without end; duplicate keys, cut texts, anchors and
    tags are returned, so that one run shows them all.
    """
    if _may_be_deep(source.text):
        _refuse_depth(source)
    marked = list(_anchors_and_tags(source)) if _SUSPECT.search(source.text) else []
    if any(finding.id == "yaml-alias" for finding in marked):
        raise ToplineError(marked[:_MANY])
    loader = None
    try:
        loader = _Loader(source.text)
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        raise ToplineError(explain(error, source)) from None
    finally:
        if loader is not None:
            loader.dispose()
    reader = _Reader(source)
    reader.findings.extend(marked)
    if not isinstance(node, yaml.MappingNode):
        fail("not-a-mapping", Mark(source.file, 1, 1))
    value = reader.mapping(node)
    return value, sorted(reader.findings, key=Finding.sort_key)


def _may_be_deep(text: str) -> bool:
    """Whether the text could nest deeper than the parser's own stack takes, which ends the whole process.

    A level of a block takes a column of some line, and a level in brackets an opening one.
    """
    opened = text.count("[") + text.count("{")
    return max(opened, max(map(len, text.splitlines()), default=0)) > _STACK


def _refuse_depth(source: Source) -> None:
    """Raise a ToplineError at the place where a text nests too deep, if it does."""
    depth = 0
    try:
        for event in yaml.parse(source.text, _Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST and (mark := event.start_mark):
                fail("yaml-too-deep", Mark(source.file, mark.line + 1, mark.column + 1), most=_DEEPEST)
    except yaml.YAMLError as error:
        raise ToplineError(explain(error, source)) from None


class _Reader:
    """Turns nodes into texts, mappings and lists with marks, and collects faults on the way."""

    def __init__(self, source: Source) -> None:
        self.file = source.file
        self.depth = 1
        self.lines = source.text.splitlines()
        self.findings: list[Finding] = []

    def value(self, node: yaml.Node) -> Value:
        if isinstance(node, yaml.ScalarNode):
            return self.text(node)
        self.depth += 1
        if self.depth > _DEEPEST:
            fail("yaml-too-deep", self.mark(node), most=_DEEPEST)
        value: Map | Seq
        if isinstance(node, yaml.MappingNode):
            value = self.mapping(node)
        else:
            value = Seq([self.value(item) for item in node.value], self.mark(node))
        self.depth -= 1
        return value

    def mark(self, node: yaml.Node) -> Mark:
        return Mark(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def mapping(self, node: yaml.MappingNode) -> Map:
        pairs: list[tuple[Text, Value]] = []
        first: dict[str, Text] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.findings.append(Finding("key-not-text", {}, self.mark(key_node)))
                continue
            key = self.text(key_node)
            if key in first:
                values = {"key": key, "line": first[key].mark.line}
                self.findings.append(Finding("key-twice", values, key.mark))
                continue
            first[key] = key
            if (
                node.flow_style
                and value_node.value == ""
                and value_node.start_mark.index == value_node.end_mark.index
            ):
                # "{label: Business, Innovation and Skills}": the comma made a key of what follows it
                self.findings.append(Finding("comma-ended-text", {"text": key}, key.mark))
                continue
            pairs.append((key, self.value(value_node)))
        return Map(pairs, self.mark(node))

    def text(self, node: yaml.ScalarNode) -> Text:
        start, end = node.start_mark, node.end_mark
        place = Mark(self.file, start.line + 1, start.column + 1)
        text = Text(node.value, place, node.style or None, (end.line + 1, end.column + 1))
        if text.style is None and text:
            rest = self.lines[end.line][end.column :] if end.line < len(self.lines) else ""
            if (hash_at := _cut_by_comment(text, rest)) is not None:
                cut = Mark(self.file, end.line + 1, end.column + hash_at + 1)
                self.findings.append(Finding("text-cut-by-comment", {}, cut))
        return text


def _cut_by_comment(text: str, rest: str) -> int | None:
    """Where a ` #` after a plain text looks like a part of the text: offset in `rest`, else None.

    A one-word value may carry a comment (`column: Q2  # as in the file`), but none that starts so: `#1`.
    """
    stripped = rest.lstrip()
    if not stripped.startswith("#"):
        return None
    if " " not in text and (len(stripped) == 1 or stripped[1] in " #!"):
        return None
    return len(rest) - len(stripped)


def _anchors_and_tags(source: Source) -> Iterable[Finding]:
    try:
        for event in yaml.parse(source.text, _Loader):
            mark = getattr(event, "start_mark", None)
            if mark is None:
                continue
            place = Mark(source.file, mark.line + 1, mark.column + 1)
            if isinstance(event, yaml.AliasEvent):
                yield Finding("yaml-alias", {"name": event.anchor}, place)
            elif anchor := getattr(event, "anchor", None):
                yield Finding("yaml-anchor", {"name": anchor}, place)
            elif tag := getattr(event, "tag", None):
                yield Finding("yaml-tag", {"tag": tag}, place)
    except yaml.YAMLError as error:
        raise ToplineError(explain(error, source)) from None
