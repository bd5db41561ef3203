"""Answers of one person, as the route and the checks read them.

An answer is the name of an option (`str`), a `frozenset` of names (multiple response), a tuple of names in
order (rank), a `Decimal`, a `date`, a `str` (open text), or a `NoAnswer` with its missing kind. A variable
that is not in the mapping has not been reached: it reads as missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A missing kind in the place of an answer (SEMANTICS.md section 1)."""

    kind: str


Answer = str | frozenset[str] | tuple[str, ...] | Decimal | date | NoAnswer
Answers = Mapping[str, Answer]
