"""Threats 16, 22, 32, 33 and 34: the desk's headers, what counts give away, roles, sign-in, the log."""

from __future__ import annotations

import random
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.web.desk.conftest import open_desk, users  # noqa: F401
from tests.web.desk.desks import HOST, PASSWORD, SECURE, Desk, words_of
from tests.web.fields import SECRET, STUDIES, Field
from tests.web.monitor.test_figures import people, seen

from topline.web.codes import code_of
from topline.web.desk.closing import start_close
from topline.web.desk.rights import ROLES, VERBS, Granted, can
from topline.web.monitor.counters import Counting
from topline.web.monitor.counts import by_group, standing
from topline.web.store.audit import note

#: Every address of the desk: which roles may open it for the whole study, and which if of a department.
#: A new address without a line here fails the test below.
ALL = frozenset(ROLES)
ACTING = frozenset({"lead", "administrator"})
SEEING = ACTING | {"viewer"}
KEYING = ACTING | {"keyer"}
NONE: frozenset[str] = frozenset()
MATRIX = {
    "login": ("/desk/login", None, None),
    "static": ("/desk/static/desk.css", None, None),
    "logout": ("/desk/logout", ALL, ALL),
    "home": ("/desk/", ALL, ALL),
    "monitor": ("/desk/s/every_kind/", SEEING, SEEING),
    "download": ("/desk/s/every_kind/figures.csv", SEEING, NONE),
    "audit": ("/desk/s/every_kind/log", ACTING, NONE),
    "act": ("/desk/s/every_kind/do/pause", ACTING, NONE),
    "paper": ("/desk/s/every_kind/paper", KEYING, NONE),
    "form": ("/desk/s/every_kind/paper/form", KEYING, NONE),
    "decide": ("/desk/s/every_kind/paper/decide", KEYING, NONE),
}
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def names() -> set[str]:
    """The names of all addresses that the desk has."""
    from topline.web.desk.urls import urlpatterns

    return {pattern.name for pattern in urlpatterns}


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:  # noqa: F811
    """The desk of forty people; the store's kind does not matter to who may see."""
    return open_desk()


def test_threat_16_headers(desk: Desk) -> None:
    """Every route and refusal has the policy; nothing but static files may be kept; no script."""
    desk.account("jones", "lead")
    assert set(MATRIX) == names()
    for browser in (desk.browser(), desk.browser("jones")):
        addresses = [address for address, *_ in MATRIX.values()]
        for address in [
            *addresses,
            "/desk/nowhere",
            "/desk/s/other/",
            "/elsewhere",
            "/desk/s/every_kind/do/x",
        ]:
            response = browser.get(address)
            got = response.headers
            assert got["Content-Security-Policy"] == POLICY, address
            assert got["X-Content-Type-Options"] == "nosniff"
            assert got["Referrer-Policy"] == "strict-origin"
            assert got["Cross-Origin-Opener-Policy"] == "same-origin"
            assert got["Strict-Transport-Security"] == "max-age=31536000"
            assert got["Cache-Control"] == ("no-cache" if "static" in address else "no-store"), address
            assert b"<script" not in response.content
            assert b"style=" not in response.content


def test_threat_16_check_deploy(desk: Desk) -> None:
    """Django's own checks for deployment find nothing."""
    from topline.web.desk.settings import deployment_faults

    assert deployment_faults() == []


def test_threat_16_cookies_and_hosts(desk: Desk) -> None:
    """Cookies are `__Host-`, Secure, HttpOnly; another host is refused; plain http is sent to https."""
    desk.account("jones", "viewer")
    browser = desk.browser("jones")
    browser.get("/desk/login")
    held = dict(desk.browser("jones").cookies.items()) | browser.cookies
    assert "__Host-desk" in held
    for name, morsel in held.items():
        assert name.startswith("__Host-")
        assert (morsel["secure"], morsel["httponly"], morsel["path"], morsel["domain"]) == (
            True,
            True,
            "/",
            "",
        )
    from django.test import Client

    assert Client(**SECURE | {"HTTP_HOST": "evil.example"}).get("/desk/login").status_code == 400
    plain = Client(HTTP_HOST=HOST).get("/desk/login")
    assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{HOST}/desk/login")


