"""The desk behind its own server, in a process of its own, with accounts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.web.desk.desks import PASSWORD
from tests.web.fields import SECRET, Field
from tests.web.wire import ROOT, free_port, wait_for

#: Django is set up once in a process, so accounts are made in another one.
_ACCOUNTS = """
import json, sys
from topline.web.desk.settings import Where, set_up
set_up(Where(sys.argv[1], "http://127.0.0.1"))
from topline.web.desk.accounts import add_account
from topline.web.desk.rights import Granted
for name, granted in json.loads(sys.argv[3]).items():
    add_account(name, sys.argv[2], Granted(*granted))
"""


def make_accounts(field: Field, grants: Mapping[str, tuple[str, ...]]) -> None:
    """Accounts of a study's desk: by name the role, the study and the department."""
    users = str(field.study_folder / "desk.db")
    call = [sys.executable, "-c", _ACCOUNTS, users, PASSWORD, json.dumps(grants)]
    subprocess.run(call, env=_environment(), check=True)


@contextmanager
def desk_served(field: Field, *, keys: bool = False) -> Iterator[str]:
    """The address of the desk while it is served; with `keys` it is given vault and secret."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "topline", "desk", "serve", "study", "--store", "main.db"]
    command += ["--base", base, "--port", str(port), *(("--vault", "vault") if keys else ())]
    process = subprocess.Popen(
        command, cwd=field.folder, env=_environment(keys=keys), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(f"Desk: {base}/desk/")
        wait_for(port)
        yield base
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _environment(*, keys: bool = False) -> dict[str, str]:
    secret = {"TOPLINE_SECRET": SECRET.decode()} if keys else {}
    return os.environ | {"PYTHONPATH": str(ROOT / "src")} | secret
