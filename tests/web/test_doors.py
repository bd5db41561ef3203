"""Shared links and codes through the real pages: places, codes to come back with, quotas, what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.fields import SECRET, CookieBrowser, Field
from tests.web.samples import keys_of, study_with
from tests.web.test_fieldwork import ALL, responses

from topline.base import ToplineError
from topline.study import read_study
from topline.web.codes import code_of, printed, read_code
from topline.web.fieldwork.doors import SharedDoors
from topline.web.fieldwork.places import Link, add_link, link_of, make_codes
from topline.web.fieldwork.quotas import Quotas
from topline.web.keys import door_token

MODEL = "inference: model\n"


@pytest.fixture
def model(tmp_path: Path, make: Callable[..., Field]) -> Callable[..., Field]:
    """Launch the study under `inference: model`."""

    def launch(*lines: str, **settings: Any) -> Field:
        return make(study=study_with(tmp_path, "model", *lines), **settings)

    return launch


def linked(field: Field, cell: tuple[str | None, ...], headcount: int | None, places: int) -> str:
    """Add a link; return the path of its page."""
    study = read_study(field.study_folder)
    link = add_link(field.engine, study, Link("l", cell, headcount, places), keys_of(field))
    return f"/l/{door_token(keys_of(field).key, 'every_kind', link.name)}"


def came(field: Field, path: str) -> tuple[CookieBrowser, str]:
    """Come by a link and start; return the browser and the code."""
    browser = field.browser()
    page = browser.post(f"{path}/start", [])
    found = re.search(r"<strong>([0-9A-Z-]{16})</strong>", page.text)
    assert found, page.text
    return browser, found[1]


def test_link_of_a_department(model: Callable[..., Field], address: str) -> None:
    """Two people come by one link: two responses with its department and nothing else; the headcount counts
    as invited.
    """
    field = model(address=address)
    path = linked(field, ("moj",), 30, 33)
    page = field.browser().get(path).text
    assert "Ministry of Justice" in page
    assert "Nobody noted who was given this link" in page
    assert "We know that you were invited" not in page
    for _ in range(5):
        browser, _ = came(field, path)
        assert "Thank you" in browser.answer_all(browser.cookie, ALL).text
    done = field.close()
    assert (done.invited, done.replied) == (70, 5)
    assert len(responses(field)) == 5
    assert {
        json.loads(cell)["department"] for (cell,) in field.engine.rows("select attributes from response")
    } == {"moj"}


def test_code_leads_back(model: Callable[..., Field]) -> None:
    """Another browser goes on with the code, in small letters and without hyphens; nothing else does."""
    field = model()
    path = linked(field, ("moj",), 30, 33)
    browser, code = came(field, path)
    browser.save("statement", [("statement", "neither")])
    second = field.browser()
    assert "Go on with the survey" in second.post("/code", [("code", code.lower().replace("-", " "))]).text
    assert 'value="neither" id="statement-neither" checked' in second.get("/p/statement").text
    assert "your code brings you back here" in second.get("/p/statement").text
    without = field.browser()
    assert "Go on with the survey" in without.post("/code", [("code", code), (".cookies", "no")]).text
    assert without.cookie == ""


def test_places_run_out(model: Callable[..., Field], address: str) -> None:
    """Twelve people at once for ten places: ten come in, each in a place of their own, two are told."""
    field = model(address=address)
    path = linked(field, ("moj",), 10, 10)
    pages: list[str] = []
    cookies: list[str] = []

    def come() -> None:
        browser = field.browser()
        pages.append(browser.post(f"{path}/start", []).text)
        cookies.append(browser.cookie)
        field.engine.close() if field.engine.kind == "postgresql" else None

    threads = [Thread(target=come) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({cookie for cookie in cookies if cookie}) == 10
    assert sum("has the answers that it needs" in page for page in pages) == 2


def test_opening_a_link_writes_nothing(model: Callable[..., Field]) -> None:
    """GET and HEAD take no place, however often; a strange or closed link says so."""
    field = model()
    path = linked(field, ("moj",), 30, 33)
    for method in ("GET", "HEAD"):
        assert field.browser().ask(method, path).status == 200
    assert field.engine.rows("select count(*) from invite where way = 'link' and state <> 'listed'") == [(0,)]
    assert field.browser().get("/l/" + "a" * 26).status == 404
    assert field.browser().get(f"{path}/other").status == 404
    assert field.browser().ask("POST", f"{path}/start", b"", site="cross-site").status == 403


def test_places_tell_no_order(model: Callable[..., Field]) -> None:
    """Whoever comes gets any free place: the numbers of those who came are not in the order of coming."""
    field = model()
    path = linked(field, ("moj",), 60, 60)
    order = []
    for _ in range(12):
        came(field, path)
        order.append({id for (id,) in field.engine.rows(
            "select id from invite where way = 'link' and state = 'started'")})  # fmt: skip
    numbers = [next(iter(now - before)) for before, now in zip([set(), *order], order, strict=False)]
    assert numbers != sorted(numbers)


def test_paper_code_is_known_by_its_hash_alone(model: Callable[..., Field]) -> None:
    """The store holds no code; the same batch gives the same codes again, another number is refused."""
    field = model()
    study = read_study(field.study_folder)
    codes = make_codes(field.engine, study, ("dft",), 12, "b", keys_of(field))
    assert make_codes(field.engine, study, ("dft",), 12, "b", keys_of(field)) == codes
    with pytest.raises(ToplineError, match="the batch b has 12 codes, and 13 are asked for"):
        make_codes(field.engine, study, ("dft",), 13, "b", keys_of(field))
    dumped = repr(field.engine.rows("select * from invite")) + repr(field.engine.rows("select * from audit"))
    assert not any(code in dumped or code[:12] in dumped for code in codes)
    page = field.browser().post("/code", [("code", codes[3])]).text
    assert "Department for Transport" in page


def test_quota_closes_in_steps_of_ten(model: Callable[..., Field]) -> None:
    """At nineteen finished a quota of fifteen is open, at twenty full; who had started may finish."""
    field = model("quotas: {department: {moj: 15}}")
    moj = [n for n in range(40) if n % 2 == 0]

    def finish(number: int) -> None:
        ids = tuple(moj[:number])
        field.engine.write(
            lambda db: db.many("update invite set state = 'finished' where id = ?", [(id,) for id in ids])
        )
        field.fieldwork.quotas = Quotas(field.engine, "every_kind", field.fieldwork.promise)

    begun = field.browser()
    begun.begin(field.tokens[moj[19]])
    finish(14)
    assert "Start the survey" in field.browser().get(f"/i/{field.tokens[moj[18]]}").text
    finish(19)
    assert "Go on with the survey" in begun.get(f"/i/{field.tokens[moj[19]]}").text
    field.engine.write(lambda db: db.change("update invite set state = 'finished' where id = 0"))
    path = linked(field, ("moj",), 30, 33)
    assert "Start the survey" in field.browser().get(path).text
    came(field, path)
    field.engine.write(
        lambda db: db.change("update invite set state = 'finished' where state = 'started' and way = 'link'")
    )
    field.fieldwork.quotas = Quotas(field.engine, "every_kind", field.fieldwork.promise)
    assert "has the answers that it needs here" in field.browser().get(path).text
    assert "Page 1" in begun.get("/p/statement").text
    assert "Start the survey" in field.browser().get(f"/i/{field.tokens[1]}").text


def test_refusals_of_links(tmp_path: Path, model: Callable[..., Field]) -> None:
    """An open link under an inference that rests on who was invited; a link without a size; a small group."""
    census = study_with(tmp_path, "census-nonresponse", "# no more")
    text = (census / "study.yaml").read_text("utf-8").replace("keep:", "invited: 40, keep:")
    (census / "study.yaml").write_text(text, "utf-8")
    with pytest.raises(ToplineError, match="anybody can come by an open link"):
        link_of(read_study(census), {}, None, 100)
    assert link_of(read_study(census), {"department": "1"}, 640, None) == Link("moj", ("moj",), 640, 704)
    field = model()
    study = read_study(field.study_folder)
    with pytest.raises(ToplineError, match="needs the number of answers"):
        link_of(study, {}, None, None)
    with pytest.raises(ToplineError, match="town is not kept"):
        link_of(study, {"town": "leeds"}, 10, None)
    with pytest.raises(ToplineError, match="would stand alone"):
        add_link(field.engine, study, Link("few", (None,), 3, 4), keys_of(field))


def test_link_declared_before_launch(tmp_path: Path, make: Callable[..., Field]) -> None:
    """The launch gives a declared link its places, and counts its people when it coarsens the groups."""
    from tests.web.fields import opened

    from topline.study.freeze import read_frozen
    from topline.web.fieldwork.launch import launch
    from topline.web.fieldwork.places import declare_link
    from topline.web.store.engines import engine_of
    from topline.web.store.tables import make_tables

    study = read_study(study_with(tmp_path, "model"))
    engine = engine_of(str(tmp_path / "main.db"))
    make_tables(engine)
    for link in (
        link_of(study, {"department": "moj"}, 20, None),
        link_of(study, {"department": "dft"}, 5, None),
    ):
        declare_link(engine, study, link)
    with pytest.raises(ToplineError, match="has a link moj already"):
        declare_link(engine, study, link_of(study, {"department": "moj"}, 20, None))
    launch(study, engine, tmp_path / "vault", SECRET)
    field = opened(tmp_path, engine, read_frozen(study.folder, 1))
    counts = engine.rows("select batch, cell, count(*) from invite group by batch, cell order by batch")
    # five people alone are no crowd, so nobody's department is kept
    assert counts == [("dft", '{"department":null}', 6), ("moj", '{"department":null}', 22)]
    browser, _ = came(field, f"/l/{door_token(keys_of(field).key, 'every_kind', 'moj')}")
    assert "Page 1" in browser.get("/p/statement").text
    field.end()


# --- codes


@given(bits=st.integers(0, 2**60 - 1))
def test_a_code_is_read_as_it_was_printed(bits: int) -> None:
    """In any case, with I, L and O for 1, 1 and 0, with or without hyphens."""
    code = code_of(bits)
    assert len(code) == 13
    assert read_code(code) == read_code(printed(code).lower()) == code
    assert read_code(code.replace("1", "l").replace("0", "O")) == code


@given(
    bits=st.integers(0, 2**60 - 1),
    place=st.integers(0, 12),
    letter=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
)
def test_one_slip_is_always_found(bits: int, place: int, letter: str) -> None:
    """One wrong letter, or two neighbours that changed places, never make another code."""
    code = code_of(bits)
    if letter != code[place]:
        assert read_code(code[:place] + letter + code[place + 1 :]) is None
    if place < 12 and code[place] != code[place + 1]:
        assert read_code(code[:place] + code[place + 1] + code[place] + code[place + 2 :]) is None


# --- after the close, and after a loss


def test_after_the_close_links_and_codes_say_so(model: Callable[..., Field], address: str) -> None:
    """A server that goes on after the close tells whoever comes that it is over; one that starts after it
    knows shared links still.
    """
    from topline.web.fieldwork.after import AfterClose
    from topline.web.respond import Runner

    field = model(address=address)
    path = linked(field, ("moj",), 30, 33)
    field.close()
    after = AfterClose(field.compiled, field.engine)
    later = CookieBrowser(Runner(field.compiled, after, mode="fieldwork", doors=after))
    for browser in (field.browser(), later):
        for page in (path, "/code"):
            assert "This survey is closed" in browser.get(page).text
        assert "This survey is closed" in browser.post(f"{path}/start", []).text
        assert "This survey is closed" in browser.post("/code", [("code", "x")]).text
    assert later.get("/l/" + "a" * 26).status == 404


def test_restore_without_keys_frees_every_place(model: Callable[..., Field], tmp_path: Path) -> None:
    """Where vault and stick are lost, shared links and codes are made anew, and taken places are free."""
    from tests.web.fields import opened

    from topline.study.freeze import read_frozen
    from topline.web.operate.backup import back_up
    from topline.web.operate.rekey import Keys
    from topline.web.operate.restore import restore
    from topline.web.store.engines import engine_of

    field = model()
    study = read_study(field.study_folder)
    path = linked(field, ("moj",), 30, 33)
    browser, code = came(field, path)
    assert "Thank you" in browser.answer_all(browser.cookie, ALL).text
    (paper,) = make_codes(field.engine, study, ("moj",), 1, "b", keys_of(field))
    back_up(field.engine, [study], tmp_path / "backup.zip")
    folder = tmp_path / "new"
    restore(
        tmp_path / "backup.zip", folder, str(folder / "main.db"), Keys(folder / "vault", lose=True), SECRET
    )
    new = opened(folder, engine_of(str(folder / "main.db")), read_frozen(folder / "every_kind", 1))
    again = f"/l/{door_token(keys_of(new).key, 'every_kind', 'l')}"
    assert again != path
    assert new.browser().get(path).status == 404
    states = new.engine.rows("select state, count(*) from invite where way = 'link' group by state")
    assert states == [("listed", 33)]
    assert new.browser().post("/code", [("code", code)]).status == 404
    assert new.browser().post("/code", [("code", paper)]).status == 404
    study = read_study(folder / "every_kind")
    (other,) = make_codes(new.engine, study, ("moj",), 1, "b", keys_of(new))
    assert "Start the survey" in new.browser().post("/code", [("code", other)]).text
    came(new, again)
    new.end()


def test_privacy_says_what_holds_for_each_way(model: Callable[..., Field]) -> None:
    """The list's promise alone while there is no link; then each promise under its heading."""
    field = model()
    before = field.browser().get("/privacy").text
    assert "We know that you were invited" in before
    assert "Nobody noted who was given" not in before
    linked(field, ("moj",), 30, 33)
    doors = SharedDoors(field.fieldwork, SECRET)
    assert doors.ways == {"list", "link"}
    field.runner.doors = doors
    for query, listed, unlisted in (
        ("", "<h2>If you were sent a link of your own</h2>", "<h2>If you came by a link that others share"),
        ("?lang=cy", "<h2>Os anfonwyd dolen", "<h2>Os daethoch drwy ddolen"),
    ):
        text = field.browser().get(f"/privacy{query}").text
        assert text.index(listed) < text.index(unlisted)
    assert "Nobody noted who was given" in field.browser().get("/privacy").text
