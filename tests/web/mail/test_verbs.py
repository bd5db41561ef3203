"""`topline invite --mail`, `remind` and `bounces`, as they are typed; and killed in the middle."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.fields import SECRET, Field, launched
from tests.web.mail.smtp import Office, Taken, smtp
from tests.web.wire import ROOT

from topline.cli import main
from topline.web.store.audit import entries
from topline.web.vault.claim import posting

PEOPLE = 300
FRAME = "email,department\n" + "".join(f"p{n}@office.example,{1 + n % 2}\n" for n in range(PEOPLE))
DAYS = "fieldwork: {from: 2020-01-01, to: 2099-12-24}\n"
WHERE = ["--store", "main.db", "--vault", "vault", "--base", "https://survey.example"]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Field, Office]]:
    """A launched study of three hundred people, and a mail server that the environment names."""
    field = launched(tmp_path, frame=FRAME, settings=DAYS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    monkeypatch.setenv("TOPLINE_MAIL_FROM", "The team <team@survey.example>")
    with smtp() as (office, port):
        monkeypatch.setenv("TOPLINE_SMTP_URL", f"smtp://127.0.0.1:{port}")
        yield field, office
    field.end()


@pytest.mark.slow
def test_a_wave_and_a_reminder(served: tuple[Field, Office], capsys: pytest.CaptureFixture[str]) -> None:
    """Tried, sent in parts, sent again to nobody; a reminder too soon is refused, a later one goes out."""
    field, office = served
    assert main(["remind", "study", *WHERE]) == 2
    assert "nobody was invited by mail yet" in capsys.readouterr().err
    assert main(["invite", "study", "--mail", "--dry-run", "--preview", "letter.html", *WHERE]) == 0
    said = capsys.readouterr().out
    assert "300 letters of wave 0 would be sent, from team@survey.example." in said
    assert "24 December 2099" in said
    assert "Nothing was sent." in said
    assert "<html" in (field.folder / "letter.html").read_text("utf-8")
    assert office.taken == []
    assert main(["invite", "study", "--mail", "--limit", "100", *WHERE]) == 0
    assert "     100  sent\n     200  still waiting" in capsys.readouterr().out
    assert main(["invite", "study", "--mail", *WHERE]) == 0
    assert "     200  sent" in capsys.readouterr().out
    assert main(["invite", "study", "--mail", *WHERE]) == 0
    assert "Everybody who is to get this letter has it." in capsys.readouterr().out
    assert set(office.numbers().values()) == {1}
    assert len(office.numbers()) == PEOPLE
    field.engine.write(lambda db: db.change("update invite set state = 'finished' where id < 120"))
    assert main(["remind", "study", *WHERE]) == 2
    assert "went out less than 20 hours ago" in capsys.readouterr().err
    assert main(["remind", "study", "--again", *WHERE]) == 0
    assert "     180  sent" in capsys.readouterr().out
    assert Counter(office.numbers().values()) == {1: 120, 2: 180}
    links = {each.recipient: set[str]() for each in office.taken}
    for each in office.taken:
        links[each.recipient].add(each.token)
    assert all(len(found) == 1 for found in links.values())


def test_wrong_use(
    served: tuple[Field, Office], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No way named, no server, no sender, another run: each is said, and nothing is sent."""
    field, office = served
    assert main(["invite", "study", *WHERE]) == 2
    assert "--csv FILE for a mail merge of your own, or --mail" in capsys.readouterr().err
    with posting(field.vault, "every_kind"):
        assert main(["invite", "study", "--mail", *WHERE]) == 2
    assert "being sent by another process" in capsys.readouterr().err
    monkeypatch.setenv("TOPLINE_SMTP_URL", "smtp://mail:hunter2@nowhere.example:x")
    assert main(["invite", "study", "--mail", *WHERE]) == 2
    assert "hunter2" not in (said := capsys.readouterr().err)
    assert "names no mail server" in said
    monkeypatch.delenv("TOPLINE_MAIL_FROM")
    assert main(["invite", "study", "--mail", *WHERE]) == 2
    assert "TOPLINE_MAIL_FROM must say who" in capsys.readouterr().err
    assert main(["bounces", "study", "nowhere", "--store", "main.db"]) == 2
    assert "nowhere is no folder" in capsys.readouterr().err
    assert office.taken == []


@pytest.mark.slow
def test_threat_25_killed_twenty_times(served: tuple[Field, Office]) -> None:
    """Killed with -9 twenty times: nobody gets two letters of a wave, and nobody who has finished one."""
    field, office = served
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
            finished = {f"p{n}@office.example" for n in range(200, PEOPLE)} - office.numbers().keys()
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
    assert len(counts) + len(finished) + states["unknown"] >= PEOPLE


def test_threat_23_and_13_nothing_of_anybody_is_kept(
    served: tuple[Field, Office], capsys: pytest.CaptureFixture[str]
) -> None:
    """Outbox, log and what is printed hold no address, no link and no minute; links are those of --base."""
    field, office = served
    assert main(["invite", "study", "--mail", "--limit", "20", *WHERE]) == 0
    said = capsys.readouterr()
    kept = repr(field.engine.rows("select * from outbox")) + repr(list(entries(field.engine, "every_kind")))
    for text in (kept, said.out, said.err):
        assert "office.example" not in text
        assert not [token for token in field.tokens if token in text]
    assert all(each.at.endswith(":00Z") for each in entries(field.engine, "every_kind"))
    assert all(f"https://survey.example/s/every_kind/i/{each.token}" in each.text for each in office.taken)
