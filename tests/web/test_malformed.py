"""Whatever arrives, a page says what to do: never a failure."""

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from topline.study.compiled import Compiled
from topline.web.respond import Request, Runner, handle
from topline.web.store.sqlite import Store

PAGES = ["statement", "parts", "ways", "ways-2", "numbers", "notice", "words"]
NAMES = [
    *(
        "statement",
        "parts.people",
        "parts.tools",
        "ways",
        "ways.other.text",
        "worst.1",
        "worst.2",
        "worst.missing",
    ),
    *(
        "worst.missing",
        "site",
        "site.elsewhere.text",
        "minutes",
        "minutes.missing",
        "since.day",
        "since.month",
    ),
    *(
        "since.year",
        "full_time",
        "why",
        "anything",
        "anything.quote",
        ".version",
        ".soft",
        ".digest",
        "lang",
        "__proto__",
    ),
]
VALUES = [
    "neither",
    "bus",
    "other",
    "none",
    "north",
    "elsewhere",
    "dont_know",
    "refused",
    "1",
    "31",
    "2010",
    "130",
    "",
]
fields = st.lists(
    st.tuples(
        st.sampled_from(NAMES) | st.text(max_size=8),
        st.sampled_from(VALUES) | st.text(max_size=12) | st.integers().map(str),
    ),
    max_size=12,
)
KEPT = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def started(compiled: Compiled, tmp_path: Path) -> tuple[Runner, str]:
    """A runner with somebody who is half way."""
    runner = Runner(compiled, Store(tmp_path / "s.db"), mode="rehearsal")
    token = runner.invite({"department": "dft"}, seed=1)
    for page, body in (
        ("start", ""),
        ("p/statement", "statement=tend_to_agree"),
        ("p/parts", "parts.people=neither&parts.tools=neither&parts.other=neither"),
        ("p/ways", "ways=bus&ways=foot"),
        ("p/ways-2", "worst.1=bus"),
    ):
        handle(Request("POST", f"/i/{token}/{page}", body=body.encode()), runner)
    return runner, token


@pytest.mark.slow
@KEPT
@given(page=st.sampled_from(PAGES), pairs=fields, query=st.text(max_size=12))
def test_random_forms_give_a_page(
    compiled: Compiled, tmp_path: Path, page: str, pairs: list[tuple[str, str]], query: str
) -> None:
    """Random fields on any page are taken, or shown again with what is wrong: 303, 409 or 422.

    `.later`, the button to go on another time, leads to a page of its own.
    """
    from urllib.parse import urlencode

    runner, token = started(compiled, tmp_path)
    body = urlencode(pairs, errors="replace").encode()
    response = handle(Request("POST", f"/i/{token}/p/{page}", query=query, body=body), runner)
    runner.store.close()
    later = any(name == ".later" for name, _ in pairs)
    assert response.status in ((200, 303, 400, 409, 422) if later else (303, 400, 409, 422))
    assert (
        response.status == 303 or "Rehearsal: made-up answers" in response.text or "Ymarfer" in response.text
    )


@KEPT
@given(
    body=st.binary(max_size=200),
    path=st.text(string.printable, max_size=30),
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "X"]),
)
def test_random_requests_give_a_page(
    compiled: Compiled, tmp_path: Path, body: bytes, path: str, method: str
) -> None:
    """Random bytes, methods and paths give a page too."""
    runner, token = started(compiled, tmp_path)
    for where in (path, f"/i/{token}/{path}", f"/i/{token}/p/statement"):
        response = handle(Request(method, where, query=path, body=body), runner)
        assert response.status in (200, 303, 400, 404, 405, 409, 422)
    runner.store.close()


def test_too_much_is_refused_unread(runner: Runner) -> None:
    """A body over 64 kB, over 200 fields, or not in UTF-8 is refused, and the page says that nothing
    changed.
    """
    token = runner.invite({})
    for body, status in (
        (b"x" * 70_000, 413),
        (b"&".join([b"a=b"] * 201), 400),
        (b"a=\xff", 400),
        (b"a=%ff", 400),
        (b"a=%00", 400),
    ):
        response = handle(Request("POST", f"/i/{token}/start", body=body), runner)
        assert response.status == status
        assert "Nothing was changed" in response.text
