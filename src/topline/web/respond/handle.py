"""`handle(request, runner) -> response`: from an address to a page, with no framework.

Whatever arrives, a page says what to do. GET and HEAD write nothing.
"""

from __future__ import annotations

import hmac
import logging
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, unquote

from topline.study.answers import answers_as_json, answers_from_json
from topline.web.keys import Unreadable
from topline.web.limits import MAX_BODY
from topline.web.respond.doors import SHUT, door_page, keep_page
from topline.web.respond.forms import fields_of
from topline.web.respond.http import (
    TOKEN,
    Fields,
    Request,
    Response,
    page,
    read_form,
    same_origin,
    see_other,
    token_in,
    with_cookie,
)
from topline.web.respond.layout import Body
from topline.web.respond.letters import letters_page
from topline.web.respond.notices import notice
from topline.web.respond.pages import Pages, hidden
from topline.web.respond.path import Step, Walk
from topline.web.respond.runner import Runner, facts_of
from topline.web.respond.sending import sent_answers
from topline.web.respond.view import View
from topline.web.store.kinds import Busy, Draft, Person, StoredResponse, Way, drafts_digest

_LINK: Final = re.compile(rf"/i/({TOKEN.pattern})(/.*)?")
_LOG: Final = logging.getLogger("topline.respond")


def handle(request: Request, runner: Runner) -> Response:
    """Answer one request for a study."""
    visit = _Visit(request, runner)
    try:
        return visit.respond()
    except Busy:
        return visit.show(visit.pages.plain_page("refused.busy_task", "refused.busy"), 503)
    except Unreadable:
        # an alarm for those who run the survey; it names no person
        _LOG.error("something that was saved for %s does not open: moved, or changed", runner.compiled.id)
        return visit.show(visit.pages.plain_page("refused.task", "refused.unreadable"), 503)


class _Visit:
    """One request being answered."""

    def __init__(self, request: Request, runner: Runner) -> None:
        self.request, self.runner = request, runner
        self.language = _language(request.query, runner)
        self.pages: Pages = runner.pages[self.language]

    # --- where to

    def respond(self) -> Response:
        request = self.request
        if request.method not in ("GET", "HEAD", "POST"):
            return self.show(self.pages.plain_page("refused.task", "refused.method"), 405)
        if request.method == "POST":
            if len(request.body) > MAX_BODY:
                return self.show(self.pages.plain_page("refused.task", "refused.too_large"), 413)
            if not same_origin(request):
                return self.show(self.pages.plain_page("refused.task", "refused.origin"), 403)
            if (fields := read_form(request.body)) is None:
                return self.show(self.pages.plain_page("refused.task", "refused.text"), 400)
            return self.post(fields)
        return self.get()

    def get(self) -> Response:
        path = self.request.path
        if (body := notice(self.pages, path, self.ways)) is not None:
            return self.show(body)
        if path in ("", "/") and self.runner.mode == "rehearsal":
            return self.show(self.pages.door(self.at("/"), "/"))
        if (door := door_page(self, path, None)) is not None:
            return door
        inside, rest = self.inside()
        return self.lost() if inside is None else inside.respond(rest, None)

    def post(self, fields: Fields) -> Response:
        if self.request.path in ("", "/") and self.runner.mode == "rehearsal":
            return self.begin(fields)
        if (door := door_page(self, self.request.path, fields)) is not None:
            return door
        inside, rest = self.inside()
        return self.lost() if inside is None else inside.respond(rest, fields)

    def inside(self) -> tuple[_Inside | None, str]:
        """Whose pages these are, by the link or else by the cookie, and which of them is asked for."""
        path = self.request.path
        link = _LINK.fullmatch(path)
        if link is not None:
            token, prefix, rest = link[1], f"/i/{link[1]}", link[2] or ""
        elif self.runner.mode == "fieldwork" and not path.startswith("/i/"):
            token, prefix, rest = token_in(self.request.cookie) or "", "", path
        else:
            return None, ""
        found = self.runner.visit(token) if token else None
        where = unquote(rest, errors="replace")
        return (None if found is None else _Inside(self, token, prefix, *found)), where

    def ways(self) -> Collection[Way]:
        """How people come to this survey."""
        return self.runner.doors.ways if self.runner.doors else ()

    def begin(self, fields: Fields) -> Response:
        """Make the made-up person of the door's form."""
        facts = {}
        for known in self.runner.compiled.attributes:
            value = next(iter(fields.get(known.name, ())), "")
            if any(option.name == value for option in known.options):
                facts[known.name] = value
        return see_other(self.at(f"/i/{self.runner.invite(facts)}"))

    # --- saying it

    def at(self, path: str) -> str:
        return self.runner.layout.address(self.language, self.request, path)

    def show(self, body: Body, status: int = 200) -> Response:
        return page(self.runner.layout.page(self.language, self.request, body), status)

    def lost(self) -> Response:
        """One page for unknown, misspelt and foreign links alike."""
        rehearsal = self.runner.mode == "rehearsal"
        onward = (self.at("/"), "lost.door") if rehearsal else None
        body = replace(self.pages.plain_page("lost.task", "lost.text", onward), here="/")
        return self.show(body, 404 if rehearsal or self.runner.misses.take() else 429)


