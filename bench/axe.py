"""axe-core on the pages of every study there is: examples, studies of the tests, forms from the wild.

`python -m bench.axe [STUDY...]`. Each study is served for a rehearsal, and somebody answers it in Chromium
from the first page to the last, in each of its languages, each page sent empty first. axe-core looks at
every page, in a window 320 pixels wide and light, and 1,280 wide and dark. Forms (XLSForm) are taken from
the folder that TOPLINE_FORMS names, or from `shared/data/formats/xlsform` beside the project; without it they
are left out, and a line says so. Exit code 1 if anything was found.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, Page, sync_playwright
from tests.conftest import AXE as SCRIPT
from tests.conftest import CHROMIUM_NAMES
from tests.web.test_browser import ARGUMENTS
from tests.web.test_examples_browser import AXE, demo
from tests.web.walker import Interview, Mouse, open_page

from topline.base import ToplineError
from topline.forms.xlsform import import_form
from topline.study import read_study

ROOT = Path(__file__).resolve().parent.parent
FORMS = Path(os.environ.get("TOPLINE_FORMS", ROOT.parent / "shared" / "data" / "formats" / "xlsform"))
WINDOWS = ((320, "light"), (1280, "dark"))


def main() -> int:
    """Look at the studies that are named, or at all."""
    script = SCRIPT.read_text("utf-8")
    chromium = next((found for name in CHROMIUM_NAMES if (found := which(name))), None)
    faults = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        studies = [Path(each) for each in sys.argv[1:]] or list(_studies(Path(folder)))
        print(f"{'study':40} {'language':9} {'pages':>6} {'violations':>11} {'s':>5}")
        for study in studies:
            for language in map(str, read_study(study).languages):
                faults += _look(browser, study, language, script)
        browser.close()
    return 1 if faults else 0


def _studies(folder: Path) -> Iterator[Path]:
    """Examples, studies of the tests, and what the forms become."""
    for parent in (ROOT / "examples", ROOT / "tests" / "studies"):
        yield from sorted(path.parent for path in parent.glob("*/study.yaml"))
    forms = sorted(FORMS.glob("*.xls*")) if FORMS.is_dir() else []
    if not forms:
        print(f"no forms in {FORMS}: left out")
    for form in forms:
        try:
            import_form(form, folder / form.stem)
        except ToplineError as error:
            print(f"{form.name}: becomes no study: {str(error).splitlines()[0][:100]}")
            continue
        yield folder / form.stem


def _look(browser: Browser, study: Path, language: str, script: str) -> int:
    """Answer one study in one language; return how many violations were found, and print them."""
    started, seen, found = time.monotonic(), set[str](), list[str]()

    def look(page: Page) -> None:
        name = page.url.rpartition("/")[2].partition("?")[0] + page.title()
        name += " refused" if page.locator(".sum").count() else ""
        if name in seen:
            return
        seen.add(name)
        page.evaluate(script)
        for width, scheme in WINDOWS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            found.extend(f"{name}, {width} {scheme}: {each}" for each in page.evaluate(AXE))

    stopped = ""
    with demo(study) as address:
        page = browser.new_page()
        open_page(page, f"{address}?lang={language}")
        try:
            Interview(page, Mouse(), look, forgetful=True).go()
        except AssertionError as error:
            stopped = f"  stopped: {str(error)[:120]}"
        page.close()
    seconds = time.monotonic() - started
    print(f"{study.name:40} {language:9} {len(seen):6} {len(found):11} {seconds:5.0f}{stopped}", flush=True)
    for each in found:
        print(f"    {each}")
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
