"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from topline.base.findings import Mark, fail


def write_atomically(path: str | Path, content: str | bytes, *, private: bool = False) -> Path:
    """Write a file beside its place and move it there; text is written as UTF-8.

    The folder is made if it is missing; a file that was there keeps its permissions. `private`: readable by
    its owner alone, whatever was there. A failure leaves what was there before, and raises a `ToplineError`
    that says what could not be written and why.
    """
    path = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    kept: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            kept = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if not private:  # the file beside it was made for its owner alone
            os.chmod(kept, path.stat().st_mode if path.exists() else 0o666 & ~_umask())
        os.replace(kept, path)
    except OSError as error:
        if kept is not None and os.path.exists(kept):
            os.unlink(kept)
        fail("file-unwritable", Mark(str(path)), why=error.strerror or str(error))
    return path


def _umask() -> int:
    """The process's mask of file modes, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
