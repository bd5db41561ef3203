"""The pages by which people come who have no link of their own: a shared link, a code, a code to keep."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, Protocol

from topline.study.answers import answers_from_json
from topline.web.respond.http import TOKEN, Fields, Response, see_other, with_cookie
from topline.web.respond.layout import Body
from topline.web.respond.pages import Pages, form

if TYPE_CHECKING:
    from topline.web.respond.runner import Runner

#: What is said instead of a page of the survey, by phase.
SHUT: Final = {
    "early": ("early.task", "early.text"),
    "paused": ("paused.task", "paused.text"),
    "closed": ("closed.task", "closed.text"),
    "gone": ("gone.task", "gone.text"),
    "full": ("full.task", "full.text"),
}


class Visit(Protocol):
    """The request that is being answered."""

    runner: Runner
    pages: Pages

    def at(self, path: str) -> str:
        """The address of a page."""

    def show(self, body: Body, status: int = 200) -> Response:
        """A whole page."""

    def lost(self) -> Response:
        """The page of links that lead nowhere."""


def door_page(visit: Visit, path: str, fields: Fields | None) -> Response | None:
    """The page of a shared link or of codes, GET (no fields) or POST; None if the path is neither."""
    if visit.runner.doors is None:
        return None
    if path == "/code":
        return _code_page(visit) if fields is None else _enter(visit, fields)
    if not path.startswith("/l/"):
        return None
    token, _, rest = path[3:].partition("/")
    if not TOKEN.fullmatch(token) or rest not in ("", "start"):
        return visit.lost()
    return _shared(visit, token, fields if rest == "start" else None)


def _shared(visit: Visit, token: str, fields: Fields | None) -> Response:
    """The first page of a shared link; a POST takes a place, and from there the address is the person's."""
    doors = visit.runner.doors
    door = doors.look(token) if doors else None
    if doors is None or door is None:
        return visit.lost()
    if door.phase != "open":
        return visit.show(visit.pages.plain_page(*SHUT[door.phase]))
    if fields is None:
        facts = answers_from_json(door.facts)
        return visit.show(visit.pages.start(visit.at(f"/l/{token}/start"), facts, started=False, way="link"))
    person = doors.take(token)
    if person is None:
        return visit.show(visit.pages.plain_page(*SHUT["full"]))
    if ".cookies" in fields:
        return see_other(visit.at(f"/i/{person}/keep"))
    return with_cookie(see_other(visit.at("/keep")), person)


def _enter(visit: Visit, fields: Fields) -> Response:
    """A code was typed. Wrong ones are answered alike, whatever is wrong, and slowly when there are many."""
    doors = visit.runner.doors
    typed = next(iter(fields.get("code", ())), "")[:100]
    person = doors.holder(typed) if doors else None
    if person is None:
        status = 404 if visit.runner.misses.take() else 429
        return _code_page(visit, status)
    if ".cookies" in fields:
        return see_other(visit.at(f"/i/{person}"))
    return with_cookie(see_other(visit.at("/")), person)


def _code_page(visit: Visit, status: int = 200) -> Response:
    """Where a code is entered. The page never shows what was typed."""
    word, plain = visit.pages.speech.word, visit.pages.speech.plain
    wrong = status != 200
    summary = (
        '<section class="sum" aria-labelledby="summary" tabindex="-1" autofocus>'
        f'<h2 id="summary">{word("code.unknown")}</h2>'
        f'<ul><li><a href="#code">{word("code.again")}</a></li></ul></section>'
        if wrong
        else ""
    )
    described = ' aria-invalid="true"' if wrong else ""
    field = (
        f'<div class="q"><p class="ask"><label for="code">{word("code.label")}</label></p>'
        f'<p class="hint" id="code-hint">{word("code.hint")}</p>'
        '<input class="in" type="text" name="code" id="code" autocomplete="off" autocapitalize="characters" '
        f'spellcheck="false" maxlength="40" aria-describedby="code-hint"{described}></div>'
    )
    buttons = (
        f'<button class="btn">{word("code.go_on")}</button>'
        f'<button class="btn quiet" name=".cookies" value="no">{word("buttons.no_cookies")}</button>'
    )
    html = f"{summary}<h1>{word('code.task')}</h1>{form(visit.at('/code'), field, buttons)}"
    return visit.show(Body(plain("code.task"), html, error=wrong, here="/code"), status)


def keep_page(visit: Visit, token: str, onward: str) -> Response:
    """The code that leads back here, to be written down."""
    doors = visit.runner.doors
    word = visit.pages.speech.word
    code = escape(doors.code(token)) if doors else ""
    where = f'<a href="{escape(visit.at("/code"))}">{word("keep.where")}</a>'
    html = (
        f"<h1>{word('keep.task')}</h1><p>{word('keep.text')}</p>"
        f'<p class="code"><strong>{code}</strong></p><p>{word("keep.enter", where=where)}</p>'
        f'<p><a class="btn" href="{escape(onward)}">{word("keep.go_on")}</a></p>'
    )
    return visit.show(Body(visit.pages.speech.plain("keep.task"), html))
