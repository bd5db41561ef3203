"""The page on which a person stops letters about the survey, or wants them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from topline.web.respond.http import Fields, Response, see_other
from topline.web.respond.pages import hidden

if TYPE_CHECKING:
    from topline.web.respond.handle import _Inside

PATH = "/no"


def letters_page(inside: _Inside, path: str, fields: Fields | None) -> Response | None:
    """The page, or what its form does; None where the address is another, or no letters go out.

    Opening it writes nothing: mail scanners open links.
    """
    person = inside.person
    if path != PATH or person.way != "list" or person.phase in ("closed", "gone"):
        return None
    out = person.opted_out
    if fields is not None:
        if not inside.own(fields, "no", out):
            return inside.other(PATH, fields)
        inside.runner.store.opt_out(inside.token, not out)
        return see_other(inside.at(PATH))
    marks = hidden(tag=inside.person.tag("no", out))
    return inside.visit.show(inside.pages.letters(inside.at(PATH), marks, inside.at(""), stopped=out))
