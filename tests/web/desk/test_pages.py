"""What the desk shows of a fieldwork, and what it does to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.web.desk.desks import PASSWORD, Desk, words_of
from tests.web.fields import SECRET
from tests.web.monitor.test_figures import finish, people

from topline.web.desk.chart import days_chart
from topline.web.monitor.counters import Counting
from topline.web.monitor.course import Course, course_of
from topline.web.monitor.days import note_day
from topline.web.monitor.figures import figures
from topline.web.store.audit import entries, note


def test_monitor(desk: Desk) -> None:
    """Totals in steps of ten, the rate, groups with the reason where they are hidden."""
    finish(desk.field, " and id < 24")
    desk.account("jones", "viewer")
    said = words_of(desk.browser("jones").get("/desk/s/every_kind/"))
    assert "Finished 20 at least 50.0% of 40 invited (RR1)" in said
    assert "Ministry of Justice 20 10 50.0%" in said
    assert "Pause the survey" not in said
    finish(desk.field, "")
    assert "Finished 40 at least 100.0%" in words_of(desk.browser("jones").get("/desk/s/every_kind/"))


def test_own_department(open_desk: Callable[..., Desk]) -> None:
    """Somebody of one department sees the whole and that row, and no other group, day or page."""
    desk = open_desk(frame=people({1: 60, 2: 60}))
    finish(desk.field, "")
    desk.account("jones", "viewer", department="moj")
    browser = desk.browser("jones")
    said = words_of(browser.get("/desk/s/every_kind/"))
    assert "Ministry of Justice 60 60 100.0%" in said
    assert "Transport" not in said
    assert "Figures as a table" not in said
    assert browser.get("/desk/s/every_kind/figures.csv").status_code == 403
    assert "You see the whole and your own department" in said


def test_counters_are_shown(desk: Desk) -> None:
    """Pages in their order and devices, once there are ten."""
    counting = Counting(desk.field.engine, "every_kind")
    for number in range(25):
        counting.add("reached", "statement")
        counting.add("device", "phone" if number < 12 else "computer")
        if number < 13:
            counting.add("answered", "statement")
    counting.flush()
    desk.account("jones", "viewer")
    said = words_of(desk.browser("jones").get("/desk/s/every_kind/"))
    assert "statement 20 10 10" in said
    assert "computer 10 phone 10" in said


def test_acts_ask_for_the_password(desk: Desk) -> None:
    """Pause, open again and extend: not without the password, and each is a line of the log."""
    desk.account("jones", "lead")
    browser, at = desk.browser("jones"), "/desk/s/every_kind/do/"
    assert browser.post(f"{at}pause", {"password": "wrong"}).status_code == 422
    assert not course_of(desk.field.engine, "every_kind").paused
    assert browser.post(f"{at}pause", {"password": PASSWORD}).status_code == 302
    assert "The survey is paused" in words_of(browser.get("/desk/s/every_kind/"))
    assert browser.post(f"{at}resume", {"password": PASSWORD}).status_code == 302
    for day, why in (("soon", "soon is no day"), ("2001-01-01", "must be later than")):
        refused = browser.post(f"{at}extend", {"password": PASSWORD, "day": day})
        assert (refused.status_code, why in words_of(refused)) == (422, True)
        assert f'value="{day}"' in refused.content.decode()
    later = date.today() + timedelta(days=30)
    assert browser.post(f"{at}extend", {"password": PASSWORD, "day": str(later)}).status_code == 302
    assert course_of(desk.field.engine, "every_kind") == Course(False, later)
    verbs = [each.what["verb"] for each in entries(desk.field.engine, "every_kind")]
    assert verbs[-3:] == ["pause", "resume", "extend"]
    assert "extend" in words_of(browser.get("/desk/s/every_kind/log"))


def test_close_goes_on_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The close is a process of its own; afterwards the page has dispositions and rates."""
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    monkeypatch.setenv("PYTHONPATH", "src")
    desk.account("jones", "lead")
    browser = desk.browser("jones")
    assert browser.post("/desk/s/every_kind/do/close", {"password": PASSWORD}).status_code == 302
    for _ in range(200):
        said = words_of(browser.get("/desk/s/every_kind/"))
        if "The survey is closed" in said:
            break
        time.sleep(0.1)
    assert "Nothing ever returned (3.19) 40" in said
    assert "0.0% RR1" in said or "RR1: complete" in said
    assert "Close the survey" not in said
    assert (desk.study.folder / "close.log").stat().st_mode & 0o077 == 0


def test_close_without_keys(open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk without secret says what to run on the server."""
    monkeypatch.delenv("TOPLINE_SECRET", raising=False)
    desk = open_desk()
    desk.account("jones", "administrator", study="")
    refused = desk.browser("jones").post("/desk/s/every_kind/do/close", {"password": PASSWORD})
    assert refused.status_code == 422
    assert "topline close" in words_of(refused)


def test_download(desk: Desk) -> None:
    """The figures as a file for a spreadsheet."""
    desk.account("jones", "viewer")
    response = desk.browser("jones").get("/desk/s/every_kind/figures.csv")
    assert response.content.decode().splitlines()[0] == "figure,of,value"
    assert "attachment" in response.headers["Content-Disposition"]


def test_chart(open_desk: Callable[..., Desk]) -> None:
    """Two drawings and a table, gaps counted as nobody, what was done marked on its day."""
    desk = open_desk(frame=people({1: 300, 2: 300}))
    engine, start = desk.field.engine, date(2026, 11, 2)
    for number, day in ((0, 0), (40, 1), (250, 4)):
        finish(desk.field, f" and id < {number}")
        note_day(engine, "every_kind", ["department"], start + timedelta(days=day))
    engine.write(lambda db: note(db, "every_kind", "reminder", people=10))
    found = figures(desk.field.compiled, engine, desk.study.settings, today=start + timedelta(days=4))
    drawn = days_chart(found)
    assert "Most finished on 6 Nov: 210" in drawn
    assert drawn.count("<svg") == 3
    assert '<th scope="row">4 Nov</th><td>0</td>' in drawn
    assert drawn.count('class="bar"') == 2 * 2


def test_empty_desk(desk: Desk) -> None:
    """An account without a grant sees a list with nothing, and says whom to ask."""
    desk.account("jones", "viewer", study="another")
    browser = desk.browser("jones")
    assert "granted no study" in words_of(browser.get("/desk/"))
    assert browser.get("/desk/s/another/").status_code == 404
