"""The frame of every page: top line, name, languages, "made-up answers", foot. One HTML, one style sheet,
one logo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from topline.study.compiled import Compiled
from topline.web.respond.http import Request
from topline.web.respond.speech import Speech
from topline.web.respond.words import language_name


@dataclass(frozen=True, slots=True)
class Body:
    """What goes into the frame. `task` is plain text for the title; `done` the filled part of the top line,
    in %.

    `where`: two words above the page, as HTML. `other_way`: the address of this page to switch language at,
    if it is not the one that was asked for.
    """

    task: str
    html: str
    done: int | None = None
    error: bool = False
    where: tuple[str, str] | None = None
    here: str | None = None


class Layout:
    """The frame in each language of a study."""

    def __init__(self, compiled: Compiled, speeches: dict[str, Speech], mode: str) -> None:
        self._rehearsal = mode == "rehearsal"
        self._languages: Sequence[str] = compiled.languages
        self._speeches = speeches

    def page(self, language: str, request: Request, body: Body) -> str:
        """One whole page."""
        speech = self._speeches[language]
        statics = escape(request.statics)
        study = speech.raw("study.title")
        title = speech.plain(
            "frame.title_error" if body.error else "frame.title", task=body.task, study=study
        )
        turned = f' dir="{speech.direction}"' if speech.direction != "ltr" else ""
        return (
            f'<!doctype html>\n<html lang="{escape(language)}"{turned}><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(title)}</title>"
            f'<link rel="icon" href="{statics}/symbol.svg"><link rel="stylesheet" '
            f'href="{statics}/respond.css"></head>\n'
            f'<body class="r"><a class="skip" href="#main">{speech.word("frame.skip")}'
            f"</a>{top_line(body.done)}"
            f'<header>{self._made_up(speech)}<div class="mast">'
            f'<span class="name">{speech.html("study.title")}</span>'
            f"{self._switch(language, request, body.here)}</div></header>\n"
            f'<main class="main" id="main">{_where(body.where)}{body.html}'
            f"</main>\n{self._foot(speech, request)}"
            "</body></html>\n"
        )

    def address(self, language: str, request: Request, path: str) -> str:
        """The address of one of our pages in a language."""
        return f"{request.base}{path}" + ("" if language == self._languages[0] else f"?lang={language}")

    def _made_up(self, speech: Speech) -> str:
        return f'<p class="rehearsal">{speech.word("frame.made_up")}</p>\n' if self._rehearsal else ""

    def _switch(self, language: str, request: Request, here: str | None) -> str:
        links = "".join(
            f'<a href="{escape(self.address(other, request, here or request.path))}" lang="{escape(other)}" '
            f'hreflang="{escape(other)}">{escape(language_name(other))}</a>'
            for other in self._languages
            if other != language
        )
        label = escape(self._speeches[language].plain("frame.language"))
        return f'<nav class="nav" aria-label="{label}">{links}</nav>' if links else ""

    def _foot(self, speech: Speech, request: Request) -> str:
        links = "".join(
            f'<a href="{escape(self.address(speech.language, request, f"/{name}"))}">'
            f"{speech.word(f'frame.{name}')}</a>"
            for name in ("help", "privacy", "cookies", "accessibility")
        )
        return (
            f'<footer class="foot"><div>{links}<span>{speech.word("frame.run_with")} '
            f'<img class="mark" src="{escape(request.statics)}/logo.svg" alt="Topline" width="81" '
            'height="28"></span>'
            "</div></footer>"
        )


def top_line(done: int | None) -> str:
    """The gold line: filled to the share of the questionnaire that is behind, which the page says in
    words.
    """
    filled = f'<rect class="f" width="{done}" height="4"/>' if done else ""
    return (
        '<svg class="line" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false">'
        f'<rect width="100" height="4"/>{filled}</svg>'
    )


def _where(where: tuple[str, str] | None) -> str:
    return f'<p class="where full"><span>{where[0]}</span><span>{where[1]}</span></p>' if where else ""
