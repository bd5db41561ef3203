"""`topline serve` as operators run it: several studies, several workers, and after the close."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from tests.web.fields import SECRET, STUDIES, Field, launched
from tests.web.test_fieldwork import SHORT, responses
from tests.web.wire import ROOT, Served, WireBrowser, free_port, serving

from topline.base import ToplineError
from topline.cli import main
from topline.web.fieldwork.after import AfterClose
from topline.web.fieldwork.release import close_study
from topline.web.respond import Request, Runner, handle
from topline.web.store.engines import engine_of
from topline.web.vault.drafts import LEASE, Drafts

pytestmark = pytest.mark.slow


def second(folder: Path) -> Path:
    """The study once more, under another id."""
    shutil.copytree(STUDIES / "every-kind", folder / "other")
    text = (folder / "other" / "study.yaml").read_text("utf-8")
    (folder / "other" / "study.yaml").write_text(text.replace("id: every_kind", "id: other_kind"), "utf-8")
    return folder / "other"


def test_two_studies_and_two_workers(tmp_path: Path, address: str) -> None:
    """Two studies in one store and one vault, each behind its own address; whoever of two workers answers."""
    fields = []
    (tmp_path / "two").mkdir()
    (tmp_path / "one").mkdir()
    for folder, study in (("one", STUDIES / "every-kind"), ("two", second(tmp_path))):
        fields.append(launched(tmp_path / folder, study=study, address=address))
        fields[-1].end()
        for key in (tmp_path / folder / "vault").glob("*_kind.*"):
            (tmp_path / "vault").mkdir(mode=0o700, exist_ok=True)
            key.rename(tmp_path / "vault" / key.name)
    arguments = ["one/study", "two/study", "--store", address, "--vault", "vault", "--workers", "2"]
    with serving(arguments, tmp_path) as server:
        assert server.said.count("http") == 4

        def interview(which: tuple[Field, int]) -> str:
            field, number = which
            browser = WireBrowser(server, field.compiled)
            try:
                return browser.answer_all(field.tokens[number], SHORT).text
            finally:
                browser.close()

        with ThreadPoolExecutor(6) as pool:
            last = list(pool.map(interview, [(field, n) for n in range(8) for field in fields]))
        assert all("Thank you. Your answers are in." in text for text in last)
    with closing(engine_of(address)) as engine:
        for field in fields:
            done = close_study(field.compiled, engine, tmp_path / "vault", SECRET)
            assert done.replied == 8
    assert not set(fields[0].tokens) & set(fields[1].tokens)


def test_after_the_close(tmp_path: Path) -> None:
    """A server that starts after the close tells every link that the survey is over, and takes nothing."""
    field = launched(tmp_path)
    arguments = ["study", "--store", "main.db", "--vault", "vault"]
    with serving(arguments, tmp_path) as server:
        browser = WireBrowser(server, field.compiled)
        browser.answer_all(field.tokens[0], SHORT)
        late = WireBrowser(server, field.compiled)
        late.begin(field.tokens[1])
        browser.close()
        late.close()
    field.close()
    assert len(responses(field)) == 1
    with serving(arguments, tmp_path) as server:
        _says_closed(server, field)
        late = WireBrowser(server, field.compiled)
        late.cookie = field.tokens[1]
        found = late.ask("POST", "/p/statement", b"statement=neither")
        assert (found.status, "closed" in found.text) == (200, True)
        late.close()
    field.end()


def _says_closed(server: Served, field: Field) -> None:
    browser = WireBrowser(server, field.compiled)
    assert "already in" in browser.get(f"/i/{field.tokens[0]}").text
    assert "closed" in browser.get(f"/i/{field.tokens[2]}").text
    assert browser.get("/i/" + "a" * 26).status == 404
    browser.close()


def test_when_the_people_are_deleted(make: Callable[..., Field]) -> None:
    """Once the people are deleted nobody can tell one link from another: all lead to the same page."""
    field = make()
    field.close()
    field.engine.write(lambda db: db.change("delete from invite"))
    runner = Runner(field.compiled, AfterClose(field.compiled, field.engine), mode="fieldwork")
    links = (*field.tokens[:3], "b" * 26)
    pages = {handle(Request("GET", f"/i/{each}"), runner).text.replace(each, "LINK") for each in links}
    assert len(pages) == 1
    assert "closed" in pages.pop()


def test_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No workers, and the same study twice, are refused in a sentence."""
    field = launched(tmp_path)
    field.end()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    words = ["serve", "study", "--store", "main.db", "--vault", "vault", "--base", "https://survey.example"]
    assert main([*words, "--workers", "0"]) == 2
    assert "0 workers cannot serve" in capsys.readouterr().err
    shutil.copytree("study", "copy")
    assert main([*words[:2], "copy", *words[2:]]) == 2
    assert "two studies have the id every_kind" in capsys.readouterr().err


ARGUMENTS = ["study", "--store", "main.db", "--vault", "vault"]


def test_one_server_at_a_time(tmp_path: Path) -> None:
    """A second server is refused, also beside a worker whose server was killed; locks of the dead go."""
    field = launched(tmp_path)
    field.end()
    again = [sys.executable, "-m", "topline", "serve", *ARGUMENTS, "--base", "https://survey.example"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "TOPLINE_SECRET": SECRET.decode()}

    def second() -> str:
        found = subprocess.run(
            [*again, "--port", str(free_port())],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert found.returncode == 2
        return found.stderr

    server = Served(ARGUMENTS, tmp_path)
    try:
        assert "is served from vault already" in second()
        os.kill(server.process.pid, signal.SIGKILL)  # the worker goes on alone
        server.process.wait(timeout=30)
        assert "left behind" in second()
    finally:
        with contextlib.suppress(ProcessLookupError):
            server.kill()
    drafts = Drafts(tmp_path / "vault" / "every_kind.drafts")
    assert drafts.lock(0) is not None  # as a submission does that is killed the next moment
    drafts.close()
    time.sleep(0.2)
    with serving(ARGUMENTS, tmp_path) as server:
        browser = WireBrowser(server, field.compiled)
        started = time.monotonic()
        assert "Thank you" in browser.answer_all(field.tokens[0], SHORT).text
        assert time.monotonic() - started < LEASE / 2
        browser.close()


def test_close_beside_a_running_server(tmp_path: Path, address: str) -> None:
    """Closed in the middle of interviews: who was thanked counts, who was not reads that it is closed."""
    field = launched(tmp_path, address=address)
    thanked: list[str] = []
    with serving(["study", "--store", address, "--vault", "vault", "--workers", "2"], tmp_path) as server:

        def interview(token: str) -> str:
            browser = WireBrowser(server, field.compiled)
            try:
                text = browser.answer_all(token, SHORT).text
                thanked.extend([token] if "Thank you. Your answers are in." in text else [])
            except ToplineError:  # a page that is no form any more
                text = browser.get(f"/i/{token}").text
            finally:
                browser.close()
            return text

        with ThreadPoolExecutor(8) as pool:
            pages = [pool.submit(interview, token) for token in field.tokens]
            while len(thanked) < 6:
                time.sleep(0.01)
            done = field.close()
            last = [page.result() for page in pages]
    assert 6 <= len(thanked) < 40
    assert done.replied == len(thanked) == len(responses(field))
    assert sum("closed" in text for text in last) == 40 - len(thanked)
    assert not list((tmp_path / "vault").glob("*.drafts*"))
    field.end()
