"""Retire: the people go, the responses stay, and the proof says what was looked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.web.fields import Field, answered
from tests.web.test_fieldwork import SHORT

from topline.base import ToplineError
from topline.cli import main
from topline.study import read_study
from topline.web.operate import retire as module
from topline.web.operate.retire import due_day, retire
from topline.web.store.audit import first_fault

PRIVACY = """
privacy:
  controller: The Office
  lawful_basis: public task
  keep_until: {frame: 2014-03-31}
  contact: office@office.example
"""
EARLY, LATE = date(2014, 3, 30), date(2014, 3, 31)


def store_of(field: Field) -> str:
    """The store's address, as the verb has it."""
    return str(field.folder.parent / "main.db") if field.engine.kind == "sqlite" else "postgresql://"


def test_retire(make: Callable[..., Field], address: str) -> None:
    """On its day everything that tells of single people goes; a search of the store finds none of them."""
    field = make(address=address, settings=PRIVACY)
    for token in field.tokens[:12]:
        answered(field, token, SHORT)
    study = read_study(field.study_folder)
    assert due_day(study) == LATE
    with pytest.raises(ToplineError, match="is not closed"):
        retire(field.engine, study, [field.vault], store_of(field), today=LATE, now=False)
    field.close()
    with pytest.raises(ToplineError, match="kept until 2014-03-31"):
        retire(field.engine, study, [field.vault], store_of(field), today=EARLY, now=False)
    assert field.engine.rows("select count(*) from invite") == [(40,)]
    field.fieldwork.engine.close()
    done = retire(field.engine, study, [field.vault], store_of(field), today=LATE, now=False)
    assert done.deleted["invite"] == 40
    assert (done.kept["responses"], done.looked_for, done.left) == (12, 40, {})
    assert bool(done.looked_in) == (field.engine.kind == "sqlite")
    assert field.engine.rows("select count(*) from invite") == [(0,)]
    assert field.engine.rows("select count(*) from response") == [(12,)]
    assert first_fault(field.engine) is None
    assert "office.example" not in json.dumps(done.as_json())
    assert done.before == {}
    again = retire(field.engine, study, [field.vault], store_of(field), today=LATE, now=False)
    assert (again.deleted["invite"], again.before["invite"]) == (0, 40)


def test_killed_after_the_deletion(
    make: Callable[..., Field],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The next run writes the store anew, and its proof says that an earlier one deleted the people."""
    field = make(address=str(tmp_path / "main.db"))
    field.close()
    field.fieldwork.engine.close()
    study = read_study(field.study_folder)

    def tidy(*tables: str) -> bool:
        if tables:  # after the deletion
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr(field.engine, "tidy", tidy)
    with pytest.raises(KeyboardInterrupt):
        retire(field.engine, study, [field.vault], store_of(field), today=LATE, now=True)
    assert field.engine.rows("select count(*) from invite") == [(0,)]
    field.engine.close()
    proof = tmp_path / "proof.json"
    assert (
        main(
            [
                "retire",
                str(field.study_folder),
                "--now",
                "-o",
                str(proof),
                "--vault",
                str(field.vault),
                "--store",
                str(tmp_path / "main.db"),
            ]
        )
        == 0
    )
    assert "40 were deleted by an earlier run" in capsys.readouterr().out
    assert json.loads(proof.read_text("utf-8"))["before"]["invite"] == 40
    assert b"p7@office.example" not in (tmp_path / "main.db").read_bytes()


def test_what_is_left_is_found(make: Callable[..., Field], tmp_path: Path) -> None:
    """The search finds an address that stayed, also where two pieces of the file meet."""
    field = make(address=str(tmp_path / "main.db"))
    field.close()
    study = read_study(field.study_folder)
    other = (
        "insert into invite (study, id, person, cell, generation, opted_out, bounced, state)"
        " values ('other', 0, '{\"key\":\"P7@Office.example\"}', '{}', 0, 0, 0, 'listed')"
    )
    field.engine.write(lambda db: db.change(other))
    done = retire(field.engine, study, [], str(tmp_path / "main.db"), today=LATE, now=True)
    assert done.left == {"main.db": 1}
    hash = module.sha256(b"p7@office.example").digest()
    path = tmp_path / "file"
    path.write_bytes(b"\0" * (module._CHUNK - 5) + b"p7@office.example" + b"\0" * 10)
    assert module._search([path], {hash})[1] == {"file": 1}


def test_vault_must_be_empty(make: Callable[..., Field]) -> None:
    """What is still in the vault is named, and nothing is deleted."""
    field = make()
    field.close()
    (field.vault / "every_kind.drafts").write_bytes(b"")
    with pytest.raises(ToplineError, match=r"still holds every_kind\.drafts"):
        retire(
            field.engine, read_study(field.study_folder), [field.vault], store_of(field), today=LATE, now=True
        )
    assert field.engine.rows("select count(*) from invite") == [(40,)]
