"""Backup and restore in the middle of fieldwork: with the vault, with the key stick, with neither."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.web.fields import SECRET, Field, answered, opened
from tests.web.servers import Server
from tests.web.test_fieldwork import SHORT, responses

from topline.base import ToplineError
from topline.study import read_study
from topline.study.freeze import read_frozen
from topline.web.fieldwork.sticks import copy_keys
from topline.web.mail.outbox import Outbox
from topline.web.operate.archive import Archive
from topline.web.operate.backup import back_up
from topline.web.operate.rekey import Keys, Restored
from topline.web.operate.restore import restore
from topline.web.store.audit import entries, first_fault
from topline.web.store.engines import engine_of
from topline.web.store.tables import is_made

STUDY = "every_kind"


@pytest.fixture
def field(make: Callable[..., Field], address: str, tmp_path: Path) -> Field:
    """Forty people: three have submitted, one has saved a page; stick and backup are made; then one more."""
    field = make(address=address)
    outbox = Outbox(field.engine, STUDY)
    outbox.queue(0)
    outbox.claim(0, 5)
    outbox.settle(0, 5, "sent")
    for token in field.tokens[:3]:
        answered(field, token, SHORT)
    browser = field.browser()
    browser.begin(field.tokens[3])
    browser.save("statement", [("statement", "neither")])
    (tmp_path / "stick").mkdir()
    copy_keys(field.engine, field.vault, STUDY, str(tmp_path / "stick"))
    back_up(field.engine, [read_study(field.study_folder)], tmp_path / "backup.zip")
    answered(field, field.tokens[4], SHORT)
    field.fieldwork.settle()
    return field


def again(field: Field, tmp_path: Path, keys: Keys, request: pytest.FixtureRequest) -> tuple[Restored, Field]:
    """Restore beside the old store, of the same kind, and serve it."""
    field.end()
    store = str(tmp_path / "new" / STUDY / "fieldwork.db")
    if field.engine.kind == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        store = server.database()
    done = restore(tmp_path / "backup.zip", tmp_path / "new", store, keys, SECRET)
    folder = tmp_path / "served"
    folder.mkdir()
    assert keys.vault is not None
    keys.vault.rename(folder / "vault")
    engine = engine_of(store)
    compiled = read_frozen(tmp_path / "new" / STUDY, 1)
    return done[0], opened(folder, engine, compiled)


def letters_of(field: Field) -> dict[str, int]:
    """How many invitations are in which state."""
    return dict(Outbox(field.engine, STUDY).counts(0))


def state_of(field: Field, invite: int) -> str:
    """Where a person stands."""
    return str(field.engine.rows("select state from invite where id = ?", invite)[0][0])


def test_with_the_vault(field: Field, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Only the store was lost: drafts are there; who submitted since is asked again, not locked out."""
    done, new = again(field, tmp_path, Keys(field.vault), request)
    assert (done.keys, done.people, done.again) == ("kept", 40, 1)
    assert letters_of(new) == {"sent": 1, "unknown": 39}
    assert new.tokens == field.tokens
    assert [state_of(new, n) for n in range(5)] == ["finished"] * 3 + ["started", "invited"]
    page = new.browser()
    page.cookie = new.tokens[3]
    assert "checked" in page.get("/p/statement").text  # what was saved is still there
    assert "Thank you" in answered(new, new.tokens[4], SHORT).text
    assert new.close().replied == 4
    assert [{k: v for k, v in each.items() if k != "direction"} for each in responses(new)] == [SHORT] * 4
    assert first_fault(new.engine) is None
    assert [entry.what["verb"] for entry in entries(new.engine, STUDY)][-2:] == ["restore", "close"]
    new.end()


