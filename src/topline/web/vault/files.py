"""Keys on disk: written once, read by place, overwritten in place; every write is on the disk on return."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from topline.web.keys import KEY

_CHUNK: Final = 1 << 20


class KeyFile:
    """A file of keys of 32 bytes each, opened once; reading a key is one system call."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = os.open(path, os.O_RDWR)
        self.number = os.fstat(self._handle).st_size // KEY

    def read(self, place: int) -> bytes:
        """The key at a place; IndexError beyond the end."""
        found = os.pread(self._handle, KEY, place * KEY) if 0 <= place < self.number else b""
        if len(found) != KEY:
            raise IndexError(f"{self.path.name} has no key {place}")
        return found

    def overwrite(self, place: int) -> None:
        """Put fresh random bytes where a key was."""
        if not 0 <= place < self.number:
            raise IndexError(f"{self.path.name} has no key {place}")
        os.pwrite(self._handle, secrets.token_bytes(KEY), place * KEY)
        os.fdatasync(self._handle)

    def overwrite_all(self, reached: Callable[[int], None]) -> None:
        """Put fresh random bytes over every key, in three steps; `reached` hears of each."""
        third = -(-self.number // 3)
        for step in range(3):
            first, last = step * third, min((step + 1) * third, self.number)
            os.pwrite(self._handle, secrets.token_bytes(max(0, last - first) * KEY), first * KEY)
            os.fsync(self._handle)
            reached(step + 1)

    def close(self) -> None:
        """Close the file; a second time does nothing, as the number may be another file's by then."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, readable by its owner alone; FileExistsError if it is."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        for piece in _pieces(content):
            os.write(handle, piece)
        os.fsync(handle)
    finally:
        os.close(handle)


def append(path: Path, content: bytes) -> None:
    """Add to the end of a file."""
    with path.open("ab") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Bring names made or removed in a folder onto the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _CHUNK):
        yield content[start : start + _CHUNK]
