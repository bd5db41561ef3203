"""The questionnaire as one HTML page: self-contained, without script, for reading, comment and print."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from itertools import groupby
from xml.etree import ElementTree as ET

from topline.base.look import picture, stylesheet
from topline.base.words import words
from topline.documents.html import Html, join, tag
from topline.documents.questionnaire import Named, Part, Questionnaire
from topline.documents.questionnaire_entry import EntryWriter
from topline.documents.texts import language_name

_HEAD = (
    '<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
)


def questionnaire_page(shown: Questionnaire) -> str:
    """The whole page as text."""
    return _Page(shown).page()


class _Page:
    def __init__(self, shown: Questionnaire) -> None:
        self.shown = shown
        self.entries = EntryWriter(shown)

    def word(self, id: str, **values: object) -> str:
        return words(f"page-{id}", self.shown.own, **values)

    def page(self) -> str:
        title = self.word("title", title=self.shown.title)
        css = stylesheet("core") + _own_css()
        head = join((tag("title", title), tag("style", Html(css))))
        body = join(
            (
                tag("a", self.word("skip"), class_="skip", href="#questions"),
                self.line(),
                tag("header", self.mast(), class_="mast"),
                tag("main", self.intro(), self.columns(), class_="main", id="main"),
                tag("footer", tag("div", self.word("made-with"), " ", _logo()), class_="foot"),
            )
        )
        lang = self.shown.own
        return f'{_HEAD.format(lang=lang)}{head}\n</head>\n<body class="show">\n{body}\n</body>\n</html>\n'

    def line(self) -> Html:
        """The top line: filled to the share of texts that are translated; empty where there is no figure."""
        fill = ""
        if self.shown.is_translation:
            fill = f'<rect class="f" width="{round(100 * self.done() / self.total())}" height="4"/>'
        return Html(
            '<svg class="line" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" '
            f'focusable="false"><rect width="100" height="4"/>{fill}</svg>'
        )

    def total(self) -> int:
        return sum(self.shown.states.values())

    def done(self) -> int:
        return self.shown.states.get("translated", 0) + self.shown.states.get("unreviewed", 0)

    def mast(self) -> Html:
        return tag("span", self.shown.publisher, class_="name")

    def intro(self) -> Html:
        before, after = self.word("title", title="\n").split("\n")
        title = tag("h1", before, self.entries.said(self.shown.title), after)
        facts = join(
            join((tag("dt", name), tag("dd", text if isinstance(text, str) else self.entries.said(text))))
            for name, text in self.shown.facts
        )
        parts = [title, tag("p", self.word("intro"), class_="small"), tag("dl", facts, class_="key")]
        if self.shown.is_translation:
            id = "translation-drafts" if self.shown.all_drafts else "translation"
            note = self.word(
                id,
                name=language_name(self.shown.language, self.shown.own),
                done=self.done(),
                all=self.total(),
                untranslated=self.word("mark-untranslated"),
                unreviewed=self.word("mark-unreviewed"),
            )
            parts.append(tag("p", note, class_="told"))
        return join(parts)

    def columns(self) -> Html:
        parts = join(self.part(part) for part in self.shown.parts)
        content = tag("div", parts, self.groups(), self.splits(), id="questions")
        return tag("div", self.contents(), content, class_="cols")

    def contents(self) -> Html:
        items = [tag("li", *self.content(part)) for part in self.shown.parts]
        for id, named in (("groups", self.shown.groups), ("splits", self.shown.splits)):
            if named:
                items.append(tag("li", tag("a", self.word(id), href=f"#part-{id}")))
        title = tag("h2", self.word("contents"), id="contents")
        return tag("nav", title, tag("ol", *items), class_="toc", aria_labelledby="contents")

    def content(self, part: Part) -> Iterator[Html]:
        yield tag("a", self.part_title(part), href=f"#part-{part.id}")
        if part.numbers:
            first, last = part.numbers[0], part.numbers[-1]
            id = "range-one" if first == last else "range-many"
            yield tag("span", self.word(id, first=first, last=last), class_="small")

    def part_title(self, part: Part) -> Html:
        return self.entries.said(part.title) if part.title else join((self.word("before"),))

    def part(self, part: Part) -> Html:
        id = f"part-{part.id}"
        parts = [tag("h2", self.part_title(part), id=id)]
        if part.condition:
            asked = self.word("asked-of", who=part.who)
            parts.append(tag("p", asked, self.entries.written(part.condition), class_="asked routed"))
        if part.order:
            parts.append(tag("p", part.order, class_="small"))
        for page, entries in groupby(part.entries, lambda entry: entry.page):
            parts.append(tag("p", self.word("page", n=page), class_="pg"))
            parts.extend(self.entries.entry(entry) for entry in entries)
        return tag("section", *parts, class_="part", aria_labelledby=id)

    def groups(self) -> Html:
        return self.named("groups", self.shown.groups, self.word("groups-intro"))

    def splits(self) -> Html:
        return self.named("splits", self.shown.splits, "")

    def named(self, id: str, named: tuple[Named, ...], intro: str) -> Html:
        if not named:
            return Html("")
        items = []
        for each in named:
            parts = [self.entries.said(each.text)]
            if each.detail != each.text.text:
                parts.append(tag("span", each.detail, class_="small"))
            if each.code:
                parts.append(tag("code", each.code))
            items.append(join((tag("dt", tag("code", each.name)), tag("dd", *parts))))
        title = tag("h2", self.word(id), id=f"part-{id}")
        told = tag("p", intro) if intro else Html("")
        body = tag("dl", *items, class_="facts")
        return tag("section", title, told, body, class_="part", aria_labelledby=f"part-{id}")


def _own_css() -> str:
    text = files("topline.documents").joinpath("questionnaire.css").read_text("utf-8")
    return "".join(line.strip() for line in text.partition("*/")[2].splitlines())


def _logo() -> Html:
    """The word mark, in the page itself; its colours come from the look's own classes."""
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    root = ET.fromstring(picture("logo.svg"))
    for child in list(root):
        if child.tag.endswith("}style"):
            root.remove(child)
    root.set("class", "mark")
    return Html(ET.tostring(root, encoding="unicode"))
