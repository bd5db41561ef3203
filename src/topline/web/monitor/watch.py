"""What the counters hear of a request: read from the outside of the pages, after the answer is ready.

A page is *reached* by who starts or saves the page before it for the first time, *answered* by its first
save, so that reloading counts nothing. The moment of a start is kept in memory under a key that dies with the
process, to tell how many minutes an interview took in wide bands.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from topline.study.compiled import Compiled
from topline.web.monitor.counters import BANDS, Counting

_PAGE: Final = re.compile(r"(?:/i/[a-z0-9]+)?/p/([a-z0-9_.]+)")
_FIRST: Final = re.compile(rb"(?:^|&)\.version=0(?:&|$)")
_LIMITS: Final = (5, 10, 20, 40, 80)  # of the bands, in minutes
_REMEMBERED: Final = 10_000  # people who are under way; the oldest is forgotten first


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
        self._started: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()

    def heard(
        self, path: str, query: str, body: bytes, status: int, onward: str | None, who: str, agent: str
    ) -> None:
        """One POST that was answered. `who` is the token of the link or the cookie, `onward` the redirect."""
        if status != 303 or onward is None:
            return
        here, there = _PAGE.fullmatch(path), _PAGE.search(onward.partition("?")[0])
        if path.endswith("/start"):
            if self._begins(who):
                self.counting.add("device", device_of(agent))
                self._reached(there)
        elif here is not None and _FIRST.search(body) and here[1] in self._pages:
            self.counting.add("answered", here[1])
            self._reached(there)
        elif path.endswith("/send") and onward.partition("?")[0].endswith("/done"):
            self._ends(who, query)

    def _reached(self, there: re.Match[str] | None) -> None:
        if there is not None and there[1] in self._pages:
            self.counting.add("reached", there[1])

    def _begins(self, who: str) -> bool:
        """Whether this is the first start of a person that this process knows of."""
        key = self._key(who)
        with self._lock:
            if key in self._started:
                return False
            self._started[key] = self._clock()
            if len(self._started) > _REMEMBERED:
                self._started.popitem(last=False)
        return True

    def _ends(self, who: str, query: str) -> None:
        with self._lock:
            begun = self._started.get(self._key(who))
            if begun is None or begun < 0:
                return
            self._started[self._key(who)] = -1.0  # sent twice counts once
        self.counting.add("minutes", band_of((self._clock() - begun) / 60))
        asked = query.partition("lang=")[2].partition("&")[0]
        self.counting.add("language", asked if asked in self._languages else self._first_language)

    def _key(self, who: str) -> bytes:
        return hashlib.blake2b(who.encode("utf-8", "replace"), key=self._salt, digest_size=16).digest()


def band_of(minutes: float) -> str:
    """The wide band of a number of minutes."""
    return BANDS[sum(minutes >= limit for limit in _LIMITS)]


def device_of(agent: str) -> str:
    """`phone`, `tablet` or `computer`, from what a browser calls itself."""
    said = agent.lower()
    if "ipad" in said or "tablet" in said or ("android" in said and "mobile" not in said):
        return "tablet"
    return "phone" if "mobi" in said or "iphone" in said else "computer"
