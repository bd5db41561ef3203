"""The file of a backup: a zip with a manifest, each table as lines of JSON, and the studies' own files.

A line of a table is a list of values in the order of its first line, which names the columns; bytes are
written as {"hex": ...}. The manifest holds the SHA-256 of every member, so that a damaged file is refused
whole. It is readable by its owner alone: it holds the addresses of the people.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, Final

from topline.base import Mark, fail
from topline.web.store.engines import Row
from topline.web.store.kinds import dump

_MANIFEST: Final = "topline-backup.json"
_FORMAT: Final = 1
_MOST_FILES: Final = 10_000
_MOST_BYTES: Final = 20_000_000_000  # of all members, as the zip says and as they are read
_CHUNK: Final = 1 << 20
_STUDY: Final = re.compile(r"[a-z][a-z0-9_]*")
_STATES: Final = ("listed", "open", "closing", "written", "done")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `hour` in UTC; `rows` by table; `sums` the SHA-256 of each member.

    `studies`: the state of the release (`open`, `closing`, `written`, `done`; `listed` before a launch).
    """

    hour: str
    store: int
    studies: Mapping[str, str]
    rows: Mapping[str, int]
    sums: Mapping[str, str]
    format: int = _FORMAT


class Writer:
    """Writes the members of a backup that is being made."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.rows: dict[str, int] = {}
        self.sums: dict[str, str] = {}

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Write one table, row by row."""
        number, member, sum = 0, f"tables/{name}.jsonl", sha256()
        with self._file.open(member, "w", force_zip64=True) as target:
            for line in _lines(columns, rows):
                sum.update(line)
                target.write(line)
                number += 1
        self.rows[name], self.sums[member] = number - 1, sum.hexdigest()

    def file(self, member: str, content: bytes) -> None:
        """Write one file of a study."""
        self._file.writestr(member, content)
        self.sums[member] = sha256(content).hexdigest()

    def finish(self, hour: str, store: int, studies: Mapping[str, str]) -> Manifest:
        """Write the manifest, last."""
        made = Manifest(hour, store, studies, self.rows, self.sums)
        self._file.writestr(_MANIFEST, dump(asdict(made)))
        return made


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """Make a backup beside its place, readable by its owner alone, and move it there when it is whole."""
    if path.exists():
        fail("backup-exists", Mark(str(path)))
    kept = path.with_name(f".{path.name}.part")
    kept.unlink(missing_ok=True)
    handle = os.open(kept, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
                yield Writer(packed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(kept, path)
    finally:
        kept.unlink(missing_ok=True)


class Archive:
    """A backup that is read. Raises ToplineError unless every member is as it was written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = zipfile.ZipFile(path)
            self.manifest = self._manifest()
            self._verify()
        except FileNotFoundError:
            fail("backup-missing", Mark(str(path)))
        except (
            zipfile.BadZipFile,
            zlib.error,
            KeyError,
            AttributeError,
            TypeError,
            ValueError,
            RecursionError,
            EOFError,
            NotImplementedError,
        ) as error:
            fail("backup-damaged", Mark(str(path)), why=str(error) or "not a backup of Topline")

    def __enter__(self) -> Archive:
        """Use it in a `with`, which closes the file."""
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def table(self, name: str) -> tuple[list[str], Iterator[Row]]:
        """The columns and rows of a table; no columns if the backup has none of this name."""
        if name not in self.manifest.rows:
            return [], iter(())
        lines = self._rows(name)
        return [str(each) for each in next(lines)], lines

    def files(self, study: str) -> Iterator[tuple[PurePosixPath, bytes]]:
        """The files of one study, by their path in its folder."""
        start = f"studies/{study}/"
        for member in self.manifest.sums:
            if member.startswith(start):
                yield PurePosixPath(member.removeprefix(start)), self._file.read(member)

    def _rows(self, name: str) -> Iterator[Row]:
        with self._file.open(f"tables/{name}.jsonl") as lines:
            for line in lines:
                yield tuple(_value(each) for each in json.loads(line))

    def _manifest(self) -> Manifest:
        members = self._file.infolist()
        if len(members) > _MOST_FILES or sum(each.file_size for each in members) > _MOST_BYTES:
            raise ValueError("more than a backup holds")
        found = json.loads(self._file.read(_MANIFEST))
        if found.get("format") != _FORMAT:
            raise ValueError(f"format {found.get('format')}, and this Topline reads format {_FORMAT}")
        made = Manifest(**found)
        if not isinstance(found["store"], int) or not all(map(_STUDY.fullmatch, made.studies)):
            raise ValueError("its list of studies is none of ours")
        if not all(state in _STATES for state in made.studies.values()):
            raise ValueError("a study in it is in no state that there is")
        return made

    def _verify(self) -> None:
        names = [name for name in self._file.namelist() if name != _MANIFEST]
        if sorted(names) != sorted(self.manifest.sums):
            raise ValueError("its list of contents does not fit them")
        for name in names:
            place = PurePosixPath(name)
            # studies/ID//etc/x is relative, and what follows its folder is not: only plain paths are taken
            plain = place.as_posix() == name and not place.is_absolute()
            if not plain or ".." in place.parts or "\\" in name or "\0" in name:
                raise ValueError("a name in it leads out of it")
            sum = sha256()
            with self._file.open(name) as member:
                while piece := member.read(_CHUNK):
                    sum.update(piece)
            if sum.hexdigest() != self.manifest.sums[name]:
                raise ValueError(f"{name} is not as it was written")


def _lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    yield f"{dump(list(columns))}\n".encode()
    for row in rows:
        yield f"{dump([_plain(value) for value in row])}\n".encode()


def _plain(value: object) -> object:
    return {"hex": bytes(value).hex()} if isinstance(value, bytes | memoryview) else value


def _value(value: Any) -> object:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
