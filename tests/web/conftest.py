"""The study with every kind of question, behind its real pages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.fields import SECRET, Field, launched
from tests.web.mail.smtp import Office, smtp
from tests.web.servers import Server, start_server

from topline.rehearse.browser import Browser
from topline.study import read_study
from topline.study.compile import compile_study, translated
from topline.study.compiled import Compiled
from topline.web.respond import Runner
from topline.web.store.sqlite import Store

STUDIES = Path(__file__).parent.parent / "studies"


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    """The study, compiled, with one text in Welsh."""
    study = read_study(STUDIES / "every-kind")
    return compile_study(study, translated(study))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    store = Store(tmp_path / "store.db")
    yield store
    store.close()


@pytest.fixture
def runner(compiled: Compiled, store: Store) -> Runner:
    """Its runner on an empty store."""
    return Runner(compiled, store, mode="rehearsal")


@pytest.fixture
def browser(runner: Runner) -> Browser:
    """A browser without a screen."""
    return Browser(runner)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of PostgreSQL of this test run's own, reached by a socket in its folder."""
    server = start_server()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the main store of a test is: once a file, once a database of PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "main.db")
    server: Server = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Field]]:
    """Launch a study in a folder of its own: `make(**settings)` as `tests.web.fields.launched` takes them."""
    made: list[Field] = []

    def launch(**settings: Any) -> Field:
        folder = tmp_path / f"field{len(made)}"
        folder.mkdir()
        made.append(launched(folder, **settings))
        return made[-1]

    yield launch
    for each in made:
        each.end()


@pytest.fixture
def mailing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Field, Office]]:
    """A launched study of three hundred people, and a mail server that the environment names."""
    people = "email,department\n" + "".join(f"p{n}@office.example,{1 + n % 2}\n" for n in range(300))
    field = launched(tmp_path, frame=people, settings="fieldwork: {from: 2020-01-01, to: 2099-12-24}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    monkeypatch.setenv("TOPLINE_MAIL_FROM", "The team <team@survey.example>")
    with smtp() as (office, port):
        monkeypatch.setenv("TOPLINE_SMTP_URL", f"smtp://127.0.0.1:{port}")
        yield field, office
    field.end()
