"""Threats 30, 35 and 37 in what is copied and written: backups that lead elsewhere, links in them, rights."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.web.fields import SECRET, Field, answered
from tests.web.test_fieldwork import ALL, SHORT

from topline.base import ToplineError
from topline.cli import main
from topline.study import read_study
from topline.web.fieldwork.doctor import Patient, examine
from topline.web.fieldwork.export import export_answers
from topline.web.operate.backup import back_up
from topline.web.operate.rekey import Keys
from topline.web.operate.restore import restore
from topline.web.operate.retire import retire
from topline.web.store.audit import note

_MANIFEST = "topline-backup.json"


@pytest.fixture(autouse=True)
def open_mask() -> Iterator[None]:
    """What is written is as readable as the program lets it be."""
    before = os.umask(0)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def changed(path: Path, members: Mapping[str, bytes], **manifest: Any) -> None:
    """Change a backup as somebody does who can write to the disk it lies on: every sum is right."""
    with zipfile.ZipFile(path) as old:
        found = {name: old.read(name) for name in old.namelist() if name != _MANIFEST} | members
        said = json.loads(old.read(_MANIFEST)) | manifest
    said["sums"] = {name: sha256(content).hexdigest() for name, content in found.items()}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in (found | {_MANIFEST: json.dumps(said).encode()}).items():
            new.writestr(name, content)


def refused(backup: Path, folder: Path) -> str:
    """What a restore says that must not be done; nothing may be there after it."""
    with pytest.raises(ToplineError) as error:
        restore(backup, folder / "new", str(folder / "new.db"), Keys(folder / "v", lose=True), SECRET)
    assert not list(folder.glob("new*"))
    return str(error.value)


@pytest.fixture
def backup(make: Callable[..., Field], tmp_path: Path) -> Path:
    """A backup of a launched study."""
    field, path = make(), tmp_path / "backup.zip"
    back_up(field.engine, [read_study(field.study_folder)], path)
    return path


@pytest.mark.parametrize("member", ["studies/every_kind/{place}", "studies/every_kind/./../{place}"])
def test_threat_30_backup_that_writes_elsewhere(backup: Path, tmp_path: Path, member: str) -> None:
    """A member whose path turns absolute behind the study's folder writes over nothing (`ID//etc/x`)."""
    victim = tmp_path / "victim.txt"
    victim.write_text("mine")
    changed(backup, {member.format(place=victim): b"theirs"})
    assert "leads out of it" in refused(backup, tmp_path)
    assert victim.read_text() == "mine"


@pytest.mark.parametrize("id", ["{folder}/outside", "../outside", ".", "", "a/b", "a\x00b"])
def test_threat_30_backup_of_a_study_elsewhere(backup: Path, tmp_path: Path, id: str) -> None:
    """A study whose id is a path makes no folder."""
    study = id.format(folder=tmp_path)
    changed(backup, {f"studies/{study}/x".replace("\x00", ""): b"x"}, studies={study: "listed"})
    assert "cannot be read" in refused(backup, tmp_path)
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    "manifest",
    [{"studies": 3}, {"studies": {"every_kind": 7}}, {"store": "9"}, {"store": None}, {"format": [1]}],
    ids=str,
)
def test_threat_30_backup_that_says_nonsense(
    backup: Path, tmp_path: Path, manifest: dict[str, object]
) -> None:
    """A list of contents of other kinds than ours is a damaged backup, and no fault of the program."""
    changed(backup, {}, **manifest)
    assert "cannot be read" in refused(backup, tmp_path)