def test_threat_32_matrix(desk: Desk) -> None:
    """Every address by every role, of this study, of another, of a department, and by nobody."""
    assert set(MATRIX) == names()
    for role in ROLES:
        desk.account(f"{role} here", role)
        desk.account(f"{role} there", role, study="another")
        desk.account(f"{role} moj", role, department="moj")
    who = [(role, where) for role in ROLES for where in ("here", "there", "moj")]
    browsers = {each: desk.browser(" ".join(each)) for each in who}
    for name, (address, whole, own) in MATRIX.items():
        if whole is None:
            assert desk.browser().get(address).status_code == 200
            continue
        assert desk.browser().get(address).headers["Location"] == "/desk/login", name
        for (role, where), browser in browsers.items():
            status = browser.get(address).status_code
            if name in ("home", "logout"):  # of no study
                assert status in (200, 302, 405)
            else:
                allowed = {"here": whole, "there": NONE, "moj": own}[where]
                assert status == (200 if role in allowed else 403), (name, role, where)


def test_threat_32_posts_and_unmarked_views(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that is posted asks the same rights; a view that names no right is nobody's."""
    from topline.web.desk import views

    desk.account("jones", "viewer")
    desk.account("smith", "lead", department="moj")
    desk.account("root", "administrator", study="")
    for who in ("jones", "smith"):
        browser = desk.browser(who)
        for verb in sorted(VERBS):
            posted = browser.post(f"/desk/s/every_kind/do/{verb}", {"password": PASSWORD})
            assert posted.status_code in (403, 404), (who, verb)
    assert not desk.field.engine.rows("select 1 from course")
    monkeypatch.delattr(views.monitor, "needs")
    assert desk.browser("root").get("/desk/s/every_kind/").status_code == 403


def test_threat_37_close_keeps_the_database_out_of_the_arguments(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address of a database may hold a password: it is no argument, which everybody on the machine reads.

    What the close says goes to a file of its owner alone, not to where somebody put a link.
    """
    begun: list[tuple[list[str], dict[str, str]]] = []

    def begin(command: list[str], **how: Any) -> None:
        begun.append((command, how["env"]))

    monkeypatch.setattr("topline.web.desk.closing.subprocess.Popen", begin)
    monkeypatch.setattr("topline.web.desk.closing._RUNNING", {})
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    other, log = tmp_path / "other.txt", desk.study.folder / "close.log"
    other.write_text("another's")
    log.symlink_to(other)
    address = "postgresql://survey:a-canary-password@db.example/survey"
    start_close(replace(desk.study, store=address), "jones")
    ((command, environment),) = begun
    assert not [
        each for each in command if "canary" in each or "postgresql" in each or SECRET.decode() in each
    ]
    assert environment["TOPLINE_DATABASE_URL"] == address
    assert other.read_text() == "another's"
    assert log.stat().st_mode & 0o077 == 0
    assert not log.is_symlink()


def test_threat_37_desk_logs_no_page_that_was_asked_for(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Refused, lost and forged pages leave no path and no name in a log."""
    desk.account("smith", "viewer")
    browser = desk.browser("smith")
    assert browser.get("/desk/s/every_kind/do/close").status_code == 403
    assert browser.get("/desk/s/canary/").status_code == 403
    assert browser.get("/desk/canary").status_code == 404
    assert desk.browser(checks=True).post("/desk/login", {"name": "canary"}).status_code == 403
    assert caplog.text == ""


def test_threat_33_forms_need_their_token(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyed form or a decision without our token, or from elsewhere: the room hears nothing of it."""
    heard: list[str] = []
    monkeypatch.setattr("topline.web.desk.keying.ask_room", lambda study, act, **asked: heard.append(act))
    desk.account("anna", "keyer")
    browser = desk.browser("anna")
    page = browser.get("/desk/s/every_kind/paper").content.decode()
    browser.handler.enforce_csrf_checks = True
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    for path in ("form", "decide"):
        at, sent = f"/desk/s/every_kind/paper/{path}", {"code": "0" * 13, "keyed": "1", "version": "1"}
        assert browser.post(at, sent).status_code == 403
        known = sent | {"csrfmiddlewaretoken": token[1]}
        assert browser.post(at, known, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert heard == []


def test_threat_32_a_keyer_sees_nothing_else(desk: Desk) -> None:
    """No link of a keyer's page leads to figures, log or acts, and each is refused when typed."""
    desk.account("anna", "keyer")
    browser = desk.browser("anna")
    page = browser.get("/desk/s/every_kind/paper").content.decode()
    links = set(re.findall(r'(?:href|action)="(/desk/s/[^"]*)"', page))
    assert links == {"/desk/s/every_kind/paper", "/desk/s/every_kind/paper/form"}
    for path in ("", "figures.csv", "log", *(f"do/{verb}" for verb in VERBS)):
        assert browser.get(f"/desk/s/every_kind/{path}").status_code in (403, 404), path
        assert browser.post(f"/desk/s/every_kind/{path}", {"password": PASSWORD}).status_code in (403, 404)


def test_threat_37_keying_leaves_no_code_and_no_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What is keyed goes to the room by its standard input: not into arguments, environment, log, session or
    the file of accounts.
    """
    begun: list[tuple[list[str], dict[str, Any]]] = []

    def run(command: list[str], **how: Any) -> Any:
        begun.append((command, how))
        raise OSError

    monkeypatch.setattr("topline.web.desk.room.subprocess.run", run)
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    desk.account("anna", "keyer")
    form = {"code": code_of(7), "keyed": "1", "a.why": "A canary answer"}
    assert desk.browser("anna").post("/desk/s/every_kind/paper/form", form).status_code == 422
    ((command, how),) = begun
    assert "A canary answer" in how.pop("input")
    assert "canary" not in f"{command}{how}{caplog.text}"
    from django.db import connection

    people = Path(str(connection.settings_dict["NAME"]))
    for path in people.parent.glob(f"{people.name}*"):
        assert b"canary" not in path.read_bytes()
        assert code_of(7).encode() not in path.read_bytes()


def test_threat_32_can() -> None:
    """The one question: no for unknown roles, verbs, other studies and departments."""
    viewer, lead, root = Granted("viewer", "s"), Granted("lead", "s", "moj"), Granted("administrator")
    assert can([viewer], "see", "s")
    assert can([viewer], "see", "s", "moj")
    assert not can([viewer], "see", "t")
    assert not can([viewer], "close", "s")
    assert not can([lead], "see", "s")
    assert can([lead], "see", "s", "moj")
    assert not can([lead], "see", "s", "dft")
    assert not any(can([lead], verb, "s", "moj") for verb in VERBS - {"see", "download"})
    assert all(can([root], verb, "any") for verb in VERBS)
    assert not can([Granted("king")], "see", "s")
    assert not can([root], "burn", "s")
    assert not can([], "see", "s")


@pytest.mark.slow
def test_threat_33_delay(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """After three failures each doubles the wait, for this account from this address alone, right password or
    not; unknown names are answered like known ones.
    """
    desk.account("jones", "viewer")
    now = time.time()
    monkeypatch.setattr("topline.web.desk.entry.time.time", lambda: now)
    here, there = desk.browser(HTTP_X_FORWARDED_FOR="203.0.113.9"), desk.browser()

    def tried(browser: Any, password: str, name: str = "jones") -> int:
        return int(browser.post("/desk/login", {"name": name, "password": password}).status_code)

    assert [tried(here, "wrong") for _ in range(4)] == [422] * 4
    assert tried(here, PASSWORD) == 429
    assert tried(there, "wrong", "nobody") == tried(there, "wrong") == 422
    now += 2.1
    assert tried(here, "wrong") == 422
    now += 2.1  # four seconds by now
    assert tried(here, PASSWORD) == 429
    now += 2
    assert tried(here, PASSWORD) == 302
    assert tried(here, "wrong") == 422
    for _ in range(14):
        now += 10_000
        assert tried(there, "wrong") == 422
    now += 901
    assert tried(there, PASSWORD) == 302


def test_threat_33_sessions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session id changes at sign-in, dies at sign-out, after eight hours, and with a new password."""
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from topline.web.desk.accounts import set_password

    desk.account("jones", "viewer")
    browser = desk.browser("jones")
    first = browser.cookies["__Host-desk"].value
    browser.post("/desk/login", {"name": "jones", "password": PASSWORD})
    second = browser.cookies["__Host-desk"].value
    assert first != second
    old = desk.browser()
    old.cookies["__Host-desk"] = first
    assert old.get("/desk/").headers["Location"] == "/desk/login"
    left = Session.objects.get(session_key=second).expire_date - timezone.now()
    assert timedelta(hours=7, minutes=59) < left <= timedelta(hours=8)
    browser.get("/desk/s/every_kind/")
    assert Session.objects.get(session_key=second).expire_date - timezone.now() <= left
    assert browser.post("/desk/logout").status_code == 302
    assert not Session.objects.filter(session_key=second).exists()
    other = desk.browser("jones")
    set_password("jones", PASSWORD + "2")
    assert other.get("/desk/").headers["Location"] == "/desk/login"


def test_threat_33_passwords(desk: Desk) -> None:
    """Argon2; a form without our token changes nothing."""
    from django.contrib.auth.models import User

    desk.account("jones", "lead")
    assert User.objects.get(username="jones").password.startswith("argon2$argon2id$")
    browser = desk.browser("jones", checks=False)
    browser.handler.enforce_csrf_checks = True
    refused = browser.post("/desk/s/every_kind/do/pause", {"password": PASSWORD})
    assert (refused.status_code, "Nothing was done" in words_of(refused)) == (403, True)
    page = browser.get("/desk/s/every_kind/do/pause").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    form = {"password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    foreign = browser.post("/desk/s/every_kind/do/pause", form, HTTP_ORIGIN="https://evil.example")
    assert foreign.status_code == 403
    own = browser.post("/desk/s/every_kind/do/pause", form, HTTP_ORIGIN=f"https://{HOST}")
    assert own.status_code == 302


def test_threat_33_odd_sign_ins(desk: Desk) -> None:
    """Whatever is sent to sign in with, it is refused and nothing breaks."""
    desk.account("jones", "viewer")
    browser = desk.browser()
    for name in (
        "",
        "\x00",
        "jones\x00",
        "a" * 10_000,
        "\u2028",
        "' or 1=1 --",
        "{{7*7}}",
        "<script>x</script>",
    ):
        refused = browser.post("/desk/login", {"name": name, "password": name})
        assert refused.status_code == 422, name
        assert b"<script" not in refused.content
        assert b'value="49"' not in refused.content
    raw = {"content_type": "application/x-www-form-urlencoded"}
    assert browser.post("/desk/login", b"name=%ff%fe&password=\xff", **raw).status_code == 422
    assert browser.post("/desk/login", b"x" * 70_000, **raw).status_code == 400
    assert browser.post("/desk/login", b"&".join([b"a=b"] * 60), **raw).status_code == 400
    assert browser.put("/desk/login").status_code == 200
    for path in (
        "/desk/s/%00/",
        "/desk/s/..%2f/",
        "/desk/static/..%2fsettings.py",
        "/desk/static/topline.css",
    ):
        assert browser.get(path).status_code in (302, 404), path


def test_threat_34_log(desk: Desk) -> None:
    """The desk names the first line of the log that is not as it was written."""
    desk.account("jones", "lead")
    engine = desk.field.engine
    engine.write(lambda db: note(db, "every_kind", "note", text="<b>stick</b> destroyed"))
    said = desk.browser("jones").get("/desk/s/every_kind/log").content.decode()
    assert "none changed" in said
    assert "&lt;b&gt;stick" in said
    engine.write(lambda db: db.change("drop trigger audit_update"))
    engine.write(lambda db: db.change('update audit set what = \'{"verb":"x"}\' where n = 2'))
    assert "Line 2 is not as it was written" in words_of(desk.browser("jones").get("/desk/s/every_kind/log"))


# --- threat 22: the monitor as an oracle

FINISH = "update invite set state = 'finished' where id = ?"
Shown = dict[str, tuple[int | None, str | None]]  # by group: its number, and why it is hidden


def attack(pages: list[tuple[int, Shown]], invited: dict[str, int]) -> dict[str, list[tuple[int, int]]]:
    """What saved pages prove of each group: its least and greatest number on each.

    It knows the rules: a number shown is the multiple of ten at or below the true one; a group that is hidden
    as small has fewer than ten, one that is hidden with it ten or more; true numbers never fall.
    """
    found: dict[str, list[tuple[int, int]]] = {name: [] for name in invited}
    for total, groups in pages:
        low, high = {}, {}
        for name, (n, why) in groups.items():
            low[name] = {None: n or 0, "small": 0, "with": 10}[why]
            high[name] = min(invited[name], {None: (n or 0) + 9, "small": 9, "with": 10_000}[why])
            if found[name]:
                low[name] = max(low[name], found[name][-1][0])
        for _ in range(4):  # subtract the bounds of all the others from the total
            for name in groups:
                low[name] = max(low[name], total - sum(n for each, n in high.items() if each != name))
                high[name] = min(high[name], total + 9 - sum(n for each, n in low.items() if each != name))
        for name in groups:
            found[name].append((low[name], high[name]))
    return found


def five_offices(tmp_path: Path) -> Path:
    """The study with five departments."""
    folder = tmp_path / "five"
    shutil.copytree(STUDIES / "every-kind", folder)
    last = "      2 dft: {label: Department for Transport, short: DfT}\n"
    text = (folder / "study.yaml").read_text("utf-8")
    more = "".join(f"      {number} d{number}: Office {number}\n" for number in (3, 4, 5))
    (folder / "study.yaml").write_text(text.replace(last, last + more), "utf-8")
    return folder


@pytest.mark.parametrize("seed", range(4))
def test_threat_22_differencing(make: Callable[..., Field], tmp_path: Path, seed: int) -> None:
    """Thirty daily pages, and looks in between, while nearly everybody answers: of a group below ten they
    prove nothing but that; what changes within a day is the total alone, by tens.
    """
    sizes = {1: 150, 2: 14, 3: 12, 4: 40, 5: 90}
    field = make(study=five_offices(tmp_path), frame=people(sizes))
    invited = {"moj": 150, "dft": 14, "d3": 12, "d4": 40, "d5": 90}
    draw = random.Random(seed)
    waiting = [invite for (invite,) in field.engine.rows("select id from invite order by id")]
    draw.shuffle(waiting)
    pages: list[tuple[int, Shown]] = []
    truth: list[dict[str, int]] = []
    for number in range(30):
        before: Shown = {}
        for look in range(3):
            found = seen(field, date(2026, 11, 1) + timedelta(days=number))
            table = found.table("department")
            assert table is not None
            shown: Shown = {str(row.value): (row.finished, row.hidden) for row in table.rows}
            assert found.standing.finished % 10 == 0
            assert all(n is None or (n >= 10 and n % 10 == 0) for n, _ in shown.values())
            if look:
                assert shown == before  # groups stand still for a day
            else:
                pages.append((found.standing.finished, shown))
                by = by_group(field.engine, "every_kind", "department")
                truth.append({str(value): each.finished for value, each in by.items()})
            before = shown
            arrived = [(waiting.pop(),) for _ in range(draw.randrange(0, 7)) if waiting]
            field.engine.write(lambda db, rows=arrived: db.many(FINISH, rows))  # type: ignore[misc]
    learnt = attack(pages, invited)
    looked = 0
    for place, (_, shown) in enumerate(pages):
        for name, true in truth[place].items():
            low, high = learnt[name][place]
            assert low <= true <= high
            if true < 10:
                looked += 1
                assert shown[name] == (None, "small")
                assert (low, high) == (0, 9)
    assert looked > 30
    assert any(n is not None for n, _ in pages[-1][1].values())


def test_threat_22_attack_sees() -> None:
    """The same attack does find a small group where its neighbours are shown."""
    shown: Shown = {"moj": (20, None), "dft": (None, "small")}
    assert attack([(30, shown)], {"moj": 21, "dft": 14})["dft"] == [(9, 9)]


def test_threat_22_nothing_finer_is_stored(make: Callable[..., Field], address: str) -> None:
    """Days, groups and counters hold multiples of ten alone, whatever the moment; a family of counters is
    written when ten people came since it was written last.
    """
    field = make(address=address)
    counting = Counting(field.engine, "every_kind")
    written = "select name, bucket, n from monitor_counter order by name, bucket"
    for number in range(29):
        counting.add("device", "phone" if number % 3 else "computer")
        counting.add("reached", "parts")
        counting.flush()
        assert all(n % 10 == 0 and n for _, _, n in field.engine.rows(written))
    # the tenth phone came as the fifteenth person, the tenth computer as the twenty-eighth
    devices = [("device", "computer", 10), ("device", "phone", 10)]
    assert field.engine.rows(written) == [*devices, ("reached", "parts", 20)]
    field.engine.write(lambda db: db.change("update invite set state = 'finished' where id < 37"))
    seen(field)
    numbers = [n for (n,) in field.engine.rows("select finished from monitor_day")]
    rows = field.engine.rows("select value, finished from monitor_group order by value")
    assert (numbers, rows) == ([30], [("*", 30), ("dft", 10), ("moj", 10)])
    assert standing(field.engine, "every_kind").finished == 37


def test_no_name_beside_a_count(make: Callable[..., Field], tmp_path: Path) -> None:
    """No address and no token stands in the tables of the monitor."""
    field = make()
    seen(field)
    for table in ("monitor_day", "monitor_group", "monitor_counter", "course", "outcome_count"):
        text = repr(field.engine.rows(f"select * from {table}"))
        assert "office.example" not in text
        assert not any(token in text for token in field.tokens)
