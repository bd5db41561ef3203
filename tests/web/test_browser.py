"""Real Chromium, scripts off, on the real server: one whole interview, and every kind of page by axe-core."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
Look = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    """The study with every kind of question, served by `topline serve`; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["serve", "tests/studies/every-kind", "--demo", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "topline", *command],
        cwd=root, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(root / "src"), "PATH": ""},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        found = re.findall(r"http://\S+", process.stdout.readline())[0]
        yield found
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open the first page, waiting for the server; every failure of the content policy is an error."""
    contexts = []

    def open(width: int, *, scripts: bool, query: str = "", scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=scripts, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda message: (
                pytest.fail(message.text)
                if message.type == "error" and "Content Security" in message.text
                else None
            ),
        )
        for _ in range(50):
            try:
                page.goto(address + query)
                return page
            except Exception as error:
                if "ERR_CONNECTION_REFUSED" not in str(error):
                    raise
                page.wait_for_timeout(100)
        raise AssertionError(f"{address} does not answer")

    yield open
    for context in contexts:
        context.close()


def go_on(page: Page) -> None:
    """Press the page's one solid button and wait for the next page."""
    with page.expect_navigation():
        page.click("button.btn")


def interview(page: Page, look: Look) -> None:
    """Walk through every kind of page with the mouse, errors included, and look at each."""
    look(page, "door")
    page.select_option("#department", "dft")
    go_on(page)
    look(page, "start")
    go_on(page)
    go_on(page)
    look(page, "single-error")
    page.check("input[value=tend_to_agree]")
    go_on(page)
    look(page, "grid")
    page.check("input[name='parts.people'][value=neither]")
    go_on(page)
    look(page, "grid-error")
    page.check("input[name='parts.tools'][value=strongly_agree]")
    page.check("input[name='parts.other'][value=dont_know]")
    go_on(page)
    page.check("input[value=bus]")
    page.check("input[value=other]")
    go_on(page)
    look(page, "multiple-error")
    page.fill("[name='ways.other.text']", "By <ferry>")
    go_on(page)
    page.select_option("[name='worst.1']", "other")
    page.select_option("[name='worst.2']", "other")
    go_on(page)
    look(page, "rank-error")
    page.select_option("[name='worst.2']", "bus")
    go_on(page)
    fields(page, look)


def fields(page: Page, look: Look) -> None:
    """The second half: list, number, date, info, texts, check page, thank-you, sent, lost, help."""
    look(page, "fields")
    go_on(page)
    look(page, "fields-error")
    page.select_option("#site", "south")
    page.fill("#minutes", "130")
    for part, text in (("day", "31"), ("month", "1"), ("year", "2010")):
        page.fill(f"[name='since.{part}']", text)
    go_on(page)
    look(page, "soft")
    go_on(page)
    look(page, "info")
    go_on(page)
    look(page, "texts")
    page.fill("#why", "The people")
    page.fill("#anything", "Two lines\n\nof words")
    page.check("[name='anything.quote']")
    go_on(page)
    look(page, "check")
    link = page.url.partition("/check")[0]
    go_on(page)
    look(page, "thanks")
    for name, where in (
        ("sent", link),
        ("lost", link[:-3] + "xxx"),
        ("help", link.partition("/i/")[0] + "/help"),
    ):
        page.goto(where)
        look(page, name)


def test_interview_with_scripts_off(open_page: Callable[..., Page]) -> None:
    """A whole interview works with no script at all, and ends with every answer on the check page."""
    page = open_page(1280, scripts=False)
    seen: dict[str, str] = {}
    interview(page, lambda page, name: seen.setdefault(name, page.inner_text("main")))
    assert "The made-up answers are in" in seen["thanks"]
    for answer in (
        "Tend to agree",
        "Bus; Another way (By <ferry>)",
        "Another way; Bus",
        "South",
        "130",
        "31/1/2010",
    ):
        assert answer in seen["check"]
    assert "My words may be quoted" in seen["check"]


def test_interview_with_the_keyboard(open_page: Callable[..., Page]) -> None:
    """The keyboard alone gets from the door through a question, an error that takes the focus, and on."""
    page = open_page(1280, scripts=False)
    for _ in ("the door", "the start page", "the question, unanswered"):
        press(page, "Tab", until="button.btn")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.wait_for_selector(".sum:focus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the summary's link leads to the first answer
    page.wait_for_url("**#statement")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.locator("input:checked").count() == 1
    press(page, "Tab", until="button.btn")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector(".lk")


def press(page: Page, key: str, until: str) -> None:
    """Press a key until what has the focus is what is wanted."""
    for _ in range(40):
        page.keyboard.press(key)
        if page.locator(f"{until}:focus").count():
            return
    raise AssertionError(f"{until} never has the focus")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_and_width_of_every_kind_of_page(
    open_page: Callable[..., Page], axe_script: str, width: int, scheme: str
) -> None:
    """axe-core finds nothing on any kind of page; none is wider than the window, each has one h1."""
    faults: list[str] = []

    def look(page: Page, name: str) -> None:
        page.evaluate(axe_script)
        found = page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
        )
        faults.extend(f"{name}: {each['id']} {each['nodes'][0]['html']}" for each in found)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(f"{name}: wider than the window")
        if page.locator("h1").count() != 1:
            faults.append(f"{name}: {page.locator('h1').count()} h1")
        if page.title().startswith("Error:") is not name.endswith("error"):
            faults.append(f"{name}: title {page.title()}")

    interview(open_page(width, scripts=True, scheme=scheme), look)
    assert faults == []


@pytest.mark.parametrize("language", ["cy", "ar"])
def test_axe_in_other_languages(open_page: Callable[..., Page], axe_script: str, language: str) -> None:
    """Welsh, with parts in English, and Arabic, from right to left, pass too, on a narrow window."""
    page = open_page(320, scripts=True, query=f"?lang={language}")
    for _ in range(4):
        page.evaluate(axe_script)
        found = page.evaluate("axe.run().then(found => found.violations.map(each => each.id))")
        assert found == []
        assert not page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        if page.locator("input[type=radio]").count():
            page.locator("input[type=radio]").first.check()
        go_on(page)
