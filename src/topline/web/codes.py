"""Codes that people type: 12 letters and digits of Crockford's alphabet (60 bits) and a check letter.

The alphabet has no I, L, O and U: what is typed for them is read as 1, 1, 0, and refused. The check letter is
a sum over the field of 32 elements with powers of a generator as weights, so that one wrong letter, and two
neighbours that changed places, are always found.
"""

from __future__ import annotations

from typing import Final

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans("ILO", "110", "- ")
LENGTH: Final = 12
_POLYNOMIAL: Final = 0b100101  # x^5 + x^2 + 1, primitive


def code_of(bits: int) -> str:
    """The code of 60 bits, with its check letter: 13 letters and digits."""
    letters = "".join(_LETTERS[(bits >> 5 * place) & 31] for place in reversed(range(LENGTH)))
    return letters + _check(letters)


def printed(code: str) -> str:
    """A code as it is printed: 4-4-4-1."""
    return "-".join((code[:4], code[4:8], code[8:12], code[12:]))


def read_code(text: str) -> str | None:
    """A code as somebody typed it: small letters, hyphens and blanks are no fault; None if it is none."""
    code = text.upper().translate(_READ_AS)
    if len(code) != LENGTH + 1 or any(letter not in _LETTERS for letter in code):
        return None
    return code if _check(code[:-1]) == code[-1] else None


def _check(letters: str) -> str:
    total = 0
    for letter in letters:
        total = _times_x(total ^ _LETTERS.index(letter))
    return _LETTERS[total]


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _POLYNOMIAL if doubled & 32 else doubled
