"""Serve a rehearsal or fieldworks until stopped by Ctrl+C."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from topline.base import fail
from topline.study import read_study
from topline.study.compile import compile_study, translated
from topline.study.compiled import Compiled, as_json, from_json
from topline.study.freeze import read_frozen
from topline.web.fieldwork.after import AfterClose
from topline.web.fieldwork.doctor import is_safe_base
from topline.web.fieldwork.doors import SharedDoors
from topline.web.fieldwork.field import Fieldwork
from topline.web.fieldwork.links import links_of
from topline.web.fieldwork.promise import read_promise, release_state, secret_of_environment
from topline.web.monitor.ticking import start_counting
from topline.web.respond import Runner
from topline.web.running import HOST, granian, need_port
from topline.web.serve import Site
from topline.web.store.engines import Engine, engine_of
from topline.web.store.sqlite import Store
from topline.web.store.tables import make_tables
from topline.web.vault.claim import begin_alone, share

#: Threads that answer, in each worker. They share Python's one lock: more of them only pass it round
#: (decision 0017), fewer would wait for one another's disk.
THREADS: Final = 4


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
        make(port, threads=1).serve(target_loader=loader)


def serve_fieldwork(
    studies: Mapping[str, str], vault: str, base: str, *, port: int, workers: int = 1
) -> None:
    """Serve the pages of launched studies (folder -> store) until stopped: real answers.

    Raises ToplineError before the first request if anything stands between a study and its promise.
    """
    if not is_safe_base(base):
        fail("serve-unsafe", given=base)
    make = granian()
    secret = secret_of_environment()
    forms: dict[str, tuple[str, str]] = {}
    for folder, store in studies.items():
        form = launched(folder, store)
        if form.id in forms:
            fail("serve-same-id", name=form.id)
        with closing(engine_of(store)) as engine:
            if release_state(engine, form.id) == "open":
                links_of(engine, vault, form.id, secret, base)  # secret and vault are those of the launch
                begin_alone(vault, form.id)
        forms[form.id] = (as_json(form), store)
        print(
            f"{form.wording['study.title']}: {base.rstrip('/')}{base_of(form)}/ by http://{HOST}:{port}",
            flush=True,
        )
    need_port(port)
    host = urlsplit(base).netloc.lower()
    loader = partial(build_fieldwork, list(forms.values()), vault, [host, f"{HOST}:{port}"])
    print("Real answers. Stop with Ctrl+C.", flush=True)
    make(port, threads=THREADS, workers=workers).serve(target_loader=loader)


def launched(study: str, store: str) -> Compiled:
    """The frozen questionnaire that was launched from a study's folder."""
    if "://" not in store and not Path(store).is_file():
        fail("fieldwork-no-store", store=store)
    with closing(engine_of(store)) as engine:
        make_tables(engine)
        promise = read_promise(engine, str(read_study(study).id))
    return read_frozen(study, promise.version)


def build_fieldwork(forms: Sequence[tuple[str, str]], vault: str, hosts: Sequence[str], *_: Any) -> Site:
    """Make the site of launched studies (compiled form and store of each) in a worker.

    What a crash cut short is finished first.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump of this process would hold keys
    engines: dict[str, Engine] = {}
    runners, heard = {}, {}
    for form, store in forms:
        compiled = from_json(form)
        engine = engines.setdefault(store, engine_of(store))
        base, runner = base_of(compiled), runner_of(compiled, engine, vault)
        runners[base] = runner
        if isinstance(runner.store, Fieldwork):
            heard[base] = start_counting(compiled, engine, runner.store.promise.kept)
    return Site(runners, hosts=frozenset(hosts), heard=heard)


def runner_of(compiled: Compiled, engine: Engine, vault: str) -> Runner:
    """The runner of a launched study; once it is closed, one that says so to everybody."""
    if release_state(engine, compiled.id) in ("written", "done"):
        after = AfterClose(compiled, engine)
        return Runner(compiled, after, mode="fieldwork", doors=after)
    share(vault, compiled.id)
    fieldwork = Fieldwork(compiled, engine, vault)
    fieldwork.sweep()
    partials = fieldwork.promise.partials == "use"
    doors = SharedDoors(fieldwork, secret_of_environment())
    return Runner(compiled, fieldwork, mode="fieldwork", partials=partials, doors=doors)


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
