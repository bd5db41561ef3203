"""The codebook as DDI-Codebook 2.5 (XML), for archives and other tools: the document and the study.

Elements stand in the order that the standard's schema asks for. The variables are in `ddi_variables`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from topline import __version__
from topline.documents.codebook import Codebook
from topline.documents.ddi_parts import LANG, Parts, plain
from topline.documents.ddi_variables import add_variables

NAMESPACE: Final = "ddi:codebook:2_5"
_SCHEMA: Final = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


def codebook_ddi(books: Sequence[Codebook]) -> str:
    """One codebook in several languages, the first language first, as an XML document.

    The books are of one study. What they share is written once; a text that a language has in words of its
    own stands beside it with `xml:lang`.
    """
    parts = Parts(books)
    root = ET.Element("codeBook")
    root.attrib |= {"xmlns": NAMESPACE, "xmlns:xsi": _XSI, "version": "2.5", LANG: parts.first.language}
    root.set("xsi:schemaLocation", f"{NAMESPACE} {_SCHEMA}")
    _document(parts, ET.SubElement(root, "docDscr"))
    _study(parts, ET.SubElement(root, "stdyDscr"))
    add_variables(parts, ET.SubElement(root, "dataDscr"))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _document(parts: Parts, parent: ET.Element) -> None:
    citation = ET.SubElement(parent, "citation")
    titles = ET.SubElement(citation, "titlStmt")
    parts.own(titles, "titl", parts.word("title", title=parts.first.title))
    production = ET.SubElement(citation, "prodStmt")
    plain(production, "producer", parts.first.fact("organisation"))
    plain(production, "software", "Topline", version=__version__)
    for book in parts.books:
        parts.own(parent, "notes", book.translation_note)


def _study(parts: Parts, parent: ET.Element) -> None:
    first = parts.first
    citation = ET.SubElement(parent, "citation")
    titles = ET.SubElement(citation, "titlStmt")
    plain(titles, "titl", first.title, **{LANG: first.language})
    for book in parts.books[1:]:
        if book.title != first.title:
            plain(titles, "parTitl", book.title, **{LANG: book.language})
    plain(titles, "IDNo", first.study)
    author = first.fact("carried_out_by") or first.fact("organisation")
    plain(ET.SubElement(citation, "rspStmt"), "AuthEnty", author)
    production = ET.SubElement(citation, "prodStmt")
    plain(production, "producer", first.fact("organisation"))
    plain(production, "copyright", first.fact("licence"))
    plain(production, "fundAg", first.fact("commissioned_by"))
    if wave := first.fact("wave"):
        plain(ET.SubElement(citation, "verStmt"), "version", wave)
    _information(parts, ET.SubElement(parent, "stdyInfo"))
    _method(parts, parent)
    _access(parts, parent)


def _information(parts: Parts, parent: ET.Element) -> None:
    first = parts.first
    asked = sum(block.source == "question" for block in first.blocks)
    sections = ", ".join(first.sections.values())
    parts.own(
        parent, "abstract", parts.word("abstract", title=first.title, questions=asked, sections=sections)
    )
    summary = ET.SubElement(parent, "sumDscr")
    for event, day in zip(("start", "end"), first.fieldwork, strict=False):
        plain(summary, "collDate", day, date=day, event=event)
    parts.own(summary, "anlyUnit", parts.word("unit"))
    parts.said(summary, "universe", lambda book: book.fact("population"))
    parts.own(summary, "dataKind", parts.word("data-kind"))


def _method(parts: Parts, parent: ET.Element) -> None:
    first = parts.first
    collection = ET.SubElement(ET.SubElement(parent, "method"), "dataColl")
    plain(collection, "dataCollector", first.fact("carried_out_by"))
    parts.own(collection, "sampProc", first.fact("inference"))
    parts.said(collection, "deviat", lambda book: book.fact("coverage"))
    if first.own_fieldwork:
        parts.own(collection, "collMode", parts.word("collection"))
    parts.own(collection, "resInstru", parts.word("instrument"), type="structured")
    parts.said(collection, "weight", lambda book: book.fact("weighting"))


def _access(parts: Parts, parent: ET.Element) -> None:
    first = parts.first
    kept = [first.fact(name) for name in ("disclosure", "contact", "licence")]
    if not any(kept):
        return
    use = ET.SubElement(ET.SubElement(parent, "dataAccs"), "useStmt")
    # The standard allows one of each here, so only the first language stands.
    plain(use, "restrctn", first.fact("disclosure"), **{LANG: first.language})
    plain(use, "contact", first.fact("contact"))
    plain(use, "conditions", first.fact("licence"))
