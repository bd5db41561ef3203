"""Backup: the main store as of one moment and the studies' folders, never the vault, never an open answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from topline.base import fail
from topline.study.model import Study
from topline.web.operate.archive import Manifest, written
from topline.web.store.audit import note
from topline.web.store.engines import Engine, Reading
from topline.web.store.tables import VERSION, columns_of, for_table, table_names

#: What a study is made of; a store, an export or a report that lies in its folder is none of it.
_KEPT: Final = (".yaml", ".yml", ".md", ".po", ".csv", ".json", ".svg", ".png", ".txt")

#: A link of somebody, and a code as it is printed: whoever has one can answer as that person.
_KEYS: Final = re.compile(
    rb"/s/[a-z0-9_]+/[il]/[a-z0-9]{26}\b|\b(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]\b"
)


def back_up(engine: Engine, studies: Sequence[Study], path: Path) -> Manifest:
    """Write a backup of a store, while it is in use; every study in it must be given with its folder.

    Raises ToplineError before anything is written if one is missing, or if the file is there already.
    """
    by_id = {str(study.id): study for study in studies}
    with written(path) as target:
        with engine.snapshot() as reading:
            states = _states(reading)
            if missing := sorted(set(states) - set(by_id)):
                fail("backup-study", missing=", ".join(missing))
            for name in table_names():
                columns = columns_of(engine, name)
                # by the key, since the order of writing is no business of a copy
                sql = for_table("select {columns} from {table} order by 1, 2", name, columns)
                target.table(name, columns, reading.each(sql))
        for id, study in by_id.items():
            for file in _files(Path(study.folder)):
                if _KEYS.search(content := file.read_bytes()):
                    continue  # links and codes are worked out anew from the vault
                place = file.relative_to(study.folder).as_posix()
                target.file(f"studies/{id}/{place}", content)
        hour = datetime.now(UTC).strftime("%Y-%m-%dT%H:00Z")
        made = target.finish(hour, VERSION, {id: states.get(id, "listed") for id in by_id})
    for id in states:
        engine.write(lambda db, id=id: note(db, id, "backup", people=made.rows["invite"]))  # type: ignore[misc]
    return made


def _states(reading: Reading) -> dict[str, str]:
    """The state of the release of each study in the store; `listed` where none was launched."""
    found = {str(study): "listed" for (study,) in reading.each("select distinct study from invite")}
    return found | {str(id): str(state) for id, state in reading.each("select study, state from release")}


def _files(folder: Path) -> Iterator[Path]:
    """The files of a study's folder; links are not followed out of it."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file() and not path.is_symlink() and path.suffix.lower() in _KEPT:
            yield path
