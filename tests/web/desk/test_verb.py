"""`topline desk` and the doctor's check of it, each in a process of its own: Django is configured once."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.desk.served import desk_served
from tests.web.fields import SECRET, Field

from topline.cli.serve import PORT


@pytest.fixture
def run(make: Callable[..., Field], root: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `topline` in the folder of a launched study."""
    field = make()

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(root / "src"), "TOPLINE_SECRET": SECRET.decode()}
        command = [sys.executable, "-m", "topline", *arguments]
        return subprocess.run(
            command, cwd=field.folder, env=environment, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    return call


@pytest.mark.slow
def test_accounts(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """Accounts are made with a password that is shown once, listed, changed and taken away."""
    assert "Nobody has an account yet" in run("desk", "list", "study").stdout
    made = run("desk", "add", "study", "jones", "--role", "viewer", "--department", "moj")
    assert "Password of jones, shown this once: " in made.stdout
    assert "jones is viewer of every_kind, for moj alone." in made.stdout
    again = run("desk", "add", "study", "jones", "--role", "lead")
    assert again.stdout == "jones is lead of every_kind.\n"
    assert "every study" in run("desk", "add", "study", "root", "--role", "administrator").stdout
    assert run("desk", "list", "study").stdout.splitlines() == [
        "jones                    lead           every_kind",
        "jones                    viewer         every_kind (moj alone)",
        "root                     administrator  every study",
    ]
    assert "has a new password" in run("desk", "password", "study", "jones", "--store", "main.db").stdout
    assert "desk password: account jones" in run("audit", "show", "study", "--store", "main.db").stdout
    assert "no account any more" in run("desk", "remove", "study", "jones").stdout
    for arguments, said in (
        (("remove", "study", "jones"), "jones has no account"),
        (("add", "study"), "takes the study and one name; 0 were given"),
        (("add", "study", "x", "--department", "mars"), "mars is no group of the first attribute"),
        (("add", "study", "x", "--role", "keyer", "--department", "moj"), "Leave --department out"),
        (("serve", "study", "--base", "http://survey.example"), "https"),
    ):
        refused = run("desk", *arguments)
        assert (refused.returncode, said in refused.stderr) == (2, True), refused.stderr


@pytest.mark.slow
def test_doctor(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """The doctor runs Django's checks for deployment where there is a desk."""
    fine = ("doctor", "study", "--vault", "vault", "--store", "main.db", "--base", "https://survey.example")
    assert "D1  fine" in run(*fine).stdout
    run("desk", "add", "study", "jones")
    assert "D1  fine" in run(*fine).stdout
    assert "security.W008" in run(*fine[:-1], "http://127.0.0.1:8014").stdout


def test_respondents_do_not_pay(run_python: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """The respondents' server loads neither Django nor arrays for the monitor's sake."""
    code = "import topline.web.server, sys; print(' '.join(sys.modules))"
    loaded = run_python("-c", code).stdout.split()
    assert "topline.web.monitor.ticking" in loaded
    assert {"django", "numpy", "polars", "argon2"}.isdisjoint(loaded)
    assert PORT == 8013


@pytest.mark.slow
def test_served(make: Callable[..., Field]) -> None:
    """The desk answers at its port, to its own name, and says where it is."""
    with desk_served(make()) as base, urllib.request.urlopen(f"{base}/desk/", timeout=5) as response:
        assert "Sign in" in response.read().decode()
