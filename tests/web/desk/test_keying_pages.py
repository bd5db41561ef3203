"""Forms on paper at the desk: from the code to the response, and who may do it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.desk.desks import PASSWORD, Desk, words_of
from tests.web.fields import SECRET, STUDIES
from tests.web.samples import keys_of
from tests.web.test_fieldwork import ALL, responses
from tests.web.test_keying import TYPED, cells

from topline.study import read_study
from topline.web.codes import printed
from topline.web.desk import room
from topline.web.fieldwork.doors import SharedDoors
from topline.web.fieldwork.places import make_codes
from topline.web.paper.counts import Progress, progress
from topline.web.paper.room import Room, Who

AT = "/desk/s/every_kind/paper"


@pytest.fixture
def codes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Forms handed out to one department, keyers, and the environment of the room."""
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    monkeypatch.setenv("PYTHONPATH", "src")
    for name in ("anna", "ben", "cleo"):
        desk.account(name, "keyer")
    desk.account("lead", "lead")
    field = desk.field
    return make_codes(field.engine, read_study(field.study_folder), ("moj",), 12, "b", keys_of(field))


def typed(code: str, **boxes: str) -> dict[str, str]:
    """The form as a browser sends it."""
    return {"code": printed(code), "keyed": "1"} | {f"a.{n}": text for n, text in (TYPED | boxes).items()}


def waits(desk: Desk) -> Progress:
    """What waits."""
    return progress(desk.field.engine, "every_kind", desk.field.vault)


def test_keyed_twice(desk: Desk, codes: list[str]) -> None:
    """Code, form, kept; a second person, entered; the counts on the way; the response as from the pages."""
    anna, ben = desk.browser("anna"), desk.browser("ben")
    assert anna.get("/desk/").headers["Location"] == AT
    assert "Keyed once 0" in words_of(anna.get(AT))
    page = anna.post(f"{AT}/form", {"code": printed(codes[0]).lower()})
    assert page.status_code == 200
    assert f'name="code" value="{printed(codes[0])}"' in page.content.decode()
    assert "1 Likes the work 5 Strongly agree 4 Tend to agree" in words_of(page)
    for _ in range(2):  # once more: the browser did not hear
        assert anna.post(f"{AT}/form", typed(codes[0])).headers["Location"] == f"{AT}?said=kept"
    assert "Kept. Somebody else" in words_of(anna.get(f"{AT}?said=kept"))
    assert "Keyed once 1" in words_of(ben.get(AT))
    assert desk.field.engine.rows("select count(*) from sealed") == [(0,)]
    assert ben.post(f"{AT}/form", typed(codes[0], ways="2 8")).headers["Location"] == f"{AT}?said=entered"
    again = ben.post(f"{AT}/form", typed(codes[0]))
    assert (again.status_code, "This form is in already" in words_of(again)) == (422, True)
    desk.field.close()
    (response,) = [{k: v for k, v in each.items() if k != "direction"} for each in responses(desk.field)]
    assert response == ALL
    assert "closing or closed" in words_of(ben.get(AT))


def test_differing_is_decided(desk: Desk, codes: list[str]) -> None:
    """Where two differ the second sees both texts, and a lead; no third does, and neither does the first."""
    anna, ben, cleo, lead = (desk.browser(name) for name in ("anna", "ben", "cleo", "lead"))
    for code in codes[:2]:
        anna.post(f"{AT}/form", typed(code, why="<b>People</b>"))
        page = ben.post(f"{AT}/form", typed(code, statement="5"))
        assert page.status_code == 200
        assert "1 Likes the work First keying 4 Tend to agree Second keying 5 Strongly agree" in words_of(
            page
        )
        assert "&lt;b&gt;People&lt;/b&gt;" in page.content.decode()
        assert "Minutes" not in words_of(page)
    for browser in (anna, cleo):
        refused = browser.post(f"{AT}/form", {"code": codes[0]})
        assert "Two people keyed this form" in words_of(refused)
        decided = {"code": codes[0], "version": "2", "a.statement": "first", "a.why": "first"}
        refused = browser.post(f"{AT}/decide", decided)
        assert (refused.status_code, b"People" in refused.content) == (422, False)
    page = lead.post(f"{AT}/form", {"code": codes[1]})
    assert 'name="version" value="2"' in page.content.decode()
    half = lead.post(f"{AT}/decide", {"code": codes[1], "version": "2", "a.why": "second"})
    assert (half.status_code, 'href="#a.statement-first"' in half.content.decode()) == (422, True)
    assert re.search(r'id="a.why-second" name="a.why" value="second" checked', half.content.decode())
    whole = {"code": codes[1], "version": "2", "a.why": "second", "a.statement": "first"}
    assert lead.post(f"{AT}/decide", whole | {"version": "9" * 30}).status_code == 200  # shown anew
    assert lead.post(f"{AT}/decide", whole).headers["Location"] == f"{AT}?said=entered"
    aside = ben.post(f"{AT}/decide", {"code": codes[0], "version": "2", "aside": "1"})
    assert aside.headers["Location"] == f"{AT}?said=aside"
    assert waits(desk) == Progress(0, 0, 0, 0, 12)
    desk.field.close()
    (response,) = responses(desk.field)
    assert (response["statement"], response["why"]) == ("tend_to_agree", "The people")


