"""A browser without a screen: reads the real pages, fills their forms, posts what a browser would post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode

from topline.base import fail
from topline.study.values import Answer, Answers, NoAnswer
from topline.web.respond import Request, Response, Runner, handle
from topline.web.respond.forms import fields_of

_MOST_PAGES: Final = 1_000
Attributes = list[tuple[str, str | None]]


@dataclass(slots=True)
class Form:
    """The form of a page: where it goes, what it holds now, and what each field would take (None: any
    text).
    """

    action: str = ""
    held: list[tuple[str, str]] = field(default_factory=list)
    takes: dict[str, set[str] | None] = field(default_factory=dict)


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form: Form | None = None
        self._list: str | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(given.get("action", ""))
        if self.form is None:
            return
        if tag == "input":
            self._input(self.form, given)
        elif tag == "select":
            self._list = given["name"]
            self.form.takes[self._list] = set()
        elif tag == "option" and self._list and (values := self.form.takes[self._list]) is not None:
            values.add(given["value"])
            if "selected" in given:
                self.form.held.append((self._list, given["value"]))
        elif tag == "textarea":
            self.form.takes[given["name"]] = None

    def _input(self, form: Form, given: Mapping[str, str]) -> None:
        name, value, kind = given["name"], given.get("value", ""), given["type"]
        if kind in ("radio", "checkbox"):
            taken = form.takes.setdefault(name, set())
            if taken is not None:
                taken.add(value)
            if "checked" in given:
                form.held.append((name, value))
            return
        form.held.append((name, value))
        if kind != "hidden":
            form.takes[name] = None


class Browser:
    """One person's browser on one study."""

    def __init__(self, runner: Runner, language: str | None = None) -> None:
        self.runner = runner
        self.query = f"lang={language}" if language else ""

    def get(self, address: str) -> Response:
        """Get a page, following redirects."""
        return self._follow(self._ask("GET", address))

    def post(self, address: str, fields: Sequence[tuple[str, str]]) -> Response:
        """Post a form, following redirects."""
        return self._follow(self._ask("POST", address, urlencode(fields).encode()))

    def answer_all(self, token: str, answers: Answers) -> Response:
        """Go from the link to the thank-you page, give the answers of one person, and return the last page.

        Raises ToplineError if a page does not take an answer, or the end is never reached.
        """
        response = self.get(f"/i/{token}")
        for _ in range(_MOST_PAGES):
            form = form_of(response)
            if form is None:
                fail("rehearse-no-form", status=response.status)
            if form.action.partition("?")[0].endswith("/send"):
                return self.post(form.action, form.held)
            held = [pair for pair in form.held if pair[0] not in form.takes]
            filled = _filled(self.runner, form, answers)
            response = self.post(form.action, [*held, *filled])
            if response.status == 422:  # a soft check lets the same answers through when they are sent again
                again = form_of(response)
                soft = [pair for pair in again.held if pair[0] == ".soft"] if again else []
                response = self.post(form.action, [*held, *soft, *filled])
            if response.status == 422:
                fail("rehearse-refused", page=form.action.rpartition("/p/")[2])
        fail("rehearse-endless", pages=_MOST_PAGES)

    def _ask(self, method: str, address: str, body: bytes = b"") -> Response:
        path, _, query = address.partition("?")
        return handle(Request(method, path, query=query or self.query, body=body), self.runner)

    def _follow(self, response: Response) -> Response:
        while (location := response.location) is not None:
            response = self._ask("GET", location)
        return response


def form_of(response: Response) -> Form | None:
    """The form of a page, None if it has none."""
    reader = _FormReader()
    reader.feed(response.text)
    return reader.form


def _filled(runner: Runner, form: Form, answers: Answers) -> list[tuple[str, str]]:
    """What this person puts into the fields of the page; only what the page offers can be chosen."""
    wanted: dict[str, Answer] = {name: each for name, each in answers.items() if not _is_route(each)}
    fields = fields_of(runner.compiled.questions.values(), wanted)
    found = []
    for name, takes in form.takes.items():
        for value in fields.get(name, ()):
            if takes is None or value in takes:
                found.append((name, value))
            elif not name.endswith(".quote"):  # that box holds only "yes"; "no" is leaving it empty
                fail("rehearse-not-offered", name=name, value=value, offered=", ".join(sorted(takes)))
    return found


def _is_route(answer: Answer) -> bool:
    return isinstance(answer, NoAnswer) and answer.kind == "not_asked"
