"""Whether words hold for a figure, and which other words would.

Shares are in points (0 to 100) and unrounded. Rounding happens once, here, half up, to compare with a printed
number; a strict phrase must hold for the unrounded and for the printed figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from topline.base import half_up
from topline.base.number_words import Quantity, quantities
from topline.claims.phrases import Interval, Phrase, Table, Use, uses
from topline.disclosure.released import Figure

Level = Literal["fails", "unit", "base", "weak", "clears", "review", "figure"]
_OFFERED = 3
_HALF = Fraction(50)


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not hold: `part` of the words, and what it needs (None: a number that is another one)."""

    level: Level
    part: str
    needs: Interval | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the words say of a figure. `read` parts were held against it, `unread` ones not."""

    problems: tuple[Problem, ...]
    read: tuple[str, ...]
    unread: tuple[str, ...]


def judge(words: str, figure: Figure, decimals: int, table: Table) -> Verdict:
    """Hold the words of a claim against its figure, which must not be hidden.

    `decimals` are those with which the study prints shares. Raises ValueError for a hidden figure.
    """
    if figure.value is None:
        raise ValueError(f"{figure.address} is hidden")
    judging = _Judging(words, figure, figure.value, decimals, table)
    for use in uses(words, table):
        judging.use(use)
    return Verdict(tuple(judging.problems), tuple(judging.read), tuple(judging.unread))


def offers(words: str, figure: Figure, decimals: int, table: Table) -> tuple[str, ...]:
    """Up to three wordings that hold for the figure: the same words with true digits first, then the nearest.

    Each of them passes `judge` without a word.
    """
    share = _printed(figure, decimals)
    spoken = any(use.quantity is None for use in uses(words, table))
    candidates = [_same_words(words, figure, decimals)]
    if figure.unit == "percent":
        kinds = (_verbal(share, table), _fractions(share, figure, table))
        for kind in kinds if spoken else reversed(kinds[1:]):
            candidates += kind
    candidates.append(share)
    found: list[str] = []
    for candidate in candidates:
        text = candidate[:1].upper() + candidate[1:] if words[:1].isupper() else candidate
        if text != words and text not in found and not judge(text, figure, decimals, table).problems:
            found.append(text)
    return tuple(found[:_OFFERED])


class _Judging:
    def __init__(self, words: str, figure: Figure, value: float, decimals: int, table: Table) -> None:
        self.words, self.figure, self.value = words, figure, value
        self.table = table
        self.printed = float(half_up(value, decimals)) if figure.unit == "percent" else value
        self.problems: list[Problem] = []
        self.read: list[str] = []
        self.unread: list[str] = []
        self.has_figure = any(True for _ in quantities(words))

    def use(self, use: Use) -> None:
        quantity = use.quantity
        if quantity is None:
            self.alone(use, use.phrases[0])
        elif self.figure.unit == "percent" and quantity.form == "count":
            self.other_count(use, quantity)
        elif self.figure.unit != "percent" and quantity.form != "count":
            self.read.append(use.text)
            self.problem("unit", use.text)
        else:
            self.number(use, quantity)

    def alone(self, use: Use, phrase: Phrase) -> None:
        if self.figure.unit != "percent":
            return
        self.read.append(use.text)
        if phrase.figure:
            if not self.has_figure:
                self.problem("figure", use.text)
        elif phrase.accept:
            self.interval(use.text, phrase, phrase.accept, phrase.warn)
        if phrase.clears:
            self.clears(use.text, above=self.value > 50)

    def number(self, use: Use, quantity: Quantity) -> None:
        self.read.append(use.text)
        if self.figure.unit == "percent" and quantity.form == "low":
            self.interval(use.text, None, self.table.bare.low, None)
            return
        n = float(quantity.points)
        placed = False
        for phrase in use.phrases:
            accept, warn = self.moved(phrase, n)
            if accept:
                self.interval(use.text, phrase, accept, warn)
                placed = True
            if phrase.suits and self.figure.unit == "percent" and self.value not in phrase.suits:
                self.problem("review", phrase.words[0] if len(use.phrases) == 1 else use.text, phrase.suits)
            if phrase.clears and quantity.points == _HALF and self.figure.unit == "percent":
                self.clears(use.text, above=True)
        if not placed:
            self.bare(use, quantity, n)

    def moved(self, phrase: Phrase, n: float) -> tuple[Interval | None, Interval | None]:
        if self.figure.unit == "percent":
            accept, warn = phrase.accept, phrase.warn
            return accept and accept.around(n, phrase.cap), warn and warn.around(n, phrase.cap)
        counts, counts_warn = phrase.counts, phrase.counts_warn
        return counts and counts.times(n), counts_warn and counts_warn.times(n)

    def bare(self, use: Use, quantity: Quantity, n: float) -> None:
        if quantity.form in ("percent", "count"):
            if half_up(self.value, quantity.decimals) != half_up(quantity.value, quantity.decimals):
                self.problem("fails", use.text)
            return
        bare = self.table.bare
        off = bare.fraction if quantity.form == "fraction" else bare.ratio
        self.interval(use.text, None, Interval(-off, off, True, True).around(n, bare.cap), None)

    def other_count(self, use: Use, quantity: Quantity) -> None:
        """A count in a claim of a share: “of the 2,439” is its base, a year no figure, all else unread."""
        if re.search(r"\bof\s+(?:the|all|our|those)?\s*$", self.words[: use.start], re.IGNORECASE):
            self.read.append(use.text)
            if self.figure.base is not None and quantity.value != self.figure.base:
                self.problem("base", use.text)
        elif not is_year(quantity):
            self.unread.append(use.text)

    def interval(self, part: str, phrase: Phrase | None, accept: Interval, warn: Interval | None) -> None:
        strict = phrase is not None and phrase.strict
        levels = [_level(x, accept, warn) for x in ((self.value, self.printed) if strict else (self.value,))]
        worst: Level | None = "fails" if "fails" in levels else "weak" if "weak" in levels else None
        if worst:
            self.problem(worst, part, accept)

    def clears(self, part: str, above: bool) -> None:
        """A majority must be one at the lower end of its interval as well, a minority at the upper end."""
        low, high = self.figure.low, self.figure.high
        if low is None or high is None or any(p.part == part for p in self.problems):
            return
        if (above and low <= 50) or (not above and high >= 50):
            self.problem("clears", part)

    def problem(self, level: Level, part: str, needs: Interval | None = None) -> None:
        self.problems.append(Problem(level, part, needs))


def is_year(quantity: Quantity) -> bool:
    """Whether a number in a text reads as a year: four digits without a comma, 1800 to 2099."""
    return bool(re.fullmatch(r"(?:18|19|20)\d\d", quantity.text))


def _level(x: float, accept: Interval, warn: Interval | None) -> Level | None:
    if x in accept:
        return None
    return "weak" if warn and x in warn else "fails"


def _printed(figure: Figure, decimals: int) -> str:
    value = figure.value or 0.0
    if figure.unit != "percent":
        return f"{half_up(value, 0 if figure.unit == 'count' else 1):,}"
    return "<1%" if 0 < value < 0.5 and not decimals else f"{half_up(value, decimals)}%"


def _same_words(words: str, figure: Figure, decimals: int) -> str:
    """The words with true digits: a percentage becomes the figure's, at the decimals that were written."""
    out, at = "", 0
    for quantity in quantities(words):
        exact = quantity.form == ("percent" if figure.unit == "percent" else "count")
        if not exact or not quantity.digits:
            continue
        if figure.unit == "percent":
            true = _printed(figure, quantity.decimals or decimals)
        else:
            true = f"{half_up(figure.value or 0.0, quantity.decimals):,}"
        out, at = out + words[at : quantity.start] + true, quantity.end
    return out + words[at:]


def _verbal(share: str, table: Table) -> Iterator[str]:
    """Phrases that stand alone, the strongest first."""
    for id in (
        "almost_all", "overwhelming_majority", "vast_majority", "large_majority", "majority",
        "hardly_any", "few", "small_minority", "minority",
    ):  # fmt: skip
        yield f"{table.phrase(id).words[0]} ({share})"


def _fractions(share: str, figure: Figure, table: Table) -> Iterator[str]:
    """Common fractions, the nearest first, with the words that might make them true."""
    value = figure.value or 0.0
    nearest = sorted(table.fractions, key=lambda named: abs(float(named[1]) * 100 - value))
    for words, _ in nearest[:2]:
        for before in ("", "just over ", "just under ", "about "):
            yield f"{before}{words} ({share})"
    yield share
    for words, _ in nearest[:2]:
        for before in ("more than ", "less than "):
            yield f"{before}{words} ({share})"
