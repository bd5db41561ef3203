"""The close, begun from the desk: a process of its own, which needs neither this server nor a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from topline.base import fail
from topline.web.desk.known import Study
from topline.web.fieldwork.promise import SECRET, release_state

_RUNNING: Final[dict[Path, subprocess.Popen[bytes]]] = {}  # by the study's folder


def start_close(study: Study) -> None:
    """Begin, or go on; nothing while one runs. ToplineError where the desk was not given vault and secret."""
    if _is_running(study):
        return
    if study.vault is None or not os.environ.get(SECRET):
        fail("desk-no-vault", study=study.folder, name=SECRET)
    command = [sys.executable, "-m", "topline", "close", str(study.folder), "--yes"]
    command += ["--vault", str(Path(study.vault).resolve()), "--store", study.store]
    with _log(study).open("wb") as log:
        _log(study).chmod(0o600)
        _RUNNING[study.folder] = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True
        )


def close_state(study: Study) -> dict[str, object]:
    """Whether a close runs, and what the last one said if it could not finish."""
    process = _RUNNING.get(study.folder)
    fault = ""
    if process is not None and process.poll() and release_state(study.engine, study.compiled.id) != "done":
        fault = _log(study).read_text("utf-8", "replace").strip().rpartition("\n")[2]
    return {"closing": _is_running(study), "close_fault": fault}


def _is_running(study: Study) -> bool:
    process = _RUNNING.get(study.folder)
    return process is not None and process.poll() is None


def _log(study: Study) -> Path:
    """Where a close writes what it has to say: beside the study, of its owner alone."""
    return study.folder / "close.log"
