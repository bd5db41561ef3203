"""Letters in tests: a run over a launched study, by way of a server on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from tests.web.fields import SECRET, Field

from topline.study import read_study
from topline.web.fieldwork.links import links_of
from topline.web.mail.letter import Stationery
from topline.web.mail.outbox import Outbox
from topline.web.mail.post import Postman
from topline.web.mail.run import Run
from topline.web.mail.texts import read_texts
from topline.web.mail.transport import Sender, Transport

BASE = "https://survey.example"
SENDER = Sender("The research team", "team@survey.example", "bounces@survey.example")


def stationery_of(field: Field, wave: int = 0) -> Stationery:
    """What the letters of a wave share."""
    kind = "reminder" if wave else "invitation"
    texts = read_texts(read_study(field.study_folder), kind, closes=True)
    return Stationery(field.compiled, texts, SENDER, closes=date(2026, 12, 24))


def run_of(field: Field, port: int, wave: int, **settings: Any) -> Run:
    """A run over a wave, which is queued first."""
    outbox = Outbox(field.engine, field.compiled.id)
    if wave == 0 or not outbox.counts(wave):
        outbox.queue(wave)
    links = links_of(field.engine, field.vault, field.compiled.id, SECRET, BASE)
    postman = Postman(Transport("127.0.0.1", port), pauses=(0.0, 0.0), sleep=lambda seconds: None)
    return Run(outbox, wave, stationery_of(field, wave), links, postman, **settings)


def mailed(
    field: Field, port: int, wave: int, limit: int | None = None, **settings: Any
) -> Mapping[str, int]:
    """Send a wave; return how many met which fate."""
    return {what: n for what, n in run_of(field, port, wave, **settings).go(limit).items() if n}


def states(field: Field, wave: int) -> Mapping[str, int]:
    """How many letters of a wave are in which state."""
    return Outbox(field.engine, field.compiled.id).counts(wave)


LINK = "https://survey.example/s/every_kind/i/" + "a" * 26
MARK = "0123456789abcdef0123"


def parts(message: EmailMessage) -> tuple[str, str]:
    """Plain text and HTML, as a mail program reads them from the wire."""
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    return str(plain.get_content()), str(html.get_content())


def letter(field: Field, **changes: object) -> EmailMessage:
    """The invitation to somebody."""
    made = replace(stationery_of(field), **changes).letter("p0@office.example", LINK, MARK)
    assert made is not None
    return made


#: What the verbs need to know of a study that `mailing` launched.
WHERE = ["--store", "main.db", "--vault", "vault", "--base", "https://survey.example"]
