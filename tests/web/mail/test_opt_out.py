"""The page that stops letters: opened by a scanner it does nothing; pressed, it holds; it can be undone."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.fields import Field, answered
from tests.web.test_fieldwork import SHORT

from topline.web.mail.outbox import Outbox
from topline.web.respond import Request, handle


def test_stop_and_again(make: Callable[..., Field], address: str) -> None:
    """No more letters after the button; the link still works; the same page takes it back."""
    field = make(address=address)
    outbox, token, browser = Outbox(field.engine, "every_kind"), field.tokens[0], field.browser()
    for _ in range(50):
        assert handle(Request("GET", f"/i/{token}/no"), field.runner).status == 200
        assert handle(Request("HEAD", f"/i/{token}/no"), field.runner).status == 200
    assert outbox.due(0) == 40
    page = browser.get(f"/i/{token}/no")
    assert "Send me no more letters" in page.text
    assert "peidiwch" in browser.get(f"/i/{token}/no?lang=cy").text.lower()
    done = browser.post(f"/i/{token}/no", browser.fields(f"/i/{token}/no"))
    assert "You get no more letters from us" in done.text
    assert outbox.due(0) == 39
    browser.post(f"/i/{token}/no", browser.fields(f"/i/{token}/no"))
    assert outbox.due(0) == 40
    browser.post(f"/i/{token}/no", browser.fields(f"/i/{token}/no"))
    assert "Thank you" in answered(field, token, SHORT).text
    assert field.engine.rows("select opted_out, state from invite where id = 0") == [(1, "finished")]


def test_forged(make: Callable[..., Field]) -> None:
    """Without the tag of that page and person, or from another site, nothing is written."""
    field = make()
    first, second = field.tokens[:2]
    browser = field.browser()
    theirs = dict(browser.fields(f"/i/{second}/no"))[".tag"]
    for body, origin in ((b"", None), (f".tag={theirs}".encode(), None), (b".tag=x", "https://evil.example")):
        found = handle(Request("POST", f"/i/{first}/no", body=body, origin=origin, host="s"), field.runner)
        assert found.status == 403
    assert field.engine.rows("select sum(opted_out) from invite") == [(0,)]


def test_after_the_close(make: Callable[..., Field]) -> None:
    """Once the survey is closed the page says so."""
    field = make()
    field.close()
    assert "closed" in handle(Request("GET", f"/i/{field.tokens[0]}/no"), field.runner).text
