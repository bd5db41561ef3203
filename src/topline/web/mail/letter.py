"""A letter for one person: plain text and HTML, every language of the study in one message.

What is promised stands in it in the pages' own words, with the way to get no more letters. No picture, no
address of another host, nothing that tells when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from html import escape
from typing import Final

from markdown_it import MarkdownIt

from topline.study.compiled import Compiled
from topline.web.mail.texts import Text, filled
from topline.web.mail.transport import Sender, is_address
from topline.web.respond.speech import Speech
from topline.web.respond.words import direction

_MARKDOWN: Final = MarkdownIt("js-default")  # HTML in a text is shown, not let through
_PLAIN: Final = re.compile(r"([\\`*_\[\]<>#!|~])")
_BETWEEN: Final = "\n\n" + "- " * 24 + "\n\n"
_STYLE: Final = (
    "font-family:Segoe UI,Roboto,Noto Sans,sans-serif;font-size:17px;line-height:1.5;color:#241C24;"
    "background:#FCFAF6;max-width:38em;margin:0 auto;padding:24px;overflow-wrap:anywhere"
)
_RULE: Final = '<hr style="border:0;border-top:1px solid #81757D;margin:36px 0">'


@dataclass(frozen=True, slots=True)
class Stationery:
    """What all letters of a wave share. `texts`: the languages in order; `closes`: the last day, if known."""

    compiled: Compiled
    texts: tuple[Text, ...]
    sender: Sender
    closes: date | None = None

    def letter(self, address: str, link: str, mark: str) -> EmailMessage | None:
        """The letter to one address; None if no header can hold the address."""
        if not is_address(address):
            return None
        parts = [self._part(text, link) for text in self.texts]
        message = EmailMessage(policy=SMTP)
        message["From"] = self.sender.header()
        message["To"] = Address(addr_spec=address)
        message["Subject"] = " / ".join(dict.fromkeys(self._subject(text) for text in self.texts))
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{mark}@{self.sender.address.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_BETWEEN.join(plain for plain, _ in parts) + "\n", cte="quoted-printable")
        html = _RULE.join(html for _, html in parts)
        whole = (
            f'<!doctype html><html lang="{escape(self.texts[0].language)}"><head><meta charset="utf-8">'
            f"<title>{escape(message['Subject'])}</title></head>"
            f'<body style="{_STYLE}">{html}</body></html>\n'
        )
        message.add_alternative(whole, subtype="html", cte="quoted-printable")
        return message

    def _subject(self, text: Text) -> str:
        return filled(text.subject, self._common(Speech(self.compiled, text.language), text.language))

    def _part(self, text: Text, link: str) -> tuple[str, str]:
        """One language: plain text, and HTML."""
        speech = Speech(self.compiled, text.language)
        own = link if text.language == self.compiled.languages[0] else f"{link}?lang={text.language}"
        no = f"{link}/no" + own.removeprefix(link)
        common = self._common(speech, text.language)
        plain = filled(text.body, {**common, "link": own, "opt_out": no})
        marked = {name: _PLAIN.sub(r"\\\1", value) for name, value in common.items()}
        html = _MARKDOWN.render(filled(text.body, {**marked, "link": f"<{own}>", "opt_out": f"<{no}>"}))
        told = list(self._told(speech, no, own_words="{opt_out}" in text.body))
        plain += "\n\n" + "\n\n".join(told)
        html += "".join(f"<p>{escape(each).replace(escape(no), _anchor(no))}</p>" for each in told)
        way = direction(text.language)
        return plain, f'<div lang="{escape(text.language)}" dir="{way}">{html}</div>'

    def _common(self, speech: Speech, language: str) -> dict[str, str]:
        """The fields that are the same for everybody."""
        closes = _day(self.closes, speech) if self.closes else ""
        organisation = speech.filled("study.organisation", {}) if speech.has("study.organisation") else ""
        return {
            "study": speech.filled("study.title", {}), "organisation": organisation, "closes": closes,
        }  # fmt: skip

    def _told(self, speech: Speech, no: str, *, own_words: bool) -> Iterator[str]:
        """What every letter says below the study's own words."""
        if self.closes:
            yield speech.plain("mail.closes", day=_day(self.closes, speech))
        confidential = self.compiled.anonymity == "confidential"
        yield speech.plain("promise.confidential" if confidential else "promise.anonymous")
        contact = self.compiled.contact
        if contact.get("email"):
            yield speech.plain("mail.contact", name=contact.get("name", ""), email=contact["email"])
        if not own_words:
            yield speech.plain("mail.opt_out", link=no)


def _day(day: date, speech: Speech) -> str:
    months = speech.plain("mail.months").split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


def _anchor(link: str) -> str:
    return f'<a href="{escape(link)}">{escape(link)}</a>'
