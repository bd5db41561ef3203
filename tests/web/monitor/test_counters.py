"""Counters: what they hear of real interviews, and what a killed server loses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.fields import CookieBrowser, Field
from tests.web.test_fieldwork import ALL

from topline.web.monitor.counters import BANDS, Counting, counters
from topline.web.monitor.ticking import listener, tick
from topline.web.monitor.watch import Watch, band_of, device_of
from topline.web.respond import Response
from topline.web.store.engines import Engine
from topline.web.store.kinds import Busy

PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
TABLET = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"
COMPUTER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"


class Watched(CookieBrowser):
    """A browser whose forms the counters hear of, as behind the server."""

    heard: Callable[..., None]
    agent = PHONE

    def ask(self, method: str, address: str, body: bytes = b"", **headers: str) -> Response:
        from topline.web.respond import Request

        response = super().ask(method, address, body, **headers)
        if method == "POST":
            path, _, query = address.partition("?")
            cookie = f"__Host-topline={self.kept}" if self.kept else None
            self.heard(Request(method, path, query=query, body=body, cookie=cookie), response, self.agent)
        self.kept = self.cookie or self.kept
        return response

    kept = ""


def browsers(field: Field, counting: Counting, clock: Callable[[], float]) -> Callable[[], Watched]:
    """Make browsers that one server counts."""
    heard = listener(Watch(field.compiled, counting, clock=clock))

    def make() -> Watched:
        browser = Watched(field.runner)
        browser.heard = heard
        return browser

    return make


def test_whole_interviews(make: Callable[..., Field], address: str) -> None:
    """Twelve interviews on phones: pages, device, language and minutes, each person once, in steps of ten."""
    field = make(address=address)
    now = [0.0]
    counting = Counting(field.engine, "every_kind")
    new = browsers(field, counting, lambda: now[0])
    for token in field.tokens[:12]:
        browser = new()
        assert "Thank you" in browser.answer_all(token, ALL).text
        now[0] += 60
    assert counters(field.engine, "every_kind") == []  # not one transaction of the pages wrote any
    counting.flush()
    found = {(each.name, each.bucket): each.n for each in counters(field.engine, "every_kind")}
    assert found["device", "phone"] == found["language", "en"] == found["minutes", "under 5"] == 10
    assert found["reached", "statement"] == found["answered", "statement"] == 10
    assert {key for key, n in found.items() if n != 10} == set()


def test_reloads_and_returns_count_nothing(make: Callable[..., Field]) -> None:
    """Saving a page again, sending twice and starting again add nobody."""
    field = make()
    counting = Counting(field.engine, "every_kind")
    new = browsers(field, counting, lambda: 0.0)
    browser = new()
    browser.begin(field.tokens[0])
    browser.save("statement", [("statement", "neither")])
    before = dict(counting._held)
    assert before["answered", "statement"] == before["device", "phone"] == 1
    browser.save("statement", [("statement", "tend_to_agree")])
    browser.begin(field.tokens[0])
    browser.get("/p/statement")
    assert dict(counting._held) == before
    assert browser.post(f"/i/{'a' * 26}/start", []).status == 404
    assert dict(counting._held) == before


def test_stopped_server_loses_what_was_not_written(make: Callable[..., Field]) -> None:
    """Nine people are nowhere when the process ends; nothing else is."""
    field = make()
    counting = Counting(field.engine, "every_kind")
    for _ in range(9):
        counting.add("device", "phone")
    assert counting.flush() == 0
    again = Counting(field.engine, "every_kind")
    again.add("device", "phone")
    assert again.flush() == 0
    assert counters(field.engine, "every_kind") == []


def test_busy_store_loses_nothing(make: Callable[..., Field], monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written is written next time."""
    field = make()
    counting = Counting(field.engine, "every_kind")
    for _ in range(10):
        counting.add("device", "phone")

    def busy(work: object) -> None:
        raise Busy

    with monkeypatch.context() as patch:
        patch.setattr(field.engine, "write", busy)
        tick(counting, field.engine, "every_kind", ["department"])
    tick(counting, field.engine, "every_kind", ["department"])
    assert [each.n for each in counters(field.engine, "every_kind")] == [10]
    assert _days(field.engine) == [(str(date.today()), 0)]


@given(st.text(), st.text(), st.binary(), st.sampled_from([200, 303]), st.none() | st.text(), st.text())
def test_whatever_arrives(
    path: str, query: str, body: bytes, status: int, onward: str | None, agent: str
) -> None:
    """No request, however odd, makes the counters fail: the answer to it is ready already."""
    heard = Watch(_Form(), Counting(_Form(), "s")).heard  # type: ignore[arg-type]
    for start in ("", "/start", "/p/", "/i/a/p/x", "/send"):
        heard(start + path, query, body, status, onward, path, agent)
        heard(path + start, query, body, 303, f"/p/{path}", query, agent)


class _Form:
    """As much of a questionnaire as the counters read."""

    languages = ("en",)
    screens = ()


def test_a_closed_study_is_not_written(make: Callable[..., Field]) -> None:
    """After the close the days stand still."""
    field = make()
    field.close()
    tick(Counting(field.engine, "every_kind"), field.engine, "every_kind", ["department"])
    assert _days(field.engine) == []


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "phone"), (TABLET, "tablet"), (COMPUTER, "computer"), ("", "computer"),
        ("\ud800\x00" * 99, "computer"),
    ],
)  # fmt: skip
def test_devices(agent: str, device: str) -> None:
    """Three classes, whatever a browser calls itself."""
    assert device_of(agent) == device


def test_bands() -> None:
    """Every number of minutes is in one band."""
    assert [band_of(minutes) for minutes in (0, 4.99, 5, 19.9, 20, 79, 80, 1e9)] == [
        "under 5", "under 5", "5 to 9", "10 to 19", "20 to 39", "40 to 79", "80 or more", "80 or more",
    ]  # fmt: skip
    assert len(BANDS) == 6


def _days(engine: Engine) -> list[tuple[str, int]]:
    return [(day, n) for day, n in engine.rows("select day, finished from monitor_day")]
