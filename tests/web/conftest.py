"""The study with every kind of question, behind its real pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
