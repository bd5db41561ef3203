"""The keying room: forms keyed one by one, each twice and by two people, decided where they differ, entered.

It hands out nothing that was keyed but to somebody who has keyed the same form, or leads, and only where two
keyings differ. What waits is encrypted under a key that goes when the form is entered, or the survey closes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from topline.study.compiled import Compiled
from topline.web.codes import read_code
from topline.web.fieldwork.doors import SharedDoors
from topline.web.fieldwork.field import Fieldwork
from topline.web.fieldwork.promise import release_state
from topline.web.keys import Unreadable, keying_key, seal, unseal
from topline.web.paper.counts import finished, note_progress
from topline.web.paper.enter import Entry, Holder, Refusal, barred
from topline.web.paper.keyed import Compared, Form, Keying, compared
from topline.web.paper.sheet import CODE, columns_of
from topline.web.paper.typed import boxes_of, longest
from topline.web.store.engines import Engine
from topline.web.store.kinds import dump
from topline.web.vault.keyings import Keyings, State, Waiting, waiting

_FRAME: Final = 2_048  # bytes round the cells: two names of accounts, names of the parts


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody at the desk: the account, and whether it may decide what two others keyed."""

    account: str
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a form, or what to do with it.

    `free`: to be keyed. `kept`: keyed once. `differs`: to be decided, `apart` has the boxes with both
    texts. `entered`. `refused`, and why: message, values, box.
    """

    state: Literal["free", "kept", "differs", "entered", "refused"]
    refused: tuple[tuple[str, Mapping[str, object], str], ...] = ()
    apart: tuple[tuple[str, str, str], ...] = ()
    version: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


class _Keyed(NamedTuple):
    """One keying: by whom, and the cells."""

    by: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Open:
    """A waiting row, opened."""

    row: Waiting
    keyed: tuple[_Keyed, ...] = field(repr=False)


class Room:
    """The forms of one launched study."""

    def __init__(self, store: Fieldwork, doors: SharedDoors) -> None:
        self._store, self._doors = store, doors
        columns = columns_of(store.compiled)
        sheets = boxes_of(store.compiled)
        self._boxes = {box.name: box for sheet in sheets for box in sheet.boxes}
        self._box_of = {column: box.name for box in self._boxes.values() for column in box.columns}
        self._places = {name: n for n, name in enumerate([CODE, *(each.name for each in columns)], start=1)}
        self._entry = Entry(store, doors, columns)
        self._file = Keyings(store.vault.path("keyings"))
        self._size = _rounded(2 * longest(sheets) + _FRAME)

    def look(self, code: str, who: Who) -> Reply:
        """What is to be done with the form of this code."""
        return self._admit(code, who)[0]

    def check(self, code: str, who: Who, cells: Mapping[str, str]) -> Reply:
        """What of a keying does not fit; nothing is kept."""
        reply, holder, _ = self._admit(code, who, cells)
        if reply.state != "free" or holder is None:
            return reply
        refused = self._entry.read(_form(code, cells), holder)[1]
        return self._refused(*refused) if refused else reply

    def key(self, code: str, who: Who, cells: Mapping[str, str]) -> Reply:
        """Take a keying: kept if it is the first, entered if it agrees with the first."""
        for _ in range(3):  # somebody else may key the same form at this moment
            reply, holder, waits = self._admit(code, who, cells)
            if reply.state != "free" or holder is None:
                return reply
            form = _form(code, cells)
            if refused := self._entry.read(form, holder)[1]:
                return self._refused(*refused)
            own = _Keyed(who.account, dict(cells))
            if waits is None:
                if self._save(holder, "once", (own,), 0):
                    return self._admit(code, who)[0] if self._is_in(code) else Reply("kept")
            elif (done := self._second(holder, waits, own, form, who)) is not None:
                return done
        return self._refused(Refusal("keying-busy", {}))

    def decide(self, code: str, who: Who, chosen: Mapping[str, str], version: int) -> Reply:
        """Enter a form of which two keyings differ: of each box that differs, the one that was chosen."""
        reply, holder, waits = self._admit(code, who)
        if reply.state != "differs" or holder is None or waits is None or waits.row.version != version:
            return reply
        first, second = waits.keyed
        cells = dict(first.cells)
        for name, _, _ in reply.apart:
            if chosen.get(name) not in ("first", "second"):
                return self._again(reply, Refusal("keying-choose", {}, self._boxes[name].columns[0]))
            if chosen[name] == "second":
                cells |= {column: second.cells[column] for column in self._boxes[name].columns}
        agreed = self._compared(code, first, second, _Keyed(who.account, cells)).agreed[code]
        if refused := self._entry.read(agreed, holder)[1]:
            return self._again(reply, *refused)
        if not self._save(holder, "agreed", (_Keyed(who.account, agreed.cells),), version):
            return self._admit(code, who)[0]
        return self._enter(agreed, holder)

    def put_aside(self, code: str, who: Who, version: int) -> Reply:
        """Forget both keyings of a form that differ, so that it is keyed anew."""
        reply, holder, waits = self._admit(code, who)
        if reply.state == "differs" and holder is not None and waits is not None:
            self._file.drop(waits.row.invite, version)
        return self._admit(code, who)[0]

    def go_on(self) -> int:
        """Enter what was agreed when something stopped it, and forget what is not needed any more."""
        done, entered = finished(self._store.engine, self._store.compiled.id), 0
        for row in self._file.rows():
            if row.invite in done:
                self._file.drop(row.invite, row.version)
            elif row.state == "agreed" and (token := self._doors.token_at(row.invite)):
                code = self._doors.code(token)
                self._admit(code, Who(""))
                entered += self._file.row(row.invite) is None
        return entered

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # --- one form

    def _admit(
        self, code: str, who: Who, cells: Mapping[str, str] | None = None
    ) -> tuple[Reply, Holder | None, _Open | None]:
        """What may be done with a form by this person: the reply, whose form it is, what waits of it.

        `cells`: what somebody sends, who may be sending it once more because the reply got lost.
        """
        holder = self._entry.holder(code)
        row = self._file.row(holder.invite) if holder is not None else None
        if holder is not None and holder.person.state == "sent":
            if row is not None:
                self._file.drop(row.invite, row.version)
            return self._refused(Refusal("keying-before", {})), holder, None
        if refused := barred(holder):
            return self._refused(*refused), holder, None
        assert holder is not None
        if row is None:
            if holder.saved:
                return self._refused(Refusal("paper-started", {})), holder, None
            return Reply("free"), holder, None
        return self._waiting(code, who, holder, row, cells)

    def _waiting(
        self, code: str, who: Who, holder: Holder, row: Waiting, cells: Mapping[str, str] | None
    ) -> tuple[Reply, Holder, _Open | None]:
        """The same for a form of which something waits."""
        try:
            waits = self._opened(holder, row)
        except Unreadable:
            self._file.drop(row.invite, row.version)
            why = "keying-before" if self._is_in(code) else "keying-unreadable"
            return self._refused(Refusal(why, {})), holder, None
        accounts = [each.by for each in waits.keyed]
        if row.state == "agreed":  # something stopped it: go on, whoever comes
            done = self._enter(_form(code, waits.keyed[0].cells), holder)
            if done.state == "entered" and who.account not in accounts:
                done = self._refused(Refusal("keying-before", {}))
            return done, holder, None
        if holder.saved:  # online: nothing of a form is saved before both keyings agree
            return self._refused(Refusal("paper-started", {})), holder, None
        if row.state == "once":
            if who.account not in accounts:
                return Reply("free"), holder, waits
            same = cells is not None and dict(cells) == waits.keyed[0].cells
            return Reply("kept") if same else self._refused(Refusal("keying-own", {})), holder, waits
        if who.account != accounts[1] and (not who.leads or who.account == accounts[0]):
            return self._refused(Refusal("keying-two", {})), holder, waits
        return self._apart(code, waits), holder, waits

    def _is_in(self, code: str) -> bool:
        """Whether the form counts by now: others may have entered it since it was looked up."""
        holder = self._entry.holder(code)
        return holder is not None and holder.person.state == "sent"

    def _second(self, holder: Holder, waits: _Open, own: _Keyed, form: Form, who: Who) -> Reply | None:
        """Hold the second keying against the first; None if somebody else was quicker."""
        version = waits.row.version
        agreed = self._compared(form.code, waits.keyed[0], own).agreed
        if form.code in agreed:
            entered = agreed[form.code]
            saved = self._save(holder, "agreed", (_Keyed(own.by, entered.cells),), version)
            return self._enter(entered, holder) if saved else None
        saved = self._save(holder, "differs", (waits.keyed[0], own), version)
        return self._admit(form.code, who)[0] if saved else None

    def _enter(self, form: Form, holder: Holder) -> Reply:
        """Enter what is agreed, by the way of all forms on paper; then nothing of it waits any more."""
        refused = self._entry.one(form, holder, dry_run=False)
        if refused and not self._entry.is_in(form, holder):  # somebody else may have gone on with it
            return self._refused(*refused)
        self._store.settle()
        if row := self._file.row(holder.invite):
            self._file.drop(row.invite, row.version)
        note_progress(self._store.engine, self._store.compiled.id)
        return Reply("entered")

    # --- two keyings

    def _compared(self, code: str, *keyed: _Keyed) -> Compared:
        return compared(*(Keying("", {code: _form(code, each.cells)}, self._places) for each in keyed))

    def _apart(self, code: str, waits: _Open) -> Reply:
        """The boxes in which two keyings differ, with both texts."""
        first, second = waits.keyed
        findings = self._compared(code, first, second).findings
        names = {self._box_of[str(each.values["column"])] for each in findings}
        apart = tuple(
            (name, self._boxes[name].typed(first.cells), self._boxes[name].typed(second.cells))
            for name in self._boxes
            if name in names
        )
        return Reply("differs", apart=apart, version=waits.row.version)

    def _again(self, reply: Reply, *refused: Refusal) -> Reply:
        """The same decision once more, and what was wrong with it."""
        return Reply("differs", self._refused(*refused).refused, reply.apart, reply.version)

    def _refused(self, *refused: Refusal) -> Reply:
        boxes = self._box_of
        return Reply("refused", tuple((e.id, e.values, boxes.get(e.column, "")) for e in refused))

    # --- what waits, encrypted

    def _save(self, holder: Holder, state: State, keyed: tuple[_Keyed, ...], seen: int) -> bool:
        invite = holder.invite
        bound = self._store.binding.of(invite, "keying")
        content = dump([[each.by, each.cells] for each in keyed]).encode()
        body = seal(self._key(holder), bound, content, self._size)
        return self._file.save(invite, state, body, seen)

    def _opened(self, holder: Holder, row: Waiting) -> _Open:
        plain = unseal(self._key(holder), self._store.binding.of(row.invite, "keying"), bytes(row.body))
        return _Open(row, tuple(_Keyed(by, cells) for by, cells in json.loads(plain)))

    def _key(self, holder: Holder) -> bytes:
        return keying_key(self._store.vault.dkey(holder.invite), holder.token)


def enter_agreed(compiled: Compiled, engine: Engine, vault: str | Path, secret: bytes) -> None:
    """Before a close: enter what two people agreed on, where a killed process had not come to it."""
    path = Path(vault) / f"{compiled.id}.keyings"
    if (
        release_state(engine, compiled.id) != "open"
        or not waiting(path, finished(engine, compiled.id))["agreed"]
    ):
        return
    with (
        closing(Fieldwork(compiled, engine, vault)) as store,
        closing(Room(store, SharedDoors(store, secret))) as room,
    ):
        room.go_on()


def _form(code: str, cells: Mapping[str, str]) -> Form:
    return Form(read_code(code) or code, 1, cells)


def _rounded(needed: int) -> int:
    size = 1024
    while size < needed:
        size *= 2
    return size
