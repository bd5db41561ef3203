"""Shared links in the monitor: who came and finished, and the participation rate of a headcount."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from tests.web.fields import Field
from tests.web.samples import keys_of, study_with

from topline.study import read_study
from topline.web.fieldwork.places import add_link, link_of
from topline.web.monitor.figures import as_json, figures
from topline.web.monitor.texts import as_rows, as_text

TODAY = date(2026, 11, 28)


@pytest.fixture
def field(make: Callable[..., Field], address: str, tmp_path: Path) -> Field:
    """A launched study with one link for a department of 40, and one for whoever comes."""
    field = make(address=address, study=study_with(tmp_path, "descriptive"))
    study, keys = read_study(field.study_folder), keys_of(field)
    add_link(field.engine, study, link_of(study, {"department": "moj"}, 40, None), keys)
    add_link(field.engine, study, link_of(study, {}, None, 30), keys)
    return field


def come(field: Field, batch: str, came: int, finished: int) -> None:
    """People take places of a link, and some of them finish."""
    ids = [n for (n,) in field.engine.rows("select id from invite where batch = ? order by id", batch)]
    for place, invite in enumerate(ids[:came]):
        state = "finished" if place < finished else "started"
        field.engine.write(
            lambda db, s=state, n=invite: db.change("update invite set state = ? where id = ?", s, n)  # type: ignore[misc]
        )


def test_participation(field: Field) -> None:
    """In steps of ten; the people of a link are not among those invited; no headcount, no rate."""
    come(field, "moj", 37, 29)
    come(field, "open", 19, 9)
    found = figures(field.compiled, field.engine, {}, today=TODAY)
    assert [(each.label, each.headcount, each.came, each.finished) for each in found.links] == [
        ("Ministry of Justice", 40, 30, 20), ("", None, 10, 0),
    ]  # fmt: skip
    assert [each.participation for each in found.links] == [Fraction(1, 2), None]
    assert (found.standing.invited, found.standing.finished) == (40, 0)
    assert "Ministry of Justice" in as_text(found)
    assert "50.0%" in as_text(found)
    assert ("participation", "link=Ministry of Justice", "50.0%") in as_rows(found)
    assert json.loads(as_json(found))["links"][1] == {
        "of": "", "headcount": None, "came": 10, "finished": 0, "participation": None,
    }  # fmt: skip
