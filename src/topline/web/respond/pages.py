"""The pages round the questions: door, start, check, thank you, lost, help; and the page of one screen."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

from topline.study.compiled import Asked, Compiled, Screen
from topline.study.values import Answers, NoAnswer
from topline.web.respond.forms import Fault
from topline.web.respond.layout import Body
from topline.web.respond.path import Step, Walk
from topline.web.respond.questions import Draw, drawing
from topline.web.respond.speech import Say, Speech
from topline.web.respond.view import View, message
from topline.web.store.kinds import Way

Mode = Literal["rehearsal", "fieldwork"]


class Pages:
    """The pages of a study in one language, compiled."""

    def __init__(
        self, compiled: Compiled, speech: Speech, mode: Mode, *, varies: bool, partials: bool
    ) -> None:
        self.compiled, self.speech, self._varies = compiled, speech, varies
        self._mode, self._partials = mode, partials
        self._draw: dict[str, Draw] = {id: drawing(asked, speech) for id, asked in compiled.questions.items()}
        self._start = _paragraphs(compiled.start, speech)
        self._thanks = _paragraphs(compiled.thanks, speech)

    # --- before

    def door(self, action: str, here: str) -> Body:
        """Where a made-up person is made: one list for each attribute."""
        lists = "".join(
            f'<div class="q"><p class="ask"><label for="{each.name}">{self.speech.html(each.label)}'
            "</label></p>"
            f'<select class="in" name="{each.name}" id="{each.name}"><option value="">'
            f"{escape(self.speech.plain('door.other'))}</option>"
            + "".join(
                f'<option value="{option.name}">{escape(self.speech.raw(option.text))}</option>'
                for option in each.options
            )
            + "</select></div>"
            for each in self.compiled.attributes
            if each.kind == "codes"
        )
        html = (
            f"<h1>{self.speech.word('door.heading')}</h1><p>{self.speech.word('door.text')}</p>"
            f"{form(action, lists, self._button('begin'))}"
        )
        return Body(self.speech.plain("door.heading"), html, here=here)

    def start(
        self, action: str, facts: Answers, hidden: str = "", *, started: bool, way: Way = "list"
    ) -> Body:
        """The start page: what this is, who asks, how the answers are kept apart; before the first answer."""
        asked = self.compiled.start
        title = self.speech.html(asked.title) if asked and asked.title else self.speech.html("study.title")
        # the promise stands where the study put {privacy_sentence}, or after all its words
        promise = self._promise(facts, way)
        before = "".join(promise if own else f"<p>{say(facts)}</p>" for own, say in self._start)
        if not any(own for own, _ in self._start):
            before += promise
        button = self._button("go_on" if started else "start")
        if self._mode == "fieldwork":
            word = self.speech.word("buttons.no_cookies")
            button += f'<button class="btn quiet" name=".cookies" value="no">{word}</button>'
        html = f"<h1>{title}</h1>{before}{form(action, hidden, button)}{self._runs()}"
        return Body(self.speech.plain("start.task"), html)

    def _promise(self, facts: Answers, way: Way) -> str:
        word = self.speech.word
        kept = [each for each in self.compiled.attributes if each.kept and facts.get(each.name)]
        lines = "".join(
            f"<div><dt>{self.speech.html(each.label)}</dt>"
            f"<dd>{escape(self.speech.answer(each.name, facts))}</dd></div>"
            for each in kept
        )
        confidential = self.compiled.anonymity == "confidential"  # there the answers have a name
        shown = (
            ""
            if confidential
            else (
                f'<p>{word("start.facts")}</p><dl class="facts">{lines}</dl>'
                if lines
                else f"<p>{word('start.no_facts')}</p>"
            )
        )
        said = "".join(f"<p>{word(key)}</p>" for key in self.promised(way))
        if self._mode == "rehearsal":
            said = (
                f"<p><strong>{word('promise.rehearsal')}</strong></p><p>{word('promise.as_it_would_read')}</p>"
                f"<blockquote>{said}</blockquote>"
            )
        return (
            '<section class="promise" aria-labelledby="promise">'
            f'<h2 id="promise">{word("start.promise")}</h2>{said}{shown}'
            f"<p>{word('promise.link' if way == 'list' else 'promise.code')}</p></section>"
        )

    @property
    def is_fieldwork(self) -> bool:
        """Whether real answers are asked for."""
        return self._mode == "fieldwork"

    def promised(self, way: Way = "list") -> list[str]:
        """The words of the promise, as the study's mode and the way of coming here make them true."""
        own = self.compiled.anonymity == "confidential"
        if way == "list":
            mode = "promise.confidential" if own else "promise.anonymous"
        else:
            mode = "promise.confidential_unlisted" if own else "promise.anonymous_unlisted"
        return [mode, *(["promise.partials"] if self._partials else [])]

    def _runs(self) -> str:
        organisation = next(
            (key for key in ("study.carried_out_by", "study.organisation") if self.speech.has(key)), None
        )
        if organisation is None:
            return ""
        places = {"organisation": self.speech.html(organisation)}
        if self.speech.has("study.commissioned_by"):
            said = self.speech.word(
                "start.runs_for", client=self.speech.html("study.commissioned_by"), **places
            )
        else:
            said = self.speech.word("start.runs", **places)
        return f'<p class="small">{said}</p>'

    # --- questions

    def screen(
        self,
        view: View,
        step: Step,
        walk: Walk,
        action: str,
        back: str,
        hidden: str,
        clash: str = "",
        way: Way = "list",
    ) -> Body:
        """The page of one screen. `clash`: the address of the other window's answers, if the two differ.
        `way`: how the person came, and so comes back.
        """
        questions = "".join(self._draw[asked.id](view) for asked in step.asked)
        place = (walk.index(step.screen.name) or 0) + 1
        pages = len(walk.steps)
        section = self._section(step.screen)
        progress = self.speech.word(
            "progress.page_about" if self._varies else "progress.page", page=place, pages=pages
        )
        said = self.speech.plain(
            "progress.page_about" if self._varies else "progress.page", page=place, pages=pages
        )
        head = "" if view.alone else f"<h1>{section}</h1>" if section else f'<h1 class="vh">{progress}</h1>'
        buttons = f'{self._button("save")}<a href="{escape(back)}">{self.speech.word("buttons.back")}</a>'
        if self._mode == "fieldwork":
            word = self.speech.word("buttons.later")
            buttons += f'<button class="btn quiet" name=".later" value="yes">{word}</button>'
        html = (
            f"{self._summary(view, clash)}{head}{form(action, hidden + questions, buttons, full=True)}"
            f'<p class="small">{self.speech.word("page.saved" if way == "list" else "page.saved_code")}</p>'
        )
        title = self.speech.raw(f"{step.screen.section}.title") if section else ""
        return Body(
            f"{title} ({said})" if title else said,
            html,
            done=100 * place // pages,
            error=any(not fault.soft for fault in view.faults),
            where=(section if view.alone else "", progress),
        )

    def _section(self, screen: Screen) -> str:
        address = f"{screen.section}.title"
        return self.speech.html(address) if screen.section and self.speech.has(address) else ""

    def _summary(self, view: View, clash: str) -> str:
        """What is wrong, with a link to each field; it takes the focus without script."""
        if clash:
            return (
                '<section class="sum look" aria-labelledby="summary" tabindex="-1" autofocus>'
                f'<h2 id="summary">{self.speech.word("clash.one")}</h2>'
                f"<p>{self.speech.word('clash.text')}</p>"
                f'<p><a href="{escape(clash)}">{self.speech.word("clash.keep")}</a></p></section>'
            )
        if not view.faults:
            return ""
        kind = "missing" if all(fault.missing for fault in view.faults) else "look"
        number = len(view.faults)
        heading = self.speech.word(
            f"errors.{kind}_one" if number == 1 else f"errors.{kind}_many", number=number
        )
        lines = "".join(
            f'<li><a href="#{escape(fault.at)}">{self._item(view, fault)}</a></li>' for fault in view.faults
        )
        soft = " look" if all(fault.soft for fault in view.faults) else ""
        return (
            f'<section class="sum{soft}" aria-labelledby="summary" tabindex="-1" autofocus>'
            f'<h2 id="summary">{heading}</h2><ul>{lines}</ul></section>'
        )

    def _item(self, view: View, fault: Fault) -> str:
        said = message(self.speech, fault, view.known)
        label = self.compiled.questions[fault.question].label
        if view.alone or label is None or fault.say is not None:
            return said
        return self.speech.word("errors.item", question=self.speech.html(label), message=said)

    # --- after

    def check(self, walk: Walk, address: str, action: str, back: str, hidden: str, *, changed: bool) -> Body:
        """Every answer in words, each with its way back. `address` is that of a screen, with {} for its
        name.
        """
        lines = "".join(
            self._line(asked, variable, walk.answers, address.format(step.screen.name))
            for step in walk.steps
            for asked in step.asked
            for variable in asked.variables
        )
        word = self.speech.word
        pages = len(walk.steps)
        notice = (
            f'<section class="sum look" aria-labelledby="summary" tabindex="-1" autofocus><h2 id="summary">'
            f"{word('clash.check_task')}</h2></section>"
            if changed
            else ""
        )
        buttons = f'{self._button("send")}<a href="{escape(back)}">{word("buttons.back")}</a>'
        html = (
            f"{notice}<h1>{word('check.task')}</h1><p>{word('check.text')}</p>"
            f'<dl class="ans">{lines}</dl>{form(action, hidden, buttons)}'
        )
        where = (word("progress.before_sending"), word("progress.done", page=pages, pages=pages))
        return Body(self.speech.plain("check.task"), html, done=100, where=where)

    def _line(self, asked: Asked, variable: str, answers: Answers, address: str) -> str:
        answer = answers.get(variable)
        label = self._label(asked, variable, answers)
        said = escape(self.speech.answer(variable, answers))
        for option in asked.options:
            if beside := answers.get(f"{asked.id}.{option.name}.text"):
                said += f" ({escape(str(beside))})"
        if answers.get(f"{asked.id}.quote") == "yes" and not isinstance(answer, NoAnswer):
            said = self.speech.word("check.and", first=said, rest=self.speech.word("check.quote"))
        do = self.speech.word("buttons.change" if said else "buttons.answer")
        said = said or f'<span class="none">{self.speech.word("check.none")}</span>'
        at = variable if asked.kind == "grid" else asked.id
        return (
            f'<div><dt>{label}</dt><dd class="v">{said}</dd><dd class="c">'
            f'<a href="{escape(address)}#{escape(at)}">{do}'
            f'<span class="vh">: {label}</span></a></dd></div>'
        )

    def _label(self, asked: Asked, variable: str, answers: Answers) -> str:
        if asked.kind == "grid":
            row = next(row for row in asked.rows if f"{asked.id}.{row.name}" == variable)
            return self.speech.html(row.text, answers)
        address = asked.label or asked.ask
        return self.speech.html(address, answers) if address else escape(asked.id)

    def thanks(self, door: str) -> Body:
        """The answers are in."""
        words = "".join(f"<p>{say({})}</p>" for _, say in self._thanks)
        words = words or f"<p>{self.speech.word('thanks.close')}</p>"
        if self._mode == "rehearsal":
            words += f'<p><a href="{escape(door)}">{self.speech.word("thanks.again")}</a></p>'
        heading = "thanks.heading" if self._mode == "rehearsal" else "thanks.in"
        return Body(
            self.speech.plain("thanks.task"), f"<h1>{self.speech.word(heading)}</h1>{words}", done=100
        )

    def letters(self, action: str, hidden: str, onward: str, *, stopped: bool) -> Body:
        """No more letters, or letters again."""
        word = self.speech.word
        kind, said = ("btn quiet", "no.again") if stopped else ("btn", "no.stop")
        button = f'<button class="{kind}">{word(said)}</button>'
        html = (
            f"<h1>{word('no.task')}</h1><p>{word('no.stopped' if stopped else 'no.text')}</p>"
            f"{form(action, hidden, button)}"
            f'<p><a href="{escape(onward)}">{word("buttons.go_on")}</a></p>'
        )
        return Body(self.speech.plain("no.task"), html)

    def sent(self) -> Body:
        """The link was used: nothing can be changed."""
        return self.plain_page("sent.heading", "sent.text", done=100)

    def plain_page(
        self, heading: str, text: str, link: tuple[str, str] | None = None, done: int | None = None
    ) -> Body:
        """A heading, a sentence, and where to go on: (address, word)."""
        onward = f'<p><a href="{escape(link[0])}">{self.speech.word(link[1])}</a></p>' if link else ""
        html = f"<h1>{self.speech.word(heading)}</h1><p>{self.speech.word(text)}</p>{onward}"
        return Body(self.speech.plain(heading), html, done=done)

    def _button(self, key: str) -> str:
        return f'<button class="btn">{self.speech.word(f"buttons.{key}")}</button>'


def form(action: str, inside: str, buttons: str, *, full: bool = False) -> str:
    """A form that posts to one of our pages."""
    css = ' class="full"' if full else ""
    return (
        f'<form{css} method="post" action="{escape(action)}" novalidate>{inside}'
        f'<div class="acts">{buttons}</div></form>'
    )


def hidden(**fields: str | Sequence[str]) -> str:
    """Hidden fields of a form, their names with a dot in front; empty ones are left out."""
    pairs = [
        (name, value)
        for name, values in fields.items()
        for value in ([values] if isinstance(values, str) else values)
        if value
    ]
    return "".join(f'<input type="hidden" name=".{name}" value="{escape(value)}">' for name, value in pairs)


def _paragraphs(asked: Asked | None, speech: Speech) -> list[tuple[bool, Say]]:
    return speech.paragraphs(asked.text) if asked and asked.text else []
