"""A bucket of tokens for wrong links: many misses are slowed down, a right link never is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Bucket:
    """`size` misses at once, then `rate` a second, whoever they come from."""

    def __init__(self, size: int, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._rate, self._clock = size, rate, clock
        self._left, self._last = float(size), clock()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether one more miss is answered in full."""
        with self._lock:
            now = self._clock()
            self._left = min(self._size, self._left + (now - self._last) * self._rate)
            self._last = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
