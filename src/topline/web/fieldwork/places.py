"""Places for people without an address: links that many share, and codes on paper.

Each place is an invitation of its own, with a slot of the vault, made before anybody takes it: so no number
tells in which order people came. A place of a link is `listed` until it is taken; a code is `invited` from
the start, since it is handed to somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from topline.base import fail
from topline.study.model import Study
from topline.web.codes import code_of
from topline.web.fieldwork.cells import FRAME_FLOOR, Cell, cell_of, text_of
from topline.web.fieldwork.frame import kept_attributes
from topline.web.fieldwork.links import LinkKeys
from topline.web.fieldwork.promise import Promise, is_launched, read_promise
from topline.web.keys import code_bits, code_hash, door_token, link_hash
from topline.web.store.audit import note
from topline.web.store.engines import Engine, Row, Transaction
from topline.web.store.kinds import Way

MOST_PLACES: Final = 100_000
_OPEN: Final = ("model", "descriptive")


@dataclass(frozen=True, slots=True)
class Link:
    """A link that many share: the groups of whoever comes by it; how many people it is for (None: anybody),
    and how many places it has.
    """

    name: str
    cell: Cell
    headcount: int | None
    places: int


def link_of(study: Study, groups: Mapping[str, str], headcount: int | None, places: int | None) -> Link:
    """The link that is asked for; ToplineError where the study's inference does not allow it."""
    if headcount is None and study.inference not in _OPEN:
        fail("link-inference", study=study.id, inference=study.inference)
    if headcount is not None and study.inference == "design":
        fail("link-design", study=study.id)
    if headcount is None and places is None:
        fail("link-places")
    # People come a second time when a browser forgets them: a tenth more places than people
    wanted = places or -(-(headcount or 0) * 11 // 10)
    if not 0 < wanted <= MOST_PLACES:
        fail("link-many", given=wanted, most=MOST_PLACES)
    cell = groups_of(study, groups)
    return Link("-".join(each for each in cell if each) or "open", cell, headcount, wanted)


def groups_of(study: Study, given: Mapping[str, str]) -> Cell:
    """The kept groups that were named, by code or name; what was not named is not known (None)."""
    kept = kept_attributes(study)
    if other := [name for name in given if name not in [each.name for each in kept]]:
        fail("sample-by-unknown", name=other[0], allowed=", ".join(each.name for each in kept))
    found: list[str | None] = []
    for each in kept:
        text = given.get(each.name)
        names = [option.name for option in each.options if text in (option.name, str(option.code))]
        if text is not None and not names:
            allowed = ", ".join(f"{option.code} {option.name}" for option in each.options)
            fail("frame-group", name=each.name, given=text, allowed=allowed, near="")
        found.append(str(names[0]) if names else None)
    return tuple(found)


def declare_link(engine: Engine, study: Study, link: Link) -> None:
    """Note a link before launch; the launch gives it its places."""
    kept = [str(each.name) for each in kept_attributes(study)]
    engine.write(lambda db: _note_link(db, study.id, link, text_of(link.cell, kept)))


def add_link(engine: Engine, study: Study, link: Link, keys: LinkKeys) -> Link:
    """Add a link to a launched study, with places from the vault's spares; less is kept where few would
    share its groups.
    """
    promise = read_promise(engine, study.id)

    def work(db: Transaction) -> Link:
        cell = fitting(db, study.id, promise, link.cell, link.headcount or link.places)
        made = Link(link.name, cell, link.headcount, link.places)
        _note_link(db, study.id, made, text_of(cell, promise.kept))
        open_link(db, made, promise, keys)
        return made

    return engine.write(work)


def _note_link(db: Transaction, study: str, link: Link, cell: str) -> None:
    if db.rows("select 1 from link where study = ? and name = ?", study, link.name):
        fail("link-twice", study=study, name=link.name)
    db.change(
        "insert into link (study, name, cell, headcount, places) values (?, ?, ?, ?, ?)",
        study, link.name, cell, link.headcount, link.places,
    )  # fmt: skip
    note(db, study, "link add", places=link.places, headcount=link.headcount)


def came_by_links(engine: Engine, study: str) -> int:
    """How many of those who finished came by a link that many share."""
    found = engine.rows(
        "select count(*) from invite where study = ? and way = 'link' and state = 'finished'", study
    )
    return int(found[0][0])


def ways_of(engine: Engine, study: str) -> frozenset[Way]:
    """How people come to a study: by links of their own, by shared ones, by codes on paper."""
    return frozenset(way for (way,) in engine.rows("select distinct way from invite where study = ?", study))


def links_declared(engine: Engine, study: str, kept: tuple[str, ...]) -> list[Link]:
    """Every link of a study."""
    rows = engine.rows("select name, cell, headcount, places from link where study = ? order by name", study)
    return [Link(name, cell_of(cell, kept), headcount, places) for name, cell, headcount, places in rows]


def open_link(db: Transaction, link: Link, promise: Promise, keys: LinkKeys) -> None:
    """Give a link its places and its address, in the transaction of the launch or later."""
    cell = text_of(link.cell, promise.kept)
    first = _make_places(db, keys, link.places, cell, "link", link.name)
    hash = link_hash(door_token(keys.key, keys.study, link.name))
    db.change(
        "update link set cell = ?, hash = ?, first = ?, most = ? where study = ? and name = ?",
        cell, hash, first, first + link.places - 1, keys.study, link.name,
    )  # fmt: skip


def make_codes(
    engine: Engine, study: Study, cell: Cell, number: int, batch: str, keys: LinkKeys
) -> list[str]:
    """Codes for forms on paper, from the vault's spares; the same batch gives the same codes again."""
    if not 0 < number <= MOST_PLACES:
        fail("link-many", given=number, most=MOST_PLACES)
    if not is_launched(engine, study.id):
        fail("fieldwork-not-launched", study=study.id)
    promise = read_promise(engine, study.id)

    def work(db: Transaction) -> None:
        found = db.rows("select count(*) from invite where study = ? and way = 'paper' and batch = ?",
                        study.id, batch)[0][0]  # fmt: skip
        if found and found != number:
            fail("paper-batch", batch=batch, found=found, given=number)
        if not found:
            where = fitting(db, study.id, promise, cell, number)
            _make_places(db, keys, number, text_of(where, promise.kept), "paper", batch)
            note(db, study.id, "paper codes", number=number)

    engine.write(work)
    rows = engine.rows(
        "select id, generation from invite where study = ? and way = 'paper' and batch = ? order by id",
        study.id, batch,
    )  # fmt: skip
    return [code_of(code_bits(keys.key, study.id, *row)) for row in rows]


class Reads(Protocol):
    """What can be read from: an engine, or a transaction of it."""

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Read."""


def fitting(db: Reads, study: str, promise: Promise, cell: Cell, people: int) -> Cell:
    """The groups that may be kept of people who come after launch: those of the cell itself if it is there
    already or they are a crowd, else the nearest coarser ones that are there. ToplineError if none is.
    """
    if not promise.is_anonymous or people >= FRAME_FLOOR:
        return cell
    there = {
        cell_of(text, promise.kept)
        for (text,) in db.rows(
            "select distinct cell from invite where study = ? and (way = 'link' or state <> 'listed')", study
        )
    }
    for place in range(len(cell), -1, -1):
        coarser = (*cell[:place], *(None for _ in cell[place:]))
        if coarser in there:
            return coarser
    fail("frame-no-group", groups=" / ".join(each or "-" for each in cell) or "-")


def next_places(db: Transaction, keys: LinkKeys, number: int) -> int:
    """The first of `number` free slots of the vault; ToplineError if there are too few."""
    first = int(db.rows("select coalesce(max(id), -1) + 1 from invite where study = ?", keys.study)[0][0])
    if (left := keys.capacity - first) < number:
        fail("frame-spares", needed=number, left=left, missing=number - left, study=keys.study)
    return first


def _make_places(db: Transaction, keys: LinkKeys, number: int, cell: str, way: str, batch: str) -> int:
    first = next_places(db, keys, number)
    state = "listed" if way == "link" else "invited"
    rows: list[Row] = [
        (
            keys.study, id, "{}", cell, link_hash(keys.token(id)), state, way, batch,
            code_hash(code_of(code_bits(keys.key, keys.study, id, 0))),
        )
        for id in range(first, first + number)
    ]  # fmt: skip
    db.many(
        "insert into invite (study, id, person, cell, generation, opted_out, bounced, link_hash, state, way,"
        " batch, code_hash) values (?, ?, ?, ?, 0, 0, 0, ?, ?, ?, ?, ?)",
        rows,
    )
    return first
