"""Run the site under granian: one worker of its own process, stopped by Ctrl+C."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from topline.base import fail
from topline.study import read_study
from topline.study.compile import compile_study, translated
from topline.study.compiled import Compiled, as_json, from_json
from topline.web.respond import Runner
from topline.web.serve import Site
from topline.web.store.sqlite import Store

HOST: Final = "127.0.0.1"


def serve(studies: Sequence[str], *, port: int, store: str | None, folders: Sequence[str] = ()) -> None:
    """Serve the pages of studies, and folders of built reports, until stopped; made-up answers only.

    Raises ToplineError before the first request if a study, folder or port is not fit to be served.
    """
    try:
        from granian import Granian
        from granian.constants import Interfaces
    except ImportError:
        fail("serve-library")
    compiled = compile_all(studies)
    reports = _reports(folders)
    _free(port)
    with tempfile.TemporaryDirectory(prefix="topline-") as folder:
        path = store or str(Path(folder, "rehearsal.db"))
        Store(path).close()  # a store of another version is said now, not by the first page
        loader = partial(build_site, [as_json(each) for each in compiled], path, reports)
        for each in compiled:
            print(f"{each.wording['study.title']}: http://{HOST}:{port}{base_of(each)}/", flush=True)
        for base in reports:
            print(f"Report: http://{HOST}:{port}{base}/", flush=True)
        print("Made-up answers only. Stop with Ctrl+C.", flush=True)
        server = Granian(
            "topline",
            address=HOST,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=1,  # one thread a worker: SQLite's lock never has to be waited for
            log_enabled=False,
        )
        server.serve(target_loader=loader, wrap_loader=False)


def build_site(compiled: Sequence[str], store: str, reports: dict[str, str], *_: Any) -> Site:
    """Make the site in the worker, from compiled forms as JSON."""
    shared = Store(store)
    forms = [from_json(text) for text in compiled]
    runners = {base_of(form): Runner(form, shared, mode="rehearsal") for form in forms}
    return Site(runners, {base: Path(folder) for base, folder in reports.items()})


def base_of(compiled: Compiled) -> str:
    """Where a study stands."""
    return f"/s/{compiled.id}"


def compile_all(studies: Sequence[str]) -> list[Compiled]:
    """Load and compile the studies; ToplineError if two have one id."""
    found: dict[str, Compiled] = {}
    for folder in studies:
        study = read_study(folder)
        if study.id in found:
            fail("serve-same-id", name=study.id)
        found[study.id] = compile_study(study, translated(study))
    return list(found.values())


def _reports(folders: Sequence[str]) -> dict[str, str]:
    for folder in folders:
        if not Path(folder, "index.html").is_file():
            fail("serve-folder", folder=folder)
    return {f"/report/{Path(folder).resolve().name}": str(Path(folder).resolve()) for folder in folders}


def _free(port: int) -> None:
    """Fail if the port is taken: granian would say so from inside a worker."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            fail("serve-port", port=port)
