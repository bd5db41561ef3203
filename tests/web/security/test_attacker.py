"""Threat 1, link from files after the close: no file links a response to a person better than attributes."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.web.fields import SECRET, Field, answered
from tests.web.samples import keys_of, two_attributes
from tests.web.security.attack import Attacker, limit, scores
from tests.web.security.faults import FAULTS, CodeRoom, TenAtATime

from topline.study import read_study
from topline.study.answers import answers_as_json
from topline.study.values import Answer, NoAnswer
from topline.web.fieldwork.doors import SharedDoors
from topline.web.fieldwork.places import make_codes
from topline.web.paper.room import Room, Who
from topline.web.store.kinds import StoredResponse, drafts_digest, dump

pytestmark = pytest.mark.slow
DRAW = random.Random(2013)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The study with every kind of question, with two attributes beside the answers."""
    return two_attributes(tmp_path)


def frame(people: int) -> str:
    """A frame of two departments in two towns."""
    lines = [f"p{n}@office.example,{1 + n % 2},{1 + n % 5 // 3}" for n in range(people)]
    return "\n".join(["email,department,town", *lines]) + "\n"


def person(number: int) -> dict[str, Answer]:
    """Made-up answers, no two people's alike: routes, lengths and words differ."""
    keen, many = number % 3 == 0, number % 2 == 0
    answers: dict[str, Answer] = {
        "statement": "tend_to_agree" if keen else "neither",
        "parts.people": "neither",
        "parts.tools": "strongly_agree" if many else "tend_to_disagree",
        "parts.other": NoAnswer("dont_know"),
        "ways": frozenset({"bus", "train"} if many else {"foot"}),
        "site": "north" if number % 5 else NoAnswer("refused"),
        "minutes": Decimal(number % 120),
        "since": date(1980 + number // 100, 1 + number % 12, 1 + number % 28),
        "full_time": "yes",
        "anything": "x" * (number % 90) + str(number),
        "anything.quote": "no",
    }
    if many:
        answers["worst"] = ("train",)
    return answers | ({"why": "y" * (number % 40) + "."} if keen else {})


def truth(field: Field, who: dict[str, int]) -> dict[bytes, int]:
    """Who gave which response: known to the test alone, by the answers, which all differ."""
    import json

    rows = field.engine.rows("select id, answers from response")
    return {bytes(id): who[str(json.loads(answers)["anything"])] for id, answers in rows}


def test_threat_01_protocol_gives_no_more_than_the_attributes(
    make: Callable[..., Field], study: Path, address: str
) -> None:
    """300 people, 100 replies through the real pages, on both stores: attributes, and nothing beside them."""
    field = make(study=study, frame=frame(300), address=address)
    attacker, who = Attacker(field), {}
    for invite in DRAW.sample(range(300), 100):
        answers = person(invite)
        who[str(answers["anything"])] = invite
        assert "Your answers are in" in answered(field, field.tokens[invite], answers).text
        attacker.look()
    field.close(attacker.take_vault)
    attacker.look()
    found = truth(field, who)
    assert len(found) == 100
    assert sorted(found.values()) == sorted(who.values())
    score = scores(attacker, found)
    assert score["attributes"] >= 3, score
    assert {name: each for name, each in score.items() if each > limit(score)} == {}
    assert score["together"] == pytest.approx(score["attributes"])
    if field.engine.kind == "postgresql":
        assert field.engine.rows("select count(distinct xmin::text) from response") == [(1,)]


def handed_out(field: Field) -> list[tuple[int, str]]:
    """Forms on paper for both departments in both towns: invitations and codes."""
    study, keys = read_study(field.study_folder), keys_of(field)
    doors = SharedDoors(field.fieldwork, SECRET)
    codes = [
        code
        for department in ("moj", "dft")
        for town in ("leeds", "cardiff")
        for code in make_codes(field.engine, study, (department, town), 20, f"{department}-{town}", keys)
    ]
    field.tokens += [token for code in codes if (token := doors.holder(code))]
    found = [doors.invitation(code) for code in codes]
    return [(each[0], code) for each, code in zip(found, codes, strict=True) if each is not None]


def keyed(room: Room, attacker: Attacker, code: str, answers: dict[str, Answer], times: int) -> None:
    """Key a form at the desk, as many times, each by another person; the attacker looks after each."""
    text = str(answers["anything"])
    for account in ("anna", "ben")[:times]:
        cells = {column: "" for box in room._boxes.values() for column in box.columns}
        cells |= {
            "statement": "4" if "why" in answers else "3",
            "anything": text,
            "why": str(answers.get("why", "")),
        }
        assert room.key(code, Who(account), cells).state == ("kept" if account == "anna" else "entered")
        attacker.look_at_keyings()
        attacker.look()


def test_threat_01_forms_on_paper_give_no_more_than_the_attributes(
    make: Callable[..., Field], study: Path, address: str
) -> None:
    """Sixty forms keyed twice at the desk, ten keyed once, forty people online: the attributes and nothing
    beside them, although he took a copy of what waited after every single keying. What one person alone
    keyed is no response, and nothing of it is left.
    """
    field = make(study=study, frame=frame(120), address=address)
    forms = handed_out(field)
    attacker, who = Attacker(field), {}
    room = Room(field.fieldwork, SharedDoors(field.fieldwork, SECRET))
    DRAW.shuffle(forms)
    for place, (invite, code) in enumerate(forms[:70]):
        answers = person(invite)
        keyed(room, attacker, code, answers, 1 if place % 7 == 3 else 2)
        if place % 7 != 3:
            who[str(answers["anything"])] = invite
    for invite in DRAW.sample(range(120), 40):
        answers = person(invite)
        who[str(answers["anything"])] = invite
        answered(field, field.tokens[invite], answers)
        attacker.look()
    room.close()
    field.close(attacker.take_vault)
    attacker.look()
    assert sum(map(len, attacker.keyings.values())) == 70
    found = truth(field, who)
    assert sorted(found.values()) == sorted(who.values())
    score = scores(attacker, found)
    assert {name: each for name, each in score.items() if each > limit(score)} == {}
    assert score["together"] == pytest.approx(score["attributes"])
    assert not list(field.vault.glob("*keyings*"))


def test_threat_01_planted_fault_of_forms_is_caught(
    make: Callable[..., Field], study: Path, address: str
) -> None:
    """Where what waits lies under a key made from the link alone, the attacker opens it and finds all."""
    field = make(study=study, frame=frame(40), address=address)
    attacker, who = Attacker(field), {}
    forms = handed_out(field)
    room = CodeRoom(field.fieldwork, SharedDoors(field.fieldwork, SECRET))
    for invite, code in forms[:40]:
        answers = person(invite)
        who[str(answers["anything"])] = invite
        keyed(room, attacker, code, answers, 2)
    room.close()
    field.close(attacker.take_vault)
    attacker.look()
    score = scores(attacker, truth(field, who))
    assert score["keyings"] == pytest.approx(40), score
    assert score["keyings"] > limit(score)


@pytest.mark.parametrize("fault", FAULTS)
def test_threat_01_planted_fault_is_caught(
    make: Callable[..., Field], study: Path, address: str, fault: str
) -> None:
    """Each of the usual designs gives people away, and the attacker finds it by the attack named there."""
    store, drafts, attack = FAULTS[fault]
    field = make(study=study, frame=frame(120), of=store, address=address)
    attacker, who = Attacker(field, drafts), {}
    for invite in DRAW.sample(range(120), 60):
        answers = person(invite)
        who[str(answers["anything"])] = invite
        _answer(field, attacker, invite, answers)
        if isinstance(field.fieldwork, TenAtATime):
            field.fieldwork.release_ten()
        attacker.look()
    field.close(attacker.take_vault)
    attacker.look()
    score = scores(attacker, truth(field, who))
    assert score[attack] > limit(score), score
    assert score["together"] > limit(score), score


def _answer(field: Field, attacker: Attacker, invite: int, answers: dict[str, Answer]) -> None:
    """One interview straight into the store: start, two pages, submit."""
    store, token = field.fieldwork, field.tokens[invite]
    plain = answers_as_json(answers)
    store.start(token)
    for page, names in (("statement", ("statement",)), ("words", ("why", "anything", "anything.quote"))):
        assert store.save(token, page, {name: plain[name] for name in names if name in plain}, 0)
    visited = store.visit("every_kind", token)
    assert visited is not None
    attacker.look_at_drafts(invite)
    digest = drafts_digest(visited[1])
    assert store.send(token, StoredResponse("", {}, plain), digest) == digest
    store.settle()


def test_answers_of_the_attack_differ() -> None:
    """The truth of the tests above is well defined: no two people answer alike."""
    assert len({dump(answers_as_json(person(n))["anything"]) for n in range(300)}) == 300
