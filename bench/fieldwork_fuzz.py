"""The fuzz of bench.fieldwork: requests of every wrong kind, with links and cookies of real people."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from bench.fieldwork_driver import HIDDEN
from bench.fieldwork_study import answers
from topline.study.freeze import read_frozen
from topline.web.respond import Request, Response, Runner, handle
from topline.web.store.engines import engine_of

#: What has broken programs before: quotes, markup, templates, paths, encodings, sizes.
CORPUS: Final = (
    "", " ", "0", "-1", "1e309", "NaN", "9" * 400, "null", "[]", "{}", "' or 1=1 --",
    "'; drop table invite;--",
    "\" onmouseover=alert(1) x=\"", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{7*7}}",
    "${7*7}", "{% debug %}", "%s%s%n", "{0.__class__}", "../../etc/passwd", "..%2f..%2fetc/passwd",
    "//evil.example", "\\\\evil.example", "https:evil.example", "javascript:alert(1)", "\r\nSet-Cookie: a=b",
    "\x00", "\x1b[31m", "\u202e\u2066", "ﷺ" * 50, "𝕏" * 300, "a" * 70_000, "strongly_agree", "neither",
    "way1", "q1a", "98", "refused", "on", "yes",
)  # fmt: skip
_NAMES: Final = (
    "q1a", "q1b", "q2a", "q4b", "q5b", "q6b", "q6b.missing", ".tag", ".version", ".digest", ".soft", ".later",
    ".cookies", "", "a", "__proto__", "q1a[]", "q1a.", ".q1a", "q9z",
)  # fmt: skip
_PATHS: Final = (
    "", "/", "/start", "/p/p1", "/p/p2", "/p/p6", "/p/", "/p/p99", "/check", "/send", "/done", "/help", "/no",
    "/i/", "/code", "/p/p1/p/p1", "/%00", "/p/%ff", "/favicon.ico", "/.git/config", "/desk",
    "/p/" + "a" * 4000,
)  # fmt: skip
_METHODS: Final = ("GET",) * 8 + ("POST",) * 20 + ("HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "")
_ANSWERS: Final = ("q1a", "q1b", "q2a", "q2b", "q3a", "q4a", "q4b", "q5a", "q5b", "q6a", "q6b")
_SECRET_WORDS: Final = "the words that only person seven wrote"


def fuzz(requests: int) -> None:
    """Ask, count, and look for what belongs to somebody else."""
    from bench.fieldwork import launch, memory

    with tempfile.TemporaryDirectory() as folder:
        people = launch(Path(folder), "main.db", 40)
        from topline.web.fieldwork.field import Fieldwork

        with closing(engine_of(str(Path(folder, "main.db")))) as engine:
            field = Fieldwork(read_frozen(Path(folder, "study"), 1), engine, Path(folder, "vault"))
            runner = Runner(field.compiled, field, mode="fieldwork")
            tokens = [token for _, token in people]
            _save_words(runner, tokens[7])
            strangers = [token for token in tokens if token != tokens[7]]
            draw, statuses, told = random.Random(2013), Counter[int](), 0
            started, cpu = time.perf_counter(), time.process_time()
            held = 0.0
            for number in range(requests):
                request = _request(draw, strangers) if number % 2 else _inside(draw, runner, strangers)
                response = handle(request, runner)
                statuses[response.status] += 1
                told += _SECRET_WORDS in response.text or not _complete(response)
                if number == requests // 10:
                    held = memory()
            took = time.perf_counter() - started
            field.close()
    shown = ", ".join(f"{status}: {n:,}" for status, n in sorted(statuses.items()))
    bad = sum(n for status, n in statuses.items() if status >= 500)
    each = 1000 * (time.process_time() - cpu) / requests
    print(
        f"\nfuzz: {requests:,} requests in {took:.0f} s ({each:.2f} CPU ms each): {bad} answers of 5xx,"
        f" {told} pages with somebody else's words or without a sentence\n  {shown}\n"
        f"  memory at most {held:.0f} MB after a tenth, {memory():.0f} MB at the end"
    )


def _save_words(runner: Runner, token: str) -> None:
    """One person answers to the last page, in words that nobody else uses, and does not submit."""
    from topline.web.fieldwork.field import Fieldwork

    assert isinstance(runner.store, Fieldwork)
    runner.store.start(token)
    for page in range(1, 7):
        body = {name: value for name, value in answers(page, 7) if name != "q4b"}
        assert runner.store.save(token, f"p{page}", body | ({"q6b": _SECRET_WORDS} if page == 6 else {}), 0)


def _complete(response: Response) -> bool:
    """Whether an answer leads on or says something in a page of ours."""
    return response.status == 303 or "<h1" in response.text


def _request(draw: random.Random, tokens: list[str]) -> Request:
    token = draw.choice((*tokens, "a" * 26, "A" * 26, "", quote(draw.choice(CORPUS)[:200])))
    path = draw.choice(_PATHS)
    if draw.random() < 0.5:
        path = f"/i/{token}{path}"
    body = draw.choice((_form, _bytes, _form, _cut))(draw)
    return Request(
        method=draw.choice(_METHODS),
        path=path,
        query=draw.choice(("", "", "lang=cy", "lang=" + quote(draw.choice(CORPUS)[:500]), "%", "a=b&" * 300)),
        body=body,
        base=draw.choice(("/s/bench", "")),
        origin=draw.choice((None, None, None, "http://s", "null", "http://evil.example", "")),
        host=draw.choice((None, "s", "evil.example")),
        site=draw.choice((None, "same-origin", "none", "cross-site", "x")),
        cookie=draw.choice(
            (None, f"__Host-topline={token}", f"a=b; __Host-topline={token}; c", "=;" * 99, "\xff")
        ),
    )


def _inside(draw: random.Random, runner: Runner, tokens: list[str]) -> Request:
    """A form that a real page gave out, with hidden fields that are right or nearly so, and odd answers."""
    cookie = f"__Host-topline={draw.choice(tokens)}"
    path = draw.choice(("/p/p1", "/p/p2", "/p/p3", "/p/p4", "/p/p5", "/p/p6", "/check"))
    shown = handle(Request("GET", path, cookie=cookie), runner)
    if shown.location is not None:
        path = shown.location.partition("?")[0]
        shown = handle(Request("GET", path, cookie=cookie), runner)
    if not path.startswith(("/p/", "/check")):  # not begun
        path = f"/i/{cookie.partition('=')[2]}"
        shown = handle(Request("GET", path), runner)
        path += "/start"
    hidden = [
        (name, draw.choice(CORPUS)[:500] if draw.random() < 0.05 else value)
        for name, value in HIDDEN.findall(shown.text)
    ]
    if draw.random() < 0.4 and path.startswith("/p/p"):
        given = answers(int(path[4:5]), 1)
    else:
        given = [(draw.choice(_ANSWERS), draw.choice(CORPUS)[:3000]) for _ in range(draw.randrange(1, 6))]
    if path == "/check" and draw.random() < 0.98:  # keep most people on their way
        path = "/p/p1"
    body = urlencode([*hidden, *given], errors="replace").encode()
    return Request("POST", path, body=body, cookie=cookie)


def _form(draw: random.Random) -> bytes:
    pairs = [(draw.choice(_NAMES), draw.choice(CORPUS)[:3000]) for _ in range(draw.randrange(8))]
    return urlencode(pairs * draw.choice((1, 1, 1, 1, 60)), errors="replace").encode()


def _cut(draw: random.Random) -> bytes:
    whole = _form(draw)
    place = draw.randrange(len(whole) + 1)
    return (
        whole[:place] + draw.choice((b"", b"%", b"%f", b"%ff", b"\xff\xfe", b"&", b"=")) + whole[place + 1 :]
    )


def _bytes(draw: random.Random) -> bytes:
    return os.urandom(draw.choice((1, 10, 1000, 66_000))) if draw.random() < 0.3 else draw.randbytes(64)
