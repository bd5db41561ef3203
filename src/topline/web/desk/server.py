"""Run the desk: a server of its own at 127.0.0.1, which holds no key and no link."""

from __future__ import annotations

import resource
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from topline.base import fail
from topline.study import read_study
from topline.study.freeze import read_frozen
from topline.web.desk.known import Study, add_study, labels_of
from topline.web.desk.settings import Where, set_up
from topline.web.fieldwork.promise import read_promise
from topline.web.running import HOST, granian, need_port
from topline.web.store.engines import engine_of
from topline.web.store.tables import make_tables


def serve_desk(
    folders: Sequence[str], store: str, users: str, vault: str | None, base: str, *, port: int
) -> None:
    """Serve the desk of the studies of one store until stopped."""
    make = granian()
    need_django()
    _launched(folders, store)
    need_port(port)
    loader = partial(build_desk, list(folders), store, users, vault, base)
    print(f"Desk: {base.rstrip('/')}/desk/ by http://{HOST}:{port}", flush=True)
    print("Stop with Ctrl+C.", flush=True)
    from topline.web.desk.middleware import most

    make(port, threads=4, most=most).serve(target_loader=loader)


def build_desk(
    folders: Sequence[str], store: str, users: str, vault: str | None, base: str, *_: Any
) -> Callable[..., Any]:
    """Make the desk in the worker: Django, its people, and the studies."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold passwords as they are typed
    set_up(Where(users, base))
    from django.core.wsgi import get_wsgi_application

    for study in _launched(folders, store):
        add_study(study if vault is None else study.with_vault(vault))
    application: Callable[..., Any] = get_wsgi_application()
    return application


def need_django() -> None:
    """ToplineError where Django or Argon2 is not installed."""
    try:
        import argon2  # noqa: F401
        import django  # noqa: F401
    except ImportError:
        fail("desk-library")


def _launched(folders: Sequence[str], store: str) -> list[Study]:
    """The studies, each with the questionnaire that was launched."""
    if "://" not in store and not Path(store).is_file():
        fail("fieldwork-no-store", store=store)
    engine = engine_of(store)
    make_tables(engine)
    found = []
    for folder in folders:
        study = read_study(folder)
        promise = read_promise(engine, str(study.id))
        form = read_frozen(folder, promise.version)
        path, labels = Path(folder).resolve(), labels_of(study)
        found.append(Study(path, form, study.settings, engine, store, labels=labels))
    return found
