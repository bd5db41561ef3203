"""The store of fieldwork, as the pages use it: start, save, submit, each in the transactions of the protocol
(docs/explanation/anonymity.md, "What is written when").
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from topline.base import fail
from topline.study.compiled import Compiled
from topline.study.freeze import hashes
from topline.web.fieldwork.bodies import Binding, DraftBox, Sealed, close_sealed, says_the_same
from topline.web.fieldwork.promise import read_promise
from topline.web.fieldwork.quotas import Quotas
from topline.web.fieldwork.sizes import page_sizes
from topline.web.keys import link_hash, mac, response_id, seed_of
from topline.web.store.engines import Engine, Transaction
from topline.web.store.kinds import (
    Busy,
    Draft,
    Person,
    Phase,
    State,
    StoredResponse,
    Way,
    drafts_digest,
    dump,
)
from topline.web.vault.drafts import Drafts
from topline.web.vault.folder import Vault

#: `for share`: the close waits for submissions that have seen it open, and they for it.
_STATE: Final = {
    "sqlite": "select state from release where study = ?",
    "postgresql": "select state from release where study = ? for share",
}
_SPARE: Final = 5.0  # seconds that the lease must still have when the submission commits
_PATIENCE: Final = 8.0  # seconds that a second submission waits for the first


_STATES: Final[Mapping[str, State]] = {"invited": "invited", "started": "started"}
_WAYS: Final[Mapping[str, Way]] = {"list": "list", "link": "link", "paper": "paper"}


class _Invite(NamedTuple):
    id: int
    cell: str
    state: str
    release: str
    gone: int
    way: str
    paused: int
    opted_out: int

    @property
    def is_open(self) -> bool:
        """Whether anything is taken from this person."""
        return self.release == "open" and not self.gone


class Fieldwork:
    """Real answers of one study. ToplineError if store, vault and questionnaire do not belong together.

    `clock` and `today` are for tests.
    """

    def __init__(
        self,
        compiled: Compiled,
        engine: Engine,
        vault_folder: str | Path,
        *,
        clock: Callable[[], float] = time.time,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.compiled, self.engine, self._today = compiled, engine, today
        self.promise = read_promise(engine, compiled.id)
        if hashes(compiled).whole != self.promise.questionnaire:
            fail("fieldwork-other-questionnaire", study=compiled.id, version=self.promise.version)
        self.vault = Vault(vault_folder, compiled.id)
        if self.vault.mark != self.promise.vault:
            fail("vault-other", folder=vault_folder, study=compiled.id)
        self.drafts_file = Drafts(self.vault.path("drafts"), clock)
        self.binding = Binding(compiled.id, self.promise.questionnaire)
        self.sizes = page_sizes(compiled)
        self.quotas = Quotas(engine, compiled.id, self.promise)
        self._after = ThreadPoolExecutor(max_workers=1, thread_name_prefix="settle")

    # --- what the pages ask

    def visit(self, study: str, token: str) -> tuple[Person, Mapping[str, Draft]] | None:
        """The person of a link and what is saved; None for an unknown link. Writes nothing."""
        invite = self._find(token) if study == self.compiled.id else None
        if invite is None:
            return None
        box = self._box(invite, token) if invite.release == "open" else None
        person = self._person(invite, box)
        if box is None or person.phase not in ("open", "paused") or person.state != "started":
            return person, {}
        rows = self.drafts_file.rows(invite.id)
        # last: a submission since the first line takes rows and key away, but only after it says so here
        now = self._find(token)
        if now is None or now.state != "started" or not now.is_open:
            return None if now is None else (self._person(now, box), {})
        return person, box.opened(rows)

    def start(self, token: str) -> None:
        """Note that the person has started; nothing if that is known, or if the survey is closed."""
        if (invite := self._find(token)) is None or not invite.is_open or self.quotas.full(invite.cell):
            return
        self.engine.write(
            lambda db: db.change(
                "update invite set state = 'started' where study = ? and id = ? and state = 'invited'",
                self.compiled.id, invite.id,
            )
        )  # fmt: skip

    def save(self, token: str, page: str, body: Mapping[str, Any], seen: int) -> bool:
        """Save a page over the version that was `seen`; False if it is another one by now, or locked.

        The same answers again are no clash: two clicks on one button save once.
        """
        invite = self._find(token)
        if invite is None or invite.state != "started" or not invite.is_open:
            return False
        box = self._box(invite, token)
        name = box.name(page)
        if self.drafts_file.save(invite.id, name, box.closed(page, body, self.sizes[page]), seen):
            return True
        now = self._find(token)
        if now is None or now.state != "started":
            return False
        row = self.drafts_file.rows(invite.id).get(name)
        return row is not None and box.opened({name: row})[page].body == body

    def send(self, token: str, response: StoredResponse, digest: str) -> str | None:
        """Submit: the answers are sealed (or linked, in a confidential study) and the invitation finished.

        Returns the digest of what counts; None if the pages changed meanwhile, or the survey closed.
        """
        until = time.monotonic() + _PATIENCE
        while True:
            invite = self._find(token)
            if invite is None or not invite.is_open:
                return None
            if invite.state == "finished":
                return digest if self.sent_before(token, digest) else ""
            held = self.drafts_file.lock(invite.id)
            if held is not None:
                break
            if time.monotonic() > until:
                raise Busy
            time.sleep(0.02)
        lease, rows = held
        taken = False
        try:
            if drafts_digest(self._box(invite, token).opened(rows)) == digest:
                taken = self._finish(invite, response, digest, lease)
        finally:
            if not taken:
                self.drafts_file.unlock(invite.id, lease)
        if taken:
            self._after.submit(self._clean, invite.id)
        return digest if taken else None

    def opt_out(self, token: str, out: bool) -> None:
        """Note that the person wants no more letters, or wants them again; nothing once the survey closes."""
        if (invite := self._find(token)) is None or invite.release != "open":
            return
        self.engine.write(
            lambda db: db.change(
                "update invite set opted_out = ? where study = ? and id = ?",
                int(out), self.compiled.id, invite.id,
            )
        )  # fmt: skip

    def sent_before(self, token: str, digest: str) -> bool:
        """Whether the person submitted the pages of this digest; False once the survey is closed."""
        invite = self._find(token)
        if invite is None or invite.release != "open":
            return False
        study = self.compiled.id
        if not self.promise.is_anonymous:
            return self.engine.rows(
                "select digest from linked where study = ? and invite = ?", study, invite.id
            ) == [(digest,)]
        found = self.engine.rows("select body from sealed where study = ? and invite = ?", study, invite.id)
        slot = self.vault.slot(invite.id)
        return bool(found) and says_the_same(self.binding, invite.id, slot, bytes(found[0][0]), digest)

    # --- before and after

    def sweep(self) -> int:
        """Finish what a crash cut short: drafts of people whose submission counts; return how many."""
        finished = "select state from invite where study = ? and id = ?"
        cut = [
            invite
            for invite in self.drafts_file.unsettled()
            if self.engine.rows(finished, self.compiled.id, invite) == [("finished",)]
        ]
        for invite in cut:
            self._clean(invite)
        return len(cut)

    def settle(self) -> None:
        """Wait until what follows a submission is done for all of them."""
        self._after.submit(lambda: None).result()

    def close(self) -> None:
        """Finish what is under way and close the files."""
        self._after.shutdown(wait=True)
        self.drafts_file.close()
        self.vault.close()
        self.engine.close()

    def _finish(self, invite: _Invite, response: StoredResponse, digest: str, lease: float) -> bool:
        """The one transaction by which answers count."""
        study, slot = self.compiled.id, self.vault.slot(invite.id)
        arms = {draw.name: self._arm(slot, draw.name, draw.arms) for draw in self.compiled.splits}
        answers = {**arms, **response.answers}
        write = self._seal if self.promise.is_anonymous else self._link

        def work(db: Transaction) -> bool:
            if db.rows(_STATE[self.engine.kind], study) != [("open",)]:
                return False
            finished = db.change(
                "update invite set state = 'finished'"
                " where study = ? and id = ? and state <> 'finished' and gone = 0",
                study, invite.id,
            )  # fmt: skip
            if finished:
                write(db, invite, slot, Sealed(digest, answers))
            if self.drafts_file.left(lease) < _SPARE:
                raise Busy  # a save may be let in before this commits: nothing is taken
            return finished == 1

        return self.engine.write(work)

    def _seal(self, db: Transaction, invite: _Invite, slot: bytes, content: Sealed) -> None:
        body = close_sealed(self.binding, invite.id, slot, content, self.promise.sealed)
        db.change(
            "insert into sealed values (?, ?, ?) on conflict do nothing", self.compiled.id, invite.id, body
        )

    def _link(self, db: Transaction, invite: _Invite, slot: bytes, content: Sealed) -> None:
        study, id = self.compiled.id, response_id(slot)
        db.change(
            "insert into response values (?, ?, ?, ?, ?)",
            study, id, invite.cell, self.promise.questionnaire, dump(content.answers),
        )  # fmt: skip
        db.change("insert into linked values (?, ?, ?, ?)", study, invite.id, id, content.digest)

    def _clean(self, invite: int) -> None:
        """After a submission: what was saved before it opens no more, then goes."""
        self.vault.burn(invite)
        self.drafts_file.finish(invite)

    def _find(self, token: str) -> _Invite | None:
        rows = self.engine.rows(
            "select i.id, i.cell, i.state, r.state, i.gone, i.way, coalesce(c.paused, 0), i.opted_out"
            " from invite i join release r on r.study = i.study left join course c on c.study = i.study"
            " where i.study = ? and i.link_hash = ? and (i.way <> 'link' or i.state <> 'listed')",
            self.compiled.id, link_hash(token),
        )  # fmt: skip
        return _Invite(*rows[0]) if rows else None

    def _box(self, invite: _Invite, token: str) -> DraftBox:
        return DraftBox(self.binding, invite.id, self.vault.dkey(invite.id), token)

    def known(self, invite: int, cell: str) -> tuple[dict[str, str], int]:
        """The facts of a person (what stays with the answers, and arms of splits) and the seed of orders."""
        facts = {name: value for name, value in json.loads(cell).items() if value is not None}
        slot = self.vault.slot(invite)
        arms = {each.name: self._arm(slot, each.name, each.arms) for each in self.compiled.splits}
        return facts | arms, seed_of(slot)

    def _person(self, invite: _Invite, box: DraftBox | None) -> Person:
        state: State = "sent" if invite.state == "finished" else _STATES[invite.state]
        if box is None or invite.release != "open":  # the slot goes with the close
            return Person(self.compiled.id, {}, 0, state, None, "closed")
        facts, seed = self.known(invite.id, invite.cell)
        return Person(self.compiled.id, facts, seed, state, None, self._phase(invite), _WAYS[invite.way],
                      bool(invite.opted_out), box.forms)  # fmt: skip

    def _phase(self, invite: _Invite) -> Phase:
        if invite.gone:
            return "gone"
        if self.is_early:
            return "early"
        if invite.paused:
            return "paused"
        return "full" if invite.state == "invited" and self.quotas.full(invite.cell) else "open"

    @property
    def is_early(self) -> bool:
        """Whether the survey has not opened yet."""
        return self.promise.is_early(self._today())

    @staticmethod
    def _arm(slot: bytes, split: str, arms: Mapping[str, int]) -> str:
        """The arm of a split: drawn from the slot, so that nobody can draw it again after the close."""
        names = [name for name, size in arms.items() for _ in range(size)]
        return names[int.from_bytes(mac(slot, "arm", split)[:8], "big") % len(names)]
