"""A report as it was written: Markdown tokens, and the place in the file of every claim.

markdown-it-py gives no positions inside a line. Its `link` rule is wrapped: it notes where in the inline text
a link begins and ends, and finds that text again in the source lines: in lists, quotes and tables as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, link
from markdown_it.token import Token

from topline.base import Finding, Mark, ToplineError
from topline.claims.blocks import Block, no_block, read_block
from topline.study.address import Address, parse_address

ClaimKind = Literal["figure", "waiver", "quote"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A link whose target begins with `#`: words bound to a figure, a quotation, or waived with a reason.

    `address` is None for waivers and quotes, and where the target cannot be read (`faults` says why). `note`
    is the link's title.
    """

    words: str
    target: str
    mark: Mark
    kind: ClaimKind
    address: Address | None = None
    note: str = ""
    faults: tuple[Finding, ...] = field(default=(), compare=False)

    @property
    def waives_words(self) -> str:
        """The reason for which the words, not the number, are waived; empty if they are not."""
        return (
            self.note.removeprefix("waive phrase:").strip() if self.note.startswith("waive phrase:") else ""
        )


@dataclass(frozen=True, slots=True)
class Prose:
    """One inline text with claims blanked out, for the search of numbers that are bound to nothing."""

    text: str
    place: Callable[[int], Mark] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed report. `tokens` are markdown-it's; a claim's `link_open` has it in `meta["claim"]`, a fenced
    block of Topline's its `Block` in `meta["block"]`, with its titles as inline tokens.
    """

    file: str
    tokens: tuple[Token, ...]
    claims: tuple[Claim, ...]
    blocks: tuple[Block, ...]
    prose: tuple[Prose, ...]
    faults: tuple[Finding, ...]


def read_document(text: str, file: str = "report.md") -> Document:
    """Parse a report. Faults of single claims and blocks are kept with them; nothing is raised."""
    return _Reader(text, file).read()


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.file, self.lines = file, text.splitlines()
        self.text = text
        self.claims: list[Claim] = []
        self.blocks: list[Block] = []
        self.prose: list[Prose] = []
        self.faults: list[Finding] = []
        self.environment: dict[str, object] = {}

    def read(self) -> Document:
        tokens = _markdown().parse(self.text, self.environment)
        row: tuple[int, int] = (-1, 0)  # in a table: source line of the row, column reached in it
        for token in tokens:
            if token.type == "inline" and token.map:
                place, row = self.places(token, row)
                self.inline(token, place)
            elif token.type == "fence" and token.map:
                self.fence(token, token.map[0])
        return Document(
            self.file,
            tuple(tokens),
            tuple(self.claims),
            tuple(self.blocks),
            tuple(self.prose),
            tuple(self.faults),
        )

    def places(self, token: Token, row: tuple[int, int]) -> tuple[Callable[[int], Mark], tuple[int, int]]:
        """From an offset in the token's content to a place in the file."""
        first = token.map[0] if token.map else 0
        parts = token.content.split("\n")
        columns: list[int] = []
        for number, part in enumerate(parts):
            source = self.lines[first + number] if first + number < len(self.lines) else ""
            begin = row[1] if row[0] == first and len(parts) == 1 else 0
            column = source.find(part, begin)
            if number or len(parts) > 1:  # a paragraph's line ends the source line; a cell or heading may not
                column = len(source.rstrip()) - len(part.rstrip())
            columns.append(max(column, 0))
        reached = (first, columns[-1] + len(parts[-1]))

        def place(offset: int) -> Mark:
            line = token.content.count("\n", 0, offset)
            start = token.content.rfind("\n", 0, offset) + 1
            return Mark(self.file, first + line + 1, columns[line] + offset - start + 1)

        return place, reached

    def inline(self, token: Token, place: Callable[[int], Mark]) -> None:
        text = token.content
        blank = list(text)
        for child in token.children or []:
            if child.type == "code_inline":
                for found in re.finditer(rf"`+\s?{re.escape(child.content)}\s?`+", text):
                    blank[found.start() : found.end()] = " " * len(found[0])
            if child.type != "link_open" or "start" not in child.meta:
                continue
            start, end = child.meta["start"], child.meta["end"]
            if not child.meta["href"].startswith("#"):
                start = max(text.rfind("](", start, end), text.rfind("][", start, end), start)
            else:
                child.meta["claim"] = self.claim(child, text, place)
                self.claims.append(child.meta["claim"])
            blank[start:end] = "\N{OBJECT REPLACEMENT CHARACTER}" * (end - start)
        self.prose.append(Prose("".join(blank), place))

    def claim(self, token: Token, text: str, place: Callable[[int], Mark]) -> Claim:
        start, end, target = token.meta["start"], token.meta["end"], token.meta["href"]
        words = _words(text[start:end])
        mark, note = place(start), str(token.attrGet("title") or "")
        if target == "#waive":
            faults = () if note else (Finding("claim_waiver_reason", {"words": words}, mark),)
            return Claim(words, target, mark, "waiver", note=note, faults=faults)
        if target.startswith("#quote="):
            return Claim(words, target, mark, "quote", note=note)
        inside = text.rfind("](#", start, end)
        at = place(inside + 2) if inside >= 0 else self.reference(target) or mark
        try:
            return Claim(words, target, mark, "figure", parse_address(target, at), note)
        except ToplineError as error:
            return Claim(words, target, mark, "figure", note=note, faults=error.findings)

    def reference(self, target: str) -> Mark | None:
        """Where the target stands that a reference link takes from the end of the file."""
        for number, line in enumerate(self.lines, start=1):
            found = re.match(r"\s{0,3}\[[^\]]+\]:\s*<?", line)
            if found and line[found.end() :].startswith(target):
                return Mark(self.file, number, found.end() + 1)
        return None

    def fence(self, token: Token, first: int) -> None:
        block = read_block(token.info, token.content, self.file, first + 1, self.column(token, first))
        if block is None:
            mark = Mark(self.file, first + 1, self.lines[first].find(token.markup) + 1)
            if fault := no_block(token.info, mark):
                self.faults.append(fault)
            return
        token.meta["block"] = block
        token.meta["titles"] = {}
        self.blocks.append(block)
        self.faults += block.faults
        for title in block.titles:
            (inline,) = _markdown().parseInline(title.text, self.environment)

            def place(offset: int, start: Mark = title.mark) -> Mark:
                return Mark(start.file, start.line, start.column + offset)

            self.inline(inline, place)
            token.meta["titles"][title.key] = inline

    def column(self, token: Token, first: int) -> int:
        """How far the lines of a fenced block are indented by what it stands in."""
        body = token.content.split("\n")[0]
        source = self.lines[first + 1] if first + 1 < len(self.lines) else ""
        return max(len(source) - len(body), 0) if body and source.endswith(body) else 0


def claims_in(tokens: list[Token] | None) -> Iterator[Claim]:
    """The claims of an inline token's children, in order."""
    for token in tokens or []:
        if token.type == "link_open" and "claim" in token.meta:
            yield token.meta["claim"]


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.inline.ruler.at("link", _link)
    return markdown


def _link(state: StateInline, silent: bool) -> bool:
    start, before = state.pos, len(state.tokens)
    if not link(state, silent):
        return False
    if not silent:
        opened = next(token for token in state.tokens[before:] if token.type == "link_open")
        opened.meta |= {"start": start, "end": state.pos, "href": unquote(str(opened.attrGet("href") or ""))}
    return True


def _words(source: str) -> str:
    """The words between the brackets of a link, on one line and without emphasis marks."""
    depth = 0
    for index, character in enumerate(source):
        if character == "[" and source[index - 1 : index] != "\\":
            depth += 1
        elif character == "]" and source[index - 1 : index] != "\\":
            depth -= 1
            if not depth:
                return re.sub(r"[*_`]", "", " ".join(source[1:index].split()))
    return source
