"""The site: what stands at which path, and what never does."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from topline.base import ToplineError
from topline.web.respond import Response, Runner
from topline.web.serve import Site
from topline.web.server import compile_all, serve
from topline.web.store.sqlite import Store


@pytest.fixture
def site(runner: Runner, tmp_path: Path) -> Site:
    """One study and one report, with a secret beside it."""
    report = tmp_path / "report"
    (report / "pictures").mkdir(parents=True)
    (report / "index.html").write_text("<title>How it went &amp; why</title>", "utf-8")
    (report / "pictures" / "a.svg").write_text("<svg/>", "utf-8")
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (report / "way-out").symlink_to(tmp_path / "secret.txt")
    return Site({"/s/every_kind": runner}, {"/report/report": report})


def ask(site: Site, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Response:
    """Ask as a WSGI server does."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **headers,
    }  # fmt: skip
    started: list[Any] = []
    content = b"".join(site(environ, lambda status, headers: started.append((status, headers))))
    (status, found) = started[0]
    return Response(int(status[:3]), tuple(found), content)


def test_front_page_lists_what_is_here(site: Site) -> None:
    """Studies and reports stand there by their titles, each with its address."""
    page = ask(site, "/").text
    assert '<a href="/s/every_kind/">Pages: Every kind of question</a>' in page
    assert '<a href="/report/report/">Report: How it went &amp; why</a>' in page
    assert "made-up answers only" in page


def test_pages_of_a_study_stand_below_its_path(site: Site) -> None:
    """Links of the pages carry the path at which the study is mounted."""
    page = ask(site, "/s/every_kind/")
    assert 'action="/s/every_kind/"' in page.text
    opened = ask(site, "/s/every_kind/", "POST", b"department=dft")
    assert opened.status == 303
    assert opened.location is not None
    assert opened.location.startswith("/s/every_kind/i/")
    assert "Department for Transport" in ask(site, opened.location).text


def test_style_and_signs_are_served(site: Site) -> None:
    """One style sheet and two signs, and nothing else below /static."""
    assert dict(ask(site, "/static/respond.css").headers)["Content-Type"] == "text/css; charset=utf-8"
    assert ".lk-head" in ask(site, "/static/respond.css").text
    assert dict(ask(site, "/static/logo.svg").headers)["Content-Type"] == "image/svg+xml"
    assert ask(site, "/static/topline.css").status == 404


def test_head_has_no_body(site: Site) -> None:
    """HEAD tells the length and sends nothing."""
    response = ask(site, "/s/every_kind/", "HEAD")
    assert response.body == b""
    assert int(dict(response.headers)["Content-Length"]) > 1000


def test_form_of_another_site_is_refused(site: Site) -> None:
    """Origin and Host are compared as the browser sends them."""
    ask_with = {"HTTP_ORIGIN": "https://evil.example", "HTTP_HOST": "127.0.0.1:8013"}
    assert ask(site, "/s/every_kind/", "POST", b"department=dft", **ask_with).status == 403


def test_length_that_lies_is_no_failure(site: Site) -> None:
    """A missing or absurd length reads at most what is allowed."""
    for length in ("", "x", "99999999999"):
        assert ask(site, "/s/every_kind/", "POST", b"town=leeds", CONTENT_LENGTH=length).status == 303
    assert ask(site, "/s/every_kind/", "POST", b"x" * 70_000, CONTENT_LENGTH="").status == 413


def test_what_cannot_be_served_is_said_before_the_first_request(root: Path, tmp_path: Path) -> None:
    """Two studies of one id, a folder without a report, a port that is taken, a store of another version."""
    study = str(root / "tests" / "studies" / "every-kind")
    with pytest.raises(ToplineError, match="two studies have the id every_kind"):
        compile_all([study, study])
    with pytest.raises(ToplineError, match="is not a folder with an index"):
        serve([study], port=0, store=None, folders=[str(tmp_path)])
    with pytest.raises(ToplineError, match="port 99999 cannot be used"):
        serve([study], port=99999, store=None)
    store = Store(tmp_path / "old.db")
    store.close()
    with closing(sqlite3.connect(tmp_path / "old.db")) as db, db:
        db.execute("update meta set value = '0' where name = 'version'")
    with pytest.raises(ToplineError, match="is a store of version 0, and this Topline reads version 1"):
        Store(tmp_path / "old.db")
