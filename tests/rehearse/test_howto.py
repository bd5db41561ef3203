"""The how-to page on rehearsals: its commands run, its targets are met, its error is the real one."""

import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from topline.base import ToplineError
from topline.cli import main
from topline.rehearse.rehearsal import rehearse
from topline.study import read_study


@pytest.fixture
def page(root: Path) -> str:
    """The page's text."""
    return (root / "docs" / "how-to" / "rehearse.md").read_text("utf-8")


@pytest.fixture
def folder(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples, to run commands in."""
    (tmp_path / "examples").symlink_to(root / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(page: str) -> list[list[str]]:
    """The command lines of the page, without `topline`."""
    return [shlex.split(line) for line in re.findall(r"^topline (.*)$", page, re.M)]


def test_commands_run(page: str, folder: Path) -> None:
    """Each command but the server's ends well."""
    found = [command for command in commands(page) if command[0] != "serve"]
    assert {command[0] for command in found} == {"launch", "rehearse"}
    for command in found:
        assert main(command) == 0
    assert (folder / "answers.csv").stat().st_size > 100_000


def test_targets_of_the_page_are_met(page: str, root: Path, folder: Path) -> None:
    """The example of a file of targets works as it stands, on the study with every kind of question."""
    study = read_study(root / "tests" / "studies" / "every-kind")
    (text,) = re.findall(r"^```yaml\n(.*?)^```", page, re.M | re.S)
    (folder / "targets.yaml").write_text(text, "utf-8")
    done = rehearse(study, Path("targets.yaml"), Path("a.csv"), people=None, seed=1, through_pages=10)
    assert done.people == 200
    (folder / "targets.yaml").write_text(text.replace("moj: 120, dft: 80", "moj: 3, dft: 197"), "utf-8")
    with pytest.raises(ToplineError) as error:
        rehearse(study, Path("targets.yaml"), Path("a.csv"), people=None, seed=1, through_pages=0)
    (shown,) = re.findall(r"^(targets\.yaml:.*)$", page, re.M)
    assert str(error.value).startswith(shown)


@pytest.mark.slow
def test_server_of_the_page_serves(page: str, root: Path, folder: Path) -> None:
    """`topline serve --demo` prints an address that answers, with the style sheet, and stops when told to."""
    (command,) = [command for command in commands(page) if command[0] == "serve"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "topline", *command, "--port", str(port)],
        cwd=folder, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(root / "src"), "PATH": ""},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = re.findall(r"http://\S+", process.stdout.readline())[0]
        assert "Rehearsal: made-up answers" in _get(address)
        assert ":root" in _get(f"http://127.0.0.1:{port}/static/respond.css")
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0


def _get(address: str) -> str:
    """Get a page, waiting a little for the server to be up."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                return str(response.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def test_serving_real_answers_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --demo the server asks for a vault, with exit code 2."""
    assert main(["serve", "examples/digital-public-services"]) == 2
    assert "real answers need a vault for their keys" in capsys.readouterr().err
