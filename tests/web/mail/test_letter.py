"""What stands in a letter, and what can get into it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.web.fields import Field
from tests.web.mail.letters import LINK, MARK, SENDER, letter, parts

from topline.base import ToplineError
from topline.web.mail.texts import read_texts
from topline.web.mail.transport import Sender, sender_of_environment, transport_of_environment


def test_both_languages_promise_and_way_out(make: Callable[..., Field]) -> None:
    """English and Welsh in one message, each with its link, the pages' promise, the day, the way out."""
    field = make()
    message = letter(field)
    plain, html = parts(message)
    for text in (plain, html):
        assert f"{LINK}" in text
        assert f"{LINK}?lang=cy" in text
        assert f"{LINK}/no?lang=cy" in text
        assert "the keys that could tie them to you are destroyed" in text
        assert "24 December 2026" in text
        assert "24 Rhagfyr 2026" in text
        assert "{" not in text
    assert message["Subject"] == (
        "Every kind of question: your invitation / Every kind of question: eich gwahoddiad"
    )
    assert (message["From"], message["To"]) == (
        "The research team <team@survey.example>",
        "p0@office.example",
    )
    assert message["Message-ID"] == f"<{MARK}@survey.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert SENDER.envelope(MARK) == f"bounces+{MARK}@survey.example"
    assert set(re.findall(r"https?://([^/\"<\s]+)", html)) == {"survey.example"}
    assert not re.search(r"<(img|script|link|iframe|form)|url\(", html)
    assert len(message.as_bytes()) < 15_000
    assert max(map(len, message.as_bytes().split(b"\r\n"))) <= 998


def test_confidential_says_so(make: Callable[..., Field]) -> None:
    """The sentence is that of the study's mode; nobody writes it by hand."""
    field = make(settings="anonymity: confidential\n")
    plain, _ = parts(letter(field))
    assert "can see which answers are yours" in plain
    assert "destroyed" not in plain


def texts_with(folder: Path, content: str | bytes) -> str:
    """What is said of a study's own text."""
    (folder / "mail").mkdir(exist_ok=True)
    path = folder / "mail" / "invitation.en.md"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    study = SimpleNamespace(folder=str(folder), languages=("en",))
    with pytest.raises(ToplineError) as error:
        read_texts(study, "invitation", closes=False)  # type: ignore[arg-type]
    return str(error.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Hello\n\n{link}", "invitation.en.md:1:1 error: a letter starts with its subject"),
        ("Subject:\n\n{link}", "invitation.en.md:1:1 error: a letter starts with its subject"),
        ("Subject: Hi\n\nNo link", "invitation.en.md error: the letter has no {link}"),
        ("Subject: Hi {link}\n\n{link}", "invitation.en.md:1:13 error: link is no field that may stand here"),
        ("Subject: Hi\n\n{lnk} {link}", "invitation.en.md:3:1 error: lnk is no field that may stand here"),
        ("Subject: Hi\n\nuntil {closes} {link}", "invitation.en.md:3:7 error: the last day is not known"),
        ("Subject: Hi\x07\n\n{link}", "invitation.en.md:1:1 error: this subject cannot stand in a header"),
        ("Subject: =?x?=\n\n{link}", "invitation.en.md:1:1 error: this subject cannot stand in a header"),
        (b"Subject: \xff\n\n{link}", "invitation.en.md error: the text is not written in UTF-8"),
        ("Subject: Hi\n\n{link}" + "x" * 20_001, "invitation.en.md error: the text is longer than"),
        ("Subject: Hi\n\n{link.__class__} {link}", "invitation.en.md:3:1 error: link.__class__ is no field"),
    ],
)
def test_faults_of_a_text(tmp_path: Path, content: str | bytes, said: str) -> None:
    """Each fault is named with its place."""
    assert said in texts_with(tmp_path, content)


def test_own_text(make: Callable[..., Field]) -> None:
    """A study's own text is used, Markdown and all; markup in it is shown, not let through."""
    field = make()
    (field.study_folder / "mail").mkdir()
    (field.study_folder / "mail" / "invitation.en.md").write_text(
        "Subject: Come, {organisation}\n\n**Please** <b>answer</b>:\n\n{link}\n\n[no more]({opt_out})",
        "utf-8",
    )
    message = letter(field)
    plain, html = parts(message)
    assert message["Subject"].startswith("Come, The Research Office / ")
    assert "<strong>Please</strong> &lt;b&gt;answer" in html
    assert plain.startswith("**Please** <b>answer</b>:")
    assert plain.split("- - ")[0].count(f"{LINK}/no") == 1


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("smtp://mail.example", ("mail.example", 587, "starttls", "")),
        ("smtp://localhost:2525", ("localhost", 2525, "none", "")),
        ("smtps://a%40b:p%3Aw@mail.example", ("mail.example", 465, "tls", "a@b")),
    ],
)
def test_transport(monkeypatch: pytest.MonkeyPatch, url: str, found: tuple[str, int, str, str]) -> None:
    """The line is kept safe unless the server is this machine; the password shows nowhere."""
    monkeypatch.setenv("TOPLINE_SMTP_URL", url)
    made = transport_of_environment()
    assert (made.host, made.port, made.safety, made.user) == found
    assert "p:w" not in repr(made)
    assert made.password == ("p:w" if "%3A" in url else "")


@pytest.mark.parametrize(
    "url", ["", "mail.example", "http://a", "smtp://", "smtp://a:b:c", "smtp://a/x", "smtp://a?b"]
)
def test_transport_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """What names no server is refused with an example; what was given may hold a password and is not told."""
    monkeypatch.setenv("TOPLINE_SMTP_URL", url)
    with pytest.raises(ToplineError, match=r"names no mail server\. Write smtp://user"):
        transport_of_environment()


def test_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name and address, and where reports go back to."""
    monkeypatch.setenv("TOPLINE_MAIL_FROM", "Y tîm ymchwil <team@survey.example>")
    monkeypatch.setenv("TOPLINE_MAIL_BOUNCES", "back@survey.example")
    assert sender_of_environment() == Sender("Y tîm ymchwil", "team@survey.example", "back@survey.example")
