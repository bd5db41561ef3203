"""The questionnaire as a form to print: HTML made for paper, self-contained, without script.

Every answer has a box with its code, every text a line to write on, every routed question a line that says
whom it is for. With codes, one form for each, its code on the first page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files

from topline.base.words import words
from topline.documents.asked import asked as asked_of
from topline.documents.texts import own_words_language
from topline.study.compiled import Asked, Choice, Compiled
from topline.study.model import Study
from topline.web.respond.speech import Speech


def paper_page(study: Study, compiled: Compiled, language: str, codes: Sequence[str] = ()) -> str:
    """The whole file: one form for each printed code, or one without a code."""
    form = _Form(study, compiled, language)
    css = files("topline.web.paper").joinpath("paper.css").read_text("utf-8")
    title = escape(form.speech.raw("study.title"))
    turned = f' dir="{form.speech.direction}"' if form.speech.direction != "ltr" else ""
    body = "".join(form.form(code) for code in codes or ("",))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"{turned}><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{css}</style></head>\n<body>{body}</body></html>\n"
    )


class _Form:
    """The form in one language; the questions are drawn once and shared by all codes."""

    def __init__(self, study: Study, compiled: Compiled, language: str) -> None:
        self.study, self.compiled = study, compiled
        self.speech = Speech(compiled, language)
        self.own = language if language == "cy" else own_words_language(study)
        self.questions = "".join(self._sections())

    def word(self, id: str, **values: object) -> str:
        return escape(words(f"paper-{id}", self.own, **values))

    def form(self, code: str) -> str:
        """One form."""
        head = f'<p class="code">{self.word("code")} <b>{escape(code)}</b></p>' if code else ""
        online = f"<p>{self.word('online')}</p>" if code else ""
        contact = self.compiled.contact.get("name", "")
        email = self.compiled.contact.get("email", "")
        asks = self.word("contact", name=contact, email=email) if contact else ""
        return (
            f'<article class="form"><header>{head}<h1>{self.speech.html("study.title")}</h1>'
            f'<p class="who">{self.speech.html("study.organisation")}</p></header>'
            f"<p>{self.word('how')}</p>{online}<p>{self.word('promise')}</p><p>{asks}</p>"
            f'{self.questions}<p class="end">{self.word("end")}</p></article>'
        )

    def _sections(self) -> Iterator[str]:
        section, number = None, 0
        for screen in self.compiled.screens:
            if screen.section and screen.section != section:
                section = screen.section
                if self.speech.has(f"{section}.title"):
                    yield f"<h2>{self.speech.html(f'{section}.title')}</h2>"
            for asked in screen.questions:
                number += asked.kind != "info"
                yield self._question(asked, number)

    def _question(self, asked: Asked, number: int) -> str:
        speech = self.speech
        if asked.kind == "info":
            said = "".join(f"<p>{say({})}</p>" for own, say in speech.paragraphs(asked.text or "") if not own)
            return f'<section class="q">{said}</section>' if asked.text else ""
        parts = [f'<h3><span class="no">{number}</span> {speech.html(asked.ask or asked.label or "")}</h3>']
        question = self.study.questionnaire.by_id[asked.id]
        if asked.route is not None:
            parts.insert(
                0,
                f'<p class="only">{self.word("only", who=asked_of(question, self.study, self.own).who)}</p>',
            )
        if asked.hint:
            parts.append(f'<p class="hint">{speech.html(asked.hint)}</p>')
        parts.append(f'<p class="hint">{self._how(asked)}</p>')
        parts.append(self._grid(asked) if asked.kind == "grid" else self._answers(asked))
        long = " long" if len(asked.options) + len(asked.rows) > 12 else ""
        return f'<section class="q{long}">{"".join(parts)}</section>'

    def _how(self, asked: Asked) -> str:
        if asked.kind == "rank":
            return self.word("how-rank", most=min(asked.places or len(asked.options), len(asked.options)))
        return self.word(f"how-{asked.kind}")

    def _answers(self, asked: Asked) -> str:
        lines = [self._choice(option, tick=asked.kind != "rank") for option in asked.options]
        if asked.kind in ("number", "date"):
            lines = [f'<li><span class="write short"></span> {self.word(f"unit-{asked.kind}")}</li>']
        elif asked.kind == "text":
            lines = ['<li class="write"></li>' * max(2, min(asked.lines, 8))]
        lines += [self._choice(kind, apart=True) for kind in asked.missing]
        if asked.quotes:
            lines.append(f'<li class="apart"><span class="box"></span> {self.word("quote")}</li>')
        columns = " two" if len(asked.options) > 8 else ""
        return f'<ul class="ch{columns}">{"".join(lines)}</ul>'

    def _choice(self, choice: Choice, *, tick: bool = True, apart: bool = False) -> str:
        code = "" if choice.code is None else f'<span class="c">{choice.code}</span>'
        beside = ""
        if choice.specify:
            beside = (
                f' <span class="hint">{self.speech.html(choice.specify)}</span><span class="write"></span>'
            )
        kind = "box" if tick else "box wide"
        css = ' class="apart"' if apart else ""
        return f'<li{css}><span class="{kind}"></span>{code} {self.speech.html(choice.text)}{beside}</li>'

    def _grid(self, asked: Asked) -> str:
        choices = (*asked.options, *asked.missing)
        heads = "".join(f'<th scope="col">{self.speech.html(each.text)}</th>' for each in choices)
        rows = "".join(
            f'<tr><th scope="row">{self.speech.html(row.text)}</th>{_cells(choices)}</tr>'
            for row in asked.rows
        )
        return f'<table class="grid"><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _cells(choices: Iterable[Choice]) -> str:
    return "".join(
        f'<td><span class="box"></span><span class="c">{"" if each.code is None else each.code}</span></td>'
        for each in choices
    )
