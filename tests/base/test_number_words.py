"""Numbers as people write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topline.base.number_words import cardinal, quantities

UP_TO_19 = {
    0: "zero", 1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight",
    9: "nine", 10: "ten", 11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen",
    16: "sixteen", 17: "seventeen", 18: "eighteen", 19: "nineteen",
}  # fmt: skip
TENS = {2: "twenty", 3: "thirty", 4: "forty", 5: "fifty", 6: "sixty", 7: "seventy", 8: "eighty", 9: "ninety"}


def spell(n: int) -> str:
    """An independent way from a number to its words."""
    if n >= 1000:
        rest = n % 1000
        return spell(n // 1000) + " thousand" + (" " + spell(rest) if rest else "")
    if n >= 100:
        return f"{spell(n // 100)} hundred" + (" and " + spell(n % 100) if n % 100 else "")
    if n >= 20:
        return TENS[n // 10] + ("-" + UP_TO_19[n % 10] if n % 10 else "")
    return UP_TO_19[n]


@given(st.integers(0, 999_999))
def test_cardinals_are_read_as_they_are_spelled(n: int) -> None:
    """Words and digits of every number below a million give that number."""
    assert cardinal(spell(n)) == n
    assert cardinal(f"{n:,}") == n
    assert cardinal(str(n)) == n


@pytest.mark.parametrize("text", ["seven two", "respondents", "twenty twelve", "three thirty"])
def test_other_words_are_no_cardinal(text: str) -> None:
    """Number words that don't make one number give None."""
    assert cardinal(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("over a third (36%)", [("fraction", Fraction(1, 3), "a third"), ("percent", Fraction(36), "36%")]),
        ("over 7 out of 10", [("ratio", Fraction(7, 10), "7 out of 10")]),
        ("Nine in ten", [("ratio", Fraction(9, 10), "Nine in ten")]),
        ("one-in-five of them", [("ratio", Fraction(1, 5), "one-in-five")]),
        ("1 in every 5", [("ratio", Fraction(1, 5), "1 in every 5")]),
        ("two-thirds, three quarters", [("fraction", Fraction(2, 3), "two-thirds"),
                                        ("fraction", Fraction(3, 4), "three quarters")]),
        ("a half; half", [("fraction", Fraction(1, 2), "a half"), ("fraction", Fraction(1, 2), "half")]),
        ("36.5 per cent", [("percent", Fraction(73, 2), "36.5 per cent")]),
        ("thirty-one percent", [("percent", Fraction(31), "thirty-one percent")]),
        ("2,439 people", [("count", Fraction(2439), "2,439")]),
        ("more than thirty thousand", [("count", Fraction(30_000), "thirty thousand")]),
        ("<1% of them", [("low", Fraction(1), "<1%")]),
        ("31 in 2013", [("count", Fraction(31), "31"), ("count", Fraction(2013), "2013")]),
        ("a\nthird", [("fraction", Fraction(1, 3), "a third")]),
        ("the third chapter of this quarter", []),
        ("COVID19, v2.3.1b, someone", []),
        ("six of the nine", [("count", Fraction(6), "six"), ("count", Fraction(9), "nine")]),
    ],
)  # fmt: skip
def test_numbers_in_a_sentence(text: str, expected: list[tuple[str, Fraction, str]]) -> None:
    """Percentages, fractions, ratios and counts are found with their values and their words."""
    assert [(q.form, q.value, q.text) for q in quantities(text)] == expected


@given(st.text(alphabet="a third0159,.%<inoutfhalf -\n", max_size=40))
def test_places_lie_in_the_text_and_never_overlap(text: str) -> None:
    """Whatever the text, spans are within it, in order, and hold the words given."""
    end = 0
    for quantity in quantities(text):
        assert end <= quantity.start < quantity.end <= len(text)
        assert text[quantity.start : quantity.end].replace("\n", " ") == quantity.text
        end = quantity.end


def test_decimals_are_those_written() -> None:
    """36.0% has one decimal, 36% none."""
    assert [q.decimals for q in quantities("36% or 36.0%")] == [0, 1]
