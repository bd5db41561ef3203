"""A mail server for tests, on this machine: it keeps what it takes, and refuses what it is told to."""

from __future__ import annotations

import email
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LINK = re.compile(r"https?://\S+/s/\w+/i/([a-z0-9]{26})(?=\s|$)")


@dataclass
class Taken:
    """One message that was taken."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        found = email.message_from_bytes(self.content, policy=default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def text(self) -> str:
        """Its plain text."""
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def token(self) -> str:
        """The token of its link."""
        found = LINK.search(self.text)
        assert found is not None
        return found[1]


@dataclass
class Office:
    """What the server does: `answers` gives replies to RCPT by address, `data` to DATA, in turn."""

    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    hang_up: bool = False  # close the connection in place of the reply to DATA
    seen: Callable[[Taken], object] = lambda taken: None
    sessions: set[int] = field(default_factory=set)

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Refuse, or take the address."""
        if self.answers.get(address):
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the message."""
        if self.data:
            return self.data.pop(0)
        self.sessions.add(id(session))
        assert isinstance(envelope.content, bytes)
        taken = Taken(str(envelope.mail_from), envelope.rcpt_tos[0], envelope.content)
        self.taken.append(taken)
        self.seen(taken)
        if self.hang_up:
            assert server.transport is not None
            server.transport.close()
        return "250 OK"

    def numbers(self) -> Mapping[str, int]:
        """How many messages each address got."""
        addresses = [each.recipient for each in self.taken]
        return {address: addresses.count(address) for address in addresses}


@contextmanager
def smtp(**settings: Any) -> Iterator[tuple[Office, int]]:
    """A server at a free port."""
    office = Office()
    before = threading.active_count()
    controller = Controller(office, hostname="127.0.0.1", port=0, **settings)
    controller.port = _free()
    controller.start()
    try:
        yield office, controller.port
    finally:
        controller.stop()
    assert threading.active_count() <= before + 1


def _free() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
