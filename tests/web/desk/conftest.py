"""A launched study at the desk, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.web.desk.desks import Desk, ready
from tests.web.fields import Field


@pytest.fixture(scope="session")
def users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the desk's people, one for the test run: Django is configured once in a process."""
    return tmp_path_factory.mktemp("desk") / "desk.db"


@pytest.fixture
def open_desk(users: Path, make: Callable[..., Field]) -> Iterator[Callable[..., Desk]]:
    """Launch a study and open a desk on it: `open_desk(**settings)`."""
    from django.db import connections

    def launch(**settings: str) -> Desk:
        ready(users)
        field = make(**settings)
        store = settings.get("address") or str(field.folder / "main.db")
        return Desk(field, store, str(field.vault))

    yield launch
    connections.close_all()


@pytest.fixture
def desk(open_desk: Callable[..., Desk], address: str) -> Desk:
    """The desk of the study with every kind of question, forty people invited."""
    return open_desk(address=address)
