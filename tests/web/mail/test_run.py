"""Letters go out through a real mail server: to whom they should, once, whatever it answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.fields import Field
from tests.web.mail.letters import mailed, run_of, states
from tests.web.mail.smtp import Taken, smtp

from topline.base import ToplineError


def finish(field: Field, person: int) -> None:
    """The person's answers count."""
    field.engine.write(lambda db: db.change("update invite set state = 'finished' where id = ?", person))


def test_everybody_gets_their_own_link(make: Callable[..., Field], address: str) -> None:
    """Forty invitations over one connection, each with the link of its person; the outbox says so."""
    field = make(address=address)
    with smtp() as (office, port):
        assert mailed(field, port, 0) == {"sent": 40}
        assert mailed(field, port, 0) == {}
    assert {each.recipient: each.token for each in office.taken} == {
        f"p{n}@office.example": token for n, token in enumerate(field.tokens)
    }
    assert len(office.sessions) == 1
    assert states(field, 0) == {"sent": 40}
    assert {each.sender.partition("+")[0] for each in office.taken} == {"bounces"}
    assert len({each.sender for each in office.taken}) == 40


def test_limit_and_resume(make: Callable[..., Field]) -> None:
    """A run of ten, then the rest: nobody gets two."""
    field = make()
    with smtp() as (office, port):
        assert mailed(field, port, 0, 10) == {"sent": 10}
        assert states(field, 0) == {"sent": 10, "queued": 30}
        assert mailed(field, port, 0) == {"sent": 30}
    assert set(office.numbers().values()) == {1}


def test_reminder_leaves_out(make: Callable[..., Field], address: str) -> None:
    """Nobody who finished, opted out or cannot be reached is reminded, also when it happens meanwhile."""
    field = make(address=address)
    field.engine.write(lambda db: db.change("update invite set opted_out = 1 where id in (1, 2)"))
    field.engine.write(lambda db: db.change("update invite set bounced = 1 where id = 3"))
    finish(field, 4)
    with smtp() as (office, port):

        def seen(taken: Taken) -> None:
            if taken.recipient == "p0@office.example":
                finish(field, 39)
                field.engine.close() if field.engine.kind == "postgresql" else None  # this thread's own

        office.seen = seen
        assert mailed(field, port, 1) == {"sent": 35, "no longer due": 1}
    missed = {f"p{n}@office.example" for n in range(40)} - office.numbers().keys()
    assert missed == {f"p{n}@office.example" for n in (1, 2, 3, 4, 39)}


@pytest.mark.parametrize(
    ("reply", "fate", "state", "bounced"),
    [
        ("550 5.1.1 <p0@office.example> no such user", "undelivered", "failed", 1),
        ("552 5.2.2 mailbox full", "undelivered", "failed", 1),
        ("550 unknown", "undelivered", "failed", 1),
        ("451 4.7.1 greylisted", "later", "queued", 0),
    ],
)
def test_refused_recipient(
    make: Callable[..., Field], reply: str, fate: str, state: str, bounced: int
) -> None:
    """A mailbox that is not there is undelivered; one that is busy waits; the others get their letters."""
    field = make()
    with smtp() as (office, port):
        office.answers["p0@office.example"] = [reply] * 3
        assert mailed(field, port, 0) == {fate: 1, "sent": 39}
    assert field.engine.rows("select state from outbox where invite = 0") == [(state,)]
    assert field.engine.rows("select bounced from invite where id = 0") == [(bounced,)]


def test_busy_once(make: Callable[..., Field]) -> None:
    """What is refused for now is tried again in the same run."""
    field = make()
    with smtp() as (office, port):
        office.answers["p0@office.example"] = [
            "451 4.3.0 try again",
            "421 4.3.2 closing",
        ]
        assert mailed(field, port, 0) == {"sent": 40}
    assert set(office.numbers().values()) == {1}


