"""Drafts and sealed answers: what stands in a body, and under which key it opens.

`open_sealed` belongs to the close alone; everybody else may only ask whether two bodies say the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from topline.web.keys import Bound, Kind, draft_key, mac, seal, seal_key, unseal
from topline.web.store.kinds import Draft, dump
from topline.web.vault.drafts import Rows


@dataclass(frozen=True, slots=True)
class Binding:
    """What every body of one study is bound to."""

    study: str
    questionnaire: str

    def of(self, invite: int, kind: Kind) -> Bound:
        """The additional data of one body."""
        return Bound(self.study, invite, kind, self.questionnaire)


class DraftBox:
    """The drafts of one person, with their key."""

    def __init__(self, binding: Binding, invite: int, dkey: bytes, token: str) -> None:
        self._key = draft_key(dkey, token)
        self._bound = binding.of(invite, "draft")

    def name(self, page: str) -> bytes:
        """What a page's row is called: it says nothing to whoever lacks the key."""
        return mac(self._key, "page", page)[:8]

    @property
    def forms(self) -> bytes:
        """The key of the tags that this person's forms carry."""
        return mac(self._key, "forms")

    def closed(self, page: str, answers: Mapping[str, Any], size: int) -> bytes:
        """The body of a page."""
        return seal(self._key, self._bound, dump({"page": page, "answers": answers}).encode(), size)

    def opened(self, rows: Rows) -> dict[str, Draft]:
        """What the rows hold, by page; `Unreadable` if one of them is not this person's."""
        found = {}
        for version, body in rows.values():
            content = json.loads(unseal(self._key, self._bound, body))
            found[content["page"]] = Draft(version, content["answers"])
        return found


@dataclass(frozen=True, slots=True)
class Sealed:
    """One interview as it was submitted: answers as plain data, and the digest of its pages."""

    digest: str
    answers: Mapping[str, Any]


def close_sealed(binding: Binding, invite: int, slot: bytes, content: Sealed, size: int) -> bytes:
    """The body that keeps an interview until the close."""
    plain = dump({"digest": content.digest, "answers": content.answers}).encode()
    return seal(seal_key(slot), binding.of(invite, "sealed"), plain, size)


def open_sealed(binding: Binding, invite: int, slot: bytes, body: bytes) -> Sealed:
    """Open an interview: at close. `Unreadable` if it is not this person's, or its key is gone."""
    return Sealed(**json.loads(unseal(seal_key(slot), binding.of(invite, "sealed"), body)))


def says_the_same(binding: Binding, invite: int, slot: bytes, body: bytes, digest: str) -> bool:
    """Whether an interview was made from the pages of this digest; nothing of it is handed out."""
    return open_sealed(binding, invite, slot, body).digest == digest
