"""One run over a wave: claim a letter, send it, say what became of it; then the next."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from topline.base import ToplineError, fail
from topline.base.progress import progress
from topline.web.mail.letter import Stationery
from topline.web.mail.outbox import Claim, Outbox
from topline.web.mail.post import Fate, Postman
from topline.web.store.audit import note

_STATES: Final[Mapping[Fate, str]] = {
    "sent": "sent", "later": "queued", "undelivered": "failed", "refused": "failed", "unknown": "unknown",
}  # fmt: skip
_MOST_REFUSED: Final = 5  # letters in a row that are refused for what they say


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one wave. `links` by person; `per_minute`: at most so many; `sleep` is for tests.

    Only one run at a time may go: it takes claims that are there for those of a run that was cut short.
    """

    outbox: Outbox
    wave: int
    stationery: Stationery
    links: Mapping[int, str]
    postman: Postman
    per_minute: float | None = None
    sleep: Callable[[float], object] = time.sleep

    def go(self, limit: int | None = None) -> Mapping[str, int]:
        """Send what waits, at most `limit` letters; return how many met which fate.

        Fates as of the postman, and `no longer due`: who finished, opted out or left since. Raises
        ToplineError where the server takes nothing; what is sent by then stays sent, the rest waits.
        """
        found: Counter[str] = Counter()
        left = self.outbox.give_up_claims()
        waiting = self.outbox.waiting(self.wave)[: limit if limit is not None else None]
        refused = 0
        try:
            for invite in progress(waiting, "letters"):
                began = time.monotonic()
                claim = self.outbox.claim(self.wave, invite)
                if claim is None:
                    found["no longer due"] += 1
                    continue
                fate = self._send(claim)
                found[fate] += 1
                refused = refused + 1 if fate == "refused" else 0
                if refused == _MOST_REFUSED:
                    fail("mail-junk", number=refused)
                if self.per_minute:
                    self.sleep(max(0.0, 60 / self.per_minute - (time.monotonic() - began)))
        finally:
            self.postman.hang_up()
            found["unknown"] += left
            self._note(found)
        return found

    def _send(self, claim: Claim) -> Fate:
        message = self.stationery.letter(claim.address, self.links[claim.invite], claim.mark)
        if message is None:  # listed before addresses were read as strictly
            self.outbox.settle(self.wave, claim.invite, "failed", undelivered=True)
            return "undelivered"
        try:
            fate = self.postman.send(message, self.stationery.sender.envelope(claim.mark), claim.address)
        except ToplineError:
            self.outbox.settle(self.wave, claim.invite, "queued")
            raise
        self.outbox.settle(self.wave, claim.invite, _STATES[fate], undelivered=fate == "undelivered")
        return fate

    def _note(self, found: Mapping[str, int]) -> None:
        values = {"wave": self.wave, "sent": found.get("sent", 0), "unknown": found.get("unknown", 0)}
        if values["sent"] or values["unknown"]:
            self.outbox.engine.write(lambda db: note(db, self.outbox.study, "mail", **values))
