"""Restore: a store, its studies' folders and, where they were lost, their vaults, from a backup.

What was submitted is sealed under keys that no backup holds. They are still in the vault, or on the key
stick; without both, sealed answers are lost, and those people get new links and may answer again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

from topline.base import fail
from topline.web.fieldwork.promise import moved_to
from topline.web.operate.archive import Archive
from topline.web.operate.rekey import Choice, Keys, Restored, bring_keys, choose_keys
from topline.web.store.audit import note
from topline.web.store.engines import Engine, Row, engine_of
from topline.web.store.tables import (
    VERSION,
    columns_of,
    drop_tables,
    for_table,
    is_made,
    make_tables,
    table_names,
)
from topline.web.vault.folder import Vault

_AT_ONCE: Final = 5_000  # rows


def restore(path: Path, folder: Path, store: str, keys: Keys, secret: bytes | None) -> list[Restored]:
    """Bring everything back; each study's folder is made below `folder`.

    Raises ToplineError, and takes away what it made, if something that is there would be written over, if
    the backup is damaged, or if sealed answers could not be opened and nobody said that they may be lost.
    """
    with Archive(path) as archive, ExitStack() as undo:
        states = archive.manifest.studies
        if archive.manifest.store > VERSION:
            fail("backup-later", file=path, found=archive.manifest.store, known=VERSION)
        _nothing_there(folder, store, states)
        marks = _marks(archive)
        chosen = {id: choose_keys(id, state, marks.get(id, ""), keys) for id, state in states.items()}
        for study in states:
            undo.callback(shutil.rmtree, folder / study, ignore_errors=True)
            _write_folder(archive, study, folder / study)
        with _making(store, undo) as engine:
            _fill(engine, archive, _new_vaults(archive, chosen, keys, undo))
            done = [bring_keys(engine, id, states[id], chosen[id], keys, secret) for id in states]
            for each in done:
                values = {"backup_of": archive.manifest.hour, "keys": each.keys, "again": each.again}
                engine.write(lambda db, each=each, values=values: note(db, each.study, "restore", **values))  # type: ignore[misc]
        undo.pop_all()
    return done


def _nothing_there(folder: Path, store: str, studies: Iterable[str]) -> None:
    """Refuse to write over a store or a folder: what is there may be newer, or closed."""
    if "://" not in store and Path(store).exists():
        fail("restore-store", store=store)
    if "://" in store:
        with closing(engine_of(store)) as engine:
            if is_made(engine):
                fail("restore-store", store="the database")
    for study in studies:
        if (folder / study).exists():
            fail("restore-folder", folder=folder / study)


def _marks(archive: Archive) -> dict[str, str]:
    """The vault that each launched study belongs to."""
    columns, rows = archive.table("fieldwork")
    found = (dict(zip(columns, row, strict=True)) for row in rows)
    return {str(row["study"]): str(json.loads(str(row["promise"]))["vault"]) for row in found}


def _new_vaults(
    archive: Archive, chosen: Mapping[str, Choice], keys: Keys, undo: ExitStack
) -> dict[str, str]:
    """Draw new keys for the studies whose keys are lost; return the marks of the new vaults."""
    made = {}
    for study, choice in chosen.items():
        if choice != "new" or keys.vault is None:
            continue
        columns, rows = archive.table("invite")
        where = columns.index("study"), columns.index("id")
        people = max((int(str(row[where[1]])) + 1 for row in rows if row[where[0]] == study), default=0)
        vault = Vault.create(keys.vault, study, people)
        undo.callback(_forget, vault)
        made[study] = vault.mark
        vault.close()
    return made


def _forget(vault: Vault) -> None:
    for path in vault.folder.glob(f"{vault.study}.*"):
        path.unlink()


@contextmanager
def _making(store: str, undo: ExitStack) -> Iterator[Engine]:
    """A store that is there, under its name, only when all is in it."""
    if "://" in store:
        with closing(engine_of(store)) as engine:
            undo.callback(_empty, store)
            yield engine
        return
    part = Path(f"{store}.part")
    part.unlink(missing_ok=True)
    undo.callback(part.unlink, missing_ok=True)
    with closing(engine_of(str(part))) as engine:
        yield engine
        engine.tidy()
    os.chmod(part, 0o600)
    os.replace(part, store)


def _empty(store: str) -> None:
    with closing(engine_of(store)) as engine:
        drop_tables(engine)


def _fill(engine: Engine, archive: Archive, marks: Mapping[str, str]) -> None:
    """Put every row back, in the tables of its time, then bring them up to date.

    `marks`: new vaults by study; what was sealed under lost keys is left out.
    """
    make_tables(engine, archive.manifest.store)
    for table in table_names():
        columns, rows = archive.table(table)
        if table == "meta" or not columns:
            continue
        if unknown := sorted(set(columns) - set(columns_of(engine, table))):
            fail("backup-damaged", why=f"{table} has columns {', '.join(unknown)}")
        if table == "sealed":
            rows = (row for row in rows if row[columns.index("study")] not in marks)
        if table == "fieldwork":
            rows = (_moved(columns, row, marks) for row in rows)
        sql = for_table("insert into {table} ({columns}) values ({places})", table, columns)
        while some := list(islice(rows, _AT_ONCE)):
            engine.write(lambda db, sql=sql, some=some: db.many(sql, some))  # type: ignore[misc]
    make_tables(engine)


def _moved(columns: list[str], row: Row, marks: Mapping[str, str]) -> Row:
    """A promise, with the mark of the vault that was made anew for it."""
    found = dict(zip(columns, row, strict=True))
    if (mark := marks.get(found["study"])) is not None:
        found["promise"], found["hash"] = moved_to(found["study"], found["promise"], mark)
    return tuple(found[name] for name in columns)


def _write_folder(archive: Archive, study: str, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True)  # its files may name people, as those of the backup do
    for place, content in archive.files(study):
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
