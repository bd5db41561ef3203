"""The monitor's figures: who stands where, groups hidden, final dispositions and rates."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.fields import STUDIES, Field, answered
from tests.web.test_fieldwork import ALL

from topline.base import ToplineError
from topline.cli import main
from topline.disclosure.small_groups import small_groups
from topline.study import read_study
from topline.web.monitor.counts import Standing, standing
from topline.web.monitor.figures import Figures, as_json, figures, percent
from topline.web.monitor.rates import Dispositions
from topline.web.monitor.texts import as_rows, as_text

TODAY = date(2026, 12, 1)


def seen(field: Field, today: date = TODAY) -> Figures:
    """The monitor of a day."""
    return figures(field.compiled, field.engine, read_study(field.study_folder).settings, today=today)


def people(sizes: dict[int, int]) -> str:
    """A frame with so many people in each department."""
    lines = [f"p{code}_{n}@office.example,{code}" for code, size in sizes.items() for n in range(size)]
    return "\n".join(["email,department", *lines])


def finish(field: Field, where: str) -> None:
    """Note people as finished without interviews: the monitor reads the list of people alone."""
    field.engine.write(
        lambda db: db.change("update invite set state = 'finished' where study = ?" + where, "every_kind")
    )


def test_standing(make: Callable[..., Field], address: str) -> None:
    """Everybody counts once, in the first that holds; shown in steps of ten."""
    field = make(address=address)
    for change, ids in (
        ("state = 'finished'", range(12)), ("state = 'started'", range(12, 23)),
        ("opted_out = 1", range(10, 14)), ("bounced = 1", range(22, 25)),
    ):  # fmt: skip
        for number in ids:
            field.engine.write(
                lambda db, change=change, number=number: db.change(
                    f"update invite set {change} where id = ?", number
                )
            )
    found = standing(field.engine, "every_kind")
    assert found == Standing(invited=40, finished=12, opted_out=2, undelivered=3, started=8)
    assert seen(field).standing == Standing(invited=40, finished=10)
    assert percent(seen(field).rate) == "25.0%"


def test_groups_hidden_with_their_complement(make: Callable[..., Field], address: str) -> None:
    """A group below ten is hidden, and the next with it: else the total gives it away."""
    field = make(address=address)
    finish(field, " and id < 30")  # 15 of each department
    table = seen(field).table("department")
    assert table is not None
    assert [(row.label, row.invited, row.finished, row.hidden) for row in table.rows] == [
        ("Department for Transport", 20, 10, None), ("Ministry of Justice", 20, 10, None),
    ]  # fmt: skip
    other = make(frame=people({1: 60, 2: 60}))
    finish(other, " and id < 40")  # department 1 alone
    found = seen(other)
    table = found.table("department")
    assert table is not None
    assert [(row.finished, row.hidden) for row in table.rows] == [(None, "with"), (None, "small")]
    assert "fewer than ten have replied" in as_text(found)
    assert ("finished", "department=dft", "[c]") in as_rows(found)


def test_long_names_keep_the_columns(make: Callable[..., Field]) -> None:
    """Counts stand under their heading, however long the name of a group is."""
    found = seen(make())
    table = found.table("department")
    assert table is not None
    long = replace(table.rows[0], label="Department for Business, Innovation and Skills")
    wide = replace(found, tables=(replace(table, rows=(long, *table.rows[1:])),))
    lines = as_text(wide).splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("Department "))
    ends = {line.find(" 20 ") + 3 for line in lines[place + 1 : place + 3]}
    assert ends == {lines[place].find("Invited") + len("Invited")}


def test_groups_change_once_a_day(make: Callable[..., Field]) -> None:
    """What is read twice on a day is the same, whatever came in between; the next day has it."""
    field = make(frame=people({1: 100, 2: 100}))
    finish(field, " and id % 2 = 0")
    first = seen(field)
    finish(field, "")
    second, next_day = seen(field), seen(field, date(2026, 12, 2))
    assert first.tables == second.tables
    assert second.standing.finished == 200
    table = next_day.table("department")
    assert table is not None
    assert [row.finished for row in table.rows] == [100, 100]
    assert [(each.day.day, each.finished) for each in next_day.days] == [(1, 200), (2, 0)]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), max_size=9))
def test_small_groups(made: list[tuple[int, int]]) -> None:
    """All below ten are hidden, with others until subtraction proves nobody to be in them."""
    truth = dict(enumerate(finished for finished, _ in made))
    sizes = {group: finished + more for group, (finished, more) in enumerate(made)}
    counts, total = {group: n - n % 10 for group, n in truth.items()}, sum(truth.values()) // 10 * 10
    hidden = small_groups(counts, sizes, total)
    small = {group for group, n in truth.items() if n < 10}
    assert {group for group, reason in hidden.items() if reason == "small"} == small
    if hidden and len(hidden) < len(counts):
        assert len(hidden) >= 2
        for group in small:
            most = sum(
                min(9, sizes[each]) if each in small else sizes[each] if each in hidden else counts[each] + 9
                for each in counts
                if each != group
            )
            assert total - most <= 0


def test_final_dispositions(make: Callable[..., Field], address: str) -> None:
    """At the close every person has one outcome; the rates follow AAPOR."""
    field = make(address=address)
    for token in field.tokens[:5]:
        assert "Thank you" in answered(field, token, ALL).text
    field.browser().begin(field.tokens[5])
    field.engine.write(lambda db: db.change("update invite set opted_out = 1 where id = 6"))
    field.engine.write(lambda db: db.change("update invite set bounced = 1 where id = 7"))
    field.close()
    found = seen(field)
    assert found.final == Dispositions(
        complete=5, break_off=1, opted_out=1, undelivered=1, nothing_returned=32
    )
    assert percent(found.final.rr1) == "12.5%"
    said = json.loads(as_json(found))
    assert said["outcomes"]["rr3"] == "12.5%"
    assert "RR2: the same with partial interviews" in as_text(found)


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [("", "complete"), ("outcomes: {complete: 100, partial: 99}\n", "break_off"),
     ("outcomes: {complete: 100, partial: 10}\n", "partial")],
)  # fmt: skip
def test_outcomes_follow_the_study(make: Callable[..., Field], settings: str, wanted: str) -> None:
    """Limits that the study declares hold; `refused` is no answer."""
    field = make(settings=settings)
    answered(field, field.tokens[0], ALL)
    field.close()
    assert field.engine.rows("select outcome from outcome_count where outcome <> 'nothing_returned'") == [
        (wanted,)
    ]


def test_rates_by_hand() -> None:
    """RR1 to RR3 of a table worked by hand: e = 90/100, RR3 = 60 / (90 + 0.9 * 100)."""
    found = Dispositions(60, 10, 15, 5, 20, 80, 6, 4)
    assert (found.rr1, found.rr2) == (Fraction(60, 190), Fraction(70, 190))
    assert (found.e, found.rr3) == (Fraction(9, 10), Fraction(60, 180))
    assert Dispositions().rr1 is Dispositions().rr3 is None


@given(st.builds(Dispositions, *[st.integers(0, 500)] * 8))
def test_rates_are_ordered(found: Dispositions) -> None:
    """RR1 <= RR2 and RR1 <= RR3, all shares."""
    if found.rr1 is not None and found.rr2 is not None and found.rr3 is not None:
        assert 0 <= found.rr1 <= found.rr2 <= 1
        assert found.rr1 <= found.rr3 <= 1


def test_verbs(make: Callable[..., Field], capsys: pytest.CaptureFixture[str]) -> None:
    """`monitor`, `pause`, `resume`, `extend` on the command line, and what they refuse."""
    field = make(settings="fieldwork: {from: 2026-01-01, to: 2099-01-31}\n")
    where = [str(field.study_folder), "--store", str(field.folder / "main.db")]
    assert main(["monitor", *where]) == 0
    assert "Every kind of question: open, last day 2099-01-31" in capsys.readouterr().out
    assert main(["monitor", *where, "--format", "csv"]) == 0
    assert "invited,,40" in capsys.readouterr().out
    assert main(["pause", *where]) == main(["resume", *where]) == 0
    assert main(["extend", where[0], "2099-02-28", *where[1:]]) == 0
    assert main(["extend", where[0], "2099-02-30", *where[1:]]) == 2
    assert "2099-02-30 is no day" in capsys.readouterr().err
    assert main(["monitor", *where, "--format", "json"]) == 0
    assert '"last_day": "2099-02-28"' in capsys.readouterr().out


def test_outcomes_are_checked(tmp_path: Path) -> None:
    """Limits the wrong way round are an error at their place."""
    shutil.copytree(STUDIES / "every-kind", tmp_path / "s")
    with (tmp_path / "s" / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("outcomes: {complete: 50, partial: 80}\n")
    with pytest.raises(ToplineError, match=r"study.yaml:21:22 .* partial above 0 and below complete"):
        read_study(tmp_path / "s")
