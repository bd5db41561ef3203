"""The attacker: with every file, every journal and every link, who gave which response?

He has read the main store after every single interview (more than a shipped journal or nightly copies tell),
knows every token, the secret, and what the vault's files hold after the close. He never had the keys while
they were there. Each attack gives, for each response, the people it may be of.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import product
from math import sqrt
from typing import Any

from tests.web.fields import Field

from topline.web.keys import KEY, Bound, Unreadable, derive, draft_key, keying_key, seal_key, unseal
from topline.web.store.kinds import dump
from topline.web.vault.keyings import Keyings

Guess = Mapping[bytes, set[int]]  # response -> people it may be of


@dataclass
class Look:
    """What was new since the look before."""

    finished: set[int]
    responses: set[bytes]


@dataclass
class Attacker:
    """Collects while the survey runs, and guesses after it. `drafts`: the drafts are shipped as well."""

    study: Field
    drafts: bool = False
    looks: list[Look] = field(default_factory=list)
    bodies: dict[int, set[bytes]] = field(default_factory=dict)
    sealed: dict[int, bytes] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    keyings: dict[int, set[bytes]] = field(default_factory=dict)  # what waited of forms on paper
    keys: dict[int, bytes] = field(default_factory=dict)  # what stands at each place of the last key files
    _finished: set[int] = field(default_factory=set)
    _responses: set[bytes] = field(default_factory=set)

    def look(self) -> None:
        """Read the main store, and the drafts where they are shipped."""
        engine = self.study.engine
        finished = {id for (id,) in engine.rows("select id from invite where state = 'finished'")}
        responses = {bytes(id) for (id,) in engine.rows("select id from response")}
        self.looks.append(Look(finished - self._finished, responses - self._responses))
        self._finished, self._responses = finished, responses
        for invite, body in engine.rows("select invite, body from sealed"):
            self.sealed[invite] = bytes(body)
            self.bodies.setdefault(invite, set()).add(bytes(body))

    def look_at_drafts(self, invite: int) -> None:
        """The rows of one person, just before they go."""
        if self.drafts:
            found = self.study.fieldwork.drafts_file.rows(invite)
            self.rows[invite] = len(found)
            self.bodies.setdefault(invite, set()).update(body for _, body in found.values())

    def look_at_keyings(self) -> None:
        """What waits of forms on paper: a copy of that file was taken, though it is in the vault."""
        path = self.study.vault / "every_kind.keyings"
        if path.exists():
            with closing(Keyings(path)) as file:
                for row in file.rows():
                    self.keyings.setdefault(row.invite, set()).add(row.body)

    def take_vault(self, point: str) -> None:
        """Read the key files once they are overwritten, before they are taken away."""
        if point == "overwritten":
            slots = (self.study.vault / "every_kind.slots").read_bytes()
            self.keys = {n: slots[n * KEY : (n + 1) * KEY] for n in range(len(slots) // KEY)}

    # --- guesses

    def responses(self) -> dict[bytes, tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """What was released: attributes and answers by id, in the order in which the store keeps them."""
        rows = self.study.engine.rows("select id, attributes, answers from response")
        return {bytes(id): (json.loads(where), json.loads(answers)) for id, where, answers in rows}

    def by_attributes(self) -> Guess:
        """Everybody who has finished and whose cell fits: what the promise grants."""
        rows = self.study.engine.rows("select id, cell from invite where state = 'finished'")
        cells = {id: json.loads(cell) for id, cell in rows}
        return {
            id: {
                invite
                for invite, cell in cells.items()
                if all(value is None or value == cell[name] for name, value in where.items())
            }
            for id, (where, _) in self.responses().items()
        }

    def by_order(self) -> Guess:
        """The first response that the store keeps is of the first who finished, and so on."""
        people = [invite for look in self.looks for invite in sorted(look.finished)]
        return {id: {invite} for id, invite in zip(self.responses(), people, strict=False)}

    def by_commit(self) -> Guess:
        """What appears together belongs together; whoever was in an earlier batch is in no later one."""
        waiting: set[int] = set()
        found: dict[bytes, set[int]] = {}
        for look in self.looks:
            waiting |= look.finished
            found |= {id: set(waiting) for id in look.responses}
            if len(look.responses) >= len(waiting):
                waiting = set()
        return found

    def by_length(self) -> Guess:
        """A body as long as these answers would be."""
        lengths: dict[int, set[int]] = {}
        for invite, body in self.sealed.items():
            lengths.setdefault(len(body), set()).add(invite)
        frame = 12 + 4 + 16 + len(dump({"digest": "0" * 32, "answers": {}})) - 2
        found = {}
        for id, (_, answers) in self.responses().items():
            if fitting := lengths.get(frame + len(dump(answers).encode())):
                found[id] = fitting
        return found

    def by_content(self) -> Guess:
        """Open every body with every key that can still be made, and compare what it says."""
        opened = {invite: self._opened(invite) for invite in self.bodies}
        found = {}
        for id, (_, answers) in self.responses().items():
            fitting = {
                invite
                for invite, pages in opened.items()
                if pages and all(answers.get(name) == each for name, each in pages.items())
            }
            if fitting:
                found[id] = fitting
        return found

    def by_keyings(self) -> Guess:
        """Open what waited of forms with every key that can still be made, and compare what was keyed."""
        said: dict[int, set[str]] = {}
        for invite, bodies in self.keyings.items():
            token, last = self.study.tokens[invite].encode(), self.keys.get(invite, bytes(KEY))
            keys = [derive(token, "keying"), derive(last, "keying")]
            keys += [keying_key(key, token.decode()) for key in (last, bytes(KEY), b"")]
            bound = Bound("every_kind", invite, "keying", self.study.fieldwork.promise.questionnaire)
            for body, key in product(bodies, keys):
                with suppress(Unreadable):
                    for _, cells in json.loads(unseal(key, bound, body)):
                        said.setdefault(invite, set()).add(cells["anything"])
        found = {}
        for id, (_, answers) in self.responses().items():
            if fitting := {invite for invite, each in said.items() if answers["anything"] in each}:
                found[id] = fitting
        return found

    def by_pages(self) -> Guess:
        """As many rows were saved as this route has pages."""
        found = {}
        for id, (_, answers) in self.responses().items():
            pages = sum(
                any(answers.get(name) != {"missing": "not_asked"} for asked in screen.questions
                    for name in asked.variables) or not any(asked.variables for asked in screen.questions)
                for screen in self.study.compiled.screens
            )  # fmt: skip
            if fitting := {invite for invite, number in self.rows.items() if number == pages}:
                found[id] = fitting
        return found

    def _opened(self, invite: int) -> dict[str, Any]:
        token = self.study.tokens[invite]
        last = self.keys.get(invite, bytes(KEY))
        candidates = [
            derive(token.encode(), "draft"),
            draft_key(last, token),
            draft_key(bytes(KEY), token),
            seal_key(last),
            seal_key(token.encode()),
        ]
        questionnaire = self.study.fieldwork.promise.questionnaire
        found: dict[str, Any] = {}
        for body in self.bodies[invite]:
            for key in candidates:
                for kind in ("draft", "sealed"):
                    with suppress(Unreadable):
                        bound = Bound("every_kind", invite, kind, questionnaire)  # type: ignore[arg-type]
                        found |= json.loads(unseal(key, bound, body))["answers"]
        return found

    def attacks(self) -> Mapping[str, Callable[[], Guess]]:
        """Every attack by its name."""
        return {
            "order": self.by_order,
            "commit": self.by_commit,
            "length": self.by_length,
            "content": self.by_content,
            "pages": self.by_pages,
            "keyings": self.by_keyings,
        }


def expected(guess: Guess, truth: Mapping[bytes, int]) -> float:
    """How many guesses are right, on average, when he picks at random among the people of each response."""
    return sum(1 / len(guess[id]) for id, who in truth.items() if who in guess.get(id, ()))


def together(one: Guess, other: Guess) -> Guess:
    """What two attacks say together; where they contradict each other, the first one."""
    return {id: (people & other.get(id, people)) or people for id, people in one.items()}


def scores(attacker: Attacker, truth: Mapping[bytes, int]) -> dict[str, float]:
    """What each attack comes to when it is added to the attributes, and all of them together."""
    attributes = attacker.by_attributes()
    found = {"attributes": expected(attributes, truth)}
    for name, attack in attacker.attacks().items():
        found[name] = expected(together(attributes, attack()), truth)
    every = attributes
    for name in ("commit", "length", "content", "pages", "keyings"):
        every = together(every, attacker.attacks()[name]())
    found["together"] = expected(every, truth)
    return found


def limit(score: Mapping[str, float]) -> float:
    """The attributes plus three standard errors: a protocol that keeps its promise stays below."""
    return score["attributes"] + 3 * sqrt(score["attributes"])
