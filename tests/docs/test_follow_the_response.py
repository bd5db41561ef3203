"""The how-to page on following the response: its commands run in the order in which they stand."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import make  # noqa: F401
from tests.web.fields import Field

from topline.cli import main


@pytest.mark.slow
def test_commands_of_the_page(
    root: Path,
    make: Callable[..., Field],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every command but the server's, which has a test of its own, ends well."""
    page = (root / "docs" / "how-to" / "follow-the-response.md").read_text("utf-8")
    field = make()
    monkeypatch.chdir(field.folder)
    monkeypatch.setenv("TOPLINE_DATABASE_URL", "main.db")
    monkeypatch.setenv("PYTHONPATH", str(root / "src"))
    commands = [shlex.split(line) for line in re.findall(r"^topline (.*)$", page, re.M)]
    assert [line[0] for line in commands] == [
        "monitor", "monitor", "desk", "desk", "desk", "desk", "pause", "resume", "extend",
    ]  # fmt: skip
    for command in commands:
        if command[0] != "desk":
            assert main(command) == 0, command
        elif command[1] != "serve":
            done = subprocess.run(
                [sys.executable, "-m", "topline", *command], capture_output=True, check=True
            )
            assert done.stdout
    assert "The last day is now 2099-12-20." in capsys.readouterr().out


def test_settings_of_the_page(root: Path, make: Callable[..., Field]) -> None:  # noqa: F811
    """The limits of the page are frozen at the launch."""
    page = (root / "docs" / "how-to" / "follow-the-response.md").read_text("utf-8")
    found = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    promise = make(settings=found[1]).fieldwork.promise
    assert (promise.complete, promise.partial) == (90, 60)
