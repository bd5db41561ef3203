"""What every store hands to the pages: a person, what is saved of a page, a response; what can go wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from topline.web.keys import mac

State = Literal["invited", "started", "sent"]
Phase = Literal["early", "open", "paused", "closed", "gone", "full"]
Way = Literal["list", "link", "paper"]


class Busy(Exception):
    """The store did not take or give anything: locked for too long, or not reachable. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Person:
    """One invitation: facts (attributes and arms of splits by name), seed of orders, state.

    `sent` is the digest of what a rehearsal's person sent; `phase` that of the survey
    (for this person); `way` how the person came here; `opted_out`: wants no more letters; `forms` the key of
    the tags that this person's forms carry (empty: they carry none).
    """

    study: str
    facts: Mapping[str, Any]
    seed: int
    state: State
    sent: str | None = None
    phase: Phase = "open"
    way: Way = "list"
    opted_out: bool = False
    forms: bytes = field(default=b"", repr=False)

    def tag(self, page: str, version: object) -> str:
        """What a form of this page must carry to come from this person; empty: nothing is asked for."""
        return mac(self.forms, "form", page, version)[:16].hex() if self.forms else ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is saved of one page: version (1 when first saved) and its answers as plain data."""

    version: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """One response as it was sent: facts and answers as plain data, hash of the questionnaire."""

    questionnaire: str
    facts: Mapping[str, Any]
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Door:
    """A link that many share: the facts of whoever comes by it, and whether it takes anybody now."""

    facts: Mapping[str, Any]
    phase: Phase


class Doors(Protocol):
    """How people without a link of their own come in, and back."""

    @property
    def closed(self) -> bool:
        """Whether nobody can come in any more."""

    @property
    def ways(self) -> Collection[Way]:
        """How people come to this survey; empty if nobody can tell any more."""

    def look(self, token: str) -> Door | None:
        """What a shared link leads to; None for an unknown one. Writes nothing."""

    def take(self, token: str) -> str | None:
        """Take a place of a shared link; return the token of the new person, None if there is none."""

    def holder(self, code: str) -> str | None:
        """The token of the person who has this code, as it was typed; None for an unknown one."""

    def code(self, token: str) -> str:
        """The code of a person, as it is printed."""


class Keeping(Protocol):
    """What the pages need of a store."""

    def visit(self, study: str, token: str) -> tuple[Person, Mapping[str, Draft]] | None:
        """The person of a link and what is saved, as of one moment; None for an unknown link."""

    def start(self, token: str) -> None:
        """Note that the person has started; nothing if that is known."""

    def save(self, token: str, page: str, body: Mapping[str, Any], seen: int) -> bool:
        """Save a page over the version that was `seen`; False if it is another one by now, or sent."""

    def send(self, token: str, response: StoredResponse, digest: str) -> str | None:
        """Take what is saved; return the digest of what counts, None if it changed meanwhile."""

    def opt_out(self, token: str, out: bool) -> None:
        """Note that the person wants no more letters, or wants them again."""

    def sent_before(self, token: str, digest: str) -> bool:
        """Whether what was sent is what this digest is of."""


def drafts_digest(drafts: Mapping[str, Draft]) -> str:
    """A digest of all that is saved, the same for the same versions of the same pages."""
    content = {page: [draft.version, draft.body] for page, draft in drafts.items()}
    return hashlib.sha256(dump(content).encode()).hexdigest()[:32]


def dump(value: object) -> str:
    """Plain data as one line of JSON, the same for the same data."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
