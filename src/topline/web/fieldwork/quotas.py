"""Quotas: how many answers are wanted of a group. Only groups that are kept beside the answers can have one.

A quota closes in steps of ten: whether a group is full changes only at 10, 20, 30 ... finished interviews, so
that nobody who tries a link learns of one colleague's answer.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from topline.web.fieldwork.promise import Promise
from topline.web.store.engines import Engine

STEP: Final = 10
_FRESH: Final = 5.0  # seconds that a count is good for


class Quotas:
    """The quotas of one study; without any, nothing is ever counted."""

    def __init__(
        self, engine: Engine, study: str, promise: Promise, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine, self._study, self._wanted, self._clock = engine, study, promise.quotas, clock
        self._until, self._full = -1.0, frozenset[tuple[str, str]]()

    def full(self, cell: str) -> bool:
        """Whether somebody of these groups is wanted no more."""
        if not self._wanted:
            return False
        if self._clock() >= self._until:
            self._full, self._until = self._counted(), self._clock() + _FRESH
        return any(pair in self._full for pair in json.loads(cell).items())

    def _counted(self) -> frozenset[tuple[str, str]]:
        rows = self._engine.rows(
            "select cell, count(*) from invite where study = ? and state = 'finished' group by cell",
            self._study,
        )
        finished: Counter[tuple[str, str]] = Counter()
        for cell, number in rows:
            for pair in json.loads(cell).items():
                finished[pair] += number
        return frozenset(
            (name, group)
            for name, groups in self._wanted.items()
            for group, wanted in groups.items()
            if finished[name, group] // STEP * STEP >= wanted
        )
