"""What comes back: reports of delivery (RFC 3464), told apart by the mark that only the letter held.

Whoever can write to that mailbox can write anything: sizes are capped before anything is parsed, a mark must
be one of ours, and a report counts once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path
from typing import Final

from topline.base import Mark, fail
from topline.web.store.audit import note
from topline.web.store.engines import Engine, Transaction

_MOST_BYTES: Final = 1_000_000  # of one message; only the first part of a larger one would matter
_MOST_MESSAGES: Final = 200_000
_MOST_PARTS: Final = 50
_MARK: Final = re.compile(rb"(?<![0-9a-f])([0-9a-f]{20})(?=@)")
_STATUS: Final = re.compile(r"\s*([245])\.\d{1,3}\.\d{1,3}")


def read_bounces(engine: Engine, study: str, folder: Path) -> Mapping[str, int]:
    """Read every message of a Maildir or a folder of .eml files; return how many were what.

    `undelivered`: the person cannot be reached and is written to no more; `for now`: the server still tries;
    `delivered`: it says so; `automatic`: a person's absence and the like; `not ours`: no mark, an unknown
    one, or several; `unreadable`: over a megabyte, nested without end, or no message. Running it again
    changes nothing.
    """
    if not folder.is_dir():
        fail("mail-bounces-folder", Mark(str(folder)), folder=folder)
    found: Counter[str] = Counter()
    gone: set[str] = set()
    for path in _messages(folder):
        what, mark = _judged(path)
        if mark and not engine.rows("select 1 from outbox where study = ? and mark = ?", study, mark):
            what = "not ours"
        found[what] += 1
        if what == "undelivered":
            gone.add(mark)
    new = engine.write(lambda db: _mark_gone(db, study, gone, found))
    return {**found, "new": new}


def _mark_gone(db: Transaction, study: str, marks: set[str], found: Mapping[str, int]) -> int:
    new = 0
    for mark in sorted(marks):
        new += db.change(
            "update invite set bounced = 1 where study = ? and bounced = 0 and state <> 'finished'"
            " and id in (select invite from outbox where study = ? and mark = ?)",
            study, study, mark,
        )  # fmt: skip
    if new:
        note(db, study, "bounces", undelivered=new, messages=sum(found.values()))
    return new


def _messages(folder: Path) -> Iterator[Path]:
    """The files of a Maildir (`new` and `cur`), or those ending in .eml; links are passed by."""
    maildir = [folder / name for name in ("new", "cur") if (folder / name).is_dir()]
    paths = (path for each in maildir for path in each.iterdir()) if maildir else folder.glob("*.eml")
    for number, path in enumerate(sorted(paths)):
        if number >= _MOST_MESSAGES:
            fail("mail-bounces-many", Mark(str(folder)), most=_MOST_MESSAGES)
        if path.is_file() and not path.is_symlink():
            yield path


def _judged(path: Path) -> tuple[str, str]:
    """What a message is, and the mark it carries ("" where that does not matter)."""
    if path.stat().st_size > _MOST_BYTES:
        return "unreadable", ""
    raw = path.read_bytes()
    if raw.count(b"boundary") + raw.lower().count(b"message/") > _MOST_PARTS:
        return "unreadable", ""
    marks = set(_MARK.findall(raw))
    if len(marks) != 1:
        return "not ours", ""
    mark = marks.pop().decode()
    try:
        message = message_from_bytes(raw, policy=default)
        assert isinstance(message, EmailMessage)
        return _what(message), mark
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        return (
            "unreadable",
            "",
        )  # the parser is lenient, and what it makes of nonsense is not always a message


def _what(message: EmailMessage) -> str:
    if message.get_content_type() != "multipart/report":
        return "automatic" if message.get("Auto-Submitted", "no") != "no" else "not ours"
    for part in _walk(message):
        if part.get_content_type() == "message/delivery-status":
            for block in list(_walk(part))[1:]:  # the first is about the server
                action = str(block.get("Action", "")).strip().lower()
                status = _STATUS.match(str(block.get("Status", "")))
                if action == "failed" and status and status[1] == "5":
                    return "undelivered"
                if action in ("delayed", "failed"):
                    return "for now"
                if action in ("delivered", "relayed", "expanded"):
                    return "delivered"
    return "automatic"


def _walk(message: Message) -> Iterator[Message]:
    """The parts of the report itself, not of the letter that came back inside it."""
    payload = message.get_payload()
    yield from (part for part in payload if isinstance(part, Message)) if isinstance(payload, list) else ()
