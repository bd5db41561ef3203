"""Launch: people listed, cells made coarser, keys drawn, links derived, and the promise written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topline.base import Finding, ToplineError, fail
from topline.study.compile import compile_study, translated
from topline.study.compiled import Compiled
from topline.study.expand import refs
from topline.study.freeze import changed, freeze, last_version, read_frozen
from topline.study.freeze import hashes as hashes_of
from topline.study.model import Study
from topline.web.fieldwork.cells import FRAME_FLOOR, REPLY_FLOOR, Cell, cell_of, coarsened, text_of
from topline.web.fieldwork.frame import Listed, kept_attributes
from topline.web.fieldwork.promise import Promise, is_launched, keep_promise
from topline.web.fieldwork.sizes import sealed_size
from topline.web.keys import derive, link_hash, token_of
from topline.web.store.audit import note
from topline.web.store.engines import Engine, Transaction
from topline.web.store.kinds import dump
from topline.web.vault.folder import Vault


@dataclass(frozen=True, slots=True)
class Launched:
    """What a launch did: people invited, and how many of them lost an attribute to a small group."""

    version: int
    people: int
    coarsened: int


def load_frame(engine: Engine, study: Study, people: list[Listed]) -> dict[str, int]:
    """List people for a launch, in place of those listed before; return the number in each group.

    Raises ToplineError once the study is launched: who is invited is then part of the promise.
    """
    if is_launched(engine, study.id):
        fail("frame-launched", study=study.id)
    kept = [str(each.name) for each in kept_attributes(study)]
    rows = [
        (str(study.id), place, dump({"key": each.key}), text_of(each.cell, kept))
        for place, each in enumerate(people)
    ]

    def work(db: Transaction) -> None:
        db.change("delete from invite where study = ? and state = 'listed'", study.id)
        db.many("insert into invite values (?, ?, ?, ?, 0, 0, 0, null, 'listed')", rows)
        note(db, study.id, "frame load", people=len(rows))

    engine.write(work)
    return dict(Counter(" / ".join(each or "-" for each in person.cell) for person in people))


def launch(study: Study, engine: Engine, vault_folder: str | Path, secret: bytes) -> Launched:
    """Freeze the study, draw the keys and invite everybody who is listed.

    Raises ToplineError before anything is written if the study cannot keep what it promises.
    """
    if is_launched(engine, study.id):
        fail("launch-twice", study=study.id)
    kept = tuple(str(each.name) for each in kept_attributes(study))
    cells = _listed(engine, study.id, kept)
    if not cells:
        fail("launch-nobody", study=study.id)
    _no_other_attributes(compile_study(study, translated(study)), kept)
    compiled, version = _frozen(study)
    vault = Vault.create(vault_folder, study.id, len(cells))
    promise = _promise(study, compiled, version, vault.mark)
    become = coarsened(Counter(cells.values()), FRAME_FLOOR) if promise.is_anonymous else {}
    link_key = derive(secret, "link", vault.salt)
    vault.close()
    rows = [
        (
            text_of(become.get(cell, cell), kept),
            link_hash(token_of(link_key, study.id, invite, 0)),
            str(study.id),
            invite,
        )
        for invite, cell in cells.items()
    ]
    lost = sum(become.get(cell, cell) != cell for cell in cells.values())

    def work(db: Transaction) -> None:
        keep_promise(db, study.id, promise)
        db.many(
            "update invite set cell = ?, link_hash = ?, state = 'invited' where study = ? and id = ?", rows
        )
        note(db, study.id, "launch", version=version, people=len(rows), questionnaire=promise.questionnaire)

    engine.write(work)
    return Launched(version, len(rows), lost)


def _promise(study: Study, compiled: Compiled, version: int, mark: str) -> Promise:
    """The terms, as the study's files say them today."""
    return Promise(
        anonymity="confidential" if compiled.anonymity == "confidential" else "anonymous",
        partials="use" if study.settings.get("partials") == "use" else "discard",
        version=version,
        questionnaire=hashes_of(compiled).whole,
        kept=tuple(str(each.name) for each in kept_attributes(study)),
        frame_floor=FRAME_FLOOR,
        reply_floor=REPLY_FLOOR,
        sealed=sealed_size(compiled),
        vault=mark,
        opens=_opens(study),
        **_limits(study),
    )


def _listed(engine: Engine, study: str, kept: tuple[str, ...]) -> dict[int, Cell]:
    rows = engine.rows("select id, cell from invite where study = ? and state = 'listed'", study)
    return {id: cell_of(cell, kept) for id, cell in rows}


def _frozen(study: Study) -> tuple[Compiled, int]:
    """The frozen version that is the study of today: the last one, or a new one."""
    before = last_version(study.folder)
    if before:
        compiled = read_frozen(study.folder, before)
        now = compile_study(study, translated(study))
        if hashes_of(now).whole == hashes_of(compiled).whole and not changed(compiled, now):
            return compiled, before
    version = int(freeze(study, translated(study)).name)
    return read_frozen(study.folder, version), version


def _no_other_attributes(compiled: Compiled, kept: tuple[str, ...]) -> None:
    """Refuse routes over attributes that are not kept: whether a question was asked would tell them."""
    other = {each.name for each in compiled.attributes} - set(kept)
    faults = [
        Finding("launch-route-attribute", {"question": question, "name": name})
        for question, names in _read_by_routes(compiled).items()
        for name in sorted(names & other)
    ]
    if faults:
        raise ToplineError(faults)


def _read_by_routes(compiled: Compiled) -> Mapping[str, set[str]]:
    def nodes(asked: Any) -> Iterator[Any]:
        if asked.route is not None:
            yield asked.route
        yield from (check.rule for check in asked.checks)

    return {
        id: {str(ref.name) for node in nodes(asked) for ref in refs(node)}
        for id, asked in compiled.questions.items()
    }


def _limits(study: Study) -> dict[str, int]:
    """The limits of complete and partial interviews that the study declares."""
    said = study.settings.get("outcomes")
    return {name: int(str(value)) for name, value in said.items()} if isinstance(said, Mapping) else {}


def _opens(study: Study) -> str | None:
    days = study.settings.get("fieldwork")
    return str(days["from"]) if isinstance(days, Mapping) and "from" in days else None
