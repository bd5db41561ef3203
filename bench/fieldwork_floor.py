"""The floor of bench.fieldwork: a bare loop that does the same job with no promise at all.

    python -m bench.fieldwork_floor FILE PORT

One WSGI callable under the same server: a link, a start, a page with its form, a save that is on the disk
before the reply (SQLite, synchronous=FULL, one row a page), a check page and a last write. No keys, no
versions, no checks, no routes.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from bench.fieldwork_study import PAGES

_LOCAL = threading.local()
_FORM = (
    '<!doctype html><html lang="en"><head><title>Page {page}</title></head><body><main><h1>Page {page}</h1>'
    '<form method="post" action="/i/{who}/p/p{page}">{fields}'
    "<button>Save and continue</button></form></main></body></html>"
)
_FIELDS = "".join(
    "<fieldset><legend>How far do you agree?</legend>"
    + "".join(f'<label><input type="radio" name="q{place}" value="{n}">Answer {n}</label>' for n in range(5))
    + "</fieldset>"
    for place in "ab"
)


def _db(path: str) -> sqlite3.Connection:
    db: sqlite3.Connection | None = getattr(_LOCAL, "db", None)
    if db is None:
        db = _LOCAL.db = sqlite3.connect(path, timeout=30, isolation_level=None)
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = full")
    return db


def make(path: str, *_: Any) -> Callable[[Any, Any], Iterable[bytes]]:
    """The application on a file."""
    _db(path).execute(
        "create table if not exists answer (who text, page text, body text, primary key (who, page))"
    )
    writing = threading.Lock()

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        _, _, who, *rest = environ["PATH_INFO"].split("/")
        page = int(rest[1][1:]) if len(rest) == 2 else 0
        if environ["REQUEST_METHOD"] == "POST":
            length = int(environ.get("CONTENT_LENGTH") or 0)
            body = json.dumps(parse_qsl(environ["wsgi.input"].read(length).decode()))
            with writing:
                _db(path).execute(
                    "insert or replace into answer values (?, ?, ?)", (who, "/".join(rest), body)
                )
            onward = {"start": "p/p1", "send": "done"}.get("/".join(rest))
            onward = onward or (f"p/p{page + 1}" if page < PAGES else "check")
            start_response("303 See Other", [("Location", f"/i/{who}/{onward}"), ("Content-Length", "0")])
            return [b""]
        found = _db(path).execute("select body from answer where who = ? and page = ?", (who, "/".join(rest)))
        found.fetchall()
        html = _FORM.format(page=page, who=who, fields=_FIELDS).encode()
        start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(html)))])
        return [html]

    return app


if __name__ == "__main__":
    from functools import partial

    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "floor", address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.WSGI, workers=1,
        blocking_threads=8, log_enabled=False,
    ).serve(target_loader=partial(make, sys.argv[1]), wrap_loader=False)  # fmt: skip
