"""The desk's way to the keying room: a process for each act, which has the keys while it lasts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from topline.base import fail
from topline.web.desk.known import Study
from topline.web.fieldwork.promise import SECRET

_PATIENCE: Final = 60.0  # seconds


def ask_room(study: Study, act: str, **asked: object) -> Mapping[str, Any]:
    """What became of it; ToplineError where the desk has no keys, the survey closes, or the process failed.

    What was keyed goes by the standard input: neither arguments nor any file or log hold it.
    """
    if study.vault is None or not os.environ.get(SECRET):
        fail("desk-no-keys", name=SECRET, study=study.folder)
    where = {
        "study": study.compiled.id,
        "folder": str(study.folder),
        "store": study.store,
        "vault": str(Path(study.vault).resolve()),
    }
    said = _run(json.dumps({"act": act, **where, **asked}))
    if said is None:
        fail("desk-keying-failed")
    answer: Mapping[str, Any] = json.loads(said)
    return answer


def _run(asked: str) -> str | None:
    """What the process says; None if it did not end well."""
    command = [sys.executable, "-m", "topline.web.paper.act"]
    try:
        done = subprocess.run(
            command, input=asked, stdout=subprocess.PIPE, encoding="utf-8", timeout=_PATIENCE, check=False
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    return done.stdout if done.returncode == 0 else None
