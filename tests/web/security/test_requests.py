"""Threats by requests: forged and replayed forms, links guessed and scanned, cookies, hosts, bodies."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.fields import CookieBrowser, Field, answered
from tests.web.test_fieldwork import ALL
from tests.web.test_malformed import PAGES, fields
from tests.web.test_serve import ask

from topline.web.respond import Request, Response, handle
from topline.web.respond.misses import Bucket
from topline.web.serve import Site

HOME = {"origin": "https://survey.example", "host": "survey.example"}


def saved(field: Field) -> int:
    """How many pages are saved, whoever's."""
    return len([row for number in range(40) for row in field.fieldwork.drafts_file.rows(number)])


def form(browser: CookieBrowser, address: str, **fields: str) -> bytes:
    """The hidden fields of a page, some of them changed or added."""
    held = dict(browser.fields(address))
    return urlencode({**held, **{name.replace("_", ".", 1): each for name, each in fields.items()}}).encode()


def test_threat_04_csrf(make: Callable[..., Field]) -> None:
    """A foreign origin, no tag, and a tag of another page, person or version are refused, unsaved."""
    field = make()
    browser, other = field.browser(), field.browser()
    browser.begin(field.tokens[0])
    other.begin(field.tokens[1])
    good = form(browser, "/p/statement", statement="neither")
    for headers in (
        {"origin": "https://evil.example", "host": "survey.example"},
        {"origin": "null", "host": "survey.example"},
        {"site": "cross-site"},
        {"site": "same-site"},
    ):
        refused = browser.ask("POST", "/p/statement", good, **headers)
        assert refused.status == 403
        assert "Nothing was changed" in refused.text
    tags = {
        "none": urlencode({".version": "0", "statement": "neither"}).encode(),
        "of another person": form(other, "/p/statement", statement="neither"),
        "of another version": form(browser, "/p/statement", statement="neither", _version="1"),
        "of the start": form(browser, "/", statement="neither", _version="0"),
    }
    for body in tags.values():
        refused = browser.ask("POST", "/p/statement", body, **HOME)
        assert refused.status == 403
        assert "This page belongs to another link" in refused.text
    assert saved(field) == 0
    assert browser.ask("POST", "/p/statement", good, **HOME, site="same-origin").status == 303
    assert saved(field) == 1


def test_threat_06_guessing_locks_nobody_out(make: Callable[..., Field]) -> None:
    """Ten thousand wrong links from one address: 404, then 429; the right ones are answered all along."""
    field = make()
    draw = random.Random(1)
    statuses = []
    for number in range(10_000):
        token = "".join(draw.choices("abcdefghijklmnopqrstuvwxyz234567", k=26))
        statuses.append(handle(Request("GET", f"/i/{token}"), field.runner).status)
        if number % 250 == 0:
            assert field.browser().get(f"/i/{field.tokens[number // 250]}").status == 200
    assert statuses[:200] == [404] * 200
    assert set(statuses) == {404, 429}


def test_bucket_fills_again() -> None:
    """After a second there is room for as many misses as the rate says."""
    now = [0.0]
    bucket = Bucket(2, 1.0, lambda: now[0])
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    now[0] = 1.0
    assert [bucket.take() for _ in range(2)] == [True, False]


def test_threat_07_one_page_for_every_wrong_link(make: Callable[..., Field]) -> None:
    """Unknown, revoked and malformed links give the same page, byte for byte, with the same headers."""
    field = make()
    field.engine.write(lambda db: db.change("update invite set link_hash = ? where id = 5", b"revoked"))
    paths = [f"/i/{field.tokens[5]}", f"/i/{'a' * 26}", "/i/short", "/i/", "/p/statement", "/nowhere"]
    found = {(r.status, r.headers, r.body) for r in (handle(Request("GET", p), field.runner) for p in paths)}
    assert len(found) == 1


def test_threat_08_scanners_change_nothing(make: Callable[..., Field]) -> None:
    """A thousand GETs and HEADs, of the way out of the letters too, leave the database as it was; a scanner
    that presses Start does no harm.
    """
    field = make()
    token = field.tokens[0]
    store = Path(field.folder / "main.db")
    changes = "select sum(case state when 'invited' then 0 else 1 end) from invite"
    before = [path.read_bytes() for path in sorted(field.folder.glob("main.db*")) if path.suffix != ".db-shm"]
    for number in range(1000):
        path = f"/i/{token}/no" if number % 4 < 2 else f"/i/{token}"
        assert handle(Request("GET" if number % 2 else "HEAD", path), field.runner).status == 200
    after = [path.read_bytes() for path in sorted(field.folder.glob("main.db*")) if path.suffix != ".db-shm"]
    assert store.is_file()
    assert before == after
    assert field.engine.rows(changes) == [(0,)]
    assert field.browser().begin(token).status == 200
    assert "Thank you" in answered(field, token, ALL).text


