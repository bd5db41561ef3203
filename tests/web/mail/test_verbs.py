"""`topline invite --mail`, `remind` and `bounces`, as they are typed; and killed in the middle."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.web.fields import Field
from tests.web.mail.letters import WHERE
from tests.web.mail.smtp import Office

from topline.cli import main
from topline.web.vault.claim import posting


@pytest.mark.slow
def test_a_wave_and_a_reminder(mailing: tuple[Field, Office], capsys: pytest.CaptureFixture[str]) -> None:
    """Tried, sent in parts, sent again to nobody; a reminder too soon is refused, a later one goes out."""
    field, office = mailing
    assert main(["remind", "study", *WHERE]) == 2
    assert "nobody was invited by mail yet" in capsys.readouterr().err
    assert main(["invite", "study", "--mail", "--dry-run", "--preview", "letter.html", *WHERE]) == 0
    said = capsys.readouterr().out
    assert "300 letters of wave 0 would be sent, from team@survey.example." in said
    assert "24 December 2099" in said
    assert "Nothing was sent." in said
    assert "<html" in (field.folder / "letter.html").read_text("utf-8")
    assert office.taken == []
    assert main(["invite", "study", "--mail", "--limit", "100", *WHERE]) == 0
    assert "     100  sent\n     200  still waiting" in capsys.readouterr().out
    assert main(["invite", "study", "--mail", *WHERE]) == 0
    assert "     200  sent" in capsys.readouterr().out
    assert main(["invite", "study", "--mail", *WHERE]) == 0
    assert "Everybody who is to get this letter has it." in capsys.readouterr().out
    assert set(office.numbers().values()) == {1}
    assert len(office.numbers()) == 300
    field.engine.write(lambda db: db.change("update invite set state = 'finished' where id < 120"))
    assert main(["remind", "study", *WHERE]) == 2
    assert "went out less than 20 hours ago" in capsys.readouterr().err
    assert main(["remind", "study", "--again", *WHERE]) == 0
    assert "     180  sent" in capsys.readouterr().out
    assert Counter(office.numbers().values()) == {1: 120, 2: 180}
    links = {each.recipient: set[str]() for each in office.taken}
    for each in office.taken:
        links[each.recipient].add(each.token)
    assert all(len(found) == 1 for found in links.values())


def test_wrong_use(
    mailing: tuple[Field, Office], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No way named, no server, no sender, another run: each is said, and nothing is sent."""
    field, office = mailing
    assert main(["invite", "study", *WHERE]) == 2
    assert "--csv FILE for a mail merge of your own, or --mail" in capsys.readouterr().err
    with posting(field.vault, "every_kind"):
        assert main(["invite", "study", "--mail", *WHERE]) == 2
    assert "being sent by another process" in capsys.readouterr().err
    monkeypatch.setenv("TOPLINE_SMTP_URL", "smtp://mail:hunter2@nowhere.example:x")
    assert main(["invite", "study", "--mail", *WHERE]) == 2
    assert "hunter2" not in (said := capsys.readouterr().err)
    assert "names no mail server" in said
    monkeypatch.delenv("TOPLINE_MAIL_FROM")
    assert main(["invite", "study", "--mail", *WHERE]) == 2
    assert "TOPLINE_MAIL_FROM must say who" in capsys.readouterr().err
    assert main(["bounces", "study", "nowhere", "--store", "main.db"]) == 2
    assert "nowhere is no folder" in capsys.readouterr().err
    assert office.taken == []
