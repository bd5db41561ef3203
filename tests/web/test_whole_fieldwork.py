"""A whole fieldwork: invited by mail, reminded twice, answered, refused, bounced, closed, attacked."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.web.fields import CookieBrowser, Field, answered
from tests.web.mail.letters import mailed, states
from tests.web.mail.smtp import Office, smtp
from tests.web.samples import two_attributes
from tests.web.security.attack import Attacker, limit, scores
from tests.web.security.test_attacker import frame, person, truth
from tests.web.security.test_bounces import report

from topline.dataset import Dataset, missing_code, read_responses
from topline.study import read_study
from topline.study.values import Answer, NoAnswer
from topline.web.fieldwork.export import export_answers, export_counts
from topline.web.mail.bounces import read_bounces
from topline.web.mail.outbox import Outbox
from topline.web.monitor.figures import dispositions
from topline.web.store.audit import entries, first_fault

pytestmark = pytest.mark.slow
PEOPLE, STUDY = 300, "every_kind"
DRAW = random.Random(300)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The study with every kind of question, with two attributes beside the answers."""
    return two_attributes(tmp_path)


class Town:
    """The people: who opens the letter, and what each does with it."""

    def __init__(self, field: Field, attacker: Attacker) -> None:
        self.field, self.attacker = field, attacker
        order = DRAW.sample(range(PEOPLE), PEOPLE)
        self.bounced, self.refusing = set(order[:5]), set(order[5:8])
        self.answering, self.stopping = order[8:128], order[128:140]  # forty in a hundred; twelve break off
        self.twice = set(self.answering[:2])
        self.who: dict[str, int] = {}

    def links(self, office: Office) -> Mapping[int, str]:
        """The link of each person as it arrived, by the number in the address."""
        return {int(each.recipient[1:].partition("@")[0]): each.token for each in office.taken}

    def answer(self, invite: int, token: str) -> None:
        """One whole interview, by the link of the letter."""
        answers = person(invite)
        self.who[str(answers["anything"])] = invite
        assert "Your answers are in" in answered(self.field, token, answers).text
        self.attacker.look()

    def refuse(self, token: str) -> None:
        """No more letters, by the link of the letter."""
        browser = self.field.browser()
        page = f"/i/{token}/no"
        assert "no more letters" in browser.post(page, browser.fields(page)).text

    def stop(self, token: str) -> None:
        """One page, and no more."""
        browser = self.field.browser()
        browser.begin(token)
        browser.save("statement", [("statement", "neither")])


def test_a_whole_fieldwork(make: Callable[..., Field], study: Path, address: str, tmp_path: Path) -> None:
    """300 invited, two reminders, 40% answer, three opt out, five bounce, two come twice; then the close."""
    field = make(study=study, frame=frame(PEOPLE), address=address)
    attacker = Attacker(field)
    town = Town(field, attacker)
    outbox = Outbox(field.engine, STUDY)
    with smtp() as (office, port):
        assert mailed(field, port, 0) == {"sent": PEOPLE}
        links = town.links(office)
        assert [links[n] for n in range(PEOPLE)] == field.tokens
        _come_back(field, town, tmp_path)
        for each in town.refusing:
            town.refuse(links[each])
        for wave, some in ((1, town.answering[:60]), (2, town.answering[60:100])):
            for invite in some:
                town.answer(invite, links[invite])
            waiting = PEOPLE - 5 - 3 - len(town.who)
            assert mailed(field, port, wave) == {"sent": waiting}
            assert states(field, wave) == {"sent": waiting}
            attacker.look()
    for invite in town.answering[100:]:
        town.answer(invite, links[invite])
    for invite in town.stopping:
        town.stop(links[invite])
    for invite in town.twice:
        _comes_twice(field.browser(), links[invite])
    got = Counter(each.recipient for each in office.taken)
    first = {f"p{n}@office.example" for n in (*town.bounced, *town.refusing, *town.answering[:60])}
    assert {address for address, n in got.items() if n == 1} == first
    assert {address for address, n in got.items() if n == 2} == {
        f"p{n}@office.example" for n in town.answering[60:100]
    }
    done = field.close(attacker.take_vault)
    attacker.look()
    assert (done.invited, done.replied) == (PEOPLE, 120)
    _dispositions_add_up(field)
    _export_is_what_was_answered(field, town, tmp_path)
    found = truth(field, town.who)
    score = scores(attacker, found)
    assert score["attributes"] >= 3, score
    assert {name: each for name, each in score.items() if each > limit(score)} == {}
    assert first_fault(field.engine) is None
    said = [each.what for each in entries(field.engine, STUDY) if each.what["verb"] == "mail"]
    assert [each["sent"] for each in said] == [300, 232, 192]
    assert outbox.due(3) == 0  # closed: nobody is written to