def test_faults_are_told_at_once(desk: Desk, codes: list[str]) -> None:
    """Codes and ranges in one summary, each leading to its box; what was typed stays; nothing is kept."""
    anna = desk.browser("anna")
    page = anna.post(f"{AT}/form", typed(codes[0], statement="9", minutes="241", why="<i>" * 30))
    said = page.content.decode()
    assert page.status_code == 422
    assert re.findall(r'<li><a href="#(.*?)"', said) == ["a.statement", "a.minutes", "a.why"]
    assert "<title>Error: Key the form" in said
    assert "“9” cannot stand here, but one of 5, 4, 3, 2, 1, 97." in words_of(page)
    assert "“241” does not fit here (a number from 0 to 240)" in words_of(page)
    assert 'id="a.minutes" name="a.minutes" value="241"' in said
    assert "<i>" not in said
    assert waits(desk) == Progress(0, 0, 0, 0, 12)
    wrong = codes[0][:-1] + ("0" if codes[0][-1] != "0" else "1")
    for code, why in ((wrong, "This is no code"), ("", "This is no code"), (codes[0] * 9, "This is no code")):
        refused = anna.post(f"{AT}/form", {"code": code})
        assert (refused.status_code, why in words_of(refused)) == (422, True)


def test_own_study_alone(open_desk: Callable[..., Desk], desk: Desk, codes: list[str]) -> None:
    """Somebody of another study keys nothing here, and a code of another store is no form of this study."""
    desk.account("stranger", "keyer", study="another")
    for path, form in ((AT, None), (f"{AT}/form", {"code": codes[0]}), (f"{AT}/decide", {"code": codes[0]})):
        browser = desk.browser("stranger")
        answer = browser.get(path) if form is None else browser.post(path, form)
        assert answer.status_code == 403
    other = open_desk()  # the same study launched elsewhere, in the place of this one
    other.account("anna", "keyer")
    refused = other.browser("anna").post(f"{AT}/form", typed(codes[0]))
    assert (refused.status_code, "No form of this survey has this code" in words_of(refused)) == (422, True)