def whole_interview(browser: CookieBrowser, token: str) -> None:
    """Answer every page; nothing is sent yet."""
    browser.begin(token)
    for page, answers in (
        ("statement", {"statement": "neither"}),
        ("parts", {f"parts.{row}": "neither" for row in ("people", "tools", "other")}),
        ("ways", {"ways": "none"}),
        ("numbers", {"site": "north", "minutes": "20", "since.missing": "refused"}),
        ("notice", {}),
        ("words", {"anything": ""}),
    ):
        browser.save(page, list(answers.items()))


def test_threat_09_fifty_submit_at_once(make: Callable[..., Field], address: str) -> None:
    """Fifty windows send the same answers at once: one interview counts, and all are thanked."""
    field = make(address=address)
    browser = field.browser()
    token = field.tokens[0]
    whole_interview(browser, token)
    body = form(browser, "/check")

    def send(_: int) -> Response:
        other = field.browser()
        other.cookie = token
        found = other.ask("POST", "/send", body)
        field.engine.close() if field.engine.kind == "postgresql" else None
        return found

    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(send, range(50)))
    assert {(each.status, each.location) for each in found} == {(303, "/done")}
    assert field.engine.rows("select count(*) from sealed") == [(1,)]
    changed = urlencode({".digest": "0" * 32}).encode()
    assert "can no longer be changed" in browser.ask("POST", "/send", changed).text


@pytest.mark.parametrize("moment", ["rows", "dkey"])
def test_threat_09_submitted_while_a_page_is_read(
    make: Callable[..., Field], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Answers submitted in the middle of another window's request are found sent there, not found empty."""
    field = make()
    browser = field.browser()
    token = field.tokens[0]
    whole_interview(browser, token)
    sent, body = [], form(browser, "/check")
    place = field.fieldwork.drafts_file if moment == "rows" else field.fieldwork.vault
    read = getattr(place, moment)

    def late(invite: int) -> object:
        if not sent:
            sent.append(None)
            other = field.browser()
            other.cookie = token
            sent.append(other.ask("POST", "/send", body))
            field.fieldwork.settle()
        return read(invite)

    monkeypatch.setattr(place, moment, late)
    found = browser.ask("POST", "/send", body)
    assert [(each.status, each.location) for each in (sent[1], found)] == [(303, "/done")] * 2
    assert field.engine.rows("select count(*) from sealed") == [(1,)]


def test_threat_10_wrong_person_in_a_shared_browser(make: Callable[..., Field]) -> None:
    """Two links in one browser, their pages open side by side: no answer ever goes to the other person."""
    field = make()
    browser = field.browser()
    browser.begin(field.tokens[0])
    first = form(browser, "/p/statement", statement="neither")
    browser.begin(field.tokens[1])
    second = form(browser, "/p/statement", statement="tend_to_agree")
    refused = browser.ask("POST", "/p/statement", first)
    assert refused.status == 403
    assert "Go on with this link" in refused.text
    assert browser.ask("POST", "/p/statement", second).status == 303
    assert field.fieldwork.drafts_file.rows(0) == {}
    assert len(field.fieldwork.drafts_file.rows(1)) == 1


def test_threat_11_planted_cookies(make: Callable[..., Field]) -> None:
    """A cookie that is no token of ours leads nowhere; none is ever taken from the address; GET sets none."""
    field = make()
    token = field.tokens[0]
    for cookie in ("__Host-topline=", "__Host-topline=x", f"topline={token}", "a; b=c", "=;" * 50, "\xff"):
        shown = handle(Request("GET", "/p/statement", cookie=cookie), field.runner)
        assert shown.status == 404
    planted = handle(Request("GET", "/", query=f"__Host-topline={token}"), field.runner)
    assert planted.status == 404
    assert "Set-Cookie" not in dict(handle(Request("GET", f"/i/{token}"), field.runner).headers)
    own = handle(Request("GET", "/", cookie=f"x=y; __Host-topline={token}"), field.runner)
    assert "Before you start" in own.text


def test_threat_12_and_16_headers_of_every_answer(make: Callable[..., Field]) -> None:
    """No cache, no index, no script, no frame, on every page, redirect and error; back shows "already in"."""
    field = make()
    browser = field.browser()
    token = field.tokens[0]
    answers = [browser.ask("GET", f"/i/{token}"), browser.ask("POST", f"/i/{token}/start")]
    browser.begin(token)
    answers += [browser.ask("GET", path) for path in ("/p/statement", "/p/none", "/check", "/help", "/x")]
    answers += [browser.ask("PUT", "/p/statement"), browser.ask("POST", "/p/statement", b"x" * 70_000)]
    for each in answers:
        headers = dict(each.headers)
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "strict-origin"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert "ETag" not in headers
        assert "<script" not in each.text
        assert 'style="' not in each.text
    answered(field, token, ALL)
    assert "can no longer be changed" in browser.get("/p/statement").text


def test_threat_13_forged_host(make: Callable[..., Field]) -> None:
    """The server answers to its own name; a forged or missing one gets 400, a forwarded one is not read."""
    field = make()
    site = Site({"/s/every_kind": field.runner}, hosts=frozenset({"survey.example"}))
    path = f"/s/every_kind/i/{field.tokens[0]}"
    for host in ("evil.example", "", "survey.example.evil.example", "survey.example:80"):
        assert ask(site, path, HTTP_HOST=host).status == 400
    forwarded = ask(site, path, HTTP_HOST="Survey.example", HTTP_X_FORWARDED_HOST="evil.example")
    assert forwarded.status == 200
    assert "evil" not in forwarded.text
    assert dict(forwarded.headers)["Strict-Transport-Security"] == "max-age=31536000"
    assert ask(site, "/", HTTP_HOST="survey.example").status == 404
    assert "made-up" not in ask(site, "/nowhere", HTTP_HOST="survey.example").text


def test_threat_14_redirects_stay_here(make: Callable[..., Field]) -> None:
    """Every redirect leads to a path of ours, whatever path was asked for."""
    field = make()
    browser = field.browser()
    browser.begin(field.tokens[0])
    for where in ("//evil.example", "\\\\evil.example", "/\\evil", "https:evil", "/p//evil", "/p/%0d%0aX: y"):
        for path in (where, f"/p/{where}", f"/i/{field.tokens[0]}/{where}"):
            for method in ("GET", "POST"):
                location = browser.ask(method, path).location
                assert location is None or (location.startswith("/") and location[1:2] not in ("/", "\\"))
                assert location is None or "\n" not in location


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "${7*7}", "{% x %}", "{department}", "%s%n", "<b>x</b>", "'; drop table invite; --"]
)
def test_threat_17_and_18_answers_are_never_parsed(make: Callable[..., Field], text: str) -> None:
    """What looks like a template, markup or SQL comes back as it was typed, and out as it was typed."""
    field = make()
    last = answered(field, field.tokens[0], ALL | {"anything": text})
    assert "Thank you" in last.text
    field.close()
    ((answers,),) = field.engine.rows("select answers from response")
    assert json.loads(answers)["anything"] == text


