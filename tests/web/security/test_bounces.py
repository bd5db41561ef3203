"""What comes back of the letters: reports, absences, forgeries, bombs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.fields import Field
from tests.web.mail.letters import run_of

from topline.base import ToplineError
from topline.web.mail.bounces import read_bounces
from topline.web.mail.outbox import Outbox
from topline.web.store.audit import entries


def report(mark: str, action: str = "failed", status: str = "5.1.1", extra: str = "") -> bytes:
    """A report of delivery about the letter with this mark (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mx.example
To: bounces+{mark}@survey.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="B"
Auto-Submitted: auto-replied
{extra}
--B
Content-Type: text/plain

Your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; somebody@office.example
Action: {action}
Status: {status}

--B--
""".encode()


ABSENCE = (
    b"From: p1@office.example\nTo: bounces+%s@survey.example\nAuto-Submitted: auto-replied\n\nI am away.\n"
)


@pytest.fixture
def field(make: Callable[..., Field], address: str) -> Field:
    """A launched study whose invitations are queued."""
    field = make(address=address)
    run_of(field, 9, 0)
    return field


def marks(field: Field) -> list[str]:
    """The mark of each person's letter."""
    return [mark for (mark,) in field.engine.rows("select mark from outbox where wave = 0 order by invite")]


def bounced(field: Field) -> list[int]:
    """Who cannot be reached."""
    return [n for (n,) in field.engine.rows("select id from invite where bounced = 1 order by id")]


def test_each_kind(field: Field, tmp_path: Path) -> None:
    """Only a report that delivery failed for good counts; a second reading changes nothing."""
    mark, box = marks(field), tmp_path / "box"
    (box / "new").mkdir(parents=True)
    (box / "cur").mkdir()
    field.engine.write(lambda db: db.change("update invite set state = 'finished' where id = 6"))
    for name, content in {
        "new/1": report(mark[1]),
        "cur/2": report(mark[2], status="5.2.2"),
        "new/3": report(mark[3], action="delayed", status="4.4.1"),
        "new/4": report(mark[4], action="delivered", status="2.0.0"),
        "new/5": ABSENCE % mark[5].encode(),
        "new/6": report(mark[6]),
        "new/7": b"Subject: hello\n\nWho are you?\n",
    }.items():
        (box / name).write_bytes(content)
    found = read_bounces(field.engine, "every_kind", box)
    assert found == {
        "undelivered": 3, "for now": 1, "delivered": 1, "automatic": 1, "not ours": 1, "new": 2,
    }  # fmt: skip
    assert bounced(field) == [1, 2]
    assert read_bounces(field.engine, "every_kind", box)["new"] == 0
    last = [each.what for each in entries(field.engine, "every_kind")][-1]
    assert last == {"verb": "bounces", "undelivered": 2, "messages": 7}
    assert Outbox(field.engine, "every_kind").due(1) == 37


def test_threat_26_forgeries(field: Field, tmp_path: Path) -> None:
    """A mark that is no letter's, two marks, half a mark, an address without one: nobody is touched."""
    mark = marks(field)
    other = report("0" * 20) + b"p3@office.example"
    for number, content in enumerate([
        other, report(mark[1]) + f"\nbounces+{mark[2]}@survey.example\n".encode(), report("f" * 19),
        report(mark[1].upper()),
        b"Final-Recipient: rfc822; p1@office.example\nAction: failed\nStatus: 5.0.0\n",
    ]):  # fmt: skip
        (tmp_path / f"{number}.eml").write_bytes(content)
    assert read_bounces(field.engine, "every_kind", tmp_path) == {"not ours": 5, "new": 0}
    assert bounced(field) == []


def test_threat_26_bombs(field: Field, tmp_path: Path) -> None:
    """Messages that are too large, nested without end, or no messages are passed by, and the rest is read."""
    mark = marks(field)
    deep = b"Content-Type: message/rfc822\n\n" * 5_000
    many = b"\n--B\nContent-Type: multipart/mixed; boundary=B\n" * 2_000
    for number, content in enumerate([
        report(mark[1], extra="X: " + "y" * 1_100_000), report(mark[2], extra="") + deep,
        report(mark[3]) + many,
        report(mark[4]).replace(b"Status: 5.1.1", b"Status: \xff\xfe"), bytes(range(256)) * 100, b"",
        report(mark[5]).replace(b'boundary="B"', b"boundary*0*=x''%ff; boundary*1=\x00"),
        report(mark[6]).replace(b"Action: failed", b"Action: =?utf-16?b?////?="),
    ]):  # fmt: skip
        (tmp_path / f"{number}.eml").write_bytes(content)
    (tmp_path / "good.eml").write_bytes(report(mark[7]))
    (tmp_path / "link.eml").symlink_to(tmp_path / "good.eml")
    found = read_bounces(field.engine, "every_kind", tmp_path)
    assert found["unreadable"] >= 3
    assert bounced(field) == [7]
    assert sum(n for what, n in found.items() if what != "new") == 9


def test_no_folder(field: Field, tmp_path: Path) -> None:
    """A folder that is not there is named."""
    with pytest.raises(ToplineError, match="is no folder"):
        read_bounces(field.engine, "every_kind", tmp_path / "none")
