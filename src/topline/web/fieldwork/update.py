"""The frame after launch: who joined, who left, whose address changed. What was promised stays as it is.

A joiner gets a slot of the vault's spares and the groups that are there already; somebody's groups never
change, since they were shown to that person.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from topline.base import Finding, Mark, ToplineError, fail
from topline.study.model import Study
from topline.web.fieldwork.cells import Cell, cell_of, text_of
from topline.web.fieldwork.frame import Listed, kept_attributes
from topline.web.fieldwork.links import LinkKeys
from topline.web.fieldwork.places import fitting, next_places
from topline.web.fieldwork.promise import Promise, read_promise, release_state
from topline.web.keys import link_hash
from topline.web.store.audit import note
from topline.web.store.engines import Engine, Row, Transaction
from topline.web.store.kinds import dump

#: Leavers that need no confirmation: at most so many, or a tenth of the people.
_FEW = 10


@dataclass(frozen=True, slots=True)
class Changes:
    """What a list of today changes: joiners with the groups that they get, numbers of leavers, of people who
    are back, of people with another address (and it), and how many are new but were never in the sample.
    """

    joined: tuple[tuple[Listed, Cell], ...] = ()
    left: tuple[int, ...] = ()
    back: tuple[int, ...] = ()
    readdressed: tuple[tuple[int, Listed], ...] = ()
    unsampled: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody who is on the list since the launch or joined later."""

    id: int
    cell: Cell
    person: dict[str, str]
    gone: bool


@dataclass
class _Reading:
    """The list of today, held against who is known."""

    promise: Promise
    known: dict[str, _Known]
    sampled: bool
    file: str
    fit: Callable[[Cell], Cell]
    faults: list[Finding] = field(default_factory=list)

    def joiner(self, person: Listed) -> tuple[Listed, Cell] | None:
        """A joiner with the groups that may be kept; None, and a fault, where none may."""
        try:
            return person, self.fit(person.cell)
        except ToplineError as error:
            self.faults += [Finding(each.id, each.values, self.mark(person)) for each in error.findings]
            return None

    def compare(self, known: _Known, person: Listed) -> None:
        """Note a fault where somebody's groups are not those of the launch."""
        for name, was, now in zip(self.promise.kept, known.cell, person.cell, strict=True):
            if was is not None and was != now:
                values = {"name": name, "before": was, "now": now or "empty"}
                self.faults.append(Finding("frame-moved", values, self.mark(person)))

    def mark(self, person: Listed) -> Mark:
        """The line of somebody."""
        return Mark(self.file, person.line)


def update_frame(
    engine: Engine, study: Study, people: Sequence[Listed], file: Path, keys: LinkKeys, leavers: int | None
) -> Changes:
    """Bring the frame to the list of today, in one transaction, and return what changed.

    Raises ToplineError, with nothing changed, where groups changed, a joiner would stand alone, the vault has
    too few spares, or more people left than `leavers` confirms.
    """

    def work(db: Transaction) -> Changes:
        changes = changes_of(engine, study, people, file, leavers, db)
        _write(db, study.id, read_promise(engine, study.id), changes, keys)
        return changes

    return engine.write(work)


def changes_of(
    engine: Engine,
    study: Study,
    people: Sequence[Listed],
    file: Path,
    leavers: int | None,
    db: Transaction | None = None,
) -> Changes:
    """What `update_frame` would change; ToplineError as there. Writes nothing."""
    source = engine if db is None else db
    promise = read_promise(engine, study.id)
    if release_state(engine, study.id) != "open":
        fail("frame-update-closed", study=study.id)
    kept = tuple(str(each.name) for each in kept_attributes(study))
    if kept != promise.kept:
        fail("frame-update-kept", given=", ".join(kept) or "nothing", promised=", ".join(promise.kept))
    known = _known(source.rows(
        "select id, cell, person, gone, drawn from invite where study = ? and way = 'list'", study.id
    ), promise)  # fmt: skip
    reading = _Reading(
        promise,
        known,
        bool(source.rows("select 1 from sample where study = ?", study.id)),
        str(file),
        cache(lambda cell: fitting(source, study.id, promise, cell, 0)),
    )
    changes = _held_against(reading, people)
    if reading.faults:
        raise ToplineError(reading.faults)
    there = sum(not each.gone for each in known.values())
    if len(changes.left) > max(_FEW, there // 10) and leavers != len(changes.left):
        fail("frame-leavers", gone=len(changes.left), people=there, file=file)
    return changes


def _known(rows: Sequence[Row], promise: Promise) -> dict[str, _Known]:
    found = {}
    for id, cell, text, gone, _ in rows:
        person = json.loads(text)
        found[person["key"].casefold()] = _Known(id, cell_of(cell, promise.kept), person, bool(gone))
    return found


def _held_against(reading: _Reading, people: Sequence[Listed]) -> Changes:
    joined: list[tuple[Listed, Cell]] = []
    back, readdressed, unsampled = [], [], 0
    seen = set()
    for person in people:
        known = reading.known.get(person.key.casefold())
        if known is None:
            if reading.sampled:
                unsampled += 1
            elif (found := reading.joiner(person)) is not None:
                joined.append(found)
            continue
        seen.add(known.id)
        reading.compare(known, person)
        if known.gone:
            back.append(known.id)
        if person.address != known.person.get("address", ""):
            readdressed.append((known.id, person))
    left = [each.id for each in reading.known.values() if each.id not in seen and not each.gone]
    return Changes(tuple(joined), tuple(left), tuple(back), tuple(readdressed), unsampled)


def _write(db: Transaction, study: str, promise: Promise, changes: Changes, keys: LinkKeys) -> None:
    first = next_places(db, keys, len(changes.joined))
    db.many(
        "insert into invite (study, id, person, cell, generation, opted_out, bounced, link_hash, state)"
        " values (?, ?, ?, ?, 0, 0, 0, ?, 'invited')",
        [
            (study, id, dump(person.person), text_of(cell, promise.kept), link_hash(keys.token(id)))
            for id, (person, cell) in enumerate(changes.joined, start=first)
        ],
    )
    gone = "update invite set gone = ? where study = ? and id = ?"
    db.many(gone, [(1, study, id) for id in changes.left] + [(0, study, id) for id in changes.back])
    db.many(
        "update invite set person = ? where study = ? and id = ?",
        [(dump(person.person), study, id) for id, person in changes.readdressed],
    )
    note(
        db, study, "frame update", joined=len(changes.joined), left=len(changes.left), back=len(changes.back),
        readdressed=len(changes.readdressed), unsampled=changes.unsampled,
    )  # fmt: skip
