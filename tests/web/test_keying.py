"""The keying room: two keyings by two people, agreed forms entered, others decided, nothing lost."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing

import pytest
from tests.web.fields import SECRET, Field, answered
from tests.web.test_fieldwork import ALL, responses
from tests.web.test_paper import KEYED, codes, paper  # noqa: F401

from topline.cli import main
from topline.study.values import NoAnswer
from topline.web.codes import code_of, printed
from topline.web.fieldwork.doors import SharedDoors
from topline.web.fieldwork.field import Fieldwork
from topline.web.paper.counts import Progress, progress
from topline.web.paper.room import Reply, Room, Who
from topline.web.paper.typed import boxes_of
from topline.web.store.audit import entries
from topline.web.store.engines import engine_of

ANNA, BEN, CLEO = Who("anna"), Who("ben"), Who("cleo")
LEAD = Who("lead", leads=True)
#: What is typed for the form that `KEYED` is the sheet's line of.
TYPED = {
    "statement": "4", "parts.people": "3", "parts.tools": "5", "parts.other": "97",
    "ways": "8 2", "ways.other.text": "By <ferry> & “foot”",
    "worst.other": "1", "worst.bus": "2", "site": "98", "minutes": "130", "since": "31 1 2010",
    "why": "The people", "anything": "Two lines\r\nof it", "anything.quote": "1",
}  # fmt: skip


@pytest.fixture
def field(paper: Field) -> Field:  # noqa: F811
    """A launched study."""
    return paper


@pytest.fixture
def room(field: Field) -> Iterator[Room]:
    """Its keying room."""
    made = Room(field.fieldwork, SharedDoors(field.fieldwork, SECRET))
    yield made
    made.close()


def cells(field: Field, typed: Mapping[str, str]) -> dict[str, str]:
    """The cells of what was typed into the page's boxes."""
    found: dict[str, str] = {}
    for sheet in boxes_of(field.compiled):
        for box in sheet.boxes:
            read = box.cells(typed.get(box.name, ""))
            assert read is not None, box
            found |= read
    return found


def why(reply: Reply) -> list[str]:
    """The messages of a refusal."""
    return [id for id, *_ in reply.refused]


def test_two_people_agree(field: Field, room: Room) -> None:
    """Keyed alike by two people, however each types it: the response is the one of the pages and the sheets;
    until the second keying it counts nothing, afterwards once.
    """
    form = cells(field, TYPED)
    all_codes = codes(field)
    for code in all_codes:
        assert room.look(printed(code), ANNA) == Reply("free")
        assert room.key(printed(code).lower(), ANNA, form) == Reply("kept")
        assert room.key(code, ANNA, form) == Reply("kept")  # sent once more: the reply got lost
    assert field.engine.rows("select count(*) from sealed") == [(0,)]
    assert progress(field.engine, "every_kind", field.vault) == Progress(12, 0, 0, 0, 12)
    again = cells(field, TYPED | {"ways": "2,8", "since": "2010-01-31", "why": " The people "})
    for code in all_codes:
        assert room.key(code, BEN, again) == Reply("entered")
        assert why(room.key(code, BEN, again)) == ["keying-before"]
        assert why(room.look(code, CLEO)) == ["keying-before"]
    assert progress(field.engine, "every_kind", field.vault) == Progress(0, 0, 0, 10, 12)
    lengths = {len(bytes(body)) for (body,) in field.engine.rows("select body from sealed")}
    assert lengths == {field.fieldwork.promise.sealed + 28}
    answered(field, field.tokens[0], ALL)
    assert field.close().replied == 13
    found = [{k: v for k, v in each.items() if k != "direction"} for each in responses(field)]
    assert found == [ALL] * 13


