"""Threat 1 for those who are on no list: by a shared link, by a code on paper, as a late joiner."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.web.fields import Field, answered
from tests.web.samples import keys_of
from tests.web.security.attack import Attacker, limit, scores
from tests.web.security.test_attacker import DRAW, frame, person, study, truth

from topline.study import read_study
from topline.web.fieldwork.frame import read_frame
from topline.web.fieldwork.places import Link, add_link, make_codes
from topline.web.fieldwork.update import update_frame
from topline.web.keys import door_token, link_hash

pytestmark = pytest.mark.slow
__all__ = ["study"]  # the fixture


def test_threat_01_no_way_of_coming_tells_more(
    make: Callable[..., Field], study: object, address: str
) -> None:
    """100 people of the list, 20 joiners, a link, a batch of paper: 60 replies in any order, and for no
    response the attacker knows more than its groups.
    """
    field = make(study=study, frame=frame(100), address=address)
    attacker, who = Attacker(field), {}
    tokens = _tokens(field)
    DRAW.shuffle(tokens)
    for number, token in enumerate(tokens[:60]):
        answers = person(number)
        token = token or _taken(field)
        assert "Your answers are in" in answered(field, token, answers).text
        row = field.engine.rows("select id from invite where link_hash = ?", link_hash(token))
        who[str(answers["anything"])] = row[0][0]
        attacker.look()
    field.close(attacker.take_vault)
    attacker.look()
    found = truth(field, who)
    assert sorted(found.values()) == sorted(who.values())
    score = scores(attacker, found)
    assert {name: each for name, each in score.items() if each > limit(score)} == {}
    assert score["together"] == pytest.approx(score["attributes"])


def _tokens(field: Field) -> list[str]:
    """The tokens of the list, of joiners, of paper; empty ones for places of the link."""
    folder, keys = read_study(field.study_folder), keys_of(field)
    file = field.folder / "today.csv"
    lines = frame(120)
    file.write_text(lines, "utf-8")
    update_frame(field.engine, folder, read_frame(folder, file), file, keys, None)
    add_link(field.engine, folder, Link("l", ("moj", "leeds"), 30, 33), keys)
    make_codes(field.engine, folder, ("dft", "cardiff"), 15, "b", keys)
    people = field.engine.rows("select id from invite order by id")
    field.tokens = [keys.token(id) for (id,) in people]  # the attacker has every one
    rows = field.engine.rows("select id from invite where way <> 'link'")
    return [keys.token(id) for (id,) in rows] + [""] * 20


def _taken(field: Field) -> str:
    """A place of the link."""
    browser = field.browser()
    browser.post(f"/l/{door_token(keys_of(field).key, 'every_kind', 'l')}/start", [])
    return browser.cookie
