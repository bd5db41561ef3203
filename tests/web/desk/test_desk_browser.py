"""The desk in Chromium: axe on every page, keyboard alone, scripts off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.web.desk.desks import PASSWORD
from tests.web.desk.served import desk_served, make_accounts
from tests.web.fields import Field
from tests.web.monitor.test_figures import finish, people
from tests.web.test_browser import ARGUMENTS
from tests.web.walker import open_page

from topline.web.monitor.counters import Counting
from topline.web.monitor.days import note_day

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def served(make: Callable[..., Field]) -> Iterator[tuple[Field, str]]:
    """The desk on its own server, with days, counters and a hidden group to show."""
    field = make(frame=people({1: 200, 2: 30}), settings="fieldwork: {from: 2026-01-01, to: 2099-01-31}\n")
    for number in range(12):
        finish(field, f" and id < {15 * number}")
        note_day(field.engine, "every_kind", ["department"], date.today() - timedelta(days=12 - number))
    counting = Counting(field.engine, "every_kind")
    for _ in range(30):
        for name, bucket in (("device", "phone"), ("reached", "statement"), ("minutes", "5 to 9")):
            counting.add(name, bucket)
    counting.flush()
    make_accounts(field, {"jones": ("lead", "every_kind")})
    with desk_served(field) as base:
        yield field, base


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield found
        found.close()


def test_pages_pass_axe(served: tuple[Field, str], browser: Browser, axe_script: str) -> None:
    """Sign-in, its refusal, monitor, log, an act, a refusal: no violation, narrow and wide, light and dark;
    no sideways scroll, nothing from another host, nothing that the policy blocks.
    """
    _, base = served
    for width, scheme in ((320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        blocked: list[str] = []
        page.on(
            "console", lambda said, into=blocked: into.append(said.text) if "Policy" in said.text else None
        )
        page.on(
            "request", lambda asked, into=blocked: into.append(asked.url) if base not in asked.url else None
        )
        open_page(page, f"{base}/desk/")
        look(page, axe_script, "Sign in")
        sign_in(page, "wrong")
        look(page, axe_script, "Sign in")
        sign_in(page, PASSWORD)
        look(page, axe_script, "Fieldwork, day")
        assert page.locator("svg.c:visible").count() == 1
        for path, heading in (
            ("log", "What was done"),
            ("do/extend", "Move the last day"),
            ("x", "There is no"),
        ):
            page.goto(f"{base}/desk/s/every_kind/{path}")
            look(page, axe_script, heading)
        assert blocked == []
        context.close()


def test_keyboard_alone_without_scripts(served: tuple[Field, str], browser: Browser) -> None:
    """Signing in, pausing and signing out by Tab, typing and Enter, with scripts off."""
    _, base = served
    page = browser.new_context(java_script_enabled=False).new_page()
    open_page(page, f"{base}/desk/")
    press_to(page, "u")
    page.keyboard.type("jones")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/desk/s/every_kind/")
    assert "9.1" not in page.inner_text("h1")
    page.get_by_role("link", name="Pause the survey").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/desk/s/every_kind/do/pause")
    press_to(page, "p")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/desk/s/every_kind/")
    assert "The survey is paused." in page.inner_text("main")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/desk/login")


def press_to(page: Page, id: str) -> None:
    """Press Tab until the field of that id has the focus."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.locator(f"#{id}:focus").count():
            return
    raise AssertionError(f"Tab does not lead to {id}")


def sign_in(page: Page, password: str) -> None:
    """Fill in the form and send it."""
    page.fill("#u", "jones")
    page.fill("#p", password)
    page.click("button")


def look(page: Page, axe_script: str, heading: str) -> None:
    """Ask axe about the page."""
    assert heading in page.inner_text("h1")
    page.evaluate(axe_script)
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"
        ".then(x => x.violations)"
    )
    assert [each["id"] for each in found] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