_FIELD: dict[str, Field] = {}  # one launch for all examples


@pytest.fixture(autouse=True)
def _forget_field() -> None:
    """Each test launches its own."""
    _FIELD.clear()


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    pairs=fields,
    page=st.sampled_from([*(f"p/{page}" for page in PAGES), "start", "send", "check", "done", "p/x", ""]),
    cookie=st.text(string.printable, max_size=40) | st.none(),
    raw=st.binary(max_size=120) | st.none(),
    version=st.sampled_from(["0", "1", "-1", "9" * 12, "x"]),
)
def test_threat_19_whatever_arrives_gives_a_page(
    make: Callable[..., Field],
    pairs: list[tuple[str, str]],
    page: str,
    cookie: str | None,
    raw: bytes | None,
    version: str,
) -> None:
    """Random forms, tags, cookies and bytes on every address: a page, never a failure."""
    field = _FIELD.get("made") or _FIELD.setdefault("made", make())
    browser = field.browser()
    browser.cookie = field.tokens[0]
    found = field.fieldwork.visit("every_kind", field.tokens[0])
    tag = found[0].tag(page, version if version.isdecimal() else 0) if found else ""
    body = urlencode([(".tag", tag), (".version", version), *pairs], errors="replace").encode()
    for sent in (body, raw or b""):
        for path in (f"/{page}", f"/i/{field.tokens[1]}/{page}"):
            for headers in ({}, {"cookie": cookie or ""}):
                answer = browser.ask("POST", path, sent, **headers)
                assert answer.status in (200, 303, 400, 403, 404, 409, 413, 422, 429)


def test_threat_09_two_windows_on_one_page(make: Callable[..., Field]) -> None:
    """The second window is shown both answers; neither is lost without a word."""
    field = make()
    token = field.tokens[0]
    one, two = field.browser(), field.browser()
    one.begin(token)
    two.begin(token)
    held = two.fields("/p/statement")
    one.save("statement", [("statement", "neither")])
    clash = two.post("/p/statement", [*held, ("statement", "tend_to_agree")])
    assert clash.status == 409
    assert "This page was changed in another window" in clash.text
    assert 'value="tend_to_agree" id="statement-tend_to_agree" checked' in clash.text


def test_threat_10_finish_later_forgets_the_person(make: Callable[..., Field]) -> None:
    """The button saves the page and takes the cookie back; an incomplete page is said not to be saved."""
    field = make()
    token = field.tokens[0]
    browser = field.browser()
    browser.begin(token)
    assert "is not saved" in browser.save("statement", [(".later", "yes")]).text
    browser.begin(token)
    left = browser.save("statement", [("statement", "neither"), (".later", "yes")])
    assert "Your answers are saved" in left.text
    assert browser.cookie == ""
    assert browser.get("/p/statement").status == 404
    assert "Page 2" in browser.begin(token).text
