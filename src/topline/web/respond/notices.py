"""Pages that belong to no question: help, privacy, cookies, accessibility. Every page links to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Final

from topline.web.respond.layout import Body
from topline.web.store.kinds import Way

if TYPE_CHECKING:
    from topline.web.respond.pages import Pages

#: Asked only by the page that says it: finding out reads every invitation.
Ways = Callable[[], Collection[Way]]
#: Settings of `privacy:` in the order in which the notice says them.
_SAID: Final = ("controller", "processor", "lawful_basis", "special_category", "contact")
_KEPT: Final = {
    "frame": "privacy.until_frame", "drafts": "privacy.until_drafts", "answers": "privacy.until_answers",
}  # fmt: skip
_COOKIE: Final = (
    ("cookies.name", "cookies.name_said"),
    ("cookies.purpose", "cookies.purpose_said"),
    ("cookies.length", "cookies.length_said"),
)


def notice(pages: Pages, path: str, ways: Ways) -> Body | None:
    """The page at an address; None for any other address. `ways`: how people come to this survey."""
    if path not in _PAGES:
        return None
    key, write = _PAGES[path]
    task = pages.speech.plain(key)
    return Body(task, f"<h1>{escape(task)}</h1>{''.join(write(pages, ways))}")


def _help(pages: Pages, _: Ways) -> Iterator[str]:
    yield f"<p>{_contact(pages)}</p>"
    yield f"<p>{pages.speech.word('help.link')}</p>"


def _privacy(pages: Pages, ways: Ways) -> Iterator[str]:
    """The promise, then who is responsible, on what ground, until when, and what a person can ask for."""
    word, privacy = pages.speech.word, pages.compiled.privacy
    if not pages.is_fieldwork:
        yield f"<p>{word('promise.rehearsal')}</p>"
    yield from _promise(pages, ways())
    if "text" in privacy:  # the study's own notice
        yield from (f"<p>{escape(part)}</p>" for part in privacy["text"].strip().split("\n\n"))
        return
    rows = [(word(f"privacy.{name}"), escape(privacy[name])) for name in _SAID if privacy.get(name)]
    rows += list(_until(pages, privacy))
    if rows:
        yield f'<h2>{word("privacy.who")}</h2><dl class="facts">'
        yield from (f"<div><dt>{name}</dt><dd>{said}</dd></div>" for name, said in rows)
        yield "</dl>"
    yield f"<h2>{word('privacy.rights')}</h2>"
    confidential = pages.compiled.anonymity == "confidential"
    yield f"<p>{word('privacy.rights_confidential' if confidential else 'privacy.rights_anonymous')}</p>"
    yield f"<p>{_contact(pages)}</p>"


def _promise(pages: Pages, ways: Collection[Way]) -> Iterator[str]:
    """What is promised to each kind of people who come; with more kinds than one, each under its heading."""
    listed, unlisted = "list" in ways or not ways, not {"link", "paper"}.isdisjoint(ways)
    kinds: list[tuple[str, Way, str]] = []
    if listed:
        kinds.append(("privacy.listed", "list", "promise.link"))
    if unlisted:
        kinds.append(("privacy.unlisted", "link", "promise.code"))
    for heading, way, secret in kinds:
        if len(kinds) > 1:
            yield f"<h2>{pages.speech.word(heading)}</h2>"
        yield from (f"<p>{pages.speech.word(key)}</p>" for key in (*pages.promised(way), secret))


def _until(pages: Pages, privacy: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """How long each kind of data is kept; a kind that has no words here goes by its name."""
    for name, said in privacy.items():
        if name.startswith("until."):
            kind, day = name.removeprefix("until."), date.fromisoformat(said)
            label = pages.speech.word(_KEPT[kind]) if kind in _KEPT else escape(kind)
            yield label, escape(_day(pages, day))


def _day(pages: Pages, day: date) -> str:
    months = pages.speech.plain("mail.months").split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


def _cookies(pages: Pages, _: Ways) -> Iterator[str]:
    word = pages.speech.word
    if not pages.is_fieldwork:
        yield f"<p>{word('cookies.none')}</p>"
        return
    yield f"<p>{word('cookies.one')}</p>"
    yield '<dl class="facts">'
    for name, said in _COOKIE:
        yield f"<div><dt>{word(name)}</dt><dd>{word(said)}</dd></div>"
    yield f"</dl><p>{word('cookies.without')}</p>"


def _accessibility(pages: Pages, _: Ways) -> Iterator[str]:
    word = pages.speech.word
    for key in ("aim", "works", "tested", "untested"):
        yield f"<p>{word(f'accessibility.{key}')}</p>"
    yield f"<h2>{word('accessibility.trouble')}</h2><p>{_contact(pages)}</p>"


def _contact(pages: Pages) -> str:
    """Whom to write to."""
    contact = pages.compiled.contact
    if not (email := contact.get("email")):
        return pages.speech.word("help.no_contact")
    link = f'<a href="mailto:{escape(email)}">{escape(email)}</a>'
    return pages.speech.word("help.contact", name=escape(contact.get("name", "")), email=link)


_PAGES: Final[Mapping[str, tuple[str, Callable[[Pages, Ways], Iterator[str]]]]] = {
    "/help": ("help.task", _help),
    "/privacy": ("privacy.task", _privacy),
    "/cookies": ("cookies.task", _cookies),
    "/accessibility": ("accessibility.task", _accessibility),
}
