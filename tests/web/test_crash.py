"""Killed at any moment: no acknowledged answer is lost, none is there twice, and the close goes on."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.web.crashing import close
from tests.web.fields import SECRET, Field, launched, opened
from tests.web.servers import Server

from topline.study.answers import answers_from_json
from topline.study.freeze import read_frozen
from topline.web.fieldwork.release import close_study
from topline.web.store.engines import engine_of
from topline.web.store.kinds import StoredResponse, drafts_digest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
#: Where a crash is tried: before, in the middle of and behind each step of the close.
POINTS = [
    "closing", "opened", "inserted", "written", "dkeys-1", "salt-1", "slots-1", "slots-2", "overwritten",
    "destroyed", "emptied", "tidied", "drafts",
]  # fmt: skip


def run(*arguments: str) -> subprocess.Popen[str]:
    """Start one of the programs of `crashing`."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    command = [sys.executable, "-m", "tests.web.crashing", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def before_close(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with 24 replies, just before its close."""
    folder = tmp_path_factory.mktemp("before")
    field = launched(folder)
    _reply(field, 24)
    field.end()
    return folder


def _reply(field: Field, people: int) -> None:
    """Replies that can be told apart, straight into the store."""
    for number in range(people):
        store, token = field.fieldwork, field.tokens[number]
        store.start(token)
        store.save(token, "words", {"anything": str(number)}, 0)
        found = store.visit("every_kind", token)
        assert found is not None
        digest = drafts_digest(found[1])
        assert store.send(token, StoredResponse("", {}, {"anything": str(number)}), digest) == digest
    store.settle()


def _released(address: str) -> list[str]:
    engine = engine_of(address)
    found = [json.loads(answers)["anything"] for (answers,) in engine.rows("select answers from response")]
    left = engine.rows("select (select count(*) from sealed), state from release")
    engine.close()
    assert left == [(0, "done")]
    return sorted(found, key=int)


@pytest.mark.parametrize("point", POINTS)
def test_close_killed_at_a_point(before_close: Path, tmp_path: Path, point: str) -> None:
    """Killed at the point and started again, the close ends with each answer once and no key left."""
    folder = tmp_path / "again"
    shutil.copytree(before_close, folder)
    address = str(folder / "main.db")
    keys = [(folder / "vault" / f"every_kind.{kind}").read_bytes() for kind in ("slots", "salt", "dkeys")]
    killed = run("close", str(folder), address, point)
    killed.communicate(timeout=60)
    assert killed.returncode == -9
    engine = engine_of(address)
    done = close_study(read_frozen(folder / "study", 1), engine, folder / "vault", SECRET)
    engine.close()
    assert done.replied == 24
    assert _released(address) == [str(number) for number in range(24)]
    left = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for content in keys:
        assert not [place for place in range(0, len(content), 32) if content[place : place + 32] in left]


def test_close_killed_at_every_point_on_postgresql(tmp_path: Path, postgres: Server) -> None:
    """The same close, killed at each point in turn, on PostgreSQL."""
    address = postgres.database()
    field = launched(tmp_path, address=address)
    _reply(field, 12)
    field.end()
    for point in POINTS:
        killed = run("close", str(tmp_path), address, point)
        killed.communicate(timeout=60)
        assert killed.returncode in (-9, 0)  # what an earlier round has done is not done again
    close(tmp_path, address, "")
    assert _released(address) == [str(number) for number in range(12)]


@pytest.mark.parametrize("rounds", [5])
def test_server_killed_in_the_middle(tmp_path: Path, address: str, rounds: int) -> None:
    """Interviews of 30 people, killed again and again: what was acknowledged is there, and there once."""
    field = launched(tmp_path, address=address)
    field.end()
    draw = random.Random(rounds)
    acknowledged: set[tuple[int, str]] = set()
    for _ in range(rounds):
        people = [str(number) for number in draw.sample(range(30), 30)]
        process = run("survey", str(tmp_path), address, *people)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        time.sleep(draw.uniform(0.1, 0.6))
        process.kill()
        said = process.communicate(timeout=30)[0].splitlines()
        acknowledged |= {(int(number), page) for number, page in map(str.split, said) if page != "up"}
        _all_there(tmp_path, address, acknowledged)
    assert len({page for _, page in acknowledged}) > 4, "the kills came too early to test anything"
    process = run("survey", str(tmp_path), address, *map(str, range(30)))
    assert process.communicate(timeout=120)[0].count("sent") == 30
    engine = engine_of(address)
    assert close_study(read_frozen(tmp_path / "study", 1), engine, tmp_path / "vault", SECRET).replied == 30
    rows = engine.rows("select answers from response")
    engine.close()
    found = [answers_from_json(json.loads(answers)) for (answers,) in rows]
    assert sorted(int(str(each["anything"])) for each in found) == list(range(30))
    assert all(each["anything"] == str(each["minutes"]) for each in found)


def _all_there(folder: Path, address: str, acknowledged: set[tuple[int, str]]) -> None:
    """Every page that was acknowledged is saved, or its person's answers were submitted."""
    field = opened(folder, engine_of(address), read_frozen(folder / "study", 1))
    for number, page in acknowledged:
        found = field.fieldwork.visit("every_kind", field.tokens[number])
        assert found is not None
        person, drafts = found
        assert person.state == "sent" or page in drafts
        assert page != "sent" or person.state == "sent"
    field.end()
