"""Help, privacy, cookies, accessibility: on every page's foot, in both languages, true to the study."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tests.web.fields import Field

PRIVACY = """privacy:
  controller: The Research <Office>
  lawful_basis: public task
  keep_until: {frame: 2027-03-31, answers: 2031-12-31, keys: 2027-01-01}
  contact: privacy@survey.example
"""


def test_every_page_links_to_each(make: Callable[..., Field]) -> None:
    """The foot of start, question, check and notices leads to all four, in the page's own language."""
    field = make()
    browser = field.browser()
    for query in ("", "?lang=cy"):
        for path in (f"/i/{field.tokens[0]}", "/help", "/privacy", "/i/none"):
            text = browser.get(path + query).text
            for name in ("help", "privacy", "cookies", "accessibility"):
                assert f'href="/{name}{query}"' in text
                page = browser.get(f"/{name}{query}")
                assert page.status == 200
                assert len(re.findall("<h1>", page.text)) == 1


def test_privacy_says_what_the_study_says(make: Callable[..., Field]) -> None:
    """Who decides, on what ground, until when, and what can be asked for; markup in it is shown as text."""
    field = make(settings=PRIVACY)
    text = field.browser().get("/privacy").text
    assert "The Research &lt;Office&gt;" in text
    assert "public task" in text
    assert "<dt>The list of people is kept until</dt><dd>31 March 2027</dd>" in text
    assert "<dt>keys</dt><dd>1 January 2027</dd>" in text
    assert "nobody can find your answers among the others" in text
    welsh = field.browser().get("/privacy?lang=cy").text
    assert "31 Mawrth 2027" in welsh
    assert "Sail gyfreithlon" in welsh


@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
def test_rights_are_those_of_the_mode(make: Callable[..., Field], mode: str) -> None:
    """Where nobody can find the answers, nobody offers to delete them; where somebody can, they do."""
    text = make(settings=f"anonymity: {mode}\n").browser().get("/privacy").text
    assert ("corrected or deleted for nobody" in text) == (mode == "anonymous")
    assert ("You can ask to see your answers" in text) == (mode == "confidential")


def test_own_notice(make: Callable[..., Field]) -> None:
    """A study's own text stands in the place of what is made from settings."""
    field = make(settings="privacy: privacy.md\n", files={"privacy.md": "One.\n\nTwo & <b>."})
    text = field.browser().get("/privacy").text
    assert "<p>One.</p><p>Two &amp; &lt;b&gt;.</p>" in text
    assert "What you can ask for" not in text


def test_cookie_is_the_one_that_is_set(make: Callable[..., Field]) -> None:
    """The page names the cookie that the start sets."""
    field = make()
    browser = field.browser()
    set_by = browser.ask("POST", f"/i/{field.tokens[0]}/start", b"&".join(
        f"{name}={value}".encode() for name, value in browser.fields(f"/i/{field.tokens[0]}")
    ))  # fmt: skip
    name = dict(set_by.headers)["Set-Cookie"].partition("=")[0]
    assert f"<dd>{name}</dd>" in browser.get("/cookies").text
