"""How far the keying is: what waits, exactly, since it lies on a table; who has finished, in steps of ten.

An exact number of people who finished on paper would tell of single people where one department alone has
forms, and be taken off the monitor's totals.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from topline.web.monitor.counts import down
from topline.web.store.audit import entries, note
from topline.web.store.engines import Engine
from topline.web.vault.keyings import waiting

_VERB = "paper keyed"


@dataclass(frozen=True, slots=True)
class Progress:
    """Forms keyed once, keyed twice and differing, agreed and not yet entered; people who finished with a
    form or its code, in steps of ten, of those who were handed one.
    """

    once: int
    differs: int
    agreed: int
    finished: int
    handed_out: int


def progress(engine: Engine, study: str, vault: Path) -> Progress:
    """Where the keying of a study stands; no key is needed for it."""
    done = finished(engine, study)
    found = waiting(vault / f"{study}.keyings", done)
    handed = engine.rows("select count(*) from invite where study = ? and way = 'paper'", study)[0][0]
    return Progress(found["once"], found["differs"], found["agreed"], down(len(done)), int(handed))


def finished(engine: Engine, study: str) -> frozenset[int]:
    """The invitations by a form on paper that are finished, on paper or online."""
    rows = engine.rows(
        "select id from invite where study = ? and way = 'paper' and state = 'finished'", study
    )
    return frozenset(id for (id,) in rows)


def note_progress(engine: Engine, study: str) -> None:
    """Write a line into the log at each full ten: not one a form, which would date them."""
    reached = down(len(finished(engine, study)))
    noted = [each.what["finished"] for each in entries(engine, study) if each.what["verb"] == _VERB]
    if reached > max(noted, default=0):
        engine.write(lambda db: note(db, study, _VERB, finished=reached))
