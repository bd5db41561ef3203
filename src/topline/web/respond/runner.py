"""The runner of one study: its pages compiled at the start, its store, and nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from topline.base import fail
from topline.study.answers import answers_from_json
from topline.study.compiled import Compiled
from topline.study.freeze import hashes
from topline.study.values import Answers
from topline.web.respond.forms import Reader
from topline.web.respond.layout import Layout
from topline.web.respond.misses import Bucket
from topline.web.respond.pages import Mode, Pages
from topline.web.respond.path import Guide
from topline.web.respond.speech import Speech
from topline.web.store.kinds import Doors, Draft, Keeping, Person
from topline.web.store.sqlite import Store


class Runner:
    """What `handle` needs. Give it the thin store for a rehearsal, or one that keeps what was promised.

    Raises ToplineError for another mode than `rehearsal` on the thin store: real answers do not belong there.
    """

    def __init__(
        self,
        compiled: Compiled,
        store: Keeping,
        *,
        mode: Mode,
        partials: bool = False,
        doors: Doors | None = None,
    ) -> None:
        if mode not in ("rehearsal", "fieldwork") or (mode == "rehearsal") != isinstance(store, Store):
            fail("runner-mode", mode=mode)
        self.compiled, self.store, self.mode, self.doors = compiled, store, mode, doors
        self.misses = Bucket(200, 20.0)
        self.hash = hashes(compiled).whole
        self.guide = Guide(compiled)
        self.reader = Reader(compiled.questions)
        speeches = {language: Speech(compiled, language) for language in compiled.languages}
        self.layout = Layout(compiled, speeches, mode)
        self.pages = {
            language: Pages(compiled, speech, mode, varies=self.guide.varies, partials=partials)
            for language, speech in speeches.items()
        }

    def invite(
        self, facts: Mapping[str, str], seed: int | None = None, arms: Mapping[str, str] | None = None
    ) -> str:
        """Make a made-up person and return the token of the link; arms of splits are drawn if not given."""
        if not isinstance(self.store, Store):
            fail("runner-mode", mode=self.mode)
        drawn = {draw.name: _draw(draw.arms) for draw in self.compiled.splits}
        return self.store.invite(self.compiled.id, {**facts, **drawn, **(arms or {})}, seed)

    @property
    def title(self) -> str:
        """The study's title in its first language."""
        return self.compiled.wording["study.title"]

    def visit(self, token: str) -> tuple[Person, Mapping[str, Draft]] | None:
        """The person of a link and what is saved, as of one moment; None for an unknown link."""
        return self.store.visit(self.compiled.id, token)


def facts_of(person: Person) -> Answers:
    """The attributes and arms of a person as answers."""
    return answers_from_json(person.facts)


def _draw(arms: Mapping[str, int]) -> str:
    """One arm, by the arms' relative sizes."""
    return secrets.choice([name for name, size in arms.items() for _ in range(size)])