def test_same_person_never_twice(field: Field, room: Room) -> None:
    """Whoever keyed a form first does not key it again, with whatever right; a form keyed twice waits for the
    second of the two, or a lead who was not the first, and is nobody else's.
    """
    code = codes(field)[0]
    form = cells(field, TYPED)
    assert room.key(code, LEAD, form).state == "kept"
    for _ in range(2):
        assert why(room.look(code, LEAD)) == ["keying-own"]
        assert why(room.key(code, LEAD, form | {"why": "Another"})) == ["keying-own"]
    assert room.key(code, ANNA, form | {"why": "Another"}).state == "differs"
    for who in (BEN, CLEO):
        assert why(room.look(code, who)) == ["keying-two"]
        assert why(room.key(code, who, form)) == ["keying-two"]
        assert why(room.decide(code, who, {"why": "first"}, 2)) == ["keying-two"]
    for who in (LEAD, BEN, CLEO):  # the lead keyed it first
        assert why(room.look(code, who)) == ["keying-two"]
    assert room.look(code, ANNA).state == room.look(code, Who("other", leads=True)).state == "differs"
    assert field.engine.rows("select count(*) from sealed") == [(0,)]


def test_decided_where_they_differ(field: Field, room: Room) -> None:
    """Both texts of the boxes that differ, of no other; each must be chosen; what was chosen is entered."""
    first, second, third = codes(field)[:3]
    one = cells(field, TYPED)
    other = cells(field, TYPED | {"statement": "3", "ways": "1 8", "worst.bus": "", "minutes": "31"})
    for code in (first, second):
        assert room.key(code, ANNA, one).state == "kept"
        reply = room.key(code, BEN, other)
        assert reply == Reply("differs", (), (
            ("statement", "4", "3"), ("ways", "2 8", "1 8"), ("worst.bus", "2", ""), ("minutes", "130", "31"),
        ), 2)  # fmt: skip
    assert progress(field.engine, "every_kind", field.vault) == Progress(0, 2, 0, 0, 12)
    chosen = {"statement": "first", "ways": "second", "worst.bus": "second"}
    lacking = room.decide(first, BEN, chosen, 2)
    assert (lacking.state, lacking.refused[0][::2]) == ("differs", ("keying-choose", "minutes"))
    assert room.decide(first, BEN, chosen | {"minutes": "third"}, 2).state == "differs"
    assert room.decide(first, BEN, chosen | {"minutes": "second"}, 1).state == "differs"  # of another version
    mixed = room.decide(
        second, LEAD, dict.fromkeys(chosen, "first") | {"ways": "second", "minutes": "first"}, 2
    )
    assert (mixed.state, mixed.refused[0][::2]) == ("differs", ("paper-fault", "worst.train"))
    assert room.decide(first, BEN, chosen | {"minutes": "second"}, 2).state == "entered"
    assert why(room.decide(first, BEN, chosen, 2)) == ["keying-before"]
    assert room.put_aside(second, LEAD, 2) == Reply("free")
    assert why(room.put_aside(third, LEAD, 0)) == []
    assert room.key(second, BEN, one).state == "kept"
    assert room.key(second, ANNA, one).state == "entered"
    field.close()
    found = [(str(each["statement"]), str(each["minutes"]), each["ways"]) for each in responses(field)]
    assert sorted(found, key=str) == [
        ("tend_to_agree", "130", frozenset({"bus", "other"})),
        ("tend_to_agree", "31", frozenset({"train", "other"})),
    ]


def test_what_is_not_taken(field: Field, room: Room) -> None:
    """Ranges, checks and codes at once, all of them, by box; strange codes, codes used online, a paused
    survey; and nothing of it is kept.
    """
    a, b, c = codes(field)[:3]
    wrong = cells(field, TYPED | {"minutes": "241", "since": "1 2 1960", "worst.bus": "1", "ways": "9 2"})
    reply = room.key(a, ANNA, wrong | {"statement": "9"})
    assert [(id, box) for id, _, box in reply.refused] == [("paper-cell", "statement")]
    reply = room.key(a, ANNA, wrong)
    assert [(id, box) for id, _, box in reply.refused] == [
        ("paper-beside", "ways.other.text"), ("paper-fault", "ways"),
        ("paper-fault", "minutes"), ("paper-fault", "since"),
    ]  # fmt: skip
    assert why(room.key(code_of(7), ANNA, wrong)) == ["paper-unknown"]
    assert why(room.key("nonsense", ANNA, wrong)) == ["paper-unknown"]
    begun = field.browser()
    begun.post("/code", [("code", b)])
    begun.post("/start", begun.fields("/"))
    begun.save("statement", [("statement", "neither")])
    assert why(room.look(b, ANNA)) == ["paper-started"]
    field.engine.write(lambda db: db.change("insert into course values ('every_kind', 1, null)"))
    assert room.key(c, ANNA, cells(field, {})).refused == (("paper-shut", {"phase": "paused"}, ""),)
    assert progress(field.engine, "every_kind", field.vault) == Progress(0, 0, 0, 0, 12)


