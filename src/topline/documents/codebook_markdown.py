"""The codebook as Markdown: one page, readable as it stands and on every host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from topline.base.words import words
from topline.documents.codebook import Block, Codebook, Value

_PARTS = {"attribute": "attributes", "split": "splits", "derived": "derived", "file": "files"}


def codebook_markdown(book: Codebook) -> str:
    """The codebook as one page of Markdown."""
    return "\n".join(_Page(book).lines()).rstrip("\n") + "\n"


class _Page:
    def __init__(self, book: Codebook) -> None:
        self.book = book

    def word(self, id: str, **values: object) -> str:
        return words(f"codebook-{id}", self.book.own, **values)

    def lines(self) -> Iterator[str]:
        book = self.book
        yield from (f"# {self.word('title', title=_text(book.title))}", "")
        yield from (f"- **{fact.label}**: {_text(fact.text)}" for fact in book.facts)
        yield ""
        if book.translation_note:
            yield from (book.translation_note, "")
        if book.conditions:
            yield from self.conditions()
        for title, blocks in groupby(book.blocks, self.part):
            yield from (f"## {_text(title)}", "")
            for block in blocks:
                yield from self.block(block)

    def part(self, block: Block) -> str:
        if block.source != "question":
            return self.word(_PARTS[block.source])
        return self.book.sections.get(block.section) or self.word("other-questions")

    def conditions(self) -> Iterator[str]:
        yield from (f"## {self.word('who-is-asked')}", "", self.word("who-intro"), "")
        yield from _head(self.word("question"), self.word("condition"), self.word("in-words"))
        for block in self.book.conditions:
            if block.asked:
                question = f"`{block.name}` {_cell(block.label)}"
                yield _row(question, f"`{block.asked.condition}`", _cell(block.asked.who))
        yield ""

    def block(self, block: Block) -> Iterator[str]:
        yield from (f"### `{block.name}` {_text(block.label)}", "")
        if block.text:
            yield from ("\n".join(f"> {_text(line)}" for line in block.text.splitlines()), "")
        if block.hint:
            yield from (f"*{self.word('hint')}*: {_text(block.hint)}", "")
        yield from (f"- {line}" for line in self.facts(block))
        yield ""
        if len(block.columns) > 1:
            yield from self.columns(block)
        if block.columns[0].values:
            yield from self.values(block)

    def facts(self, block: Block) -> Iterator[str]:
        (first, *more) = block.columns
        yield f"{self.word('kind')}: {block.kind}"
        if not more:
            yield f"{self.word('column')}: {f'`{first.name}`' if first.name else self.word('no-column')}"
        if block.asked:
            yield _text(block.base)
            if condition := block.asked.condition:
                yield f"{self.word('asked-if')}: `{condition}`"
        if block.low or block.high:
            yield f"{self.word('range')}: {spanned(self.book, block)}"
        if block.decimals is not None:
            yield f"{self.word('decimals')}: {block.decimals}"
        for note in block.orders:
            yield f"{self.word('order')}: {_text(note)}"
        for rule, say in block.checks:
            yield f"{self.word('check')}: `{rule}`; {_text(say)}"
        for net in block.nets:
            names = ", ".join(f"`{name}`" for name in net.of)
            yield f"{self.word('nets')} `{net.name}` {_text(net.label)}: {names}"
        yield from map(_text, block.notes)

    def columns(self, block: Block) -> Iterator[str]:
        yield from _head(self.word("column"), self.word("variable"), self.word("item"))
        yield from (_row(f"`{c.name}`", f"`{c.variable}`", _cell(c.label)) for c in block.columns)
        yield ""

    def values(self, block: Block) -> Iterator[str]:
        scores = list(block.scores)
        titles = [self.word("score", name=name) for name in scores]
        yield from _head(self.word("code"), self.word("name"), self.word("answer"), *titles)
        for value in block.columns[0].values:
            numbers = [block.scores[name].get(value.name, "") for name in scores]
            yield _row(f"`{value.code}`", f"`{value.name}`", self.answer(value), *numbers)
        yield ""

    def answer(self, value: Value) -> str:
        if not value.missing:
            return _cell(value.label)
        rule = self.word("missing-in-base" if value.in_base else "missing-not-in-base")
        return f"{_cell(value.label)} ({rule})"


def spanned(book: Codebook, block: Block) -> str:
    """The range of a number or date, in words; open at an end that is not declared."""
    if block.low and block.high:
        return words("range", book.own, low=block.low, high=block.high)
    return words("range-low" if block.low else "range-high", book.own, low=block.low, high=block.high)


def _head(*titles: str) -> Iterator[str]:
    yield _row(*titles)
    yield _row(*("---" for _ in titles))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    """Keep the author's words from being read as Markdown, in prose, quotes and headings; on one line."""
    text = " ".join(text.split())
    for sign in "\\`*_[]<":
        text = text.replace(sign, f"\\{sign}")
    return re.sub(r"^(\d*)(?=[.)#+=-]+(?:\s|$)|>)", r"\1\\", text)


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")
