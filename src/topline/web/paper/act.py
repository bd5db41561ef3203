"""One act of keying, in a process of its own: the desk writes what is to be done to its standard input, as
JSON, and reads what became of it. The keys are in memory while that lasts, and nowhere near a log-in page.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from topline.base import ToplineError
from topline.base.words import words
from topline.study.freeze import read_frozen
from topline.web.fieldwork.doors import SharedDoors
from topline.web.fieldwork.field import Fieldwork
from topline.web.fieldwork.links import link_keys
from topline.web.fieldwork.promise import read_promise, secret_of_environment
from topline.web.paper.room import Room, Who
from topline.web.store.engines import engine_of
from topline.web.store.kinds import Busy


def act(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Do what `act` says: `look`, `check`, `key`, `decide`, `put_aside` or `go_on`."""
    engine, vault, secret = engine_of(asked["store"]), asked["vault"], secret_of_environment()
    link_keys(engine, vault, asked["study"], secret)  # secret and vault are those of the launch
    compiled = read_frozen(asked["folder"], read_promise(engine, asked["study"]).version)
    with closing(Fieldwork(compiled, engine, vault)) as store:
        room = Room(store, SharedDoors(store, secret))
        with closing(room):
            return _done(room, asked)


def _done(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    if asked["act"] == "go_on":
        return {"state": "entered", "number": room.go_on()}
    code, who = asked["code"], Who(asked["account"], asked["leads"])
    if asked["act"] == "key":
        return room.key(code, who, asked["cells"]).as_json()
    if asked["act"] == "check":
        return room.check(code, who, asked["cells"]).as_json()
    if asked["act"] == "decide":
        return room.decide(code, who, asked["chosen"], asked["version"]).as_json()
    if asked["act"] == "put_aside":
        return room.put_aside(code, who, asked["version"]).as_json()
    return room.look(code, who).as_json()


def main() -> int:
    """Read, do, write. What went wrong is told without anything that was keyed: its kind and its place."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold keys
    try:
        said = act(json.load(sys.stdin))
    except ToplineError as error:
        said = {"state": "fault", "text": error.findings[0].text}
    except Busy:  # a lock, or what a killed process left: it passes
        said = {"state": "fault", "text": words("keying-why-keying-busy")}
    except Exception as error:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        at = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
        print(f"keying: {type(error).__name__} at {at}", file=sys.stderr)
        return 1
    json.dump(said, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
