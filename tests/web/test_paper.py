"""Paper from codes to responses: forms to print, two keyings compared, what keeps a form out."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.fields import SECRET, Field, answered
from tests.web.samples import keys_of
from tests.web.test_fieldwork import ALL, responses

from topline.base import ToplineError
from topline.cli import main
from topline.study import read_study
from topline.study.compile import compile_study, translated
from topline.study.values import NoAnswer
from topline.web.codes import printed
from topline.web.fieldwork.doors import SharedDoors
from topline.web.fieldwork.places import make_codes
from topline.web.paper.enter import Entry
from topline.web.paper.form import paper_page
from topline.web.paper.keyed import compared, read_keying
from topline.web.paper.sheet import columns_of

#: A form with everything filled in, as it is keyed.
KEYED = {
    "statement": "4", "parts.people": "3", "parts.tools": "5", "parts.other": "dont_know",
    "ways.bus": "1", "ways.other": "x", "ways.other.text": "By <ferry> & “foot”",
    "worst.other": "1", "worst.bus": "2", "site": "refused", "minutes": "130", "since": "2010-01-31",
    "why": "The people", "anything": "Two lines\nof it", "anything.quote": "1",
}  # fmt: skip


@pytest.fixture
def paper(make: Callable[..., Field], address: str, monkeypatch: pytest.MonkeyPatch) -> Field:
    """A launched study, with the environment of its verbs."""
    field = make(address=address)
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    monkeypatch.setenv("TOPLINE_VAULT", str(field.vault))
    monkeypatch.setenv("TOPLINE_DATABASE_URL", address)
    return field


def codes(field: Field, number: int = 12) -> list[str]:
    """Codes of one department."""
    return make_codes(field.engine, read_study(field.study_folder), ("moj",), number, "b", keys_of(field))


def sheet(field: Field, name: str, rows: list[tuple[str, dict[str, str]]]) -> Path:
    """A keyed sheet."""
    path = field.folder / name
    columns = ["code", *(each.name for each in columns_of(field.compiled))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({"code": printed(code).lower(), **cells} for code, cells in rows)
    return path


def entered(field: Field, first: Path, second: Path, *more: str) -> int:
    """Run the verb."""
    return main(["paper", "enter", str(field.study_folder), str(first), str(second), *more])


def test_agreed_forms_become_responses(paper: Field, capsys: pytest.CaptureFixture[str]) -> None:
    """Twelve forms keyed alike: twelve responses, the same as from the pages, sealed until the close."""
    rows = [(code, KEYED) for code in codes(paper)]
    first, second = sheet(paper, "a.csv", rows), sheet(paper, "b.csv", rows[::-1])
    assert entered(paper, first, second, "--dry-run") == 0
    assert paper.engine.rows("select count(*) from sealed") == [(0,)]
    assert entered(paper, first, second) == 0
    assert entered(paper, first, second) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-2] == "12 forms agree. Entered: 12; entered before: 0; to be looked at: 0 places."
    assert said[-1] == "12 forms agree. Entered: 0; entered before: 12; to be looked at: 0 places."
    lengths = {len(bytes(body)) for (body,) in paper.engine.rows("select body from sealed")}
    assert lengths == {paper.fieldwork.promise.sealed + 28}
    answered(paper, paper.tokens[0], ALL)
    done = paper.close()
    assert (done.invited, done.replied) == (52, 13)
    found = [{k: v for k, v in each.items() if k != "direction"} for each in responses(paper)]
    online = ALL | {}
    assert found == [online] * 13
    assert {
        json.loads(cell)["department"] for (cell,) in paper.engine.rows("select attributes from response")
    } == {"moj"}


def test_disagreements_have_both_places(paper: Field, capsys: pytest.CaptureFixture[str]) -> None:
    """A cell that differs keeps its form out and is listed with line and column in both sheets; a third
    sheet decides, if it says what one of the two said.
    """
    a, b, c = codes(paper, 12)[:3]
    first = sheet(paper, "a.csv", [(a, KEYED), (b, KEYED), (c, KEYED)])
    second = sheet(paper, "b.csv", [(b, KEYED | {"statement": "3", "why": "The People"}), (a, KEYED)])
    assert entered(paper, first, second) == 1
    said = capsys.readouterr().out.replace(f"{paper.folder}/", "")
    lines = first.read_text("utf-8").splitlines()
    assert "a.csv:4:2 error: statement is another in b.csv:2:2." in said, (said, lines)
    assert "error: why is another in b.csv:2:" in said
    assert "a.csv:6:1 error: this form is not in b.csv. Key it there too." in said
    assert "1 forms agree. Entered: 1;" in said
    other = sheet(paper, "c.csv", [(b, KEYED | {"statement": "2"})])
    assert entered(paper, first, second, "--resolved", str(other)) == 1
    assert "statement is another" in capsys.readouterr().out
    third = sheet(paper, "d.csv", [(b, KEYED | {"statement": "3"})])
    assert entered(paper, first, second, "--resolved", str(third)) == 1  # the one that was keyed once
    assert "2 forms agree. Entered: 1; entered before: 1;" in capsys.readouterr().out


def test_what_keeps_a_form_out(paper: Field, capsys: pytest.CaptureFixture[str]) -> None:
    """Cells that cannot stand there, numbers out of range, strange codes, codes used online: each with its
    place and what to do; nothing of such a form is saved.
    """
    a, b, c, d, e = codes(paper)[:5]
    begun = paper.browser()
    begun.post("/code", [("code", d)])
    begun.post("/start", begun.fields("/"))
    begun.save("statement", [("statement", "neither")])
    from topline.web.codes import code_of

    rows = [
        (a, KEYED | {"statement": "9"}), (b, KEYED | {"minutes": "many"}), (code_of(7), KEYED),
        (d, KEYED), (c, KEYED | {"since": "31.1.2010"}), (e, {}),
    ]  # fmt: skip
    first, second = sheet(paper, "a.csv", rows), sheet(paper, "b.csv", rows)
    assert entered(paper, first, second) == 1
    said = capsys.readouterr().out
    for words in (
        "a.csv:2:2 error: “9” cannot stand here: one of ",
        "error: the answer to minutes does not fit",
        "error: no form of this study has this code.",
        "error: somebody began to answer with this code online",
        "error: “31.1.2010” cannot stand here: a day as 2026-03-31.",
        "6 forms agree. Entered: 1;",
    ):
        assert words in said, said
    assert paper.engine.rows("select count(*) from sealed") == [(1,)]
    assert begun.get("/p/statement").status == 200
    paper.close()
    (empty,) = responses(paper)
    assert empty["statement"] == NoAnswer("blank")  # a form that came back empty


def test_a_killed_run_goes_on(paper: Field) -> None:
    """A run that stops between saving and submitting is run again, and the form counts once."""
    rows = [(code, KEYED) for code in codes(paper)[:2]]
    keying = read_keying(sheet(paper, "a.csv", rows), columns_of(paper.compiled))
    agreed = compared(keying, keying).agreed
    entry = Entry(paper.fieldwork, SharedDoors(paper.fieldwork, SECRET), columns_of(paper.compiled))
    send = paper.fieldwork.send
    calls = []

    def killed(*given: object) -> None:
        calls.append(given)
        raise KeyboardInterrupt

    paper.fieldwork.send = killed  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        entry.enter(agreed, keying, dry_run=False)
    paper.fieldwork.send = send  # type: ignore[method-assign]
    assert len(calls) == 1
    assert entry.enter(agreed, keying, dry_run=False).entered == 2
    assert paper.close().replied == 2


def test_sheets_that_are_none(paper: Field, capsys: pytest.CaptureFixture[str]) -> None:
    """Other columns, a form that is there twice, a code with a slip, one file given twice."""
    a, b = codes(paper)[:2]
    good = sheet(paper, "a.csv", [(a, KEYED)])
    bad = sheet(paper, "b.csv", [(a, KEYED), (a, KEYED), (b[:-1] + ("0" if b[-1] != "0" else "1"), KEYED)])
    (paper.folder / "c.csv").write_text("code,town\n", "utf-8")
    for other, words in (
        (bad, ["b.csv:4:1 error: this form stands in line 2 too", "error: this is no code"]),
        (paper.folder / "c.csv", ["Not of it: town"]),
        (good, ["are one file"]),
        (paper.folder / "none.csv", ["there is no file"]),
    ):
        assert entered(paper, good, other) == 2
        said = capsys.readouterr().err
        assert all(each in said for each in words), said


def test_verbs_from_codes_to_sheet(paper: Field, capsys: pytest.CaptureFixture[str]) -> None:
    """Codes are written for their owner alone, forms carry them, the empty sheet has every column."""
    folder, study = paper.folder, str(paper.study_folder)
    command = [
        "paper",
        "codes",
        study,
        "--group",
        "department=moj",
        "--number",
        "10",
        "-o",
        str(folder / "c.csv"),
    ]
    assert main(command) == 0
    assert os.stat(folder / "c.csv").st_mode & 0o077 == 0
    head, *rows = (folder / "c.csv").read_text("utf-8").split()
    assert head == "code,department"
    lines = [code for code, group in (row.split(",") for row in rows) if group == "moj"]
    assert len(lines) == 10
    forms = ["paper", "forms", study, "--codes", str(folder / "c.csv"), "-o", str(folder / "f.html")]
    assert main([*forms, "--language", "cy"]) == 0
    page = (folder / "f.html").read_text("utf-8")
    assert all(page.count(code) == 1 for code in lines)
    assert main(["paper", "sheet", study, "-o", str(folder / "s.csv")]) == 0
    assert (folder / "s.csv").read_text("utf-8").startswith("code,statement,parts.people,")
    assert main(["paper", "sheet", study]) == 2
    assert "Name it with -o FILE" in capsys.readouterr().err


def test_form_has_every_answer_and_code(root: Path) -> None:
    """Every question with its answers and codes, whom it is for, lines to write on; nothing is fetched."""
    study = read_study(root / "tests" / "studies" / "every-kind")
    compiled = compile_study(study, translated(study))
    page = paper_page(study, compiled, "en")
    for asked in compiled.questions.values():
        for option in asked.options:
            assert compiled.wording[option.text].replace("&", "&amp;")[:20] in page
    assert "Only for " in page
    assert page.count('class="no"') == sum(asked.kind != "info" for asked in compiled.questions.values())
    assert "http" not in page
    assert "<script" not in page
    assert 'dir="rtl"' in paper_page(study, compiled, "ar")


def test_form_names_the_groups_it_is_handed_out_for(root: Path) -> None:
    """A question with the department in it has the one of each code; without a code its words for none."""
    study = read_study(root / "tests" / "studies" / "every-kind")
    compiled = compile_study(study, translated(study))
    groups = {"A": {"department": "moj"}, "B": {"department": "dft"}, "C": {"department": "moj"}, "D": {}}
    forms = paper_page(study, compiled, "en", groups).split('<article class="form">')[1:]
    said = [form.partition("I like my work at ")[2].partition(".")[0] for form in forms]
    assert said == ["MoJ", "DfT", "MoJ", "your department"]
    assert "I like my work at your department." in paper_page(study, compiled, "en")


def test_no_form_where_an_arm_decides(tmp_path: Path, root: Path) -> None:
    """A question of one arm of a split cannot be routed with a pen: the form is refused, with its name."""
    folder = tmp_path / "study"
    shutil.copytree(root / "tests" / "studies" / "every-kind", folder)
    text = (folder / "questionnaire.yaml").read_text("utf-8")
    text = text.replace("- text: why\n  ask_if: keen", "- text: why\n  ask_if: direction = forward")
    (folder / "questionnaire.yaml").write_text(text, "utf-8")
    study = read_study(folder)
    with pytest.raises(ToplineError, match="why is asked in one arm of direction only"):
        paper_page(study, compile_study(study, translated(study)), "en")
