"""The store of a survey that is closed: its keys are gone, and every link leads to a page that says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topline.study.compiled import Compiled
from topline.web.keys import link_hash
from topline.web.store.engines import Engine
from topline.web.store.kinds import Draft, Person, StoredResponse


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

    def sent_before(self, token: str, digest: str) -> bool:
        """Whose answers were whose, nobody can tell."""
        return False

    def tag(self, token: str, page: str, version: object) -> str:
        """No form is shown, and none is read."""
        return ""
