"""Elements of a DDI document whose text may stand in several languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from topline.base.words import words
from topline.documents.codebook import Codebook

LANG: Final = "xml:lang"
Pick = Callable[[Codebook], str]


class Parts:
    """Writes elements; holds one codebook for each language, the first language first."""

    def __init__(self, books: Sequence[Codebook]) -> None:
        self.books = books
        self.first = books[0]

    def word(self, id: str, **values: object) -> str:
        """Topline's own words."""
        return words(f"codebook-{id}", self.first.own, **values)

    def said(self, parent: ET.Element, tag: str, pick: Pick, **attributes: str) -> None:
        """Write a text of the study in each language that has words of its own for it, if there are any."""
        first = ""
        for book in self.books:
            text = clean(pick(book))
            if text and text != first:
                ET.SubElement(parent, tag, {**attributes, LANG: book.language}).text = text
            first = first or text

    def own(self, parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
        """Write a text of Topline's own in the language of its words; nothing if it is empty."""
        if text:
            ET.SubElement(parent, tag, {**attributes, LANG: self.first.own}).text = clean(text)


def plain(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    """Write a text that belongs to no language: a name, a code, a day; nothing if it is empty."""
    if text:
        ET.SubElement(parent, tag, attributes).text = clean(text)


def clean(text: str) -> str:
    """One line, without the control characters that XML 1.0 cannot hold."""
    return " ".join("".join(sign if sign >= " " else " " for sign in text).split())
