"""Both examples in Chromium: the study of 2013 by every way of working, every page of both by axe-core."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.web.fields import Field, launched
from tests.web.test_browser import ARGUMENTS
from tests.web.walker import Hand, Interview, Keyboard, Mouse, open_page
from tests.web.wire import ROOT, free_port, serving

from topline.study import read_study
from topline.study.compile import compile_study, translated

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Scheme = Literal["light", "dark"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT / "src")}
EXAMPLE = "digital-public-services"
FRAME = "email,dept_code,profession\n" + "".join(f"p{n}@office.example,6,1\n" for n in range(40))
#: The days of 2013 are over; the rest of the study stays as it is.
DAYS = {
    "{from: 2013-11-01, to: 2013-12-31}": "{from: 2026-01-01, to: 2099-12-31}",
    "frame: 2014-01-31, drafts: 2014-01-31, answers: 2018-12-31": (
        "frame: 2100-01-31, drafts: 2100-01-31, answers: 2104-12-31"
    ),
}
#: 320 by 256 pixels at four times the size are a window of 1280 by 1024 at 400% zoom.
WAYS: dict[str, tuple[Hand, dict[str, Any]]] = {
    "mouse": (Mouse(), {"viewport": {"width": 1280, "height": 800}}),
    "keyboard at 400% zoom": (
        Keyboard(), {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
    ),
    "no scripts at 320 px": (
        Mouse(), {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}
    ),
}  # fmt: skip
THANKS = {"en": "Thank you. Your answers are in.", "cy": "Diolch. Mae eich atebion wedi cyrraedd."}


@pytest.fixture(scope="module")
def served(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Field, str]]:
    """The study of 2013, launched anew, behind `topline serve --vault`; and its address."""
    folder = tmp_path_factory.mktemp("examples")
    study = shutil.copytree(root / "examples" / EXAMPLE, folder / "example") / "study.yaml"
    text = study.read_text("utf-8")
    for old, new in DAYS.items():
        assert old in text
        text = text.replace(old, new)
    study.write_text(text, "utf-8")
    field = launched(folder, study=study.parent, frame=FRAME)
    with serving(["study", "--store", "main.db", "--vault", "vault"], folder) as server:
        yield field, f"{server.base}/s/{field.compiled.id}"
    field.end()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield found
        found.close()


@contextmanager
def demo(study: Path) -> Iterator[str]:
    """A study behind `topline serve --demo`, and its address."""
    port = free_port()
    command = [sys.executable, "-m", "topline", "serve", str(study), "--demo", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield re.findall(r"http://\S+", process.stdout.readline())[0]
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("way", WAYS)
def test_study_of_2013_from_the_link_to_the_thanks(
    served: tuple[Field, str], browser: Browser, way: str, language: str
) -> None:
    """A whole interview: every page in the language, nothing to the side of it, every answer on the page of
    answers to check, and one more sealed response at the end.
    """
    field, address = served
    hand, window = WAYS[way]
    token = field.tokens[2 * list(WAYS).index(way) + (language == "cy")]
    before = sealed(field)
    context = browser.new_context(**window)
    page = context.new_page()
    page.set_default_timeout(8000)
    page.goto(f"{address}/i/{token}")
    if language == "cy":
        hand.press(page, "nav a[hreflang=cy]")
    languages: list[str | None] = []

    def look(page: Page) -> None:
        languages.append(page.locator("html").get_attribute("lang"))

    walk = Interview(page, hand, look)
    walk.go()
    assert page.inner_text("h1") == THANKS[language]
    context.close()
    assert set(languages) == {language}
    assert [each for each in walk.chosen if each not in walk.checked] == []
    assert sealed(field) == before + 1


def sealed(field: Field) -> int:
    """How many responses are sealed."""
    ((found,),) = field.engine.rows("select count(*) from sealed")
    return int(found)


#: For each example and language, the windows and colours in which every page is looked at.
LOOKS: dict[tuple[str, str], list[tuple[int, Scheme]]] = {
    (EXAMPLE, "en"): [(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")],
    (EXAMPLE, "cy"): [(320, "dark"), (1280, "light")],
    ("non-voters-2020", "en-US"): [(320, "light"), (1280, "dark")],
}
#: What people answer who between them come to every page.
ROUTES: dict[str, list[dict[str, str]]] = {
    EXAMPLE: [{}],
    "non-voters-2020": [
        {"party": "democrat"}, {"registered": "no", "party": "republican"}, {"party": "independent"},
        {"citizen": "no"},
    ],
}  # fmt: skip
ERROR = {"en": "Error:", "cy": "Gwall:", "en-US": "Error:"}
#: Every rule that axe runs unasked, and the size of targets, which is in WCAG 2.2 and must be asked for.
AXE = """axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})
  .then(found => found.violations.map(each => `${each.id}: ${each.nodes[0].html}`))"""


@pytest.mark.parametrize(("example", "language"), LOOKS)
def test_axe_on_every_page(
    root: Path, browser: Browser, axe_script: str, example: str, language: str
) -> None:
    """axe-core finds nothing on any page of the example, empty, refused, doubted or filled; none scrolls
    sideways, narrow or wide.
    """
    faults: list[str] = []
    seen: dict[str, str] = {}

    def look(page: Page) -> None:
        name = re.sub(r".*/i/\w+", "", page.url).partition("?")[0] + page.title()
        name += " doubted or refused" if page.locator(".sum").count() else ""
        if name in seen:
            return
        seen[name] = page.url.partition("?")[0].rpartition("/")[2]
        page.evaluate(axe_script)
        for width, scheme in LOOKS[example, language]:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            faults.extend(f"{name} {width} {scheme} {each}" for each in page.evaluate(AXE))
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                faults.append(f"{name} {width}: wider than the window")

    with demo(root / "examples" / example) as address:
        for says in ROUTES[example]:
            page = browser.new_page()
            open_page(page, f"{address}?lang={language}")
            Interview(page, Mouse(), look, forgetful=not seen, says=says).go()
            page.close()
    assert faults == []
    study = read_study(root / "examples" / example)
    screens = {screen.name for screen in compile_study(study, translated(study)).screens}
    assert screens - set(seen.values()) == set()
    assert any(ERROR[language] in name for name in seen)
