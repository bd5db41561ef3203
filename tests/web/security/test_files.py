"""Threats to what stands in files: leftovers, lengths, bodies moved, logs and promises changed, secrets."""

from __future__ import annotations

import ast
import logging
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.fields import SECRET, Field, answered
from tests.web.servers import Server
from tests.web.test_fieldwork import ALL

from topline.base import ToplineError
from topline.study import read_study
from topline.study.answers import answers_as_json
from topline.study.compiled import Compiled
from topline.web.fieldwork.export import export_answers
from topline.web.fieldwork.promise import read_promise
from topline.web.fieldwork.sizes import page_sizes, sealed_size
from topline.web.keys import Bound, Unreadable, seal, seal_key, unseal
from topline.web.respond.forms import Reader
from topline.web.respond.path import Step
from topline.web.store.audit import first_fault, note
from topline.web.store.kinds import StoredResponse, drafts_digest, dump

SOURCE = Path(__file__).resolve().parents[3] / "src" / "topline"
CANARY = "cormorant in the stairwell"


def _files(*folders: Path) -> bytes:
    """Every byte of every file."""
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    content = []
    for path in found:
        with suppress(FileNotFoundError):  # the database takes files of its own away at any moment
            content.append(path.read_bytes())
    return b"".join(content)


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_threat_02_leftovers(
    make: Callable[..., Field], store: str, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    """Before the close no file and no log holds an answer in the clear; after it no file holds a key, no
    sealed body is left in the main store, and an old backup opens with nothing that is left.
    """
    server: Server | None = request.getfixturevalue("postgres") if store == "postgresql" else None
    field = make(address=server.database()) if server else make()
    folders = [field.folder / "vault", *field.folder.glob("main.db*")] + ([server.data] if server else [])
    places = [path for path in folders if path.is_dir()]
    browser = field.browser()
    browser.begin(field.tokens[1])
    browser.save("statement", [("statement", "neither")])
    answered(field, field.tokens[0], ALL | {"why": CANARY, "anything": CANARY})
    field.fieldwork.settle()
    before = _files(*places) + b"".join(path.read_bytes() for path in field.folder.glob("main.db*"))
    assert CANARY.encode() not in before
    if server is None:  # the PostgreSQL server is shared: other tests have closed surveys in it
        assert b"tend_to_agree" not in before
    (body,) = field.engine.rows("select body from sealed")[0]
    keys = (field.vault / "every_kind.slots").read_bytes() + (field.vault / "every_kind.dkeys").read_bytes()
    taken: list[bytes] = []
    field.close(lambda point: taken.append(_files(field.vault)) if point == "overwritten" else None)
    for path in field.folder.glob("main.db*"):
        assert bytes(body)[:12] not in path.read_bytes()
    after = _files(*places, field.folder) + taken[0]
    assert not [n for n in range(0, len(keys), 32) if keys[n : n + 32] in after]
    bound = Bound("every_kind", 0, "sealed", field.fieldwork.promise.questionnaire)
    for place in range(0, len(taken[0]) - 31, 32):
        with pytest.raises(Unreadable):
            unseal(seal_key(taken[0][place : place + 32]), bound, bytes(body))
    assert CANARY not in "".join(capfd.readouterr())


def test_threat_03_length(make: Callable[..., Field]) -> None:
    """Short and long answers give bodies of one length, sealed as well as saved."""
    field = make()
    for number, text in ((0, ""), (1, "x" * 400), (2, "\U0001f4a1" * 400)):
        store, token = field.fieldwork, field.tokens[number]
        store.start(token)
        assert store.save(token, "words", {"anything": text}, 0)
        visited = store.visit("every_kind", token)
        assert visited is not None
        answers = answers_as_json(ALL) | {"anything": text}
        digest = drafts_digest(visited[1])
        lengths = {len(body) for _, body in store.drafts_file.rows(number).values()}
        assert lengths == {page_sizes(field.compiled)["words"] + 28}
        assert store.send(token, StoredResponse("", {}, answers), digest) == digest
        store.settle()
    assert field.engine.rows("select distinct length(body) from sealed") == [
        (sealed_size(field.compiled) + 28,)
    ]


@settings(max_examples=60)
@given(data=st.data())
def test_threat_03_what_a_page_takes_fits_its_constant(compiled: Compiled, data: st.DataObject) -> None:
    """Whatever a form holds, the answers taken from it fit into the page's constant."""
    sizes, reader = page_sizes(compiled), Reader(compiled.questions)
    known = {"ways": frozenset({"bus", "other", "train"}), "statement": "tend_to_agree"}
    for screen in compiled.screens:
        names = [name for asked in screen.questions for name in _names(asked)]
        form = {name: [data.draw(_VALUES)] for name in names}
        taken = reader.read(Step(screen, screen.questions, False), form, known).answers
        assert (
            len(dump({"page": screen.name, "answers": answers_as_json(taken)}).encode()) + 4
            <= (sizes[screen.name])
        )


_VALUES = st.sampled_from(
    ["bus", "other", "neither", "strongly_agree", "refused", "dont_know", "north", "elsewhere", "130", "1"]
    + [each * 400 for each in ("\U0001f4a1", '"', "\\", "\n", "\u2028", "x")]
)


def _names(asked: object) -> list[str]:
    variables = list(asked.variables)  # type: ignore[attr-defined]
    beside = [f"{asked.id}.{each.name}.text" for each in asked.options]  # type: ignore[attr-defined]
    return [*variables, *beside, f"{asked.id}.1", f"{asked.id}.quote"]  # type: ignore[attr-defined]


def test_threat_18_no_statement_is_put_together() -> None:
    """No text is spliced into a statement: nothing formatted stands where SQL is run."""
    runs = {"execute", "executemany", "rows", "change", "many", "each"}
    for path in (SOURCE / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            spliced = isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
            assert not (spliced and node.func.attr in runs), f"{path.name}:{node.lineno}"


def test_threat_21_bodies_moved_between_people(
    make: Callable[..., Field], caplog: pytest.LogCaptureFixture
) -> None:
    """A body in another person's row opens for nobody: a page says so, and an alarm names no person."""
    field = make()
    for number in (0, 1):
        browser = field.browser()
        browser.begin(field.tokens[number])
        browser.save("statement", [("statement", "neither")])
    with sqlite3.connect(field.vault / "every_kind.drafts") as db:
        first, second = (body for (body,) in db.execute("select body from draft order by invite"))
        db.execute("update draft set body = case invite when 0 then ? else ? end", (second, first))
    db.close()
    with caplog.at_level(logging.ERROR):
        shown = browser.get("/p/statement")
    assert shown.status == 503
    assert "could not be read" in shown.text
    assert "does not open" in caplog.text
    assert field.tokens[1] not in caplog.text


def test_threat_21_sealed_answers_moved_stop_the_close(make: Callable[..., Field]) -> None:
    """If one sealed body does not open, nothing is released and no key is destroyed."""
    field = make()
    for number in (0, 1):
        answered(field, field.tokens[number], ALL)
    field.fieldwork.settle()
    rows = field.engine.rows("select body from sealed order by invite")
    field.engine.write(lambda db: db.change("update sealed set body = ? where invite = 0", rows[1][0]))
    slots = (field.vault / "every_kind.slots").read_bytes()
    with pytest.raises(ToplineError, match="one of the 2 sealed interviews of every_kind does not open"):
        field.close()
    assert (field.vault / "every_kind.slots").read_bytes() == slots
    field.engine.write(lambda db: db.change("update sealed set body = ? where invite = 0", rows[0][0]))
    assert field.close().replied == 2


def test_threat_34_log_changed(make: Callable[..., Field], address: str) -> None:
    """The database refuses a change; one made behind its back is named by its line."""
    field = make(address=address)
    for text in ("one", "two", "three"):
        field.engine.write(lambda db, text=text: note(db, "every_kind", "note", text=text))
    assert first_fault(field.engine) is None
    for statement in ("update audit set what = '{}' where n = 3", "delete from audit where n = 3"):
        with pytest.raises((sqlite3.IntegrityError, psycopg.Error)):
            field.engine.write(lambda db, statement=statement: db.change(statement))
    sqlite = field.engine.kind == "sqlite"
    off = ["drop trigger audit_update", "drop trigger audit_delete"] if sqlite else [
        "drop trigger audit_guard on audit"
    ]  # fmt: skip
    for statement in off:
        field.engine.write(lambda db, statement=statement: db.change(statement))
    for statement, line in (
        ("update audit set what = '{}' where n = 3", 3),
        ("delete from audit where n = 2", 2),
    ):
        field.engine.write(lambda db, statement=statement: db.change(statement))
        assert first_fault(field.engine) == line


def test_threat_36_promise_changed_after_launch(make: Callable[..., Field], address: str) -> None:
    """The database refuses to change the mode; a store changed behind its back is not served."""
    field = make(address=address)
    softer = "update fieldwork set promise = replace(promise, 'anonymous', 'confidential')"
    with pytest.raises((sqlite3.IntegrityError, psycopg.Error)):
        field.engine.write(lambda db: db.change(softer))
    off = "drop trigger fieldwork_update" if field.engine.kind == "sqlite" else (
        "drop trigger fieldwork_guard on fieldwork"
    )  # fmt: skip
    field.engine.write(lambda db: db.change(off))
    field.engine.write(lambda db: db.change(softer))
    with pytest.raises(ToplineError, match="was changed in the store after launch"):
        read_promise(field.engine, "every_kind")


def test_threat_36_sealed_answers_are_opened_by_the_close_alone(
    make: Callable[..., Field], tmp_path: Path
) -> None:
    """One module imports what opens them, and nothing is exported before the close."""
    users = [
        path.name for path in SOURCE.rglob("*.py") if re.search(r"\bopen_sealed\b", path.read_text("utf-8"))
    ]
    assert sorted(users) == ["bodies.py", "release.py"]
    field = make()
    answered(field, field.tokens[0], ALL)
    with pytest.raises(ToplineError, match="every_kind is not closed"):
        export_answers(field.engine, read_study(field.study_folder), tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()


def test_threat_37_secret_is_in_no_file_and_no_page(make: Callable[..., Field]) -> None:
    """Neither the secret nor a link stands in a file, a page after the start, or the store's texts."""
    field = make()
    answered(field, field.tokens[0], ALL)
    field.fieldwork.settle()
    left = _files(field.folder)
    assert SECRET not in left
    assert not [token for token in field.tokens if token.encode() in left]
    assert SECRET.decode() not in repr(field.fieldwork) + repr(field.runner)


def test_vault_belongs_to_its_launch(make: Callable[..., Field]) -> None:
    """Keys of another launch are refused, so that a close never takes them for its own."""
    one, other = make(), make()
    shutil.rmtree(one.vault)
    shutil.copytree(other.vault, one.vault)
    with pytest.raises(ToplineError, match="belong to another launch of every_kind"):
        one.close()


def test_seal_refuses_what_does_not_fit() -> None:
    """A body is never longer than its constant: that would tell its length."""
    bound = Bound("s", 1, "draft", "q")
    with pytest.raises(ValueError, match="61 bytes do not fit into 64"):
        seal(bytes(32), bound, bytes(61), 64)
    assert unseal(bytes(32), bound, seal(bytes(32), bound, b"x" * 60, 64)) == b"x" * 60
    with pytest.raises(Unreadable):
        unseal(bytes(32), bound, b"")
