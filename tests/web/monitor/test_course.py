"""Pause, open again, extend: respondents lose nothing, and everything stands in the log."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from tests.web.fields import Field, answered
from tests.web.test_fieldwork import ALL

from topline.base import ToplineError
from topline.web.monitor.course import Course, course_of, extend, pause, resume
from topline.web.store.audit import entries


def test_paused(make: Callable[..., Field], address: str) -> None:
    """Whoever comes sees that it is paused; a page that was being filled in is saved; all goes on after."""
    field = make(address=address)
    browser = field.browser()
    browser.begin(field.tokens[0])
    held = browser.fields("/p/statement")
    pause(field.engine, field.compiled.id)
    assert "This survey is paused" in browser.get("/p/statement").text
    assert "This survey is paused" in field.browser().post(f"/i/{field.tokens[1]}/start", []).text
    shown = browser.post("/p/statement", [*held, ("statement", "neither")])
    assert "What you have sent or saved is kept" in shown.text
    assert field.engine.rows("select state from invite where id = 1") == [("invited",)]
    resume(field.engine, field.compiled.id)
    assert "neither" in re.findall(r"value=\"(\w+)\"[^>]* checked", browser.get("/p/statement").text)
    assert "Thank you" in answered(field, field.tokens[2], ALL).text


def test_clash_while_paused(make: Callable[..., Field]) -> None:
    """Two windows that saved one page during a pause are both shown, as ever."""
    field = make()
    browser = field.browser()
    browser.begin(field.tokens[0])
    held = browser.fields("/p/statement")
    pause(field.engine, field.compiled.id)
    browser.post("/p/statement", [*held, ("statement", "neither")])
    clash = browser.post("/p/statement", [*held, ("statement", "strongly_agree")])
    assert clash.status == 409


def test_log_and_repeat(make: Callable[..., Field], address: str) -> None:
    """Pausing twice is one line of the log; the last day moves to a later one only."""
    field = make(address=address)
    study, engine = field.compiled.id, field.engine
    for act in (pause, pause, resume, resume):
        act(engine, study)
    today = date(2026, 12, 1)
    extend(engine, study, date(2026, 12, 20), before=date(2026, 12, 10), today=today)
    for day in (date(2026, 12, 20), date(2026, 12, 15), date(2026, 11, 30)):
        with pytest.raises(ToplineError, match=r"must be later than 2026-12-20"):
            extend(engine, study, day, before=date(2026, 12, 10), today=today)
    assert course_of(engine, study) == Course(False, date(2026, 12, 20))
    pause(engine, study)
    assert course_of(engine, study) == Course(True, date(2026, 12, 20))
    verbs = [each.what["verb"] for each in entries(engine, study)]
    assert verbs[-4:] == ["pause", "resume", "extend", "pause"]
    with pytest.raises(ToplineError, match="must be later than"):
        extend(engine, study, date(2025, 1, 1), before=None, today=today)


def test_closed(make: Callable[..., Field]) -> None:
    """A closed survey is neither paused nor extended, and a pause does not stand in the way of the close."""
    field = make()
    pause(field.engine, field.compiled.id)
    field.close()
    for act in (pause, resume):
        with pytest.raises(ToplineError, match="is closed, or is being closed"):
            act(field.engine, field.compiled.id)
    assert "This survey is closed" in field.browser().get(f"/i/{field.tokens[0]}").text
