"""One question of the questionnaire page, as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from topline.base.words import words
from topline.documents.html import Html, join, tag
from topline.documents.questionnaire import Choice, Entry, Note, Questionnaire
from topline.documents.texts import Said
from topline.study.pipes import BUILT_IN, pipes_of

_LONG: Final = 9  # lines of answers and rows from which a question may be cut by the end of a printed page


class EntryWriter:
    """Writes questions, and texts with the state of their translation."""

    def __init__(self, shown: Questionnaire) -> None:
        self.shown = shown
        self.numbers = {id: entry.number for id, entry in shown.entries.items()}

    def said(self, said: Said) -> Html:
        """A text of the study, with what it pipes in, and a mark if its translation is missing or a draft."""
        lang = said.language if said.language != self.shown.own else None
        text = join(self._piped(said.text))
        return join((tag("span", text, lang=lang) if lang else text, self._mark(said)))

    def written(self, condition: str) -> Html:
        """A condition as it stands in the file."""
        return tag("span", self._word("as-written"), " ", tag("code", condition), class_="small")

    def entry(self, entry: Entry) -> Html:
        """The whole question."""
        id = f"q-{entry.id}"
        parts = [self._what(entry)]
        if entry.text is not None:
            parts.append(tag("h3", self.said(entry.text), id=id))
        if entry.hint:
            parts.append(tag("p", self.said(entry.hint), class_="hint"))
        parts.extend(tag("p", self.said(paragraph)) for paragraph in entry.paragraphs)
        parts.append(self._asked(entry))
        parts.append(self._lists(entry))
        if entry.notes:
            parts.append(tag("dl", *map(self._note, entry.notes), class_="facts"))
        parts.append(tag("span", self._word("comment"), class_="say", aria_hidden="true"))
        long = len(entry.choices) + len(entry.rows) > _LONG
        named = id if entry.text is not None else None
        label = None if named else self._word("after")
        body = join(part for part in parts if part)
        return tag(
            "article",
            body,
            class_="entry long" if long else "entry",
            id=f"at-{entry.id}",
            aria_labelledby=named,
            aria_label=label,
        )

    def _word(self, id: str, **values: object) -> str:
        return words(f"page-{id}", self.shown.own, **values)

    def _piped(self, text: str) -> Iterator[str]:
        """The text, with every pipe told in words."""
        done = 0
        for pipe in pipes_of(text):
            yield text[done : pipe.start]
            if pipe.name in BUILT_IN:
                what = self._word("pipe-privacy")
            elif number := self.numbers.get(pipe.name.partition(".")[0]):
                what = self._word("pipe", n=number)
            else:
                what = self.shown.known.get(pipe.name, pipe.name)
            if pipe.fallback is not None:
                what = self._word("pipe-or", what=what, fallback=pipe.fallback)
            yield tag("em", what, class_="pipe", lang=self.shown.own)
            done = pipe.end
        yield text[done:]

    def _mark(self, said: Said) -> Html:
        if said.state == "untranslated" or (said.state == "unreviewed" and not self.shown.all_drafts):
            return join((" ", tag("span", self._word(f"mark-{said.state}"), class_="st")))
        return Html("")

    def _what(self, entry: Entry) -> Html:
        parts = []
        if entry.number:
            title = self._word("question", n=entry.number)
            number = tag("span", title.removesuffix(str(entry.number)), class_="vh")
            parts.append(tag("span", number, str(entry.number), class_="no"))
        parts.append(tag("span", entry.kind))
        parts.append(tag("code", entry.id))
        if entry.label:
            parts.append(tag("span", self.said(entry.label)))
        return tag("p", *parts, class_="what")

    def _asked(self, entry: Entry) -> Html:
        is_routed = bool(entry.asked.own)
        if not is_routed:
            return Html("")
        id = "asked-of" if entry.number else "shown-to"
        links = join(
            link for name in entry.after for link in (" ", tag("a", self._link(name), href=f"#at-{name}"))
        )
        written = self.written(entry.asked.own)
        return tag("p", self._word(id, who=entry.asked.who), links, written, class_="asked routed")

    def _link(self, name: str) -> str:
        return self._word("question", n=self.numbers[name])

    def _lists(self, entry: Entry) -> Html:
        lists = []
        if entry.rows:
            lists.append(tag("div", tag("h4", self._word("rows")), self._choices(entry.rows)))
        if entry.choices or entry.missing:
            title = tag("h4", self._word("answers")) if entry.rows else Html("")
            own = self._choices(entry.choices) if entry.choices else Html("")
            apart = self._choices(entry.missing, "ch apart") if entry.missing else Html("")
            lists.append(tag("div", title, own, apart))
        return tag("div", *lists, class_="lists two" if entry.rows else "lists") if lists else Html("")

    def _choices(self, choices: tuple[Choice, ...], class_: str = "ch") -> Html:
        return tag("ul", *map(self._choice, choices), class_=class_)

    def _choice(self, choice: Choice) -> Html:
        code = join((tag("span", self._word("code"), " ", class_="vh"), choice.code)) if choice.code else ""
        parts = [self.said(choice.text)]
        if choice.hint:
            parts.append(tag("span", self.said(choice.hint), class_="small"))
        if choice.notes:
            parts.append(tag("span", "; ".join(choice.notes), class_="small"))
        return tag("li", tag("span", code, class_="c"), tag("span", *parts))

    def _note(self, note: Note) -> Html:
        text = self.said(note.text) if isinstance(note.text, Said) else note.text
        code = tag("code", note.code) if note.code else Html("")
        return join((tag("dt", note.about), tag("dd", code, text)))
