"""Keying forms in Chromium: axe on every page, by keyboard alone, scripts off."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.web.desk.desks import PASSWORD
from tests.web.desk.served import desk_served, make_accounts
from tests.web.desk.test_desk_browser import browser, look, open_page, press_to  # noqa: F401
from tests.web.fields import Field
from tests.web.samples import keys_of

from topline.study import read_study
from topline.web.codes import printed
from topline.web.fieldwork.places import make_codes
from topline.web.paper.counts import Progress, progress

pytestmark = [pytest.mark.browser, pytest.mark.slow]
#: What is typed, box by box in the order of the page.
KEYS = ("4", "3", "5", "97", "2 8", "By ferry", "", "2", "", "", "1", "98", "",
        "30", "", "31 1 2010", "", "1", "The people", "Two words", "1")  # fmt: skip


@pytest.fixture
def keyed(make: Callable[..., Field]) -> Iterator[tuple[Field, str, list[str]]]:
    """The desk with its keys on its own server, forms handed out, two keyers."""
    field = make()
    codes = make_codes(field.engine, read_study(field.study_folder), ("moj",), 12, "b", keys_of(field))
    make_accounts(field, dict.fromkeys(("anna", "ben"), ("keyer", "every_kind")))
    with desk_served(field, keys=True) as base:
        yield field, base, codes


def sign_in(page: Page, base: str, name: str) -> None:
    """Sign in by keyboard."""
    open_page(page, f"{base}/desk/")
    press_to(page, "u")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/desk/s/every_kind/paper")


def key(page: Page, code: str, keys: tuple[str, ...]) -> None:
    """Key one form: the code has the focus, then the first box, then Tab."""
    assert page.locator("#code:focus").count() == 1
    page.keyboard.type(printed(code).lower())
    page.keyboard.press("Enter")
    page.wait_for_selector("[name='keyed']", state="attached")
    assert page.locator("#a\\.statement:focus").count() == 1
    for text in keys:
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    page.keyboard.press("Enter")


def test_two_people_by_keyboard(keyed: tuple[Field, str, list[str]], browser: Browser) -> None:  # noqa: F811
    """Two people key a form with Tab and Enter alone, scripts off; Enter in a box does not send half a
    form; where they differ, the second decides with the arrows.
    """
    field, base, codes = keyed
    pages = [browser.new_context(java_script_enabled=False).new_page() for _ in range(2)]
    for page, name in zip(pages, ("anna", "ben"), strict=True):
        sign_in(page, base, name)
    anna, ben = pages
    key(anna, codes[0], KEYS)
    anna.wait_for_url("**/paper?said=kept")
    assert "Kept." in anna.inner_text("main")
    key(ben, codes[0], KEYS)
    ben.wait_for_url("**/paper?said=entered")
    key(anna, codes[1], KEYS)
    anna.wait_for_url("**/paper?said=kept")
    ben.keyboard.type(codes[1])
    ben.keyboard.press("Enter")
    ben.wait_for_selector("[name='keyed']", state="attached")
    ben.keyboard.type("3")
    ben.keyboard.press("Enter")
    ben.wait_for_timeout(700)
    assert ben.locator("#a\\.statement").input_value() == "3"  # nothing was sent
    for text in ("", *KEYS[1:]):
        ben.keyboard.type(text)
        ben.keyboard.press("Tab")
    ben.keyboard.press("Enter")
    ben.wait_for_selector("h1:has-text('Two keyings differ')")
    assert ben.locator("fieldset").count() == 1  # what both keyed alike is not asked
    press_to(ben, "a\\.statement-first")
    ben.keyboard.press("ArrowDown")
    ben.keyboard.press("Tab")
    ben.keyboard.press("Enter")
    ben.wait_for_url("**/paper?said=entered")
    assert progress(field.engine, "every_kind", field.vault) == Progress(0, 0, 0, 0, 12)
    assert field.close().replied == 2


def test_pages_pass_axe(keyed: tuple[Field, str, list[str]], browser: Browser, axe_script: str) -> None:  # noqa: F811
    """Overview, its refusals, form, form with faults, two keyings: no violation, narrow and wide, light and
    dark; no sideways scroll.
    """
    _, base, codes = keyed
    first = True
    for width, scheme in ((1280, "light"), (320, "light"), (320, "dark"), (1280, "dark")):
        view = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        anna, ben = (browser.new_context(**view).new_page() for _ in range(2))
        for page, name in ((anna, "anna"), (ben, "ben")):
            sign_in(page, base, name)
        look(anna, axe_script, "Forms on paper")
        anna.keyboard.type("nonsense")
        anna.keyboard.press("Enter")
        anna.wait_for_selector(".sum")
        look(anna, axe_script, "Forms on paper")
        if first:
            anna.fill("#code", "")
            anna.locator("#code").focus()
            key(anna, codes[0], ("9", *KEYS[1:13], "241", *KEYS[14:]))
            anna.wait_for_selector(".sum")
            look(anna, axe_script, "Key the form")
            for box, text in (("statement", "4"), ("minutes", "31")):
                anna.fill(f"#a\\.{box}", text)
            anna.click("button:has-text('Keep this form')")
            anna.wait_for_url("**/paper?said=kept")
            key(ben, codes[0], KEYS)
            first = False
        else:
            ben.keyboard.type(codes[0])
            ben.keyboard.press("Enter")
        ben.wait_for_selector("h1:has-text('Two keyings differ')")
        look(ben, axe_script, "Two keyings differ")
        ben.click("button:has-text('Enter what I chose')")
        ben.wait_for_selector(".sum")
        look(ben, axe_script, "Two keyings differ")
