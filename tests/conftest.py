"""Fixtures that every test may use. Where the machine lacks something, the skip says how to get it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import NoReturn

import pytest
from hypothesis import settings

# A time limit on one example measures how busy the machine is, not the code.
settings.register_profile("topline", deadline=None)
settings.load_profile("topline")

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "tests" / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def lacking(what: str, remedy: str) -> NoReturn:
    """Skip and say how to get `what`; on a CI server, whose script installs it, fail instead."""
    message = f"{what} is missing: {remedy}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own folder."""
    return ROOT


@pytest.fixture(scope="session")
def run_python() -> Callable[..., CompletedProcess[str]]:
    """Run this Python in a process of its own: `run_python("-m", "topline", ..., cwd=..., path=...)`.

    `path` is where it looks for packages first. It is not measured for coverage, so its start can be timed.
    """

    def run(*arguments: str, cwd: Path = ROOT, path: Path = ROOT / "src") -> CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        command = [sys.executable, *arguments]
        environment = kept | {"PYTHONPATH": str(path)}
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """`shared/data` beside the project: real data that is not ours to ship."""
    folder = Path(os.environ.get("TOPLINE_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(
            f"no folder {folder}: real data, not shipped; TOPLINE_SHARED=FOLDER says where else it is"
        )
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Tests that use it carry `@pytest.mark.browser`."""
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            return path
    lacking("Chromium", "apt install chromium")


@pytest.fixture(scope="session")
def axe_script() -> str:
    """The source of axe-core, for `page.evaluate`: our content policy rightly blocks a script tag."""
    if not AXE.is_file():
        lacking("axe-core", "make browser-tools (npm fetches it)")
    return AXE.read_text("utf-8")
