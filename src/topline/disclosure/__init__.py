"""The only door to publication: what is released is safe to print, and nothing else is to be had."""

from topline.disclosure.release import Request, release
from topline.disclosure.released import (
    CONFIDENTIAL,
    UNAVAILABLE,
    UNRELIABLE,
    Column,
    Contrast,
    Figure,
    Released,
    ReleasedTable,
    Row,
    TableRequest,
)

__all__ = [
    "CONFIDENTIAL",
    "UNAVAILABLE",
    "UNRELIABLE",
    "Column",
    "Contrast",
    "Figure",
    "Released",
    "ReleasedTable",
    "Request",
    "Row",
    "TableRequest",
    "release",
]
