"""The way to the mail server, from the environment: `smtp://`, `smtps://`, and who the letters come from."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from topline.base import fail

URL, FROM, BOUNCES = "TOPLINE_SMTP_URL", "TOPLINE_MAIL_FROM", "TOPLINE_MAIL_BOUNCES"
Safety = Literal["none", "starttls", "tls"]
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Transport:
    """A mail server: host and port, how the line is kept safe, who logs in. The password shows nowhere."""

    host: str
    port: int
    safety: Safety = "none"
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """Host and port, for messages."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who letters come from: name and address; and the address that reports of delivery go back to."""

    name: str
    address: str
    bounces: str = ""

    def header(self) -> Address:
        """For the header From."""
        return Address(self.name, addr_spec=self.address)

    def envelope(self, mark: str) -> str:
        """Where a report about one letter goes back to: the mark says which (VERP)."""
        local, _, domain = (self.bounces or self.address).partition("@")
        return f"{local}+{mark}@{domain}"


def transport_of_environment() -> Transport:
    """The mail server that TOPLINE_SMTP_URL names; ToplineError if none is, or if it is not fit.

    `smtp://` asks for STARTTLS unless the server is this machine; `smtps://` speaks TLS from the start.
    """
    given = os.environ.get(URL, "")
    parts = urlsplit(given)
    try:
        port = parts.port or {"smtp": 587, "smtps": 465}[parts.scheme]
    except (KeyError, ValueError):
        fail("mail-url", name=URL)
    if not parts.hostname or parts.path.strip("/") or parts.query:
        fail("mail-url", name=URL)
    local = parts.hostname in _LOCAL
    safety: Safety = "tls" if parts.scheme == "smtps" else "none" if local else "starttls"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Transport(parts.hostname, port, safety, user, password)


def sender_of_environment() -> Sender:
    """Who letters come from, by TOPLINE_MAIL_FROM: `Name <address>`."""
    given = os.environ.get(FROM, "")
    name, address = parseaddr(given)
    bounces = os.environ.get(BOUNCES, "")
    for each in (address, *([bounces] if bounces else [])):
        if not is_address(each):
            fail("mail-from", name=FROM, bounces=BOUNCES)
    if not is_one_line(given):
        fail("mail-from", name=FROM, bounces=BOUNCES)
    return Sender(name, address, bounces)


def is_address(text: str) -> bool:
    """Whether a text is one plain address that a header and an envelope can hold as it stands."""
    local, at, domain = text.partition("@")
    plain = text.isascii() and text.isprintable() and not set(text) & set(' "(),:;<>[]\\')
    return bool(at and local and "." in f".{domain}" and domain and "@" not in domain) and plain


def is_one_line(text: str) -> bool:
    """Whether a text can stand in a header: no control characters, no separators of lines, not too long."""
    return text.isprintable() and len(text.encode()) < 600 and "=?" not in text
