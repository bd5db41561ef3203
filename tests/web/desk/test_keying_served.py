"""Keying at the desk as it is served, with its own server in front of it."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from tests.web.desk.desks import PASSWORD
from tests.web.desk.served import desk_served, make_accounts
from tests.web.desk.test_keying_pages import AT
from tests.web.fields import Field
from tests.web.samples import keys_of
from tests.web.test_fieldwork import ALL, responses
from tests.web.test_keying import TYPED

from topline.study import read_study
from topline.web.fieldwork.places import make_codes

pytestmark = pytest.mark.slow


class Keyer:
    """Somebody signed in at the desk, over HTTP."""

    def __init__(self, port: int, name: str) -> None:
        self._port, self._cookies = port, dict[str, str]()
        self.ask("GET", "/desk/login")
        self.ask("POST", "/desk/login", {"name": name, "password": PASSWORD})

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """One request with our cookies and the form's token; status, and the address it leads to."""
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        held = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": held, "Content-Type": "application/x-www-form-urlencoded"}
        token = {"csrfmiddlewaretoken": self._cookies.get("__Host-desk-form", "")}
        line.request(method, path, urlencode(token | form) if form else None, headers)
        answer = line.getresponse()
        answer.read()
        for said in answer.headers.get_all("Set-Cookie") or ():
            if found := re.match(r"([^=]+)=([^;]*)", said):
                self._cookies[found[1]] = found[2]
        line.close()
        return answer.status, answer.headers.get("Location", "")


@pytest.fixture
def field(make: Callable[..., Field]) -> Field:
    """A launched study."""
    return make()


@pytest.fixture
def port(field: Field) -> Iterator[int]:
    """The port of its desk, with two keyers."""
    make_accounts(field, dict.fromkeys(("anna", "ben"), ("keyer", "every_kind")))
    with desk_served(field, keys=True) as base:
        yield int(base.rpartition(":")[2])


def test_long_form_is_taken_whole(field: Field, port: int) -> None:
    """A form of more than 64 KB is entered to its last box; one that is too long is refused, not cut."""
    (code, other) = make_codes(
        field.engine, read_study(field.study_folder), ("moj",), 10, "b", keys_of(field)
    )[:2]
    boxes = {f"a.{name}": text for name, text in TYPED.items()}

    def form(code: str, words: int) -> dict[str, str]:
        return {"code": code, "keyed": "1", "before": "ŵ" * words} | boxes

    anna, ben = Keyer(port, "anna"), Keyer(port, "ben")
    assert anna.ask("POST", f"{AT}/form", form(other, 90_000))[0] == 400
    assert anna.ask("POST", f"{AT}/form", form(code, 20_000)) == (302, f"{AT}?said=kept")
    assert ben.ask("POST", f"{AT}/form", form(code, 20_000)) == (302, f"{AT}?said=entered")
    assert field.close().replied == 1
    (response,) = responses(field)
    assert {name: each for name, each in response.items() if name != "direction"} == ALL