def test_without_keys(desk: Desk, codes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that was not given vault or secret keys nothing and says what to do; nothing typed is lost."""
    anna = desk.browser("anna")
    monkeypatch.delenv("TOPLINE_SECRET")
    refused = anna.post(f"{AT}/form", typed(codes[0]))
    assert (refused.status_code, "topline paper sheet" in words_of(refused)) == (422, True)
    assert 'value="130"' in refused.content.decode()
    from dataclasses import replace

    from topline.web.desk.known import add_study

    add_study(replace(desk.study, vault=None))
    assert "started without the vault" in words_of(anna.get(AT))


def test_room_that_fails(
    desk: Desk, codes: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A process that is killed or breaks: the form comes back as it was typed, and no output tells of it."""
    anna = desk.browser("anna")
    (desk.field.vault / "every_kind.dkeys").write_bytes(b"")
    refused = anna.post(f"{AT}/form", typed(codes[0], why="A canary answer"))
    assert (refused.status_code, "something went wrong on the server" in words_of(refused)) == (422, True)
    assert "A canary answer" in refused.content.decode()
    said = capfd.readouterr()
    assert re.fullmatch(r"keying: \w+ at \w+\.py:\d+\n", said.err), said.err
    monkeypatch.setattr(room, "_PATIENCE", 0.01)
    assert anna.post(f"{AT}/form", {"code": codes[0]}).status_code == 422
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert anna.post(f"{AT}/form", {"code": codes[0]}).status_code == 422
    assert capfd.readouterr().err == ""


def test_paused_meanwhile(desk: Desk, codes: list[str]) -> None:
    """The survey is paused while somebody keys: the form comes back as it was typed, to be sent again."""
    anna, engine = desk.browser("anna"), desk.field.engine
    anna.post(f"{AT}/form", {"code": codes[0]})
    engine.write(lambda db: db.change("insert into course values ('every_kind', 1, null)"))
    refused = anna.post(f"{AT}/form", typed(codes[0], why="A long answer"))
    assert (refused.status_code, "it is paused" in words_of(refused)) == (422, True)
    assert "A long answer" in refused.content.decode()
    engine.write(lambda db: db.change("update course set paused = 0"))
    assert anna.post(f"{AT}/form", typed(codes[0])).headers["Location"] == f"{AT}?said=kept"


def test_words_of_the_study_have_its_language(
    open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk is English; labels, answers and headings are marked as the study's; a heading
    stands before the first box of its section; typed words turn as they are.
    """
    text = (STUDIES / "every-kind" / "study.yaml").read_text("utf-8")
    arabic = open_desk(files={"study.yaml": text.replace("languages: [en, cy, ar]", "languages: [ar]")})
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    monkeypatch.setenv("PYTHONPATH", "src")
    code = make_codes(
        arabic.field.engine, read_study(arabic.field.study_folder), ("moj",), 12, "b", keys_of(arabic.field)
    )[0]
    for name in ("anna", "ben"):
        arabic.account(name, "keyer")
    page = arabic.browser("anna").post(f"{AT}/form", {"code": code}).content.decode()
    assert '1 <bdi lang="ar">Likes the work</bdi></label>' in page
    assert '<span><b>5</b> <bdi lang="ar">Strongly agree</bdi></span>' in page
    assert '<h2 lang="ar" dir="auto">A few more words</h2>' in page
    arabic.browser("anna").post(f"{AT}/form", typed(code, why="نعم"))
    page = arabic.browser("ben").post(f"{AT}/form", typed(code)).content.decode()
    assert '<span class="keyed" dir="auto">نعم</span>' in page


def test_big_form(desk: Desk, codes: list[str]) -> None:
    """A form of many boxes and long words is taken; elsewhere at the desk as much is refused."""
    anna = desk.browser("anna")
    many = typed(codes[0], anything="ŵ" * 400) | {f"a.more{n}": "x" * 100 for n in range(600)}
    assert anna.post(f"{AT}/form", many).headers["Location"] == f"{AT}?said=kept"
    raw: dict[str, Any] = {"content_type": "application/x-www-form-urlencoded"}
    assert anna.post(f"{AT}/form", b"x" * 600_000, **raw).status_code == 400
    assert anna.post(f"{AT}/form", b"&".join([b"a=b"] * 2_100), **raw).status_code == 400
    assert anna.post("/desk/logout", b"x" * 70_000, **raw).status_code == 400


def test_close_tells_of_waiting_forms(desk: Desk, codes: list[str]) -> None:
    """Before the close a lead is told how many forms it would forget."""
    lead = desk.browser("lead")
    close = "/desk/s/every_kind/do/close"
    assert "Forms on paper" not in words_of(lead.get(close))
    desk.browser("anna").post(f"{AT}/form", typed(codes[0]))
    assert "Forms on paper that are keyed and not yet in: 1." in words_of(lead.get(close))
    assert desk.browser("anna").post(close, {"password": PASSWORD}).status_code == 403


@pytest.mark.slow
def test_held_by_what_was_killed(desk: Desk, codes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """While the lock of a killed submission holds, the keyer is told to send once more, with all boxes as
    they were; afterwards the form is entered.
    """
    ben, field = desk.browser("ben"), desk.field
    held: list[tuple[int, float]] = []
    doors = SharedDoors(field.fieldwork, SECRET)

    def killed(*given: object) -> None:
        invite = (doors.invitation(codes[0]) or (-1, ""))[0]
        lock = field.fieldwork.drafts_file.lock(invite)
        assert lock is not None
        held.append((invite, lock[0]))
        raise KeyboardInterrupt

    keyed = Room(field.fieldwork, doors)
    keyed.key(codes[0], Who("anna"), cells(field, TYPED))
    with monkeypatch.context() as patch:
        patch.setattr(field.fieldwork, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            keyed.key(codes[0], Who("ben"), cells(field, TYPED))
    keyed.close()
    refused = ben.post(f"{AT}/form", typed(codes[0]))
    assert (refused.status_code, "send this once more" in words_of(refused)) == (422, True)
    assert 'value="130"' in refused.content.decode()
    field.fieldwork.drafts_file.unlock(*held[0])
    assert ben.post(f"{AT}/form", typed(codes[0])).headers["Location"] == f"{AT}?said=entered"
    assert field.close().replied == 1


@pytest.mark.slow
def test_killed_in_the_middle(desk: Desk, codes: list[str]) -> None:
    """The room's process is killed again and again, at any moment of a second keying: every form that was
    kept is entered in the end, each once.
    """
    for code in codes[:6]:
        assert act(desk, code, "anna", None) == "kept"
        for share in range(4):
            act(desk, code, "ben", 0.2 + 0.06 * share)
    for code in codes[:6]:
        for _ in range(10):  # a submission that was killed keeps others out for twenty seconds
            if (said := act(desk, code, "ben", None)) != "fault":
                break
        assert said in ("entered", "refused"), said  # refused: it is in already
    assert waits(desk) == Progress(0, 0, 0, 0, 12)
    assert desk.field.close().replied == 6


def act(desk: Desk, code: str, account: str, until: float | None) -> str:
    """Key a form in the room's process, killed after a while if one is given; what it says."""
    here = {"study": "every_kind", "folder": str(desk.study.folder), "store": desk.study.store}
    asked = {"act": "key", "code": code, "account": account, "leads": False, "vault": str(desk.field.vault)}
    body = json.dumps(here | asked | {"cells": cells(desk.field, TYPED)})
    process = subprocess.Popen(
        [sys.executable, "-m", "topline.web.paper.act"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said, _ = process.communicate(body, until)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return "killed"
    return str(json.loads(said)["state"])
