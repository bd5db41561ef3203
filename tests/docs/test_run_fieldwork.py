"""The how-to page on fieldwork: its commands run in the order in which they stand."""

import csv
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.web.fields import STUDIES
from tests.web.mail.smtp import smtp

from topline.cli import main

SECRET = "a secret of the tests, thirty-two characters or more"


@pytest.fixture
def page(root: Path) -> str:
    """The page's text."""
    return (root / "docs" / "how-to" / "run-fieldwork.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study, a list of people, a stick, and the environment of the page."""
    shutil.copytree(STUDIES / "every-kind", tmp_path / "study")
    lines = [f"p{n}@office.example,{1 + n % 2}" for n in range(40)]
    (tmp_path / "people.csv").write_text("\n".join(["email,department", *lines]), "utf-8")
    (tmp_path / "stick").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPLINE_SECRET", SECRET)
    monkeypatch.setenv("TOPLINE_VAULT", "vault")
    monkeypatch.setenv("TOPLINE_BASE_URL", "https://survey.example")
    return tmp_path


def commands(page: str) -> list[list[str]]:
    """The command lines of the page, without `topline`."""
    return [shlex.split(line) for line in re.findall(r"^topline (.*)$", page, re.M)]


@pytest.mark.slow
def test_commands_of_the_page(
    page: str,
    folder: Path,
    root: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every command ends well (the doctor finds all on one disk), and the server serves real pages."""
    found = commands(page)
    assert [line[0] for line in found] == [
        "frame", "launch", "vault", "doctor", "invite", "invite", "remind", "bounces", "invite", "frame",
        "serve", "close", "audit", "audit", "export",
    ]  # fmt: skip
    (folder / "mailbox").mkdir()
    with smtp() as (office, port):
        monkeypatch.setenv("TOPLINE_SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("TOPLINE_MAIL_FROM", "The research team <team@example.org>")
        for command in found:
            if command[0] == "serve":
                assert "Before you start" in _served(root, folder)
            else:
                assert main(command) == (1 if command[0] == "doctor" else 0), command
    assert len(office.taken) == 40
    said = capsys.readouterr().out
    assert "V2  look" in said
    assert "WRONG" not in said
    with (folder / "answers.csv").open(encoding="utf-8") as file:
        assert "statement" in next(csv.reader(file))
    counts = (folder / "counts.csv").read_text("utf-8").splitlines()
    assert counts == ["department,invited,replied", "dft,20,0", "moj,20,0"]


def _served(root: Path, folder: Path) -> str:
    """Serve as the page says, at a free port; return the page of the first link."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PYTHONPATH": str(root / "src"), "PATH": "", "TOPLINE_SECRET": SECRET, "TOPLINE_VAULT": "vault",
        "TOPLINE_BASE_URL": "https://survey.example",
    }  # fmt: skip
    command = [sys.executable, "-m", "topline", "serve", "study", "--port", str(port)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        assert "https://survey.example/s/every_kind/" in process.stdout.readline()
        with (folder / "links.csv").open(encoding="utf-8") as file:
            path = next(csv.DictReader(file))["link"].removeprefix("https://survey.example")
        with pytest.raises(urllib.error.HTTPError, match="400"):
            _get(port, path, "somewhere.example")
        return _get(port, path, "survey.example")
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _get(port: int, path: str, host: str) -> str:
    """Get a page by a name, waiting a little for the server to be up."""
    for _ in range(100):
        try:
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
            with urllib.request.urlopen(request, timeout=5) as response:
                return str(response.read().decode())
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_lost_vault_is_made_anew_from_the_stick(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was submitted opens after a restore; who had not submitted starts anew with the same link."""
    from tests.web.fields import opened

    from topline.study.freeze import read_frozen
    from topline.web.fieldwork.promise import secret_of_environment
    from topline.web.fieldwork.release import close_study
    from topline.web.store.engines import engine_of
    from topline.web.store.kinds import StoredResponse, drafts_digest

    for line in ("frame load study people.csv", "launch study --vault vault", "vault copy study stick"):
        assert main(line.split()) == 0
    assert secret_of_environment() == SECRET.encode()
    field = opened(folder, engine_of("study/fieldwork.db"), read_frozen("study", 1))
    for number, sends in ((0, True), (1, False)):
        token = field.tokens[number]
        field.fieldwork.start(token)
        assert field.fieldwork.save(token, "statement", {"statement": "neither"}, 0)
        found = field.fieldwork.visit("every_kind", token)
        assert found is not None
        digest = drafts_digest(found[1])
        if sends:
            assert field.fieldwork.send(token, StoredResponse("", {}, {"a": "b"}), digest) == digest
    field.end()
    shutil.rmtree("vault")
    assert main(["close", "study", "--yes"]) == 2
    assert "`topline vault restore` makes it anew" in capsys.readouterr().err
    assert main(["vault", "restore", "study", "stick", "--vault", "vault"]) == 0
    assert "1 people who had not submitted start anew" in capsys.readouterr().out
    assert main(["close", "study", "--yes"]) == 0
    engine = engine_of("study/fieldwork.db")
    assert close_study(read_frozen("study", 1), engine, "vault", SECRET.encode()).replied == 1
    engine.close()
