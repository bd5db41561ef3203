"""The questionnaire as a form to print: HTML made for paper, self-contained, without script.

Every answer has a box with its code, every text a line to write on, every routed question a line that says
whom it is for. With codes, one form for each, its code on the first page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from importlib.resources import files

from topline.base import fail
from topline.base.words import words
from topline.documents.asked import asked as asked_of
from topline.documents.texts import own_words_language
from topline.study.compiled import Asked, Choice, Compiled
from topline.study.expand import refs
from topline.study.model import Study
from topline.study.values import Answers
from topline.web.respond.speech import Speech


def paper_page(
    study: Study,
    compiled: Compiled,
    language: str,
    codes: Mapping[str, Answers] | None = None,
    online: str = "",
) -> str:
    """The whole file: one form for each printed code, or one without a code.

    `codes`: with the groups that the form of each is handed out for, which fill the texts that name them;
    nothing else can, so elsewhere the words stand that a text has for what is not known. `online` is the
    address at which a code can be entered instead; empty: none is told. Raises ToplineError if a question is
    asked in one arm of a split only.
    """
    _no_arms(compiled)
    drawn: dict[str, _Form] = {}
    css = files("topline.web.paper").joinpath("paper.css").read_text("utf-8")
    speech = Speech(compiled, language)
    title = escape(speech.raw("study.title"))
    turned = f' dir="{speech.direction}"' if speech.direction != "ltr" else ""
    body = ""
    for code, groups in (codes or {"": {}}).items():
        if (kind := repr(groups)) not in drawn:
            drawn[kind] = _Form(study, compiled, speech, online, groups)
        body += drawn[kind].form(code)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"{turned}><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{css}</style></head>\n<body>{body}</body></html>\n"
    )


class _Form:
    """The form in one language for people of some groups; the questions are drawn once for all its codes."""

    def __init__(
        self, study: Study, compiled: Compiled, speech: Speech, online: str, groups: Answers
    ) -> None:
        self.study, self.compiled, self.online = study, compiled, online
        self.speech, self.groups = speech, groups
        self.own = speech.language if speech.language == "cy" else own_words_language(study)
        self.questions = "".join(self._sections())

    def word(self, id: str, **values: object) -> str:
        return escape(words(f"paper-{id}", self.own, **values))

    def text(self, address: str) -> str:
        """A text of the study, for these groups."""
        return self.speech.html(address, self.groups)

    def form(self, code: str) -> str:
        """One form."""
        head = f'<p class="code">{self.word("code")} <b>{escape(code)}</b></p>' if code else ""
        online = f"<p>{self.word('online', address=self.online)}</p>" if code and self.online else ""
        contact = self.compiled.contact.get("name", "")
        email = self.compiled.contact.get("email", "")
        asks = self.word("contact", name=contact, email=email) if contact else ""
        return (
            f'<article class="form"><header>{head}<h1>{self.text("study.title")}</h1>'
            f'<p class="who">{self.text("study.organisation")}</p></header>'
            f"<p>{self.word('how')}</p>{online}<p>{self.word('promise')}</p><p>{asks}</p>"
            f'{self.questions}<p class="end">{self.word("end")}</p></article>'
        )

    def _sections(self) -> Iterator[str]:
        section, number = None, 0
        for screen in self.compiled.screens:
            if screen.section and screen.section != section:
                section = screen.section
                if self.speech.has(f"{section}.title"):
                    yield f"<h2>{self.text(f'{section}.title')}</h2>"
            for asked in screen.questions:
                number += asked.kind != "info"
                yield self._question(asked, number)

    def _question(self, asked: Asked, number: int) -> str:
        speech = self.speech
        if asked.kind == "info":
            said = "".join(
                f"<p>{say(self.groups)}</p>" for own, say in speech.paragraphs(asked.text or "") if not own
            )
            return f'<section class="q">{said}</section>' if asked.text else ""
        parts = [f'<h3><span class="no">{number}</span> {self.text(asked.ask or asked.label or "")}</h3>']
        question = self.study.questionnaire.by_id[asked.id]
        if asked.route is not None:
            parts.insert(
                0,
                f'<p class="only">{self.word("only", who=asked_of(question, self.study, self.own).who)}</p>',
            )
        if asked.hint:
            parts.append(f'<p class="hint">{self.text(asked.hint)}</p>')
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
        if choice.specify and tick:
            beside = f' <span class="hint">{self.text(choice.specify)}</span><span class="write"></span>'
        kind = "box" if tick else "box wide"
        css = ' class="apart"' if apart else ""
        return f'<li{css}><span class="{kind}"></span>{code} {self.text(choice.text)}{beside}</li>'

    def _grid(self, asked: Asked) -> str:
        choices = (*asked.options, *asked.missing)
        heads = "".join(f'<th scope="col">{self.text(each.text)}</th>' for each in choices)
        rows = "".join(
            f'<tr><th scope="row">{self.text(row.text)}</th>{_cells(choices)}</tr>' for row in asked.rows
        )
        return f'<table class="grid"><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _no_arms(compiled: Compiled) -> None:
    """Refuse routes by an arm of a split: nobody can follow them with a pen."""
    arms = {draw.name for draw in compiled.splits}
    for asked in compiled.questions.values():
        names = {str(ref.name) for ref in refs(asked.route)} if asked.route is not None else set()
        if read := sorted(names & arms):
            fail("paper-split", question=asked.id, split=read[0])


def _cells(choices: Iterable[Choice]) -> str:
    return "".join(
        f'<td><span class="box"></span><span class="c">{"" if each.code is None else each.code}</span></td>'
        for each in choices
    )
