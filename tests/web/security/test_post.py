"""Threats that come with letters: headers, addresses that stay behind, letters sent twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from tests.web.fields import Field
from tests.web.mail.letters import LINK, MARK, WHERE, letter, parts, stationery_of
from tests.web.mail.smtp import Office, Taken
from tests.web.wire import ROOT

from topline.base import ToplineError
from topline.cli import main
from topline.web.mail.transport import is_address, sender_of_environment
from topline.web.store.audit import entries

ADDRESSES = (
    "a@b.example\r\nBcc: c@d.example", "a@b.example\nX: y", "a\x00@b.example", "a@b.example\u2028x",
    "=?utf-8?q?a?=@b.example ", "a b@c.example", "<a@b.example>", "a@b@c.example", "a,c@b.example",
    '"a"@b.example',     "a@", "@b.example", "é@b.example", "a" * 2000 + "\n@b.example",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_threat_24_addresses_that_would_be_headers(make: Callable[..., Field], address: str) -> None:
    """An address that no header can hold as it stands gets no letter."""
    assert not is_address(address)
    assert stationery_of(make()).letter(address, LINK, MARK) is None


@pytest.mark.parametrize(
    "title", ["A\r\nBcc: x@y.example", "A\nB", "A\u2028B", "=?utf-8?q?x?=", "x" * 3000, "<script>x</script>"]
)
def test_threat_24_titles_that_would_be_headers(make: Callable[..., Field], title: str) -> None:
    """A title with line breaks, encoded words or without end makes no header of its own."""
    field = make()
    texts = {**field.compiled.texts, "en": {**field.compiled.texts["en"], "study.title": title}}
    try:
        message = letter(field, compiled=replace(field.compiled, texts=texts))
    except ValueError:
        return  # refused by the library, before anything is sent
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert sorted(read.keys()) == sorted(letter(field).keys())
    assert read["To"] == "p0@office.example"
    assert "<script" not in parts(message)[1]


@pytest.mark.parametrize("name", ["A\r\nBcc: x@y.example", "A\x00", "=?x?=", "a" * 700])
def test_threat_24_sender(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Nor does the sender's name."""
    monkeypatch.setattr("os.environ", {"TOPLINE_MAIL_FROM": f"{name} <team@survey.example>"})
    with pytest.raises(ToplineError, match="TOPLINE_MAIL_FROM must say who"):
        sender_of_environment()


@pytest.mark.slow
def test_threat_25_killed_twenty_times(mailing: tuple[Field, Office]) -> None:
    """Killed with -9 twenty times: nobody gets two letters of a wave, and nobody who has finished one."""
    field, office = mailing
    finished: set[str] = set()

    def seen(taken: Taken) -> None:
        time.sleep(0.004)

    office.seen = seen
    draw = random.Random(25)
    command = [sys.executable, "-m", "topline", "invite", "study", "--mail", *WHERE]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    for number in range(20):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        before = len(office.taken)
        until = time.monotonic() + 20
        while len(office.taken) < before + draw.randrange(1, 9) and time.monotonic() < until:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if number == 10:  # from now on the last hundred have finished
            field.engine.write(lambda db: db.change("update invite set state = 'finished' where id >= 200"))
            finished = {f"p{n}@office.example" for n in range(200, 300)} - office.numbers().keys()
    office.seen = lambda taken: None
    assert main(["invite", "study", "--mail", *WHERE]) in (0, 1)
    counts = office.numbers()
    assert set(counts.values()) == {1}
    assert finished
    assert not finished & counts.keys()
    states = Counter(
        state for (state,) in field.engine.rows("select state from outbox where wave = 0 order by invite")
    )
    assert states["unknown"] <= 20
    assert states["queued"] == states["claimed"] == 0
    assert states["sent"] <= len(counts) <= states["sent"] + states["unknown"]
    assert len(counts) + len(finished) + states["unknown"] >= 300


def test_threat_23_and_13_nothing_of_anybody_is_kept(
    mailing: tuple[Field, Office], capsys: pytest.CaptureFixture[str]
) -> None:
    """Outbox, log and what is printed hold no address, no link and no minute; links are those of --base."""
    field, office = mailing
    assert main(["invite", "study", "--mail", "--limit", "20", *WHERE]) == 0
    said = capsys.readouterr()
    kept = repr(field.engine.rows("select * from outbox")) + repr(list(entries(field.engine, "every_kind")))
    for text in (kept, said.out, said.err):
        assert "office.example" not in text
        assert not [token for token in field.tokens if token in text]
    assert all(each.at.endswith(":00Z") for each in entries(field.engine, "every_kind"))
    assert all(f"https://survey.example/s/every_kind/i/{each.token}" in each.text for each in office.taken)