def test_broken_routes_and_empty_forms(field: Field, room: Room) -> None:
    """What stands beside the route is dropped, what is empty on it is blank: as with sheets."""
    beside, empty = codes(field)[:2]
    for who in (ANNA, BEN):
        room.key(beside, who, cells(field, {"statement": "3", "why": "No reason", "worst.bus": "1"}))
        room.key(empty, who, cells(field, {}))
    field.close()
    found = {str(each["statement"]): each for each in responses(field)}
    assert found["neither"]["why"] == found["neither"]["worst"] == NoAnswer("not_asked")
    assert found["neither"]["ways"] == NoAnswer("blank")
    assert {each["statement"] for each in found.values()} == {"neither", NoAnswer("blank")}


def test_words_beside_a_cross(field: Field, room: Room) -> None:
    """A cross at “other” without words counts, as it often comes on paper; words without the cross keep the
    form out, at their box, rather than vanish.
    """
    first, second = codes(field)[:2]
    bare = cells(field, TYPED | {"ways.other.text": ""})
    assert [room.key(first, who, bare).state for who in (ANNA, BEN)] == ["kept", "entered"]
    reply = room.key(second, ANNA, cells(field, TYPED | {"ways": "2"}))
    assert [(id, box) for id, _, box in reply.refused] == [("paper-beside", "ways.other.text")]
    field.close()
    (found,) = responses(field)
    assert (found["ways"], "ways.other.text" in found) == (frozenset({"bus", "other"}), False)


def test_close_tells_what_it_forgets(
    field: Field,
    room: Room,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    address: str,
) -> None:
    """`topline close` says before how many forms are not agreed; what is agreed is entered first."""
    first, second, third = codes(field)[:3]
    form = cells(field, TYPED)
    room.key(first, ANNA, form)
    room.key(second, ANNA, form)
    room.key(second, BEN, form | {"why": "Another"})
    room.key(third, ANNA, form)
    with monkeypatch.context() as patch:
        patch.setattr(field.fieldwork, "send", lambda *given: "")  # as if it was killed there
        room.key(third, BEN, form)
    assert progress(field.engine, "every_kind", field.vault) == Progress(1, 1, 1, 0, 12)
    field.end()
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    monkeypatch.setenv("TOPLINE_DATABASE_URL", address)
    close = ["close", str(field.study_folder), "--vault", str(field.vault)]
    assert main(close) == 2
    assert "Of 2 forms on paper only a first keying is there" in capsys.readouterr().err
    assert main([*close, "--yes"]) == 0
    assert capsys.readouterr().out.startswith("Closed: 1 of ")