class _Inside:
    """The pages behind one link."""

    def __init__(
        self, visit: _Visit, token: str, prefix: str, person: Person, drafts: Mapping[str, Draft]
    ) -> None:
        self.visit, self.token, self.prefix, self.person, self.drafts = visit, token, prefix, person, drafts
        self.runner, self.pages = visit.runner, visit.pages
        self.facts = facts_of(person)

    def at(self, path: str) -> str:
        return self.visit.at(f"{self.prefix}{path}" or "/")

    def respond(self, path: str, fields: Fields | None) -> Response:
        """GET (no fields) or POST, as far as the survey's days allow it."""
        if (letters := letters_page(self, path, fields)) is not None:
            return letters
        phase = self.person.phase
        if phase != "open" and self.person.state != "sent" and not self._is_under_way(fields):
            return self.visit.show(self.pages.plain_page(*SHUT[phase]))
        return self.get(path) if fields is None else self.post(path, fields)

    def _is_under_way(self, fields: Fields | None) -> bool:
        """Whether this is a page that somebody filled in when the pause began: it is taken like any other."""
        return self.person.phase == "paused" and self.person.state == "started" and fields is not None

    def is_over(self) -> bool:
        """Whether nothing more is taken from this person."""
        return self.person.state == "sent" or self.person.phase not in ("open", "paused")

    def walk(self) -> Walk:
        saved = {name: answers_from_json(draft.body) for name, draft in self.drafts.items()}
        return self.runner.guide.walk(self.facts, self.person.seed, saved)

    def get(self, path: str) -> Response:
        if path == "/done" and self.person.state == "sent":
            return self.visit.show(self.pages.thanks(self.visit.at("/")))
        if self.person.state == "sent":
            return self.visit.show(self.pages.sent())
        if path in ("", "/"):
            started = self.person.state == "started"
            marks = hidden(tag=self.person.tag("start", 0))
            way = self.person.way
            return self.visit.show(
                self.pages.start(self.at("/start"), self.facts, marks, started=started, way=way)
            )
        if path == "/keep" and self.person.way == "link":
            return keep_page(self.visit, self.token, self.onward_to(self.walk()))
        if self.person.state == "invited":
            return see_other(self.at(""))
        if path.startswith("/p/"):
            return self.screen(path[3:])
        return self.check() if path == "/check" else self.no_page()

    def post(self, path: str, fields: Fields) -> Response:
        if self.person.state == "sent":
            digest = _first(fields, ".digest")
            same = path == "/send" and self.runner.store.sent_before(self.token, digest)
            return see_other(self.at("/done")) if same else self.visit.show(self.pages.sent())
        if path == "/start":
            return self.begin(fields)
        if self.person.state == "invited":
            return see_other(self.at(""))
        if path.startswith("/p/"):
            return self.save(path[3:], fields)
        return self.send(fields) if path == "/send" else self.no_page()

    def begin(self, fields: Fields) -> Response:
        """The first thing that is written for a person. From here on the address shows no token."""
        if not self.own(fields, "start", 0):
            return self.other("/start", fields)
        self.runner.store.start(self.token)
        if self.runner.mode == "rehearsal" or ".cookies" in fields:
            return self.onward(self.walk())
        self.prefix = ""
        return with_cookie(self.onward(self.walk()), self.token)

    # --- whose form

    def own(self, fields: Fields, page: str, version: object) -> bool:
        """Whether a form is one that this person was shown: not another site's, nor another person's."""
        return hmac.compare_digest(_first(fields, ".tag").encode(), self.person.tag(page, version).encode())

    def other(self, path: str, fields: Fields) -> Response:
        """The form is not this person's, or the person submitted it in another window this very moment."""
        self.again()
        if self.is_over():
            return self.respond(path, fields)
        onward = (self.at(""), "other.go_on")
        return self.visit.show(self.pages.plain_page("other.task", "other.text", onward), 403)

    def no_page(self) -> Response:
        body = self.pages.plain_page("lost.page_task", "lost.page_text", (self.at(""), "buttons.go_on"))
        return self.visit.show(body, 404)

    def onward(self, walk: Walk) -> Response:
        """To the first page that is not answered, or to the last look."""
        return see_other(self.onward_to(walk))

    def onward_to(self, walk: Walk) -> str:
        """The address of the first page that is not answered, or of the last look."""
        step = walk.open
        return self.at(f"/p/{step.screen.name}") if step else self.at("/check")

    # --- one screen

    def step(self, walk: Walk, name: str) -> Step | None:
        """The screen of that name, if it is on the path and nothing before it is open."""
        for step in walk.steps:
            if step.screen.name == name:
                return step
            if not step.done:
                return None
        return None

    def screen(self, name: str) -> Response:
        if all(screen.name != name for screen in self.runner.compiled.screens):
            return self.no_page()
        walk = self.walk()
        step = self.step(walk, name)
        if step is None:
            return self.onward(walk)
        draft = self.drafts.get(name)
        fields = fields_of(step.asked, answers_from_json(draft.body)) if draft else {}
        view = self.view(step, walk, fields)
        return self.visit.show(self.draw(view, step, walk, draft.version if draft else 0))

    def save(self, name: str, fields: Fields) -> Response:
        if all(screen.name != name for screen in self.runner.compiled.screens):
            return self.no_page()
        walk = self.walk()
        step = self.step(walk, name)
        if step is None:
            return self.onward(walk)
        seen = _whole(_first(fields, ".version"))
        if not self.own(fields, f"p/{name}", seen):
            return self.other(f"/p/{name}", fields)
        reading = self.runner.reader.read(step, fields, walk.answers)
        if reading.faults and ".later" in fields:
            return self.leave("later.not_saved")
        if reading.faults:
            softs = sorted({*fields.get(".soft", ()), *(f.say for f in reading.faults if f.soft and f.say)})
            view = self.view(step, walk, fields, faults=tuple(reading.faults))
            return self.visit.show(self.draw(view, step, walk, seen, softs), 422)
        if not self.runner.store.save(self.token, name, answers_as_json(reading.answers), seen):
            return self.clash(name, fields)
        if ".later" in fields:
            return self.leave("later.text")
        self.drafts = {**self.drafts, name: Draft(seen + 1, answers_as_json(reading.answers))}
        walk = self.walk()
        place = walk.index(name)
        after = walk.steps[place + 1 :] if place is not None else ()
        # on to the next page that is not answered: whoever came back to change one thing need not see the
        # rest
        step = next((each for each in after if not each.done), None) or walk.open
        return see_other(self.at(f"/p/{step.screen.name}") if step else self.at("/check"))

    def leave(self, text: str) -> Response:
        """Finish later: the next person at this browser finds nothing of this one."""
        left = self.visit.show(self.pages.plain_page("later.task", text))
        return with_cookie(left, "")

    def again(self) -> None:
        """Read the person and what is saved anew."""
        if found := self.runner.visit(self.token):
            self.person, self.drafts = found

    def clash(self, name: str, fields: Fields) -> Response:
        """Another window saved this page, or sent everything: show both, lose neither."""
        self.again()
        if self.is_over():
            return self.respond("", None)
        walk = self.walk()
        step = self.step(walk, name)
        draft = self.drafts.get(name)
        if step is None or draft is None:
            return self.onward(walk)
        view = self.view(step, walk, fields)
        return self.visit.show(self.draw(view, step, walk, draft.version, clash=self.at(f"/p/{name}")), 409)

    def view(self, step: Step, walk: Walk, fields: Fields, faults: tuple = ()) -> View:  # type: ignore[type-arg]
        return View(
            compiled=self.runner.compiled,
            speech=self.pages.speech,
            known=walk.answers,
            facts=self.facts,
            seed=self.person.seed,
            fields=fields,
            faults=faults,
            alone=step.alone,
        )

    def draw(
        self,
        view: View,
        step: Step,
        walk: Walk,
        version: int,
        softs: list[str] | None = None,
        clash: str = "",
    ) -> Body:
        place = walk.index(step.screen.name) or 0
        back = self.at(f"/p/{walk.steps[place - 1].screen.name}") if place else self.at("")
        action = self.at(f"/p/{step.screen.name}")
        tag = self.person.tag(f"p/{step.screen.name}", version)
        marks = hidden(version=str(version), soft=softs or (), tag=tag)
        return self.pages.screen(view, step, walk, action, back, marks, clash, self.person.way)

    # --- the end

    def check(self, *, changed: bool = False) -> Response:
        walk = self.walk()
        if walk.open is not None:
            return self.onward(walk)
        back = self.at(f"/p/{walk.steps[-1].screen.name}") if walk.steps else self.at("")
        digest = drafts_digest(self.drafts)
        marks = hidden(digest=digest, tag=self.person.tag("send", digest))
        body = self.pages.check(walk, self.at("/p/{}"), self.at("/send"), back, marks, changed=changed)
        return self.visit.show(body, 409 if changed else 200)

    def send(self, fields: Fields) -> Response:
        walk = self.walk()
        if walk.open is not None:
            return self.onward(walk)
        digest = _first(fields, ".digest")
        if not self.own(fields, "send", digest):
            return self.other("/send", fields)
        if digest != drafts_digest(self.drafts):
            return self.check(changed=True)
        answers = sent_answers(self.runner.compiled, walk, self.facts)
        response = StoredResponse(self.runner.hash, self.person.facts, answers_as_json(answers))
        sent = self.runner.store.send(self.token, response, digest)
        if sent is None:
            self.again()
            gone = self.is_over()
            return self.respond("", None) if gone else self.check(changed=True)
        return see_other(self.at("/done")) if sent == digest else self.visit.show(self.pages.sent())


def _language(query: str, runner: Runner) -> str:
    """The language that the address asks for, if the study has it; else the first one."""
    asked = parse_qs(query, max_num_fields=None, errors="replace").get("lang", [""])[0]
    return asked if asked in runner.pages else runner.compiled.languages[0]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")
