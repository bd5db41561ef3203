"""Numbers as people write them: “two-thirds”, “7 out of 10”, “36%”, “2,439”, “thirty-one per cent”.

`quantities(text)` finds them in a sentence; English only. Values are exact fractions: a third is a third.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

_VALUES: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_PARTS: Final = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip

_WORD = "|".join(sorted((*_VALUES, *_SCALES), key=len, reverse=True))
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_CARDINAL = rf"(?:{_DIGITS}|\b(?:a[ ]hundred|(?:{_WORD}))\b(?:[ -](?:and[ ])?(?:{_WORD})\b)*)"
_IN = r"(?:[ -]in[ -](?:every[ ])?|[ ]out[ ]of[ ](?:every[ ])?)"
_PART = "|".join(_PARTS)
_QUANTITY = re.compile(
    rf"(?P<low><\s?1\s?%)"
    rf"|(?<![\w.,])(?P<n>{_CARDINAL}){_IN}(?P<m>{_CARDINAL})(?![\w%])"
    rf"|(?<![\w.])(?P<percent>{_CARDINAL})(?:\s?%|[ ]per[ ]?cent\b)"
    rf"|\b(?:(?P<over>an?|{_WORD})[ -])?(?P<part>{_PART})s?\b"
    rf"|(?<![\w.])(?P<count>{_CARDINAL})(?![\w%])",
    re.IGNORECASE | re.VERBOSE,
)

Form = Literal["percent", "fraction", "ratio", "count", "low"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text, at `[start, end)`.

    `value`: points for `percent` (36), a share for `fraction` (1/3) and `ratio` (“7 out of 10”), a number
    for `count`, and 1 for `low` (“<1%”). `decimals` are those written; `digits`: not written in words.
    """

    form: Form
    value: Fraction
    start: int
    end: int
    text: str
    decimals: int = 0
    digits: bool = True

    @property
    def points(self) -> Fraction:
        """The value as a percentage; a count stays what it is."""
        return self.value * 100 if self.form in ("fraction", "ratio") else self.value


def quantities(text: str) -> Iterator[Quantity]:
    """Every number of `text` from left to right; line breaks count as spaces, none overlap."""
    flat = re.sub(r"\s", " ", text)
    at = 0
    while found := _QUANTITY.search(flat, at):
        quantity = _read(found)
        if quantity:
            yield quantity
        at = quantity.end if quantity else found.start() + 1


def cardinal(text: str) -> Fraction | None:
    """The number that digits or words stand for: `2,439`, `thirty-one`, `two thousand four hundred`.

    None if it is neither.

    >>> cardinal("two thousand four hundred and thirty-nine")
    Fraction(2439, 1)
    """
    if re.fullmatch(_DIGITS, text):
        return Fraction(text.replace(",", ""))
    total = group = 0
    last = 1_000_000_000
    for word in re.split(r"[ -]", text.lower()):
        if word in ("and", ""):
            continue
        if word in _SCALES or word == "a":
            scale = _SCALES.get(word, 1)
            if scale == 100:
                group = (group or 1) * 100
            elif scale > 1:
                total, group = total + (group or 1) * scale, 0
            last = scale
        elif word in _VALUES:
            value = _VALUES[word]
            if (value >= 10 and last < 100) or (value < 10 and last < 20):
                return None  # “seven two” is no number
            group, last = group + value, value
        else:
            return None
    return Fraction(total + group)


def _read(found: re.Match[str]) -> Quantity | None:
    start, end = found.span()
    if found["low"]:
        return Quantity("low", Fraction(1), start, end, found[0])
    if found["m"]:
        n, m = cardinal(found["n"]), cardinal(found["m"])
        if n is None or m is None or not 0 < n <= m or not 2 <= m <= 100:
            return _count(found["n"], start)
        return Quantity("ratio", n / m, start, end, found[0], digits=found["n"][0].isdigit())
    if found["percent"]:
        value = cardinal(found["percent"])
        return value if value is None else _percent(found, value)
    if part := found["part"]:
        return _fraction(found, _PARTS[part.lower()])
    return _count(found["count"], start)


def _percent(found: re.Match[str], value: Fraction) -> Quantity:
    written = found["percent"]
    return Quantity("percent", value, *found.span(), found[0], _decimals(written), written[0].isdigit())


def _fraction(found: re.Match[str], part: int) -> Quantity | None:
    over = (found["over"] or "").lower()
    if not over and part != 2:
        return None  # “the third chapter”, “this quarter”
    start = found.start() if over in ("a", "one", "") or part != 2 else found.start("part")
    above = 1 if over in ("", "a", "an") or part == 2 else _VALUES.get(over, 0)
    if not 0 < above < part:
        return None
    text = found.string[start : found.end()]
    return Quantity("fraction", Fraction(above, part), start, found.end(), text, digits=False)


def _count(written: str, start: int) -> Quantity | None:
    value = cardinal(written)
    if value is None:
        return None
    return Quantity(
        "count", value, start, start + len(written), written, _decimals(written), written[0].isdigit()
    )


def _decimals(written: str) -> int:
    return len(written.partition(".")[2])
