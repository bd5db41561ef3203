"""Programs that the crash tests run and kill: `close`, stopped at a point; `field`, stopped at any moment."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.web.fields import SECRET, CookieBrowser, Field, opened

from topline.study.freeze import read_frozen
from topline.web.fieldwork.release import close_study
from topline.web.store.engines import engine_of
from topline.web.vault.drafts import LEASE

PAGES: Mapping[str, Mapping[str, str]] = {
    "statement": {"statement": "neither"},
    "parts": {f"parts.{row}": "neither" for row in ("people", "tools", "other")},
    "ways": {"ways": "none"},
    "numbers": {"site": "north", "minutes": "{n}", "since.missing": "refused"},
    "notice": {},
    "words": {"anything": "{n}"},
}


def close(folder: Path, address: str, point: str) -> None:
    """Close the study, and kill this process at the point."""

    def reached(now: str) -> None:
        if now == point:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = engine_of(address)
    done = close_study(read_frozen(folder / "study", 1), engine, folder / "vault", SECRET, reached)
    engine.close()
    print(done.replied, done.again)


def say(line: str) -> None:
    """One line in one write: a kill never leaves half of it, nor two in one."""
    os.write(1, f"{line}\n".encode())


def interview(field: Field, number: int) -> None:
    """One person answers; every page that was acknowledged is said at once."""
    browser = CookieBrowser(field.runner)
    token = field.tokens[number]
    if "can no longer be changed" in browser.get(f"/i/{token}").text:
        say(f"{number} sent")
        return
    browser.begin(token)
    for page, answers in PAGES.items():
        held = browser.fields(f"/p/{page}")
        filled = [(name, value.format(n=number)) for name, value in answers.items()]
        done = browser.ask("POST", f"/p/{page}", _form([*held, *filled]))
        if done.status == 303:
            say(f"{number} {page}")
    held = _form(browser.fields("/check"))
    until = time.monotonic() + LEASE + 5
    while time.monotonic() < until:  # a submission that was killed holds its lock for a while
        if browser.ask("POST", "/send", held).location == "/done":
            say(f"{number} sent")
            return


def survey(folder: Path, address: str, people: Sequence[int]) -> None:
    """Open the study as a server does at its start, and let people answer, four at a time."""
    field = opened(folder, engine_of(address), read_frozen(folder / "study", 1))
    field.fieldwork.sweep()
    say("up")
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(lambda number: interview(field, number), people):
            pass
    field.end()


def _form(fields: Sequence[tuple[str, str]]) -> bytes:
    from urllib.parse import urlencode

    return urlencode(fields).encode()


if __name__ == "__main__":
    what, where, store, *rest = sys.argv[1:]
    if what == "close":
        close(Path(where), store, rest[0])
    else:
        survey(Path(where), store, [int(each) for each in rest])
