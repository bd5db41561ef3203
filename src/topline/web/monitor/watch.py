"""What the counters hear of a request: read from the outside of the pages, after the answer is ready.

A page is *reached* by who starts or saves the page before it for the first time, *answered* by its first
save. What was counted of a person, and the moment of the start, are kept in memory under a key that dies
with the process: so everybody counts once, and the minutes of an interview fall into wide bands.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from topline.study.compiled import Compiled
from topline.web.monitor.counters import BANDS, Counting, Key

_PAGE: Final = re.compile(r"(?:/i/[a-z0-9]+)?/p/([a-z0-9_.]+)")
_FIRST: Final = re.compile(rb"(?:^|&)\.version=0(?:&|$)")
_LIMITS: Final = (5, 10, 20, 40, 80)  # of the bands, in minutes
_REMEMBERED: Final = 10_000  # people who are under way; the oldest is forgotten first


@dataclass(slots=True)
class _Visit:
    """What is remembered of one person: the start, if this process saw it, and what was counted."""

    begun: float | None = None
    counted: set[Key] = field(default_factory=set)


class Watch:
    """Counts one study's visits. `clock` is for tests."""

    def __init__(
        self, compiled: Compiled, counting: Counting, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.counting, self._clock = counting, clock
        self._first_language = compiled.languages[0]
        self._languages = frozenset(compiled.languages)
        self._pages = frozenset(screen.name for screen in compiled.screens)
        self._salt = secrets.token_bytes(16)
        self._visits: OrderedDict[bytes, _Visit] = OrderedDict()
        self._lock = threading.Lock()

    def heard(
        self, path: str, query: str, body: bytes, status: int, onward: str | None, who: str, agent: str
    ) -> None:
        """One POST that was answered. `who` is the token of the link or the cookie, `onward` the redirect."""
        if status != 303 or onward is None:
            return
        target = onward.partition("?")[0]
        here, there = _PAGE.fullmatch(path), _PAGE.search(target)
        with self._lock:
            visit = self._visit(who)
            if path.endswith("/start"):
                if visit.begun is None and not visit.counted:
                    visit.begun = self._clock()
                self._add(visit, "device", device_of(agent), whole=True)
                self._reached(visit, there)
            elif here is not None and _FIRST.search(body) and here[1] in self._pages:
                self._add(visit, "answered", here[1])
                self._reached(visit, there)
            elif path.endswith("/send") and target.endswith("/done") and visit.begun is not None:
                self._add(visit, "minutes", band_of((self._clock() - visit.begun) / 60), whole=True)
                self._add(visit, "language", self._language(query), whole=True)

    def _visit(self, who: str) -> _Visit:
        key = hashlib.blake2b(who.encode("utf-8", "replace"), key=self._salt, digest_size=16).digest()
        visit = self._visits.setdefault(key, _Visit())
        if len(self._visits) > _REMEMBERED:
            self._visits.popitem(last=False)
        return visit

    def _reached(self, visit: _Visit, there: re.Match[str] | None) -> None:
        if there is not None and there[1] in self._pages:
            self._add(visit, "reached", there[1])

    def _add(self, visit: _Visit, name: str, bucket: str, *, whole: bool = False) -> None:
        """Count once for a person: of a `whole` family, whichever bucket comes first."""
        key = (name, "" if whole else bucket)
        if key not in visit.counted:
            visit.counted.add(key)
            self.counting.add(name, bucket)

    def _language(self, query: str) -> str:
        asked = query.partition("lang=")[2].partition("&")[0]
        return asked if asked in self._languages else self._first_language


def band_of(minutes: float) -> str:
    """The wide band of a number of minutes."""
    return BANDS[sum(minutes >= limit for limit in _LIMITS)]


def device_of(agent: str) -> str:
    """`phone`, `tablet` or `computer`, from what a browser calls itself."""
    said = agent.lower()
    if "ipad" in said or "tablet" in said or ("android" in said and "mobile" not in said):
        return "tablet"
    return "phone" if "mobi" in said or "iphone" in said else "computer"
