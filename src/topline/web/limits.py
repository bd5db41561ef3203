"""Limits that the door, the pages and the forms on paper share."""

from typing import Final

MAX_BODY: Final = 65_536  # bytes of a form; more is refused unread
LONGEST: Final = 2_000  # characters of an open answer without a limit of its own
LONGEST_BESIDE: Final = 500  # characters beside an option without a limit of its own
