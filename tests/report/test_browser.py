"""The written page in a browser: accessible, no sideways scroll, wide and narrow, light and dark."""

from pathlib import Path
from typing import Any

import pytest

from topline.report import build, write

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FAILING = """\
# A draft

Of them [nine in ten (88%)](#registered=yes) are registered;
[the vast majority (84%)](#ease=easy) find it easy.

```chart trust
```

```table trust by voter
```
"""


@pytest.fixture(scope="module")
def folders(
    non_voters: Any, public_services: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The two examples and a draft with failing claims, written."""
    root = tmp_path_factory.mktemp("reports")
    draft = build(non_voters.study, non_voters.released, FAILING)[1]
    pages = {"real": non_voters.html, "made-up": public_services.html, "draft": draft}
    return {name: write(page, root / name, name == "made-up").parent for name, page in pages.items()}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (320, "light"), (1280, "dark"), (320, "dark")]
)
def test_every_page_is_accessible_and_fits(
    folders: dict[str, Path], chromium: str, axe_script: str, width: int, scheme: Any
) -> None:
    """axe-core finds nothing, also in opened tables; the page is no wider than the screen; fonts load."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        for name, folder in folders.items():
            page.goto(f"file://{folder}/index.html")
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            page.evaluate(axe_script)
            found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
            assert found == [], name
            loaded = page.evaluate("document.fonts.ready.then(() => [...document.fonts].map(f => f.status))")
            assert loaded == ["loaded", "loaded"], name
        browser.close()
