"""The pages on samples and on people without addresses: their commands are typed, their Python runs."""

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs.pages import run_page
from tests.web.fields import STUDIES, opened

from topline.cli import main
from topline.study.freeze import read_frozen
from topline.study.values import Answer
from topline.web.store.engines import engine_of

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "how-to"
SECRET = "a secret of the tests, thirty-two characters or more"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the environment of fieldwork."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPLINE_SECRET", SECRET)
    monkeypatch.setenv("TOPLINE_VAULT", "vault")
    monkeypatch.setenv("TOPLINE_BASE_URL", "https://survey.example")
    return tmp_path


def test_page_on_samples(place: Path) -> None:
    """Who follows the page sees what it prints; 45 of the 60 answer between launch and close."""
    lines = [f"p{n}@office.example,{1 if n < 60 else 2}" for n in range(200)]
    (place / "people.csv").write_text("\n".join(["email,office", *lines]), "utf-8")
    schools = [40, 70, 55, 90, 120, 60]
    lines = [
        f"{school}.{n}@school.example,{school}" for school, all in enumerate(schools, 1) for n in range(all)
    ]
    (place / "teachers.csv").write_text("\n".join(["email,school", *lines]), "utf-8")
    text = re.sub(
        r"^```python\n.*?^```\n", "", (FOLDER / "draw-a-sample.md").read_text("utf-8"), flags=re.M | re.S
    )
    before, after = text.split("## After the close")
    for part, name in ((before, "before.md"), (after, "after.md")):
        (place / name).write_text(part, "utf-8")
        run_page(place / name, place)
        if part is before:
            _answers(place)


def _answers(place: Path) -> None:
    field = opened(place, engine_of("staff/fieldwork.db"), read_frozen("staff", 1))
    rows = field.engine.rows("select id from invite where state = 'invited' order by id")
    for n, (id,) in enumerate(rows[:45]):
        answers: dict[str, Answer] = {"happy": "yes" if n % 3 else "no"}
        assert "Your answers are in" in field.browser().answer_all(field.tokens[id], answers).text
    field.fieldwork.settle()
    field.end()


def test_python_of_the_page() -> None:
    """Its sizes are what the library gives."""
    done = doctest.testfile(str(FOLDER / "draw-a-sample.md"), module_relative=False)
    assert (done.failed, done.attempted) == (0, 4)


def test_page_on_people_without_addresses(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command of the page ends well, in its order; the two keyed sheets are empty ones."""
    shutil.copytree(STUDIES / "every-kind", "study")
    path = place / "study" / "study.yaml"
    path.write_text(path.read_text("utf-8").replace("inference: descriptive", "inference: model"), "utf-8")
    (place / "people.csv").write_text(
        "\n".join(["email,department", *(f"p{n}@office.example,{1 + n % 2}" for n in range(40))]), "utf-8"
    )
    assert main(["frame", "load", "study", "people.csv"]) == 0
    commands = re.findall(
        r"^topline (.*)$", (FOLDER / "people-without-addresses.md").read_text("utf-8"), re.M
    )
    assert len(commands) == 11
    for command in commands:
        if command.startswith("link show"):
            assert main(["launch", "study", "--vault", "vault"]) == 0
        if command.startswith("paper enter"):
            for name in ("anna.csv", "ben.csv"):
                shutil.copy("sheet.csv", name)
        if command.startswith("desk add"):  # Django is configured once in a process
            call = [sys.executable, "-m", "topline", *shlex.split(command)]
            done = subprocess.run(call, capture_output=True, check=True, text=True)
            assert "is keyer of every_kind." in done.stdout
        elif not command.startswith("desk serve"):  # it has tests of its own
            assert main(shlex.split(command)) == 0, command
    said = capsys.readouterr().out
    assert "https://survey.example/s/every_kind/l/" in said
    assert (place / "forms.html").read_text("utf-8").count("https://survey.example/s/every_kind/code") == 20
