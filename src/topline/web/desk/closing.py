"""The close, begun from the desk: a process of its own, which needs neither this server nor a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO, Final

from topline.base import fail
from topline.web.desk.known import Study
from topline.web.fieldwork.promise import SECRET, release_state
from topline.web.store.audit import note

_DATABASE: Final = "TOPLINE_DATABASE_URL"
_RUNNING: Final[dict[Path, subprocess.Popen[bytes]]] = {}  # by the study's folder


def start_close(study: Study, by: str) -> None:
    """Begin, or go on; nothing while one runs. ToplineError where the desk was not given vault and secret."""
    if _is_running(study):
        return
    if study.vault is None or not os.environ.get(SECRET):
        fail("desk-no-vault", study=study.folder, name=SECRET)
    study.engine.write(lambda db: note(db, study.compiled.id, "close begun", by=by))
    command = [sys.executable, "-m", "topline", "close", str(study.folder), "--yes"]
    command += ["--vault", str(Path(study.vault).resolve())]
    # the address of a database may hold its password, and everybody on the machine reads arguments
    environment = os.environ | {_DATABASE: study.store}
    with _new_log(study) as log:
        _RUNNING[study.folder] = subprocess.Popen(
            command,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=environment,
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
    """Where a close writes what it has to say: beside the study."""
    return study.folder / "close.log"


def _new_log(study: Study) -> BinaryIO:
    """An empty log, its owner's alone from the start; a link that lies in its place is not followed."""
    _log(study).unlink(missing_ok=True)
    return os.fdopen(os.open(_log(study), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
