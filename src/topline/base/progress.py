"""How far long work is: one line on standard error, and only where somebody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import Final, TextIO, TypeVar

Item = TypeVar("Item")

_FIRST: Final = 0.5  # seconds before anything is shown: short work stays silent
_EVERY: Final = 0.1
_WIDTH: Final = 24


def progress(items: Sequence[Item], what: str, stream: TextIO | None = None) -> Iterator[Item]:
    """Go through `items`; after half a second show a bar, rewritten in place and taken away at the end.

    Nothing is shown where standard error is no terminal: files and other programs get no bars.
    """
    stream = stream or sys.stderr
    if not stream.isatty():
        yield from items
        return
    began = shown = time.monotonic()
    try:
        for done, item in enumerate(items):
            now = time.monotonic()
            if now - began >= _FIRST and now - shown >= _EVERY:
                shown = now
                full = _WIDTH * done // len(items)
                bar = "█" * full + "░" * (_WIDTH - full)
                print(f"\r{what} {bar} {done:,} of {len(items):,}", end="", file=stream, flush=True)
            yield item
    finally:
        if shown != began:
            print("\r\x1b[2K", end="", file=stream, flush=True)
