"""The phrase table (`phrases.toml`), and which of its phrases a piece of text holds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from topline.base.number_words import Quantity, quantities

_NOISE = 1e-7  # what a float may be off without being another figure


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers between two ends, each in (`[`) or out (`(`)."""

    low: float
    high: float
    low_in: bool
    high_in: bool

    @classmethod
    def read(cls, text: str) -> Interval:
        """Read `[0, 5)`. Raises ValueError if it is written otherwise."""
        found = re.fullmatch(r"([\[(])\s*(-?[\d.]+),\s*(-?[\d.]+)\s*([\])])", text)
        if not found:
            raise ValueError(f"phrases.toml: {text!r} is no interval; write [0, 5) for 0 up to and without 5")
        return cls(float(found[2]), float(found[3]), found[1] == "[", found[4] == "]")

    def __contains__(self, x: float) -> bool:
        """Whether `x` lies inside; the noise of floats neither brings a number in nor puts it out."""
        above = x >= self.low - _NOISE if self.low_in else x > self.low + _NOISE
        below = x <= self.high + _NOISE if self.high_in else x < self.high - _NOISE
        return above and below

    def around(self, n: float, cap: float | None = None) -> Interval:
        """The interval moved by `n`; neither end further from it than the share `cap` of it."""
        low, high = self.low, self.high
        if cap is not None:
            low, high = max(low, -cap * n), min(high, cap * n)
        return Interval(n + low, n + high, self.low_in, self.high_in)

    def times(self, n: float) -> Interval:
        """The interval as ratios of `n`."""
        return Interval(n * self.low, n * self.high, self.low_in, self.high_in)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row of the table; the comment at the top of `phrases.toml` explains each field."""

    id: str
    words: tuple[str, ...]
    takes: Literal["number", "nothing"]
    source: str
    accept: Interval | None = None
    warn: Interval | None = None
    counts: Interval | None = None
    counts_warn: Interval | None = None
    suits: Interval | None = None
    cap: float | None = None
    strict: bool = False
    clears: bool = False
    figure: bool = False
    start: bool = False
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bare:
    """How far a figure may lie from a number that stands alone."""

    fraction: float
    ratio: float
    cap: float
    low: Interval
    source: str


@dataclass(frozen=True)
class Table:
    """The whole table: profile, phrases, numbers alone, fractions that are offered."""

    profile: str
    phrases: tuple[Phrase, ...]
    bare: Bare
    fractions: tuple[tuple[str, Fraction], ...]

    def phrase(self, id: str) -> Phrase:
        """The phrase of that id."""
        return next(phrase for phrase in self.phrases if phrase.id == id)


@dataclass(frozen=True, slots=True)
class Use:
    """A phrase or number as it stands in a text, at `[start, end)`.

    `phrases` are those before the number, outermost first (“only about”), or the one that stands alone.
    """

    text: str
    start: int
    end: int
    phrases: tuple[Phrase, ...] = ()
    quantity: Quantity | None = None


@cache
def table() -> Table:
    """The table of the file that comes with Topline. Raises ValueError if the file is wrong."""
    return read_table(tomllib.loads(files("topline.claims").joinpath("phrases.toml").read_text("utf-8")))


def read_table(found: Mapping[str, Any]) -> Table:
    """Build the table from parsed TOML; a field that no phrase has is refused."""
    bare = found["bare"]
    low = Interval.read(bare["low"])
    return Table(
        profile=found["profile"],
        phrases=tuple(_phrase(row) for row in found["phrase"]),
        bare=Bare(bare["fraction"], bare["ratio"], bare["cap"], low, bare["source"]),
        fractions=tuple((row["words"], Fraction(*row["of"])) for row in found["fraction"]),
    )


def _phrase(row: Mapping[str, Any]) -> Phrase:
    intervals = ("accept", "warn", "counts", "counts_warn", "suits")
    fields: dict[str, Any] = {}
    for name, value in row.items():
        if name in intervals:
            fields[name] = Interval.read(value)
        else:
            fields[name] = tuple(value) if isinstance(value, list) else value
    return Phrase(**fields)


def uses(text: str, table: Table) -> tuple[Use, ...]:
    """What `text` says of a figure: numbers with the phrases before them, and phrases that stand alone.

    They don't overlap; of two that begin at one place the longer is taken (“more than half” is one phrase).
    """
    flat = re.sub(r"\s", " ", text)
    found = sorted((*_verbals(flat, table), *_numbers(flat, table)), key=lambda use: (use.start, -use.end))
    kept: list[Use] = []
    for use in found:
        if not kept or use.start >= kept[-1].end:
            kept.append(use)
    return tuple(kept)


def _numbers(text: str, table: Table) -> Iterator[Use]:
    modifiers = {
        words: phrase for phrase in table.phrases if phrase.takes == "number" for words in phrase.words
    }
    pattern = _pattern(modifiers, before=r"(?:^|(?<=\W))", after=r"\s+$")
    for quantity in quantities(text):
        start, phrases = quantity.start, list[Phrase]()
        while before := pattern.search(text, 0, start):
            phrases.insert(0, modifiers[before[1].lower()])
            start = before.start(1)
        yield Use(text[start : quantity.end], start, quantity.end, tuple(phrases), quantity)


def _verbals(text: str, table: Table) -> Iterator[Use]:
    alone = {words: phrase for phrase in table.phrases if phrase.takes == "nothing" for words in phrase.words}
    for found in _pattern(alone, before=r"\b", after=r"\b").finditer(text):
        phrase = alone[found[1].lower()]
        before = re.findall(r"[\w'’]+", text[: found.start()].lower())[-1:]
        after = re.findall(r"[\w'’]+", text[found.end() :].lower())[:1]
        elsewhere = (phrase.start and before) or set(before) & set(phrase.not_after)
        if elsewhere or set(after) & set(phrase.not_before):
            continue
        yield Use(found[1], *found.span(1), (phrase,))


def _pattern(words: Mapping[str, Phrase], before: str, after: str) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(f"{before}({'|'.join(map(re.escape, longest_first))}){after}", re.IGNORECASE)
