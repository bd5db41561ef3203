"""Threat 5 and a whole interview of real answers: Chromium, scripts off, on the real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request, sync_playwright
from tests.web.fields import Field, launched
from tests.web.samples import keys_of
from tests.web.test_browser import ARGUMENTS, go_on
from tests.web.walker import open_page
from tests.web.wire import serving

from topline.study import read_study
from topline.web.fieldwork.places import Link, add_link
from topline.web.keys import door_token

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Field, str]]:
    """A launched study behind `topline serve --vault`, and its address."""
    field = launched(tmp_path)
    with serving(["study", "--store", "main.db", "--vault", "vault"], tmp_path) as server:
        yield field, f"{server.base}/s/every_kind"
    field.end()


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield found
        found.close()


def test_threat_05_and_16_and_38_a_whole_interview(served: tuple[Field, str], browser: Browser) -> None:
    """The cookie keeps the place and no address shows the token; every form is posted with our origin and
    without a path in the referrer; the policy blocks nothing; the answers are sealed.
    """
    field, address = served
    origin = address.removesuffix("/s/every_kind")
    posts: list[Request] = []
    asked: set[str] = set()
    blocked: list[str] = []
    page = browser.new_context(java_script_enabled=False).new_page()
    page.on("console", lambda said: blocked.append(said.text) if "Policy" in said.text else None)
    page.on("request", lambda request: asked.add(request.url.removeprefix(origin)[:1]))
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    open_page(page, f"{address}/i/{field.tokens[0]}")
    go_on(page)
    assert page.url == f"{address}/p/statement"
    page.check("input[value=neither]")
    go_on(page)
    for row in ("people", "tools", "other"):
        page.check(f"input[name='parts.{row}'][value=neither]")
    go_on(page)
    page.check("input[value=none]")
    go_on(page)
    page.select_option("#site", "south")
    page.fill("#minutes", "20")
    page.check("input[name='since.missing'][value=refused]")
    go_on(page)
    go_on(page)
    assert "Do not name yourself or others" in page.inner_text("main")
    go_on(page)
    assert page.url == f"{address}/check"
    go_on(page)
    assert "Thank you. Your answers are in." in page.inner_text("main")
    page.go_back()
    assert "can no longer be changed" in page.inner_text("main")
    assert asked == {"/"}  # no other host
    assert blocked == []
    for request in posts:
        headers = request.all_headers()
        assert headers["origin"] == origin
        assert re.fullmatch(re.escape(origin) + "/?", headers.get("referer", origin))
    assert len(posts) == 8
    assert field.engine.rows("select count(*) from sealed") == [(1,)]


def test_pages_of_fieldwork_pass_axe(served: tuple[Field, str], browser: Browser, axe_script: str) -> None:
    """Start, question, "go on later", lost, notices and the end of letters: no violation at 320 px."""
    field, address = served
    page = browser.new_context(viewport={"width": 320, "height": 800}).new_page()
    open_page(page, f"{address}/i/{field.tokens[0]}")
    seen = []

    def look() -> None:
        page.evaluate(axe_script)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(x => x.violations)")
        assert [each["id"] for each in found] == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        seen.append(page.inner_text("h1"))

    look()
    go_on(page)
    look()
    page.click("button[name='.later']")
    look()
    page.goto(f"{address}/i/{'a' * 26}")
    look()
    for name in ("help", "privacy", "cookies", "accessibility", f"i/{field.tokens[1]}/no"):
        page.goto(f"{address}/{name}")
        look()
    assert seen[2:] == [
        "You can go on later", "This link leads nowhere", "Help", "Privacy", "Cookies", "Accessibility",
        "Letters about this survey",
    ]  # fmt: skip


def test_shared_link_and_code_in_chromium(
    served: tuple[Field, str], browser: Browser, axe_script: str
) -> None:
    """By a shared link, with a code from another browser, a wrong one between: no violation at 320 px, and
    no address shows a token of the person.
    """
    field, address = served
    study = read_study(field.study_folder)
    add_link(field.engine, study, Link("l", ("moj",), 30, 33), keys_of(field))
    page = browser.new_context(viewport={"width": 320, "height": 800}).new_page()

    def look() -> None:
        page.evaluate(axe_script)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(x => x.violations)")
        assert [each["id"] for each in found] == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")

    open_page(page, f"{address}/l/{door_token(keys_of(field).key, 'every_kind', 'l')}")
    look()
    go_on(page)
    assert page.url == f"{address}/keep"
    look()
    code = page.inner_text(".code")
    page.click("main a.btn")
    page.check("input[value=neither]")
    go_on(page)
    other = browser.new_context(viewport={"width": 320, "height": 800}).new_page()
    page = other
    page.goto(f"{address}/code")
    look()
    page.fill("#code", "0000-0000-0000-1")
    go_on(page)
    assert page.title().startswith("Error:")
    look()
    page.fill("#code", code.lower())
    go_on(page)
    go_on(page)
    assert page.url == f"{address}/p/parts"
    tokens = {keys_of(field).token(id) for (id,) in field.engine.rows("select id from invite")}
    assert not any(token in page.url or token in page.content() for token in tokens)