def test_with_the_stick(field: Field, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Store and vault were lost: what the backup has opens; drafts begin anew, links stay."""
    keys = Keys(tmp_path / "vault", tmp_path / "stick")
    done, new = again(field, tmp_path, keys, request)
    assert (done.keys, done.again) == ("stick", 1)
    assert letters_of(new) == {"sent": 1, "unknown": 39}
    assert new.tokens == field.tokens
    assert [state_of(new, n) for n in range(5)] == ["finished"] * 3 + ["invited"] * 2
    assert "already in" in new.browser().get(f"/i/{new.tokens[0]}").text
    assert "Thank you" in answered(new, new.tokens[3], SHORT).text
    assert new.close().replied == 4
    new.end()


def test_with_neither(field: Field, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Without any key nothing that was sealed opens; it is given up only if somebody says so."""
    with pytest.raises(ToplineError, match="--lose-answers gives up what is sealed"):
        restore(tmp_path / "backup.zip", tmp_path / "new", "none.db", Keys(tmp_path / "vault"), SECRET)
    assert not (tmp_path / "new").exists()
    done, new = again(field, tmp_path, Keys(tmp_path / "vault", lose=True), request)
    assert (done.keys, done.again) == ("new", 4)
    assert letters_of(new) == {}
    assert Outbox(new.engine, STUDY).due(0) == 40
    assert not set(new.tokens) & set(field.tokens)
    assert new.browser().get(f"/i/{field.tokens[0]}").status == 404
    assert new.engine.rows("select count(*) from sealed") == [(0,)]
    assert "Thank you" in answered(new, new.tokens[0], SHORT).text
    assert new.close().replied == 1
    new.end()


def test_after_the_close(field: Field, tmp_path: Path) -> None:
    """A backup of a closed survey needs no key: the responses are in it."""
    field.close()
    back_up(field.engine, [read_study(field.study_folder)], tmp_path / "closed.zip")
    store = tmp_path / "closed" / "store.db"
    store.parent.mkdir()
    done = restore(tmp_path / "closed.zip", tmp_path / "closed", str(store), Keys(), None)
    assert (done[0].keys, done[0].state) == ("none", "done")
    with closing(engine_of(str(store))) as engine:
        assert engine.rows("select count(*) from response") == [(4,)]
        kept = engine.rows("select id, answers from response order by id")
    assert kept == [
        (bytes(a), b) for a, b in field.engine.rows("select id, answers from response order by id")
    ]


@pytest.mark.parametrize("wrong", ["secret", "stick"])
def test_nothing_is_left_of_a_failure(
    field: Field, tmp_path: Path, request: pytest.FixtureRequest, wrong: str
) -> None:
    """A wrong secret, or the stick of another launch, leaves neither folder nor store behind."""
    store = str(tmp_path / "new.db")
    if field.engine.kind == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        store = server.database()
    secret, text = SECRET, "belong to another launch"
    if wrong == "secret":
        secret, text = (
            b"another secret of thirty-two letters",
            "is not the secret that every_kind was launched",
        )
    else:
        (tmp_path / "stick" / f"{STUDY}.mark").write_text("another")
    with pytest.raises(ToplineError, match=text):
        restore(
            tmp_path / "backup.zip", tmp_path / "new", store, Keys(tmp_path / "v", tmp_path / "stick"), secret
        )
    assert not (tmp_path / "new").exists() or not list((tmp_path / "new").iterdir())
    if "://" in store:
        with closing(engine_of(store)) as engine:
            assert not is_made(engine)
    else:
        assert not list(tmp_path.glob("new.db*"))


def test_damaged(make: Callable[..., Field], tmp_path: Path) -> None:
    """A backup that was cut, changed, or is none at all is refused whole; a later one says so."""
    field = make()
    path = tmp_path / "backup.zip"
    back_up(field.engine, [read_study(field.study_folder)], path)
    whole = path.read_bytes()
    with pytest.raises(ToplineError, match="a backup is never written over"):
        back_up(field.engine, [read_study(field.study_folder)], path)

    def refused(content: bytes) -> str:
        path.write_bytes(content)
        with pytest.raises(ToplineError) as error:
            restore(path, tmp_path / "new", str(tmp_path / "new.db"), Keys(tmp_path / "vault"), SECRET)
        assert not (tmp_path / "new").exists()
        return str(error.value)

    assert "cannot be read" in refused(whole[:-40])
    assert "cannot be read" in refused(b"PK nothing")
    assert "cannot be read" in refused(b"")
    place = len(whole) // 2
    assert "cannot be read" in refused(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    assert "made by a later Topline" in refused(remade(whole, tmp_path, store=99))
    assert "reads format 1" in refused(remade(whole, tmp_path, format=2))
    assert "a name in it leads out of it" in refused(
        remade(whole, tmp_path, member="studies/every_kind/../../../evil.txt")
    )
    path.unlink()
    with pytest.raises(ToplineError, match="there is no such backup"):
        Archive(path)


def remade(whole: bytes, tmp_path: Path, member: str = "", **values: int) -> bytes:
    """A backup with another manifest, or with one more member."""
    source, target = tmp_path / "source.zip", tmp_path / "target.zip"
    source.write_bytes(whole)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        manifest = json.loads(old.read("topline-backup.json")) | values
        for name in old.namelist():
            if name != "topline-backup.json":
                new.writestr(name, old.read(name))
        if member:
            new.writestr(member, b"x")
            manifest["sums"][member] = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        new.writestr("topline-backup.json", json.dumps(manifest))
    return target.read_bytes()


def test_every_study_of_the_store(make: Callable[..., Field], tmp_path: Path) -> None:
    """A store is backed up whole: a study in it whose folder was not named is asked for."""
    field = make()
    sql = (
        "insert into invite (study, id, person, cell, generation, opted_out, bounced, state)"
        " values ('other', 0, '{}', '{}', 0, 0, 0, 'listed')"
    )
    field.engine.write(lambda db: db.change(sql))
    with pytest.raises(ToplineError, match="more studies than were named: other"):
        back_up(field.engine, [read_study(field.study_folder)], tmp_path / "backup.zip")
    assert not list(tmp_path.glob("*backup.zip*"))
