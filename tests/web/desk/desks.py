"""A desk in tests: Django's own client on the settings that are served, https and all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.web.fields import Field

HOST = "survey.example"
PASSWORD = "a good long password of the tests"
SECURE = {"HTTP_HOST": HOST, "HTTP_X_FORWARDED_PROTO": "https"}  # as the proxy says


class Desk:
    """The desk of one launched study."""

    def __init__(self, field: Field, store: str, vault: str | None = None) -> None:
        from topline.study import read_study
        from topline.web.desk.known import Study, add_study, labels_of

        study = read_study(field.study_folder)
        self.field = field
        self.study = Study(
            field.study_folder, field.compiled, study.settings, field.engine, store, vault, labels_of(study)
        )
        add_study(self.study)

    def account(self, name: str, role: str, study: str = "every_kind", department: str = "") -> None:
        """Make an account, or grant one more role."""
        from topline.web.desk.accounts import add_account
        from topline.web.desk.rights import Granted

        add_account(name, PASSWORD, Granted(role, study, department))

    def browser(self, name: str | None = None, *, checks: bool = False, **more: str) -> Any:
        """A browser, signed in if a name is given; `checks`: forms need their token."""
        from django.test import Client

        client = Client(enforce_csrf_checks=checks, **SECURE, **more)
        if name:
            assert client.post("/desk/login", {"name": name, "password": PASSWORD}).status_code == 302
        return client


_USERS: list[Path] = []


def ready(users: Path) -> None:
    """Make Django ready once for the test run, in the file that is named first, and empty it."""
    _USERS.append(users)
    from topline.web.desk.settings import Where, set_up

    set_up(Where(str(_USERS[0]), f"https://{HOST}"))
    from django.contrib.auth.models import User
    from django.contrib.sessions.models import Session

    from topline.web.desk.people.models import Failure

    for model in (User, Session, Failure):
        model.objects.all().delete()


def words_of(response: Any) -> str:
    """What a page says, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