@pytest.mark.parametrize("point", ["start", "save", "send", "settle"])
def test_killed_while_entering(field: Field, room: Room, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """Stopped at any point after both keyings agree, the form is entered once by whoever comes next."""
    code, form = codes(field)[0], cells(field, TYPED)
    room.key(code, ANNA, form)

    def killed(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(field.fieldwork, point, killed)
        with pytest.raises(KeyboardInterrupt):
            room.key(code, BEN, form)
    waits = progress(field.engine, "every_kind", field.vault)
    assert waits.once == waits.differs == 0
    assert waits.agreed == (0 if point == "settle" else 1)
    assert room.go_on() == (0 if point == "settle" else 1)
    assert progress(field.engine, "every_kind", field.vault) == Progress(0, 0, 0, 0, 12)
    assert why(room.look(code, CLEO)) == ["keying-before"]
    assert field.close().replied == 1


def test_many_at_once(field: Field, address: str) -> None:
    """Eight people key the same form at the same moment: one keying is the first, one the second."""
    code, form = codes(field)[0], cells(field, TYPED)
    states: list[str] = []

    def key(number: int) -> None:
        with closing(Fieldwork(field.compiled, engine_of(address), field.vault)) as store:
            own = Room(store, SharedDoors(store, SECRET))
            states.append(own.key(code, Who(f"keyer {number}"), form).state)
            own.close()

    threads = [threading.Thread(target=key, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (states.count("kept"), states.count("entered")) == (1, 1)
    assert states.count("refused") == 6
    assert field.close().replied == 1


def test_entered_while_looked_up(field: Field, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two others enter the form between a third's look and keeping: the third is told, and nothing waits."""
    code, form = codes(field)[0], cells(field, TYPED)
    free, look = room._admit(code, CLEO), room._admit
    for who in (ANNA, BEN):
        room.key(code, who, form)
    monkeypatch.setattr(room, "_admit", lambda *given: looks.pop(0) if looks else look(*given))
    looks = [free]
    assert why(room.key(code, CLEO, form)) == ["keying-before"]
    assert room._file.rows() == []


def test_online_meanwhile(field: Field, room: Room) -> None:
    """Somebody begins online with the code of a form that waits: it is put apart, and stays what it was; it
    goes when they finish.
    """
    once, apart = codes(field)[:2]
    form = cells(field, TYPED)
    for code in (once, apart):
        room.key(code, ANNA, form)
    assert room.key(apart, BEN, form | {"why": "Another"}).state == "differs"
    for code in (once, apart):
        begun = field.browser()
        begun.post("/code", [("code", code)])
        begun.post("/start", begun.fields("/"))
        begun.save("statement", [("statement", "neither")])
    assert why(room.key(once, BEN, form)) == ["paper-started"]
    assert why(room.decide(apart, BEN, {"why": "first"}, 2)) == ["paper-started"]
    assert progress(field.engine, "every_kind", field.vault) == Progress(1, 1, 0, 0, 12)
    answered(field, SharedDoors(field.fieldwork, SECRET).holder(once) or "", ALL)
    assert progress(field.engine, "every_kind", field.vault) == Progress(0, 1, 0, 0, 12)
    assert why(room.look(once, BEN)) == ["keying-before"]
    assert [each.state for each in room._file.rows()] == ["differs"]


def test_counted_while_written(field: Field, room: Room) -> None:
    """Counting waits for nobody who writes; the file of a process that was killed at once counts nothing."""
    room.key(codes(field)[0], ANNA, cells(field, TYPED))
    path = field.vault / "every_kind.keyings"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin exclusive")
        assert progress(field.engine, "every_kind", field.vault).once == 1
        other.execute("rollback")
    room.close()
    for each in field.vault.glob("every_kind.keyings*"):
        each.unlink()
    path.touch()
    assert progress(field.engine, "every_kind", field.vault) == Progress(0, 0, 0, 0, 12)


def test_waiting_on_disk(field: Field, room: Room, make: Callable[..., Field]) -> None:
    """What waits is one length whatever was keyed, opens nowhere else, names nobody, and goes at entry and at
    close; forms keyed once count nothing.
    """
    a, b, c = codes(field)[:3]
    room.key(a, ANNA, cells(field, {}))
    room.key(b, ANNA, cells(field, TYPED))
    room.key(c, Who("lead who has a rather long name", True), cells(field, TYPED | {"anything": "ŵ" * 400}))
    room.key(c, BEN, cells(field, TYPED))
    rows = room._file.rows()
    assert len({len(each.body) for each in rows}) == 1
    disk = b"".join(path.read_bytes() for path in field.vault.glob("every_kind.keyings*"))
    for told in (b"anna", b"ferry", b"tend_to", a.encode(), printed(b).encode()):
        assert told not in disk
    room._file.save(rows[0].invite, "once", rows[1].body, 1)  # somebody swaps two rows
    assert why(room.look(a, BEN)) == ["keying-unreadable"]
    assert room.look(a, BEN) == Reply("free")
    assert room.key(b, BEN, cells(field, TYPED)).state == "entered"
    assert [each.invite for each in room._file.rows()] == [rows[2].invite]
    room.close()
    assert field.close().replied == 1
    assert not list(field.vault.glob("*keyings*"))


def test_log_says_tens(field: Field, room: Room) -> None:
    """The log has a line at the tenth form, not one a form, and no account in it."""
    for code in codes(field):
        for who in (ANNA, BEN):
            room.key(code, who, cells(field, TYPED))
    said = [each.what for each in entries(field.engine, "every_kind") if "paper keyed" in str(each.what)]
    assert said == [{"verb": "paper keyed", "finished": 10}]
