"""Serve a rehearsal or a fieldwork until stopped by Ctrl+C."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from topline.base import fail
from topline.study import read_study
from topline.study.compile import compile_study, translated
from topline.study.compiled import Compiled, as_json, from_json
from topline.study.freeze import read_frozen
from topline.web.fieldwork.doctor import is_safe_base
from topline.web.fieldwork.field import Fieldwork
from topline.web.fieldwork.links import links_of
from topline.web.fieldwork.promise import read_promise, secret_of_environment
from topline.web.monitor.ticking import start_counting
from topline.web.respond import Runner
from topline.web.running import HOST, granian, need_port
from topline.web.serve import Site
from topline.web.store.engines import engine_of
from topline.web.store.sqlite import Store
from topline.web.store.tables import make_tables


def serve(studies: Sequence[str], *, port: int, store: str | None, folders: Sequence[str] = ()) -> None:
    """Serve the pages of studies, and folders of built reports, until stopped; made-up answers only.

    Raises ToplineError before the first request if a study, folder or port is not fit to be served.
    """
    make = granian()
    compiled = compile_all(studies)
    reports = _reports(folders)
    need_port(port)
    with tempfile.TemporaryDirectory(prefix="topline-") as folder:
        path = store or str(Path(folder, "rehearsal.db"))
        Store(path).close()  # a store of another version is said now, not by the first page
        loader = partial(build_site, [as_json(each) for each in compiled], path, reports)
        for each in compiled:
            print(f"{each.wording['study.title']}: http://{HOST}:{port}{base_of(each)}/", flush=True)
        for base in reports:
            print(f"Report: http://{HOST}:{port}{base}/", flush=True)
        print("Made-up answers only. Stop with Ctrl+C.", flush=True)
        # one thread: SQLite's lock never has to be waited for
        make(port, threads=1).serve(target_loader=loader, wrap_loader=False)


def serve_fieldwork(study: str, store: str, vault: str, base: str, *, port: int) -> None:
    """Serve the pages of one launched study until stopped: real answers.

    Raises ToplineError before the first request if anything stands between the study and its promise.
    """
    if not is_safe_base(base):
        fail("serve-unsafe", given=base)
    make = granian()
    secret = secret_of_environment()
    form = launched(study, store)
    with closing(engine_of(store)) as engine:
        links_of(engine, vault, form.id, secret, base)  # the secret and the vault are those of the launch
    need_port(port)
    host = urlsplit(base).netloc.lower()
    loader = partial(build_fieldwork, as_json(form), store, vault, [host, f"{HOST}:{port}"])
    title = form.wording["study.title"]
    print(f"{title}: {base.rstrip('/')}{base_of(form)}/ by http://{HOST}:{port}", flush=True)
    print("Real answers. Stop with Ctrl+C.", flush=True)
    make(port, threads=8).serve(target_loader=loader, wrap_loader=False)


def launched(study: str, store: str) -> Compiled:
    """The frozen questionnaire that was launched from a study's folder."""
    if "://" not in store and not Path(store).is_file():
        fail("fieldwork-no-store", store=store)
    with closing(engine_of(store)) as engine:
        make_tables(engine)
        promise = read_promise(engine, str(read_study(study).id))
    return read_frozen(study, promise.version)


def build_fieldwork(form: str, store: str, vault: str, hosts: Sequence[str], *_: Any) -> Site:
    """Make the site of a launched study in the worker, and finish what a crash cut short."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump of this process would hold keys
    compiled = from_json(form)
    fieldwork = Fieldwork(compiled, engine_of(store), vault)
    fieldwork.sweep()
    partials = fieldwork.promise.partials == "use"
    runner = Runner(compiled, fieldwork, mode="fieldwork", partials=partials)
    heard = start_counting(compiled, fieldwork.engine, fieldwork.promise.kept)
    return Site({base_of(compiled): runner}, hosts=frozenset(hosts), heard=heard)


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
