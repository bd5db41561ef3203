"""The key stick: copies of slots and salt, noted in the log."""

from __future__ import annotations

from pathlib import Path

from topline.base import fail
from topline.web.fieldwork.promise import read_promise
from topline.web.store.audit import note
from topline.web.store.engines import Engine, Transaction
from topline.web.vault.folder import Vault, read_mark


def copy_keys(engine: Engine, vault_folder: Path, study: str, target: str) -> list[Path]:
    """Copy the keys that open sealed answers, and note it."""
    vault = _own(engine, vault_folder, study)
    try:
        made = vault.copy(target)
    finally:
        vault.close()
    engine.write(lambda db: note(db, study, "vault copy", files=len(made)))
    return made


def restore_keys(engine: Engine, vault_folder: Path, study: str, stick: str) -> int:
    """Make a lost vault anew from the stick; return how many people will have to start anew."""
    if read_mark(stick, study) != read_promise(engine, study).vault:
        fail("vault-other", folder=stick, study=study)
    Vault.restore(vault_folder, study, stick).close()

    def work(db: Transaction) -> int:
        note(db, study, "vault restore")
        lost = "update invite set state = 'invited' where study = ? and state = 'started'"
        return db.change(lost, study)

    return engine.write(work)


def add_keys(engine: Engine, vault_folder: Path, study: str, number: str) -> int:
    """Draw keys for more people; from here on the stick needs copying again."""
    if not number.isdecimal() or not 0 < int(number) <= 1_000_000:
        fail("vault-add-number", given=number)
    vault = _own(engine, vault_folder, study)
    try:
        vault.add(int(number))
    finally:
        vault.close()
    engine.write(lambda db: note(db, study, "vault add", people=int(number)))
    return int(number)


def _own(engine: Engine, vault_folder: Path, study: str) -> Vault:
    vault = Vault(vault_folder, study)
    if vault.mark != read_promise(engine, study).vault:
        vault.close()
        fail("vault-other", folder=vault_folder, study=study)
    return vault
