"""The keys of a restored study: still in the vault, on the key stick, or lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from topline.base import fail
from topline.web.codes import code_of
from topline.web.fieldwork.links import LinkKeys, links_of
from topline.web.fieldwork.promise import read_promise
from topline.web.keys import code_bits, code_hash, derive, door_token, link_hash
from topline.web.store.engines import Engine, Row, Transaction
from topline.web.vault.drafts import Drafts
from topline.web.vault.folder import Vault, leave_mark, read_mark

#: `none`: not launched, or its answers are out; `kept`: the vault is there; `new`: what was sealed is lost.
Choice = Literal["none", "kept", "stick", "new"]
_RUNNING: Final = ("open", "closing")


@dataclass(frozen=True, slots=True)
class Keys:
    """Where the keys of sealed answers are. `stick`: a copy; `lose`: nowhere, and their answers go."""

    vault: Path | None = None
    stick: Path | None = None
    lose: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of one study. `again`: people whose answers are not there now, who may answer again."""

    study: str
    state: str
    people: int
    keys: Choice
    again: int


def choose_keys(study: str, state: str, mark: str, keys: Keys) -> Choice:
    """Where a study's keys will come from; ToplineError if that is nowhere and nobody said so."""
    if state == "listed" or state == "done":
        return "none"
    if keys.vault is None:
        fail("fieldwork-no-vault", name="TOPLINE_VAULT")
    there = (keys.vault / f"{study}.mark").is_file()
    if there and read_mark(keys.vault, study) != mark:
        fail("vault-other", folder=keys.vault, study=study)
    if state not in _RUNNING:
        return "none"
    if there and not (keys.vault / f"{study}.slots").is_file():
        fail("restore-destroyed", folder=keys.vault, study=study)
    if there:
        return "kept"
    if keys.stick is not None:
        if read_mark(keys.stick, study) != mark:
            fail("vault-other", folder=keys.stick, study=study)
        return "stick"
    return "new" if keys.lose else fail("restore-keys", folder=keys.vault, study=study)


def bring_keys(
    engine: Engine, study: str, state: str, choice: Choice, keys: Keys, secret: bytes | None
) -> Restored:
    """Make store and vault fit each other; the vault of `new` was made before."""
    again = 0
    if keys.vault is not None and state not in ("listed", "done"):
        if choice == "none":
            leave_mark(keys.vault, study, read_promise(engine, study).vault)
        elif secret is None:
            fail("restore-secret", study=study)
        elif choice == "new":
            # every link is another one now: whoever was written to must be written to again
            engine.write(lambda db: db.change("delete from outbox where study = ?", study))
            again = _new(engine, study, keys.vault, secret)
        else:
            if choice == "stick" and keys.stick is not None:
                Vault.restore(keys.vault, study, keys.stick).close()
            links_of(engine, keys.vault, study, secret, "")  # the secret is the one of the launch
            _doubt_letters(engine, study)
            again = _begin_anew(engine, study) if choice == "stick" else _reopen(engine, study, keys.vault)
    people = engine.rows("select count(*) from invite where study = ?", study)[0][0]
    return Restored(study, state, int(people), choice, again)


def _doubt_letters(engine: Engine, study: str) -> None:
    """Letters that waited when the backup was made may have gone since: none of them is sent twice."""
    engine.write(
        lambda db: db.change(
            "update outbox set state = 'unknown' where study = ? and state in ('queued', 'claimed')", study
        )
    )


def _begin_anew(engine: Engine, study: str) -> int:
    """Drafts are lost: those who had begun begin again, with the same link."""
    return engine.write(
        lambda db: db.change(
            "update invite set state = 'invited' where study = ? and state = 'started'", study
        )
    )


def _reopen(engine: Engine, study: str, vault: Path) -> int:
    """Those who submitted after the backup were locked out in the vault; their answers are not there."""
    rows = engine.rows("select id from invite where study = ? and state <> 'finished'", study)
    drafts = Drafts(vault / f"{study}.drafts")
    try:
        return drafts.reopen(invite for (invite,) in rows)
    finally:
        drafts.close()


def _new(engine: Engine, study: str, folder: Path, secret: bytes) -> int:
    """What was sealed is lost: everybody who has no response may answer, by a new link or code."""
    vault = Vault(folder, study)
    keys = LinkKeys(study, derive(secret, "link", vault.salt), vault.capacity)
    vault.close()
    people = engine.rows(
        "select id, generation, code_hash is not null from invite"
        " where study = ? and link_hash is not null order by id",
        study,
    )
    links: list[Row] = []
    for invite, generation, coded in people:
        code = code_hash(code_of(code_bits(keys.key, study, invite, generation))) if coded else None
        links.append((link_hash(keys.token(invite, generation)), code, study, invite))
    doors: list[Row] = [
        (link_hash(door_token(keys.key, study, name)), study, name)
        for (name,) in engine.rows("select name from link where study = ? and hash is not null", study)
    ]
    # nobody has the code of a place that was taken: it is drawn from the new keys
    free = (
        "update invite set state = 'listed' where study = ? and way = 'link'"
        " and id not in (select invite from linked where study = ?)"
    )
    lost = (
        "update invite set state = 'invited' where study = ? and state in ('started', 'finished')"
        " and id not in (select invite from linked where study = ?)"
    )

    def work(db: Transaction) -> int:
        db.many("update invite set link_hash = ?, code_hash = ? where study = ? and id = ?", links)
        db.many("update link set hash = ? where study = ? and name = ?", doors)
        db.change(free, study, study)
        return db.change(lost, study, study)

    return engine.write(work)
