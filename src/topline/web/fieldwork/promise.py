"""What was promised at launch: read by every page and by the close, and changed by nobody."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from typing import Final, Literal

from topline.base import fail
from topline.web.store.engines import Engine, Transaction
from topline.web.store.kinds import dump

SECRET: Final = "TOPLINE_SECRET"
_LEAST_SECRET: Final = 32  # characters


@dataclass(frozen=True, slots=True)
class Promise:
    """The terms of one study. `kept`: attributes beside a response, in the order of the cells.

    `questionnaire` is the hash of the frozen version `version`; `sealed` the bytes that every interview is
    padded to; `vault` the mark of the vault that was made for it; `opens` the first day (None: at once);
    `quotas` how many are wanted by attribute and group; `complete` and `partial` the least share of
    applicable questions, in percent, of an interview so called.
    """

    anonymity: Literal["anonymous", "confidential"]
    partials: Literal["use", "discard"]
    version: int
    questionnaire: str
    kept: tuple[str, ...]
    frame_floor: int
    reply_floor: int
    sealed: int
    vault: str
    opens: str | None = None
    quotas: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    complete: int = 80
    partial: int = 50

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody may learn which answers are whose."""
        return self.anonymity == "anonymous"

    def is_early(self, today: date) -> bool:
        """Whether the survey has not opened yet."""
        return self.opens is not None and today < date.fromisoformat(self.opens)


def keep_promise(db: Transaction, study: str, promise: Promise) -> None:
    """Write the terms down, in the transaction of the launch."""
    text = dump(asdict(promise))
    db.change("insert into fieldwork values (?, ?, ?)", study, text, _hash(study, text))
    db.change("insert into release values (?, 'open')", study)


def read_promise(engine: Engine, study: str) -> Promise:
    """The terms of a study; ToplineError if it was not launched here, or if they were changed since."""
    found = engine.rows("select promise, hash from fieldwork where study = ?", study)
    if not found:
        fail("fieldwork-not-launched", study=study)
    text, hash = found[0]
    if hash != _hash(study, text):
        fail("fieldwork-changed", study=study)
    values = json.loads(text)
    return Promise(**{**values, "kept": tuple(values["kept"])})


def moved_to(study: str, text: str, vault: str) -> tuple[str, str]:
    """The row of a promise whose keys were lost, for a vault that was made anew: text and hash."""
    now = dump({**json.loads(text), "vault": vault})
    return now, _hash(study, now)


def is_launched(engine: Engine, study: str) -> bool:
    """Whether a study was launched here."""
    return bool(engine.rows("select 1 from fieldwork where study = ?", study))


def release_state(engine: Engine, study: str) -> str:
    """`open`, `closing`, `written` (the answers are out, keys may still be there) or `done`."""
    return str(engine.rows("select state from release where study = ?", study)[0][0])


def secret_of_environment() -> bytes:
    """The secret that links are made from; ToplineError if it is missing or short."""
    given = os.environ.get(SECRET, "")
    if len(given) < _LEAST_SECRET:
        fail("fieldwork-secret", name=SECRET, least=_LEAST_SECRET, found=len(given))
    return given.encode()


def _hash(study: str, text: str) -> str:
    return sha256(f"{study}|{text}".encode()).hexdigest()