def _come_back(field: Field, town: Town, folder: Path) -> None:
    """Five reports of delivery, and the absence of a sixth person."""
    marks = dict(field.engine.rows("select invite, mark from outbox where wave = 0"))
    box = folder / "box"
    box.mkdir()
    for invite in town.bounced:
        (box / f"{invite}.eml").write_bytes(report(marks[invite]))
    away = f"To: bounces+{marks[town.answering[0]]}@survey.example\nAuto-Submitted: auto-replied\n\nAway.\n"
    (box / "away.eml").write_text(away, "utf-8")
    assert read_bounces(field.engine, STUDY, box) == {"undelivered": 5, "automatic": 1, "new": 5}


def _comes_twice(browser: CookieBrowser, token: str) -> None:
    """The link once more, after the answers are in: nothing is asked, nothing changes."""
    assert "already in" in browser.get(f"/i/{token}").text
    assert "already in" in browser.post(f"/i/{token}/start", []).text


def _dispositions_add_up(field: Field) -> None:
    """Every person invited has one final outcome."""
    final = dispositions(field.engine, STUDY)
    assert (final.complete, final.partial) == (120, 0)
    assert (final.opted_out, final.undelivered, final.break_off) == (3, 5, 12)
    assert final.nothing_returned == PEOPLE - 120 - 3 - 5 - 12
    assert final.rr1 is not None
    assert round(float(final.rr1), 3) == 0.4


def _export_is_what_was_answered(field: Field, town: Town, folder: Path) -> None:
    """The dataset holds each person's answers, and no more people; the counts are those of the classes."""
    study = read_study(field.study_folder)
    assert export_answers(field.engine, study, folder / "answers.csv")[0] == 120
    data = read_responses(study, folder / "answers.csv")
    words = data.texts["anything"].values
    assert sorted(words) == sorted(town.who)
    for row, text in enumerate(words):
        _row_is(data, row, person(town.who[text]))
    export_counts(field.engine, study, folder / "counts.csv")
    lines = [line.split(",") for line in (folder / "counts.csv").read_text("utf-8").splitlines()[1:]]
    assert [sum(int(line[place]) for line in lines) for place in (-2, -1)] == [PEOPLE, 120]


def _row_is(data: Dataset, row: int, answers: Mapping[str, Answer]) -> None:
    """One person's row: single answers, rows of the grid, the set, the number, and who was not asked."""
    for name in ("statement", "parts.people", "parts.tools", "site"):
        options = [str(option.name) for option in data.study.variables[name].options]
        code, given = int(data.codes(name)[row]), answers[name]
        if isinstance(given, NoAnswer):
            assert code == missing_code(given.kind)
        else:
            assert options[code] == given
    chosen = {str(name) for name in data.choices["ways"] if data.option_codes("ways", name)[row] == 1}
    assert chosen == answers["ways"]
    assert data.numbers("minutes").values[row] == float(str(answers["minutes"]))
    asked = data.texts["why"].kinds[row] == 0
    assert asked == ("why" in answers)
