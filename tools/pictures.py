"""Take the pictures of README.md anew: `make pictures`.

They show the survey of 2013 with made-up answers: a respondent's page on a telephone in English and in Welsh,
the team's desk, the top of the report, and a sentence that does not hold. Chromium and Playwright are needed;
`topline` itself makes the rest.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools.desk_picture import desk_picture

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
STUDY = ROOT / "examples" / "digital-public-services"
#: What the report says, and what it says wrongly in the third picture.
TRUE, WRONG = "[Just over a third (36%)](#skills=agree) agree", "[Nearly half (36%)](#skills=agree) agree"
PORT = "8031"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def topline(*words: str) -> None:
    """Run a verb; a report with a sentence that does not hold ends with 1, as it should."""
    done = subprocess.run([sys.executable, "-m", "topline", *words], cwd=ROOT, check=False, timeout=300)
    if done.returncode > 1:
        raise SystemExit(f"topline {' '.join(words)} ended with {done.returncode}.")


def page_of(browser: Browser, width: int, height: int, scale: float) -> Page:
    """A new page in light colours."""
    return browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=scale, color_scheme="light"
    )


@contextmanager
def served() -> Iterator[str]:
    """The address of the study's pages, while they are served."""
    command = [sys.executable, "-m", "topline", "serve", str(STUDY), "--demo", "--port", PORT]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        yield re.findall(r"http://\S+", line)[0]
    finally:
        process.terminate()
        process.wait(timeout=20)


def respondent(browser: Browser, language: str, picture: str) -> None:
    """The first question of the survey at the width of a telephone."""
    with served() as address:
        page = page_of(browser, 390, 800, 1.5)
        page.goto(f"{address}?lang={language}")
        for _ in range(9):
            if page.locator("main input[type=radio]").count() > 2:
                break
            page.locator("main form button").first.click()
        page.locator("main input[type=radio]").nth(1).check()
        page.screenshot(path=PICTURES / picture)


def report(browser: Browser, folder: Path) -> None:
    """The top of the report."""
    page = page_of(browser, 1000, 800, 1)
    page.goto((folder / "index.html").as_uri())
    page.screenshot(path=PICTURES / "report.png")


def sentence(browser: Browser, folder: Path) -> None:
    """The paragraph of the wrong sentence, with the note beside it."""
    page = page_of(browser, 1000, 800, 1)
    page.goto((folder / "index.html").as_uri())
    claim = page.locator(".claim.fails").first
    claim.scroll_into_view_if_needed()
    box, note = claim.bounding_box(), page.locator(".note").first.bounding_box()
    if box is None or note is None:
        raise SystemExit("The sentence that should not hold has no note.")
    top = min(box["y"], note["y"]) - 84
    bottom = max(box["y"] + box["height"], note["y"] + note["height"]) + 24
    page.screenshot(
        path=PICTURES / "sentence.png", clip={"x": 0, "y": top, "width": 1000, "height": bottom - top}
    )


def main() -> None:
    """Make the demo, a copy with a wrong sentence, and the pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Chromium is missing: apt install chromium")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="topline-") as name:
        demo, study = Path(name, "demo"), Path(name, "wrong-study")
        topline("demo", "--no-serve", "-o", str(demo))
        shutil.copytree(STUDY, study)
        prose = (study / "report.md").read_text("utf-8")
        if TRUE not in prose:
            raise SystemExit(f"{STUDY.name}/report.md does not say: {TRUE}")
        (study / "report.md").write_text(prose.replace(TRUE, WRONG), "utf-8")
        answers = demo / STUDY.name / "answers.csv"
        topline("report", str(study), "--data", str(answers), "-o", str(demo / "wrong"))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
            respondent(browser, "en", "respondent.png")
            respondent(browser, "cy", "respondent-cy.png")
            desk_picture(page_of(browser, 1000, 860, 1), STUDY, Path(name), PICTURES / "desk.png")
            report(browser, demo / STUDY.name / f"{STUDY.name}-report")
            sentence(browser, demo / "wrong")
            browser.close()
    for picture in sorted(PICTURES.glob("*.png")):
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
