"""The thread that writes counters and days beside a server of fieldwork."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from typing import Final

from topline.study.compiled import Compiled
from topline.web.monitor.counters import Counting
from topline.web.monitor.days import note_day
from topline.web.monitor.watch import Watch
from topline.web.respond import Request, Response
from topline.web.respond.http import token_in
from topline.web.store.engines import Engine
from topline.web.store.kinds import Busy

_EVERY: Final = 600.0  # seconds


def start_counting(
    compiled: Compiled, engine: Engine, kept: Sequence[str]
) -> Callable[[Request, Response, str], None]:
    """Start the thread; return what is to be told of every form that was sent."""
    counting = Counting(engine, compiled.id)
    threading.Thread(target=_tick_on, args=(counting, engine, compiled.id, kept), daemon=True).start()
    return listener(Watch(compiled, counting))


def listener(watch: Watch) -> Callable[[Request, Response, str], None]:
    """What a site tells, as a `Watch` hears it."""

    def heard(request: Request, response: Response, agent: str) -> None:
        link = request.path[3:29] if request.path.startswith("/i/") else None
        who = link or token_in(request.cookie) or ""
        watch.heard(request.path, request.query, request.body, response.status, response.location, who, agent)

    return heard


def tick(counting: Counting, engine: Engine, study: str, kept: Sequence[str]) -> None:
    """Write what may be written now; a store that is busy is asked again next time."""
    with suppress(Busy):
        counting.flush()
    with suppress(Busy):
        if engine.rows("select state from release where study = ?", study) == [("open",)]:
            note_day(engine, study, kept, date.today())


def _tick_on(counting: Counting, engine: Engine, study: str, kept: Sequence[str]) -> None:
    while True:
        tick(counting, engine, study, kept)
        time.sleep(_EVERY)
