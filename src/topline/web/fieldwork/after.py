"""The store of a survey that is closed: its keys are gone, and every link leads to a page that says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topline.study.compiled import Compiled
from topline.web.fieldwork.places import ways_of
from topline.web.keys import link_hash
from topline.web.store.engines import Engine
from topline.web.store.kinds import Door, Draft, Person, StoredResponse, Way


class AfterClose:
    """Takes nothing. Once the people are deleted it knows no link, and tells every link the same."""

    def __init__(self, compiled: Compiled, engine: Engine) -> None:
        self.compiled, self.engine = compiled, engine

    def visit(self, study: str, token: str) -> tuple[Person, Mapping[str, Draft]] | None:
        """Who has finished reads that the answers are in; everybody else that the survey is closed."""
        found = self.engine.rows(
            "select state from invite where study = ? and link_hash = ?", study, link_hash(token)
        )
        if not found and self.engine.rows("select 1 from invite where study = ? limit 1", study):
            return None
        finished = found == [("finished",)]
        return Person(study, {}, 0, "sent" if finished else "invited", None, "closed"), {}

    def start(self, token: str) -> None:
        """Nothing starts any more."""

    def save(self, token: str, page: str, body: Mapping[str, Any], seen: int) -> bool:
        """Nothing is saved any more."""
        return False

    def send(self, token: str, response: StoredResponse, digest: str) -> str | None:
        """Nothing is taken any more."""
        return None

    def opt_out(self, token: str, out: bool) -> None:
        """No letters go out any more."""

    def sent_before(self, token: str, digest: str) -> bool:
        """Whose answers were whose, nobody can tell."""
        return False

    # --- shared links and codes

    @property
    def closed(self) -> bool:
        """Nobody can come in any more."""
        return True

    @property
    def ways(self) -> frozenset[Way]:
        """How people came; empty once the people are deleted."""
        return ways_of(self.engine, self.compiled.id)

    def look(self, token: str) -> Door | None:
        """A shared link that was one still is, and says that the survey is closed."""
        known = self.engine.rows(
            "select 1 from link where study = ? and hash = ?", self.compiled.id, link_hash(token)
        )
        return Door({}, "closed") if known else None

    def take(self, token: str) -> str | None:
        """No place is taken any more."""
        return None

    def holder(self, code: str) -> str | None:
        """No code leads anywhere any more."""
        return None

    def code(self, token: str) -> str:
        """There are no codes any more."""
        return ""
