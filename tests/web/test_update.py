"""The list after launch: joiners, leavers, addresses; and what may not change."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.fields import FRAME, SECRET, Field, answered
from tests.web.samples import keys_of
from tests.web.test_fieldwork import ALL

from topline.base import ToplineError
from topline.study import read_study
from topline.web.fieldwork.frame import read_frame
from topline.web.fieldwork.update import Changes, changes_of, update_frame
from topline.web.keys import link_hash
from topline.web.store.audit import entries

LINES = FRAME.splitlines()


def updated(field: Field, lines: list[str], leavers: int | None = None) -> Changes:
    """Bring a launched study to another list."""
    file = field.folder / "today.csv"
    file.write_text("\n".join(lines), "utf-8")
    study = read_study(field.study_folder)
    people = read_frame(study, file)
    return update_frame(field.engine, study, people, file, keys_of(field), leavers)


def test_joiners_and_leavers(make: Callable[..., Field], address: str) -> None:
    """A joiner gets a link and the groups that are there; a leaver's link says so; both are counted."""
    field = make(address=address)
    answered(field, field.tokens[1], ALL)
    browser = field.browser()
    browser.begin(field.tokens[2])
    done = updated(field, [LINES[0], *LINES[4:], "new@office.example,2"])
    assert (len(done.joined), done.left) == (1, (0, 1, 2))
    joined = field.engine.rows("select id, cell, state, link_hash from invite order by id desc limit 1")[0]
    assert joined[:3] == (40, '{"department":"dft"}', "invited")
    token = keys_of(field).token(40)
    assert bytes(joined[3]) == link_hash(token)
    assert "Thank you" in answered(field, token, ALL).text
    gone = field.browser().get(f"/i/{field.tokens[0]}")
    assert "This link is no longer in use" in gone.text
    assert "The answers are already in" in field.browser().get(f"/i/{field.tokens[1]}").text
    # in the middle of an interview: nothing more is taken, and nothing is lost if the person is back
    assert "no longer in use" in browser.get("/p/statement").text
    assert updated(field, [*LINES, "new@office.example,2"]).back == (0, 1, 2)
    assert "Page 1" in browser.get("/p/statement").text
    updated(field, [LINES[0], *LINES[4:], "new@office.example,2"])
    counted = field.close()
    assert (counted.invited, counted.replied) == (39, 2)  # 40 + 1 joined, less two who left without replying
    told = (each.what for each in entries(field.engine, "every_kind"))
    line = next(what for what in told if what["verb"] == "frame update")
    assert line == {
        "verb": "frame update", "joined": 1, "left": 3, "back": 0, "readdressed": 0, "unsampled": 0,
    }  # fmt: skip


def test_groups_never_change(make: Callable[..., Field]) -> None:
    """Somebody who moved is refused with the line and the reason, and nothing at all is changed."""
    field = make()
    moved = [*LINES[:5], "p4@office.example,2", *LINES[6:], "new@office.example,1"]
    with pytest.raises(ToplineError) as error:
        updated(field, moved)
    assert [str(each).partition("today.csv:")[2] for each in error.value.findings] == [
        "6 error: department was moj at launch and is dft here. What stays with this person's answers was"
        " shown to them and is part of the promise: write moj again. The change counts in the next wave."
    ]
    assert field.engine.rows("select count(*) from invite") == [(40,)]


def test_joiner_who_would_stand_alone(make: Callable[..., Field]) -> None:
    """Where a small department was given up at launch, a joiner has none either; one who fits nowhere is
    refused with the line.
    """
    frame = "email,department\n" + "".join(f"p{n}@o.example,{1 if n < 35 else 2}\n" for n in range(40))
    field = make(frame=frame)
    done = updated(field, [*frame.splitlines(), "new@o.example,2"])
    assert [cell for _, cell in done.joined] == [(None,)]
    other = make()
    with pytest.raises(ToplineError, match=r"today\.csv:42 .*would stand alone"):
        updated(other, [*LINES, "new@office.example,"])


def test_a_list_of_changes_only_is_caught(make: Callable[..., Field]) -> None:
    """A file that lacks most people is no list of today; who means it says how many left."""
    field = make()
    with pytest.raises(ToplineError, match=r"39 of 40 people are not in .*write --leavers 39"):
        updated(field, LINES[:2])
    assert len(updated(field, LINES[:2], leavers=39).left) == 39


def test_too_few_spares(make: Callable[..., Field]) -> None:
    """More joiners than spare keys: the message names the verb and how many are lacking."""
    field = make()
    joiners = [f"n{n}@office.example,1" for n in range(101)]
    with pytest.raises(ToplineError, match="topline vault add every_kind 1 "):
        updated(field, [*LINES, *joiners])
    assert field.engine.rows("select count(*) from invite") == [(40,)]
    field.fieldwork.vault.add(1)
    assert len(updated(field, [*LINES, *joiners]).joined) == 101


def test_addresses_by_key(make: Callable[..., Field], tmp_path: Path) -> None:
    """Where people have a number, their address may change; the link stays the same."""
    from tests.web.samples import study_with

    place = study_with(tmp_path, "descriptive")
    text = (place / "study.yaml").read_text("utf-8")
    text = text.replace("keep: [department]", "key: number, keep: [department]")
    (place / "study.yaml").write_text(text, "utf-8")
    frame = "number,email,department\n" + "".join(f"{n},p{n}@o.example,{1 + n % 2}\n" for n in range(40))
    field = make(study=place, frame=frame)
    done = updated(field, frame.replace("p7@o.example", "seven@o.example").splitlines())
    assert [id for id, _ in done.readdressed] == [7]
    person = field.engine.rows("select person, link_hash from invite where id = 7")[0]
    assert json.loads(person[0]) == {"key": "7", "address": "seven@o.example"}
    assert bytes(person[1]) == link_hash(field.tokens[7])


def test_dry_run_writes_nothing(
    make: Callable[..., Field], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verb shows what would change; with the same file and no --dry-run it does so."""
    from topline.cli import main

    field = make()
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    file = field.folder / "today.csv"
    file.write_text("\n".join([*LINES[:-1], "new@office.example,1"]), "utf-8")
    command = ["frame", "update", str(field.study_folder), str(file), "--store",
               str(field.folder / "main.db"),
               "--vault", str(field.vault)]  # fmt: skip
    assert main([*command, "--dry-run"]) == 0
    assert field.engine.rows("select count(*), sum(gone) from invite") == [(40, 0)]
    assert main(command) == 0
    assert field.engine.rows("select count(*), sum(gone) from invite") == [(41, 1)]
    said = capsys.readouterr().out
    assert said.count("  joined                  1\n  left                    1\n") == 2
    assert "What would change:" in said
    assert "office.example" not in said


def test_sampled_study_takes_no_joiners(tmp_path: Path) -> None:
    """Who came after the draw had no chance to be drawn: counted, and not invited."""
    from tests.web.test_sample import PEOPLE, drawn, loaded

    from topline.web.fieldwork.launch import launch

    place, engine = loaded(tmp_path, str(tmp_path / "main.db"))
    drawn(engine, place, size=40, by=["department"], seed=7)
    study = read_study(place)
    launch(study, engine, tmp_path / "vault", SECRET)
    file = tmp_path / "today.csv"
    file.write_text(PEOPLE + "new@office.example,1\n", "utf-8")
    assert changes_of(engine, study, read_frame(study, file), file, None) == Changes(unsampled=1)
    engine.close()
