"""Cells of a CSV file that a program for tables would take for a formula."""

from __future__ import annotations

from typing import Final

#: How a cell begins that Excel and LibreOffice compute (OWASP, CSV Injection).
_BEGINNINGS: Final = ("=", "+", "-", "@", "\t", "\r")


def no_formula(text: str) -> str:
    """A text as a cell that is shown and never computed: behind an apostrophe if it begins like a formula.

    For words alone: a number may begin with a minus.
    """
    return f"'{text}" if text.startswith(_BEGINNINGS) else text


def guarded(text: str) -> str:
    """The same where the cell is read back: taking one apostrophe away always gives the text again."""
    return f"'{text}" if text.startswith((*_BEGINNINGS, "'")) else text
