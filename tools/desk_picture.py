"""The picture of the team's desk: a fieldwork made up for it, whose title says so."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page

from topline.web.monitor.counters import Counting
from topline.web.monitor.days import note_day
from topline.web.store.engines import Engine, engine_of

_PORT = "8032"
_ID = "digital_public_services"
_TITLE = "Digital Public Services Survey"
_DAYS = 16
#: Made up: people invited in each department, by its code, and the shares of them who finish in the end.
_INVITED = {1: 620, 2: 540, 4: 380, 5: 310, 6: 240, 9: 160, 10: 90, 11: 30}
_FINISH = (0.41, 0.38, 0.29, 0.33, 0.52, 0.35, 0.22, 0.1)
#: Made up: how many of a hundred of them had finished on each day; two reminders can be seen.
_COURSE = (0, 17, 28, 35, 39, 42, 43, 44, 61, 70, 74, 76, 77, 78, 92, 100)
_COUNTERS = (("device", "phone", 280), ("device", "tablet", 40), ("device", "desktop", 610))
_OTHERS = (
    "update invite set state = 'started' where study = ? and state = 'invited' and id % 17 = 5",
    "update invite set bounced = 1 where study = ? and state = 'invited' and id % 50 = 7",
    "update invite set opted_out = 1 where study = ? and state = 'invited' and id % 70 = 9",
)
_FINISHED = "update invite set state = 'finished' where study = ? and id = ?"


def desk_picture(page: Page, study: Path, folder: Path, picture: Path) -> None:
    """Make the fieldwork in `folder`, serve its desk, and take the picture."""
    today = date.today()
    shutil.copytree(study, folder / "study")
    settings = folder / "study" / "study.yaml"
    settings.write_text(_as_of(settings.read_text("utf-8"), today), "utf-8")
    _run(folder, "frame", "load", "study", _frame(folder), "--store", "main.db")
    _run(folder, "launch", "study", "--vault", "vault", "--store", "main.db")
    with closing(engine_of(str(folder / "main.db"))) as engine:
        _go_by(engine, today)
    said = _run(folder, "desk", "add", "study", "jones", "--role", "lead", "--make-password")
    with _served(folder) as address:
        page.goto(address)
        page.fill("#u", "jones")
        page.fill("#p", said.split("once: ")[1].split()[0])
        page.click("button")
        page.screenshot(path=picture)


def _as_of(text: str, today: date) -> str:
    """The study with days of now, and with a title that says what this is."""
    days = f"fieldwork: {{from: {today - timedelta(days=_DAYS)}, to: {today + timedelta(days=5)}}}"
    text = re.sub(r"fieldwork: \{.*\}", days, text)
    text = re.sub(r"(frame|drafts|answers): 20", r"\1: 21", text)
    return text.replace(f"title: {_TITLE}", f"title: {_TITLE} (made-up fieldwork)")


def _frame(folder: Path) -> str:
    lines = [
        f"p{code}-{n}@office.example,{code},{1 + n % 5}"
        for code, size in _INVITED.items()
        for n in range(size)
    ]
    (folder / "frame.csv").write_text("\n".join(["email,dept_code,profession", *lines]), "utf-8")
    return "frame.csv"


def _go_by(engine: Engine, today: date) -> None:
    """Let people finish day by day, as the monitor would have written it down."""
    people: dict[str, list[int]] = {}
    for id, cell in engine.rows("select id, cell from invite where study = ? order by id", _ID):
        people.setdefault(json.loads(cell)["department"], []).append(id)
    shares = dict(zip(people, _FINISH, strict=True))
    for number, hundredth in enumerate(_COURSE):
        for department, ids in people.items():
            there = round(len(ids) * shares[department] * hundredth / 100)
            finish = ids[:there]
            engine.write(lambda db, finish=finish: [db.change(_FINISHED, _ID, id) for id in finish])
        note_day(engine, _ID, ["department", "profession"], today - timedelta(days=len(_COURSE) - 1 - number))
    for change in _OTHERS:
        engine.write(lambda db, change=change: db.change(change, _ID))
    counting = Counting(engine, _ID)
    for name, bucket, number in _COUNTERS:
        for _ in range(number):
            counting.add(name, bucket)
    counting.flush()


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The address of the desk, while it is served."""
    base = f"http://127.0.0.1:{_PORT}"
    words = ["desk", "serve", "study", "--store", "main.db", "--base", base, "--port", _PORT]
    process = subprocess.Popen(
        [sys.executable, "-m", "topline", *words], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", int(_PORT)), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"{base}/desk/"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _run(folder: Path, *words: str) -> str:
    """Run a verb in the folder; what it says."""
    environment = os.environ | {"TOPLINE_SECRET": secrets.token_urlsafe(32)}
    done = subprocess.run(
        [sys.executable, "-m", "topline", *words],
        cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout
