"""Launch: people listed, cells made coarser, keys drawn, links derived, and the promise written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
from topline.web.fieldwork.links import LinkKeys
from topline.web.fieldwork.places import Link, links_declared, open_link
from topline.web.fieldwork.promise import Promise, is_launched, keep_promise
from topline.web.fieldwork.sample_cells import keep_sample_cells
from topline.web.fieldwork.sizes import sealed_size
from topline.web.keys import derive, link_hash
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

    A sample drawn from the list before is forgotten. Raises ToplineError once the study is launched: who is
    invited is then part of the promise.
    """
    if is_launched(engine, study.id):
        fail("frame-launched", study=study.id)
    kept = [str(each.name) for each in kept_attributes(study)]
    rows = [
        (str(study.id), place, dump(each.person), text_of(each.cell, kept))
        for place, each in enumerate(people)
    ]

    def work(db: Transaction) -> None:
        db.change("delete from invite where study = ? and state = 'listed'", study.id)
        db.change("delete from sample where study = ?", study.id)
        db.many(
            "insert into invite (study, id, person, cell, generation, opted_out, bounced, state)"
            " values (?, ?, ?, ?, 0, 0, 0, 'listed')",
            rows,
        )
        note(db, study.id, "frame load", people=len(rows))

    engine.write(work)
    return dict(Counter(" / ".join(each or "-" for each in person.cell) for person in people))


@dataclass(frozen=True, slots=True)
class _Frame:
    """Who is listed: the cell of each person, who of them was drawn, and the links beside the list."""

    cells: Mapping[int, Cell]
    drawn: frozenset[int]
    links: list[Link]

    @property
    def invited(self) -> dict[int, Cell]:
        """The cells of those who are invited."""
        return {id: cell for id, cell in self.cells.items() if id in self.drawn}

    @property
    def crowds(self) -> dict[Cell, int]:
        """How many may answer in each cell: those invited and those whom a link is for, 0 where nobody was
        drawn.
        """
        counts = Counter(self.invited.values())
        for link in self.links:
            counts[link.cell] += link.headcount or link.places
        return {**dict.fromkeys(self.cells.values(), 0), **counts}


def launch(study: Study, engine: Engine, vault_folder: str | Path, secret: bytes) -> Launched:
    """Freeze the study, draw the keys and invite everybody who is listed, or was drawn from the list.

    Raises ToplineError before anything is written if the study cannot keep what it promises.
    """
    if is_launched(engine, study.id):
        fail("launch-twice", study=study.id)
    kept = tuple(str(each.name) for each in kept_attributes(study))
    frame = _listed(engine, study.id, kept)
    if not frame.cells and not frame.links:
        fail("launch-nobody", study=study.id)
    _no_other_attributes(compile_study(study, translated(study)), kept)
    compiled, version = _frozen(study)
    vault = Vault.create(vault_folder, study.id, len(frame.cells) + sum(link.places for link in frame.links))
    promise = _promise(study, compiled, version, vault.mark)
    become = coarsened(frame.crowds, FRAME_FLOOR) if promise.is_anonymous else {}
    keys = LinkKeys(str(study.id), derive(secret, "link", vault.salt), vault.capacity)
    vault.close()
    invited = frame.invited

    def work(db: Transaction) -> None:
        keep_promise(db, study.id, promise)
        _invite(db, keys, kept, frame, become)
        for link in frame.links:
            open_link(db, replace(link, cell=become.get(link.cell, link.cell)), promise, keys)
        keep_sample_cells(db, study.id, kept, frame.cells, frame.drawn, become)
        note(
            db, study.id, "launch", version=version, people=len(invited), questionnaire=promise.questionnaire
        )

    engine.write(work)
    lost = sum(become.get(cell, cell) != cell for cell in invited.values())
    return Launched(version, len(invited), lost)


def _invite(
    db: Transaction, keys: LinkKeys, kept: tuple[str, ...], frame: _Frame, become: Mapping[Cell, Cell]
) -> None:
    """Give everybody who was drawn a link; of the others only the coarser groups are kept."""
    rows = [
        (
            text_of(become.get(cell, cell), kept),
            link_hash(keys.token(invite)) if invite in frame.drawn else None,
            "invited" if invite in frame.drawn else "listed",
            keys.study,
            invite,
        )
        for invite, cell in frame.cells.items()
    ]
    db.many("update invite set cell = ?, link_hash = ?, state = ? where study = ? and id = ?", rows)


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
        quotas=_quotas(study),
        **_limits(study),
    )


def _listed(engine: Engine, study: str, kept: tuple[str, ...]) -> _Frame:
    rows = engine.rows("select id, cell, drawn from invite where study = ? and state = 'listed'", study)
    cells = {id: cell_of(cell, kept) for id, cell, _ in rows}
    drawn = frozenset(id for id, _, drawn in rows if drawn)
    return _Frame(cells, drawn, links_declared(engine, study, kept))


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


def _quotas(study: Study) -> dict[str, dict[str, int]]:
    declared = study.settings.get("quotas")
    if not isinstance(declared, Mapping):
        return {}
    return {
        str(name): {str(group): int(str(most)) for group, most in groups.items()}
        for name, groups in declared.items()
    }