def test_threat_35_no_link_and_no_code_is_in_a_backup(make: Callable[..., Field], tmp_path: Path) -> None:
    """Files of links and of codes that lie in the study's folder are left out: each opens pages."""
    field = make()
    links, codes = field.study_folder / "links.csv", field.study_folder / "mail" / "codes.csv"
    codes.parent.mkdir()
    links.write_text(f"key,link\na,https://survey.example/s/every_kind/i/{field.tokens[3]}\n")
    codes.write_text("code\nAB3D-EF6H-JK9M-N\n")
    (field.study_folder / "notes.csv").write_text("email\np1@office.example\n")
    back_up(field.engine, [read_study(field.study_folder)], tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as packed:
        names = packed.namelist()
        assert "studies/every_kind/notes.csv" in names
        assert not [name for name in names if name.endswith(("links.csv", "codes.csv"))]
        assert not [name for name in names if field.tokens[3].encode() in packed.read(name)]


def test_rights_of_store_and_journal(make: Callable[..., Field]) -> None:
    """The main store names people and holds what is sealed: its owner's alone, and so is its journal."""
    field = make()
    files = list(field.folder.glob("main.db*"))
    assert len(files) == 3
    assert {rights(path) for path in files} == {0o600}


def test_rights_of_an_older_store_are_told(make: Callable[..., Field], monkeypatch: Any) -> None:
    """A store that others may read, made before or by hand, is a finding of `doctor`."""
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    field = make()
    store = field.folder / "main.db"

    def found() -> list[str]:
        patient = Patient("every_kind", field.study_folder, field.engine, str(store), field.vault, "")
        settings = next(each for each in examine(patient) if each.number == "S1")
        return [str(each.text) for each in settings.findings]

    assert found() == []
    store.chmod(0o644)
    assert [text for text in found() if "main.db can be read by others (mode 644)" in text]


def test_rights_of_a_restored_study(backup: Path, tmp_path: Path) -> None:
    """What a backup held for its owner alone is not opened to others by the restore."""
    restore(backup, tmp_path / "new", str(tmp_path / "new.db"), Keys(tmp_path / "v", lose=True), SECRET)
    assert rights(tmp_path / "new" / "every_kind") == 0o700
    assert rights(tmp_path / "new.db") == 0o600


def test_rights_of_links(make: Callable[..., Field], monkeypatch: pytest.MonkeyPatch) -> None:
    """Links are their owner's alone, also over a file that everybody could read; a link is not followed."""
    field = make()
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    target, other = field.folder / "links.csv", field.folder / "other.txt"
    where = ["--store", str(field.folder / "main.db"), "--vault", str(field.vault)]
    command = ["invite", str(field.study_folder), "--csv", str(target), "--base", "https://survey.example"]
    target.write_text("before")
    target.chmod(0o666)
    assert main([*command, *where]) == 0
    assert rights(target) == 0o600
    assert len(target.read_text().splitlines()) == 41
    target.unlink()
    other.write_text("another's")
    target.symlink_to(other)
    assert main([*command, *where]) == 0
    assert other.read_text() == "another's"
    assert rights(target) == 0o600


def test_rights_of_paper(make: Callable[..., Field], monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes, and the forms on which they are printed, are their owner's alone."""
    field = make()
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    codes, forms = field.folder / "codes.csv", field.folder / "forms.html"
    where = ["--store", str(field.folder / "main.db"), "--vault", str(field.vault)]
    study = str(field.study_folder)
    (cell,) = field.engine.rows("select cell from invite where id = 0")[0]
    group = ["--group", f"department={json.loads(cell)['department']}", "--number", "10"]
    assert main(["paper", "codes", study, *group, "-o", str(codes), *where]) == 0
    assert main(["paper", "forms", study, "--codes", str(codes), "-o", str(forms), *where]) == 0
    assert rights(codes) == rights(forms) == 0o600


@pytest.mark.parametrize("name", ["answers.csv", "answers.parquet"])
def test_rights_of_answers(make: Callable[..., Field], name: str) -> None:
    """One row a person: the export is of whoever made it alone."""
    field = make()
    answered(field, field.tokens[0], SHORT)
    field.close()
    export_answers(field.engine, read_study(field.study_folder), field.folder / name)
    assert rights(field.folder / name) == 0o600


def test_threat_33_underscores_do_not_pass_for_hyphens() -> None:
    """A header with `_` is dropped: some proxies pass it on, and it would hide the one that they set."""
    from topline.web.intake import _environ

    sent = (
        ("x-forwarded-for", "192.0.2.9"),
        ("x_forwarded_for", "198.51.100.1"),
        ("x_forwarded_proto", "https"),
    )
    scope = SimpleNamespace(
        server="127.0.0.1:1", client="127.0.0.1:2", method="GET", path="/", query_string="",
        http_version="1.1", scheme="http", authority="", headers=dict(sent),
    )  # fmt: skip
    environ = _environ(scope, b"")
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.9"
    assert "HTTP_X_FORWARDED_PROTO" not in environ


@pytest.mark.slow
def test_retire_deletes_nothing_that_it_could_not_look_for(make: Callable[..., Field]) -> None:
    """While somebody reads the store nothing is deleted; the next run looks for everybody."""
    field = make()
    field.close()
    study, store = read_study(field.study_folder), str(field.folder / "main.db")
    with closing(sqlite3.connect(store)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from invite").fetchone()
        field.engine.write(lambda db: note(db, "every_kind", "note"))  # the reader keeps the journal in use
        with pytest.raises(ToplineError, match="Nothing of every_kind was deleted"):
            retire(field.engine, study, [field.vault], store, today=date.today(), now=True)
    assert field.engine.rows("select count(*) from invite") == [(40,)]
    proof = retire(field.engine, study, [field.vault], store, today=date.today(), now=True)
    assert proof.looked_for == 40
    assert proof.deleted["invite"] == 40
    assert proof.left == {}


def test_threat_35_restore_over_a_closed_study(
    make: Callable[..., Field], tmp_path: Path, address: str
) -> None:
    """A backup from before the close is brought back neither over the closed store nor into its vault."""
    field = make(address=address)
    answered(field, field.tokens[0], SHORT)
    back_up(field.engine, [read_study(field.study_folder)], tmp_path / "backup.zip")
    field.close()
    field.engine.close()
    store = str(tmp_path / "new.db")
    with pytest.raises(ToplineError, match="were destroyed by a close, and this backup is from before it"):
        restore(tmp_path / "backup.zip", tmp_path / "new", store, Keys(field.vault), SECRET)
    with pytest.raises(ToplineError, match="were destroyed by a close"):
        restore(tmp_path / "backup.zip", tmp_path / "new", store, Keys(field.vault, lose=True), SECRET)
    with pytest.raises(ToplineError, match="is there already, and may hold newer answers"):
        restore(tmp_path / "backup.zip", tmp_path / "new", address, Keys(field.vault), SECRET)
    assert not (tmp_path / "new").exists()
    assert not Path(store).exists()


def test_threat_35_no_key_and_no_answer_is_in_a_backup(
    make: Callable[..., Field], tmp_path: Path, address: str
) -> None:
    """A backup holds no key, no draft and no open answer; only its owner can read it."""
    field, path = make(address=address), tmp_path / "backup.zip"
    answered(field, field.tokens[0], ALL)
    browser = field.browser()
    browser.begin(field.tokens[1])
    browser.save("statement", [("statement", "neither")])
    back_up(field.engine, [read_study(field.study_folder)], path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        content = b"".join(packed.read(name) for name in names)
    assert not [name for name in names if "slots" in name or "drafts" in name or name.endswith(".db")]
    assert "studies/every_kind/frozen/1/compiled.json" in names
    for secret in (
        SECRET,
        field.vault.joinpath("every_kind.salt").read_bytes(),
        *map(str.encode, field.tokens),
    ):
        assert secret not in content
        assert secret.hex().encode() not in content
    for n in range(4):
        assert field.fieldwork.vault.slot(n).hex().encode() not in content
    assert b"By <ferry>" not in content
