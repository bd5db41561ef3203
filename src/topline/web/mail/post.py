"""Hand one letter at a time to the mail server, over one connection for as long as it holds."""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final, Literal

from topline.base import fail
from topline.web.mail.transport import Transport

#: What became of a letter. `later`: refused for now, also when tried again; `refused`: for what it says.
Fate = Literal["sent", "later", "undelivered", "refused", "unknown"]
_PAUSES: Final = (2.0, 10.0)  # seconds before a second and a third try
_TIMEOUT: Final = 60
_EXTENDED: Final = re.compile(rb"^\s*\d\.(\d{1,3})\.\d{1,3}")
#: Replies to a recipient that are about us, not about the mailbox: who may send, not who is there.
_ABOUT_US: Final = (530, 534, 535, 538, 571)


class Postman:
    """Sends over one connection. `pauses` and `sleep` are for tests."""

    def __init__(
        self,
        transport: Transport,
        pauses: Sequence[float] = _PAUSES,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._transport, self._pauses, self._sleep = transport, pauses, sleep
        self._line: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, sender: str, recipient: str) -> Fate:
        """Send, and try again what is refused for now.

        Raises ToplineError where the server is not reached, or passes nothing of ours on: then nothing was
        sent, and nobody is at fault but the settings.
        """
        content = message.as_bytes(policy=SMTP)
        for pause in (*self._pauses, None):
            fate = self._once(content, sender, recipient)
            if fate != "later" or pause is None:
                return fate
            self._sleep(pause)
        return "later"

    def hang_up(self) -> None:
        """End the connection."""
        line, self._line = self._line, None
        if line is not None:
            try:
                line.quit()
            except (smtplib.SMTPException, OSError):
                line.close()

    def _once(self, content: bytes, sender: str, recipient: str) -> Fate:
        line = self._connected()
        try:
            code, reply = line.mail(sender)
            if code >= 400:
                return self._refused_us(code, reply)
            code, reply = line.rcpt(recipient)
            if code >= 500 and _about_us(code, reply):
                return self._refused_us(code, reply)
            if code >= 400:
                self._reset(line, code)
                return "undelivered" if code >= 500 else "later"
        except (smtplib.SMTPServerDisconnected, OSError):
            self._drop()
            return "later"
        return self._data(line, content)

    def _data(self, line: smtplib.SMTP, content: bytes) -> Fate:
        """From here on a lost line leaves nobody knowing."""
        try:
            code, _ = line.data(content)
        except smtplib.SMTPDataError as error:  # the server would not even begin
            self._reset(line, error.smtp_code)
            return "later" if error.smtp_code < 500 else "refused"
        except (smtplib.SMTPException, OSError):
            self._drop()
            return "unknown"
        if code == 250:
            return "sent"
        self._reset(line, code)
        return "later" if code < 500 else "refused"

    def _connected(self) -> smtplib.SMTP:
        if self._line is None:
            to = self._transport
            try:
                self._line = _open(to)
            except smtplib.SMTPAuthenticationError:
                fail("mail-login", server=to.name)
            except (smtplib.SMTPException, OSError) as error:
                fail("mail-server", server=to.name, why=type(error).__name__)
        return self._line

    def _refused_us(self, code: int, reply: bytes) -> Fate:
        """The server passes nothing of ours on. Its words may repeat an address: only the code is told."""
        if code < 500:
            self._drop()
            return "later"
        self.hang_up()
        fail("mail-refused", server=self._transport.name, code=code)

    def _reset(self, line: smtplib.SMTP, code: int) -> None:
        try:
            if code == 421:
                raise smtplib.SMTPServerDisconnected
            line.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


def _open(to: Transport) -> smtplib.SMTP:
    safe = ssl.create_default_context()
    line: smtplib.SMTP
    if to.safety == "tls":
        line = smtplib.SMTP_SSL(to.host, to.port, timeout=_TIMEOUT, context=safe)
    else:
        line = smtplib.SMTP(to.host, to.port, timeout=_TIMEOUT)
    try:
        if to.safety == "starttls":
            line.starttls(context=safe)
        line.ehlo_or_helo_if_needed()
        if to.user:
            line.login(to.user, to.password)
    except BaseException:
        line.close()
        raise
    return line


def _about_us(code: int, reply: bytes) -> bool:
    """Whether a refusal of a recipient is about who sends: RFC 3463, x.7.x is security and policy."""
    extended = _EXTENDED.match(reply)
    if extended is not None:
        return extended[1] == b"7"
    return code in _ABOUT_US or code == 554
