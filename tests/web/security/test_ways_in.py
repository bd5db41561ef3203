"""Threats 6, 7 and 30 at further doors: codes that are guessed, ways out of a report's folder."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.fields import Field
from tests.web.samples import keys_of
from tests.web.test_doors import linked, model
from tests.web.test_serve import ask, site

from topline.study import read_study
from topline.web.codes import code_of
from topline.web.fieldwork.places import make_codes
from topline.web.keys import code_bits
from topline.web.serve import Site

__all__ = ["model", "site"]  # the fixtures


def test_threat_06_and_07_wrong_codes(model: Callable[..., Field]) -> None:
    """Unknown, misspelt and untaken codes get one and the same page, 404 and then 429; a right one is never
    slowed down, and nothing that was typed comes back.
    """
    field = model()
    linked(field, ("moj",), 30, 33)
    study = read_study(field.study_folder)
    (right,) = make_codes(field.engine, study, ("moj",), 1, "a", keys_of(field))
    untaken = field.engine.rows("select id from invite where way = 'link' limit 1")[0][0]
    codes = [
        code_of(123),
        "A" * 13,
        "",
        "<script>",
        code_of(code_bits(keys_of(field).key, "every_kind", untaken, 0)),
    ]
    pages = {field.browser().post("/code", [("code", each)]).body for each in codes}
    assert len(pages) == 1
    statuses = [field.browser().post("/code", [("code", code_of(n))]).status for n in range(400)]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    assert "Start the survey" in field.browser().post("/code", [("code", right)]).text


def test_threat_30_report_is_served_and_nothing_beside_it(site: Site) -> None:
    """The index and files below the folder are found; ways out of it, through dots or links, are not."""
    assert ask(site, "/report/report").location == "/report/report/"
    assert "How it went" in ask(site, "/report/report/").text
    assert ask(site, "/report/report/pictures/a.svg").text == "<svg/>"
    for path in (
        "../secret.txt",
        "pictures/../../secret.txt",
        "way-out",
        "pictures",
        "/etc/passwd",
        "a\x00b",
        "none",
    ):
        response = ask(site, f"/report/report/{path}")
        assert response.status == 404
        assert "There is no such page" in response.text
