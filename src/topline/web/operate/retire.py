"""Retire: when a survey is over, delete who was invited, and write down what was deleted and looked for."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from topline.base import fail
from topline.study.model import Study
from topline.web.fieldwork.promise import is_launched, release_state
from topline.web.store.audit import entries, note
from topline.web.store.engines import Engine, Transaction
from topline.web.store.tables import for_table, personal_tables

_CHUNK: Final = 1 << 22
_OVERLAP: Final = 1 << 12  # a key is not longer than this
#: What a key looks like in the bytes of a file: whole, between quotes or other ends.
_TEXT: Final = re.compile(rb"[^\x00-\x20\"'<>,;\\\x7f]{3,320}")


@dataclass(frozen=True, slots=True)
class Retired:
    """What was deleted (rows by table), and what was looked for afterwards in which files.

    `before`: what earlier runs deleted, by the log: whom they deleted nobody can look for any more. `kept`:
    what stays, and tells of nobody. `left`: keys of people still found in a file, by file.
    """

    study: str
    hour: str
    due: str | None
    deleted: Mapping[str, int]
    before: Mapping[str, int]
    kept: Mapping[str, int]
    looked_for: int
    looked_in: Mapping[str, int]
    left: Mapping[str, int]
    log_head: str

    def as_json(self) -> dict[str, Any]:
        """The proof, as plain data; it names nobody."""
        return {name: getattr(self, name) for name in self.__slots__}


def due_day(study: Study) -> date | None:
    """The day on which the frame is to be deleted, by `privacy: keep_until: frame:` in study.yaml."""
    privacy = study.settings.get("privacy")
    until = privacy.get("keep_until") if isinstance(privacy, Mapping) else None
    day = until.get("frame") if isinstance(until, Mapping) else None
    return None if day is None else date.fromisoformat(str(day))


def retire(
    engine: Engine, study: Study, folders: list[Path], store: str, *, today: date, now: bool
) -> Retired:
    """Delete the frame, the outbox and all else that tells of single people; responses and counts stay.

    `folders`: where drafts or keys of this study may lie; none may be left. `now`: before the day that the
    study declares. Raises ToplineError before anything is deleted if the survey is not closed, if the day has
    not come, or if the vault still holds something.
    """
    id, due = str(study.id), due_day(study)
    if not is_launched(engine, id) or release_state(engine, id) != "done":
        fail("retire-open", study=id)
    if due is not None and today < due and not now:
        fail("retire-early", study=id, due=due.isoformat())
    if rest := sorted(
        path.name for folder in folders for path in folder.glob(f"{id}.*") if path.suffix != ".mark"
    ):
        fail("retire-vault", study=id, rest=", ".join(rest))
    # tried before: once the people are deleted, nobody knows what to look for in the file
    if not engine.tidy():
        fail("retire-read", study=id)
    people = engine.rows("select person from invite where study = ?", id)
    named = (str(each).casefold().encode() for (person,) in people for each in json.loads(person).values())
    keys = {sha256(key).digest() for key in named if _TEXT.fullmatch(key)}
    before = _deleted_before(engine, id)
    deleted = engine.write(lambda db: _delete(db, id))
    if not engine.tidy(*personal_tables()):
        fail("retire-busy", study=id)
    looked_in, left = _search(_files(engine, store), keys)
    kept = {
        "responses": int(engine.rows("select count(*) from response where study = ?", id)[0][0]),
        "classes": int(engine.rows("select count(*) from class_count where study = ?", id)[0][0]),
    }
    head = list(entries(engine, id))[-1].hash
    hour = datetime.now(UTC).strftime("%Y-%m-%dT%H:00Z")
    said = None if due is None else due.isoformat()
    return Retired(id, hour, said, deleted, before, kept, len(keys), looked_in, left, head)


def _delete(db: Transaction, study: str) -> dict[str, int]:
    deleted = {
        table: db.change(for_table("delete from {table} where study = ?", table), study)
        for table in personal_tables()
    }
    note(db, study, "retire", **deleted)
    return deleted


def _deleted_before(engine: Engine, study: str) -> dict[str, int]:
    """What runs before this one deleted: all of it if one was cut short before it wrote its proof."""
    found: Counter[str] = Counter()
    for entry in entries(engine, study):
        if entry.what["verb"] == "retire":
            found.update({name: number for name, number in entry.what.items() if name != "verb"})
    return dict(found)


def _files(engine: Engine, store: str) -> list[Path]:
    """The files of the store; those of PostgreSQL are the server's own, and an archive reaches further."""
    if engine.kind != "sqlite":
        return []
    return [path for path in (Path(f"{store}{suffix}") for suffix in ("", "-wal")) if path.is_file()]


def _search(files: list[Path], keys: set[bytes]) -> tuple[dict[str, int], dict[str, int]]:
    """Look for every key in the bytes of files; return the size of each and how many were found in it."""
    looked, left = {}, {}
    for path in files:
        found: set[bytes] = set()
        with path.open("rb") as file:
            before = b""
            while piece := file.read(_CHUNK):
                for match in _TEXT.finditer(before + piece):
                    text = match[0].decode("utf-8", "replace").casefold().encode()
                    if (hash := sha256(text).digest()) in keys:
                        found.add(hash)
                before = piece[-_OVERLAP:]
        looked[path.name] = path.stat().st_size
        if found:
            left[path.name] = len(found)
    return looked, left