@pytest.mark.parametrize("reply", ["550 5.7.1 relaying denied", "554 no", "530 5.7.0 log in first"])
def test_refused_ourselves(make: Callable[..., Field], reply: str) -> None:
    """A server that passes our mail on to nobody makes nobody undelivered: the run stops, all wait."""
    field = make()
    with smtp() as (office, port):
        office.answers["p0@office.example"] = [reply]
        with pytest.raises(ToplineError, match="does not pass our mail on") as caught:
            mailed(field, port, 0)
    assert "p0@" not in str(caught.value)
    assert states(field, 0) == {"queued": 40}
    assert field.engine.rows("select sum(bounced) from invite") == [(0,)]


def test_taken_for_junk(make: Callable[..., Field]) -> None:
    """Letters refused for what they say: after five in a row the run asks why."""
    field = make()
    with smtp() as (office, port):
        office.data = ["554 5.6.0 junk"] * 9
        with pytest.raises(ToplineError, match="refused 5 letters one after the other"):
            mailed(field, port, 0)
    assert states(field, 0) == {"failed": 5, "queued": 35}
    assert field.engine.rows("select sum(bounced) from invite") == [(0,)]


def test_reply_that_never_came(make: Callable[..., Field]) -> None:
    """Where the connection ends in place of the last reply, nobody knows, and nothing is sent twice."""
    field = make()
    with smtp() as (office, port):

        def hang_up(taken: Taken) -> None:
            office.hang_up = taken.recipient == "p7@office.example"

        office.seen = hang_up
        assert mailed(field, port, 0) == {"sent": 39, "unknown": 1}
        assert mailed(field, port, 0) == {}
    assert set(office.numbers().values()) == {1}
    assert states(field, 0) == {"sent": 39, "unknown": 1}


def test_no_server(make: Callable[..., Field]) -> None:
    """A server that is not there: the message says so, and everybody waits."""
    field = make()
    with smtp() as (_, port):
        pass
    with pytest.raises(ToplineError, match=rf"the mail server 127\.0\.0\.1:{port} does not answer"):
        mailed(field, port, 0)
    assert states(field, 0) == {"queued": 40}


def test_claim_left_behind(make: Callable[..., Field]) -> None:
    """A claim of a run that was cut short is told, and that letter is not sent again."""
    field = make()
    with smtp() as (office, port):
        run = run_of(field, port, 0)
        first = run.outbox.waiting(0)[0]
        assert run.outbox.claim(0, first) is not None
        assert run.outbox.claim(0, first) is None
        assert mailed(field, port, 0) == {"sent": 39, "unknown": 1}
    assert "p0@office.example" not in office.numbers()


def test_rate(make: Callable[..., Field]) -> None:
    """Sixty letters a minute are one a second."""
    field = make()
    slept: list[float] = []
    with smtp() as (_, port):
        began = time.monotonic()
        mailed(field, port, 0, per_minute=60, sleep=slept.append)
    assert len(slept) == 40
    assert 40 - (time.monotonic() - began) - 1 < sum(slept) <= 40


def test_closed_study_writes_to_nobody(make: Callable[..., Field]) -> None:
    """Once the survey closes, a letter that waits is not sent."""
    field = make()
    with smtp() as (office, port):
        run = run_of(field, port, 0)
        field.engine.write(lambda db: db.change("update release set state = 'closing'"))
        assert run.go()["no longer due"] == 40
    assert office.taken == []


def test_log_holds_numbers_alone(make: Callable[..., Field]) -> None:
    """The log says how many letters of which wave, and nothing else."""
    field = make()
    with smtp() as (_, port):
        mailed(field, port, 0)
    rows: list[Any] = field.engine.rows("select what from audit where what like '%mail%' order by n")
    assert rows == [
        ('{"people":40,"verb":"mail queued","wave":0}',),
        ('{"sent":40,"unknown":0,"verb":"mail","wave":0}',),
    ]
