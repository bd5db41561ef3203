"""Faults planted into fieldwork, each a design that people trust: the attacker must catch every one."""

from __future__ import annotations

import json
import secrets
from typing import Any

from topline.web.fieldwork.bodies import DraftBox, Sealed, close_sealed, open_sealed
from topline.web.fieldwork.field import Fieldwork
from topline.web.keys import derive
from topline.web.paper.enter import Holder
from topline.web.paper.room import Room
from topline.web.store.engines import Transaction
from topline.web.store.kinds import dump


class TokenBox(DraftBox):
    """Drafts under a key that is made from the token alone, which the mail server keeps for ever."""

    def __init__(self, binding: Any, invite: int, dkey: bytes, token: str) -> None:
        super().__init__(binding, invite, dkey, token)
        self._key = derive(token.encode(), "draft")


class SharedCommit(Fieldwork):
    """D: keys are destroyed, but the answers stand in the clear from the moment they are submitted."""

    def _seal(self, db: Transaction, invite: Any, slot: bytes, content: Sealed) -> None:
        row = (self.compiled.id, secrets.token_bytes(16), invite.cell, self.promise.questionnaire)
        db.change("insert into response values (?, ?, ?, ?, ?)", *row, dump(content.answers))


class Counted(SharedCommit):
    """A: the same, and responses are numbered as they come."""

    def _seal(self, db: Transaction, invite: Any, slot: bytes, content: Sealed) -> None:
        number = db.rows("select count(*) from response")[0][0].to_bytes(16, "big")
        row = (self.compiled.id, number, invite.cell, self.promise.questionnaire)
        db.change("insert into response values (?, ?, ?, ?, ?)", *row, dump(content.answers))


class UsualGoodDesign(SharedCommit):
    """B: random ids, hashed tokens, drafts under a key made from the token and deleted at submission."""

    def _box(self, invite: Any, token: str) -> DraftBox:
        return TokenBox(self.binding, invite.id, b"", token)


class TenAtATime(Fieldwork):
    """F: padded and mixed, but with any ten people, whatever their groups."""

    def release_ten(self) -> None:
        """Release those who wait, once they are ten."""

        def work(db: Transaction) -> None:
            rows = db.rows(
                "select s.invite, i.cell, s.body from sealed s join invite i on i.id = s.invite"
                " and i.study = s.study"
            )
            if len(rows) < 10:
                return
            for invite, cell, body in rows:
                content = open_sealed(self.binding, invite, self.vault.slot(invite), bytes(body))
                row = (self.compiled.id, secrets.token_bytes(16), cell, self.promise.questionnaire)
                db.change("insert into response values (?, ?, ?, ?, ?)", *row, dump(content.answers))
            db.change("delete from sealed")

        self.engine.write(work)


class TenWithTokenKeys(TenAtATime):
    """C: mixed, but what was saved on the way still opens with the link."""

    def _box(self, invite: Any, token: str) -> DraftBox:
        return TokenBox(self.binding, invite.id, b"", token)


class NotPadded(Fieldwork):
    """E: sealed and released at close, but each body as long as its answers."""

    def _seal(self, db: Transaction, invite: Any, slot: bytes, content: Sealed) -> None:
        plain = json.dumps({"digest": content.digest, "answers": content.answers})
        size = 4 + len(dump(json.loads(plain)).encode())
        body = close_sealed(self.binding, invite.id, slot, content, size)
        db.change("insert into sealed values (?, ?, ?)", self.compiled.id, invite.id, body)


class CodeRoom(Room):
    """What waits of a form on paper, under a key that is made from the form's link alone."""

    def _key(self, holder: Holder) -> bytes:
        return derive(holder.token.encode(), "keying")


#: Fault -> its store, whether drafts are shipped with the main store, and the attack that catches it.
FAULTS = {
    "A": (Counted, False, "order"),
    "B": (UsualGoodDesign, True, "commit"),
    "C": (TenWithTokenKeys, True, "content"),
    "D": (SharedCommit, False, "commit"),
    "E": (NotPadded, False, "length"),
    "F": (TenAtATime, False, "commit"),
}
