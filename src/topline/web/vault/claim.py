"""Who serves from a vault: locks that end with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final

from topline.base import fail
from topline.web.vault.drafts import Drafts

_NAME: Final = "serving"
_held: Final[list[int]] = []  # a worker's share, for as long as it lives


def begin_alone(folder: str | Path, study: str) -> None:
    """Before the workers start: nobody serves this study, so submissions that a crash cut short wait no more.

    Raises ToplineError if another server, or a worker that its server left behind, still serves it.
    """
    handle = _open(folder, study)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        drafts = Drafts(Path(folder, f"{study}.drafts"))
        try:
            drafts.let_go()
        finally:
            drafts.close()
    except BlockingIOError:
        fail("serve-twice", study=study, folder=folder)
    finally:
        os.close(handle)


def share(folder: str | Path, study: str) -> None:
    """In a worker: say that it serves this study, until it ends."""
    handle = _open(folder, study)
    fcntl.flock(handle, fcntl.LOCK_SH)
    _held.append(handle)


def _open(folder: str | Path, study: str) -> int:
    return os.open(Path(folder, f"{study}.{_NAME}"), os.O_RDWR | os.O_CREAT, 0o600)
