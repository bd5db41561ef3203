"""Limits that the door and the pages share."""

from typing import Final

MAX_BODY: Final = 65_536  # bytes of a form; more is refused unread
