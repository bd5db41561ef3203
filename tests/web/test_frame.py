"""The frame: what is read, what is refused with its line, and what becomes of small groups."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.fields import SECRET, STUDIES, Field, answered
from tests.web.test_fieldwork import ALL

from topline.base import ToplineError
from topline.cli import main
from topline.dataset import read, read_responses
from topline.study import read_study
from topline.web.fieldwork.cells import Cell, coarsened
from topline.web.fieldwork.doctor import Patient, examine, file_system
from topline.web.fieldwork.export import export_answers, export_counts, invitations
from topline.web.fieldwork.frame import read_frame
from topline.web.fieldwork.launch import launch, load_frame
from topline.web.fieldwork.links import links_of
from topline.web.fieldwork.sticks import copy_keys
from topline.web.store.audit import note


def faults(path: Path, content: str | bytes) -> list[str]:
    """What is wrong with a list of people."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ToplineError) as error:
        read_frame(read_study(STUDIES / "every-kind"), path)
    return [str(each).replace(f"{path}:", "") for each in error.value.findings]


LIST = [("email", "department"), ("a@o.example", "1"), ("b@o.example", "dft")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str, ending: str) -> None:
    """UTF-8, or UTF-16 with its mark; commas, semicolons or tabs; line ends of any system."""
    path = tmp_path / "f.csv"
    text = ending.join(separator.join(row) for row in LIST)
    path.write_bytes(text.encode(encoding))
    people = read_frame(read_study(STUDIES / "every-kind"), path)
    assert [(each.key, each.cell, each.line) for each in people] == [
        ("a@o.example", ("moj",), 2),
        ("b@o.example", ("dft",), 3),
    ]


def workbook(path: Path, rows: list[list[object]]) -> Path:
    """A workbook with one sheet."""
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_workbook_is_read_as_text_is(tmp_path: Path) -> None:
    """The first sheet of an .xlsx: numbers as codes, lines counted as the sheet shows them."""
    path = workbook(
        tmp_path / "p.xlsx",
        [
            ["email", "department", "since"],
            ["a@o.example", 1, date(2010, 1, 31)],
            ["b@o.example", "dft", None],
        ],
    )
    people = read_frame(read_study(STUDIES / "every-kind"), path)
    assert [(each.key, each.cell, each.line) for each in people] == [
        ("a@o.example", ("moj",), 2),
        ("b@o.example", ("dft",), 3),
    ]
    bad = workbook(tmp_path / "b.xlsx", [["email", "department"], ["a@o.example", 9]])
    with pytest.raises(ToplineError, match=r"b\.xlsx:2 error: department knows no group 9\."):
        read_frame(read_study(STUDIES / "every-kind"), bad)


def test_a_line_is_where_it_starts(tmp_path: Path) -> None:
    """A cell with line breaks moves no line: the fault after it stands where an editor shows it."""
    content = 'email,department,note\na@o.example,1,"one\ntwo\nthree"\nnobody,1,\n'
    assert faults(tmp_path / "f.csv", content)[0].startswith("5 error: nobody is no e-mail")


def test_small_groups_are_shown_before_and_after(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run says what the launch would keep of each small group, and writes nothing."""
    path = tmp_path / "f.csv"
    path.write_text("email,department\n" + "".join(f"p{n}@o.example,{1 + (n > 30)}\n" for n in range(35)))
    command = ["frame", "load", str(STUDIES / "every-kind"), str(path), "--store", str(tmp_path / "s.db")]
    assert main([*command, "--dry-run"]) == 0
    assert not (tmp_path / "s.db").exists()
    assert capsys.readouterr().out == (
        "35 people in 2 groups; nothing was written.\n"
        "Groups of fewer than 10 people: 1. So that nobody stands alone, the launch keeps\n"
        "less of 35 people:\n"
        "  group  people  kept\n"
        "  dft         4  -\n"
        "  moj        31  -\n"
    )
    assert main(command) == 0
    assert "35 people listed" in capsys.readouterr().out


def test_names_codes_and_a_mark_of_order_are_read(tmp_path: Path) -> None:
    """Groups stand by code or name; an empty one is not known; a byte order mark is passed by."""
    path = tmp_path / "f.csv"
    path.write_text("\ufeffemail,department\na@o.example,1\nb@o.example,dft\nc@o.example,\n", "utf-8")
    people = read_frame(read_study(STUDIES / "every-kind"), path)
    assert [each.cell for each in people] == [("moj",), ("dft",), (None,)]


def test_launch_happens_once(make: Callable[..., Field], tmp_path: Path) -> None:
    """A launched study takes no other list and no other launch; one without people is not launched."""
    field = make()
    study = read_study(field.study_folder)
    people = read_frame(study, field.folder / "frame.csv")
    with pytest.raises(ToplineError, match="who is invited is part of what was promised"):
        load_frame(field.engine, study, people)
    with pytest.raises(ToplineError, match="is launched already"):
        launch(study, field.engine, tmp_path / "other", SECRET)


def test_route_by_an_attribute_that_is_not_kept_is_refused(
    make: Callable[..., Field], tmp_path: Path
) -> None:
    """Whether a question was asked would tell the attribute: the launch says so, and writes nothing."""
    folder = tmp_path / "routed"
    shutil.copytree(STUDIES / "every-kind", folder)
    text = (folder / "questionnaire.yaml").read_text("utf-8")
    text = text.replace("- text: why\n  ask_if: keen", "- text: why\n  ask_if: town = leeds")
    (folder / "questionnaire.yaml").write_text(text, "utf-8")
    with pytest.raises(ToplineError, match="why is asked or checked by town, which is not kept"):
        make(study=folder)
    assert not list(tmp_path.glob("field*/study/frozen"))


CELLS = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.sampled_from("12")),
    st.integers(0, 30),
    min_size=1,
    max_size=24,
)


@given(counts=CELLS, floor=st.integers(2, 12))
def test_no_small_group_is_left(counts: dict[Cell, int], floor: int) -> None:
    """After coarsening no cell that counts somebody is below the floor, unless all together are; nothing
    that is kept is changed; and what is given up in a group is given up for the whole of it.
    """
    become = coarsened(counts, floor)
    now: Counter[Cell] = Counter()
    for cell, to in become.items():
        now[to] += counts[cell]
        assert all(kept in (None, was) for kept, was in zip(to, cell, strict=True))
        depth = next((n for n, each in enumerate(to) if each is None), len(to))
        assert set(to[depth:]) <= {None}
        assert (
            all(
                other == to
                for was, other in become.items()
                if was[:depth] == cell[:depth] and depth < len(to)
            )
            or to[0] is None
        )
    if sum(counts.values()) >= floor:
        assert [cell for cell, n in now.items() if 0 < n < floor] == []


def test_export_is_read_back(make: Callable[..., Field], tmp_path: Path) -> None:
    """The file of answers is one that Topline reads, and the counts say who was invited and replied."""
    field = make()
    for token in field.tokens[:14]:
        answered(field, token, ALL)
    field.close()
    study = read_study(field.study_folder)
    assert export_answers(field.engine, study, tmp_path / "a.csv") == (14, ())
    data = read_responses(study, tmp_path / "a.csv")
    assert data.n == 14
    with (tmp_path / "a.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert Counter(row["department"] for row in rows) == {"1": 7, "2": 7}
    assert "topline.made_up" not in rows[0]
    assert export_counts(field.engine, study, tmp_path / "c.csv") == 2
    assert (tmp_path / "c.csv").read_text("utf-8") == "department,invited,replied\ndft,20,7\nmoj,20,7\n"


def exported(field: Field, folder: Path, ending: str) -> Path:
    """The answers of fourteen people in two formats: Topline's own, and the one of the ending."""
    for token in field.tokens[:14]:
        answered(field, token, ALL)
    field.close()
    study = read_study(field.study_folder)
    export_answers(field.engine, study, folder / "a.csv")
    assert export_answers(field.engine, study, folder / f"a{ending}")[0] == 14
    assert sorted(each.name for each in folder.iterdir() if each.is_file()) == ["a.csv", f"a{ending}"]
    return folder / f"a{ending}"


def test_export_as_parquet(make: Callable[..., Field], tmp_path: Path) -> None:
    """The file holds what the CSV holds, and the study with it."""
    field = make()
    found = read(exported(field, tmp_path, ".parquet"))
    plain = read_responses(read_study(field.study_folder), tmp_path / "a.csv")
    assert found.data_hash == plain.data_hash
    assert found.study.variables["statement"].label == "Likes the work"


@pytest.mark.parametrize("ending", [".sav", ".zsav", ".dta"])
def test_export_with_labels_inside(make: Callable[..., Field], tmp_path: Path, ending: str) -> None:
    """Another program finds what was answered, its labels, and why a cell is empty."""
    path = exported(make(), tmp_path, ending)
    reader = pyreadstat.read_dta if ending == ".dta" else pyreadstat.read_sav
    found, said = reader(path, user_missing=True, output_format="dict")
    labels = said.variable_value_labels
    assert {labels["statement"][code] for code in found["statement"]} == {"Tend to agree"}
    assert {labels["site"][code] for code in found["site"]} == {"Prefer not to say"}
    assert said.column_names_to_labels["statement"] == "Likes the work"
    assert list(found["minutes"]) == [130.0] * 14
    assert list(found["anything"]) == ["Two lines\nof it"] * 14


def test_reminders_go_to_those_who_have_not_finished(make: Callable[..., Field]) -> None:
    """The same link, and only for people who are still waited for."""
    field = make()
    answered(field, field.tokens[0], ALL)
    links = links_of(field.engine, field.vault, "every_kind", SECRET, "https://s.example/")
    assert links[1] == f"https://s.example/s/every_kind/i/{field.tokens[1]}"
    rows = list(invitations(field.engine, "every_kind", links, waiting=True))
    assert len(rows) == 39
    assert rows[0] == ["p1@office.example", links[1]]
    with pytest.raises(ToplineError, match="TOPLINE_SECRET is not the secret"):
        links_of(field.engine, field.vault, "every_kind", b"another secret", "")


def test_doctor_finds_each_fault(make: Callable[..., Field], monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights, place, stick, secret, address, log: each check names its own fault, and none when mended."""
    field = make()
    patient = Patient(
        "every_kind", field.study_folder, field.engine, str(field.folder / "main.db"), field.vault, "http://s"
    )

    def found() -> dict[str, list[str]]:
        return {each.number: [fault.id for fault in each.findings] for each in examine(patient)}

    monkeypatch.setenv("TOPLINE_SECRET", "short")
    field.vault.chmod(0o755)
    (field.vault / "CACHEDIR.TAG").unlink()
    first = found()
    assert first["V1"] == ["doctor-rights"]
    assert first["V2"][:2] == ["doctor-tag", "doctor-same-disk"]
    assert first["V4"] == ["doctor-stick"]
    assert first["E1"] == ["fieldwork-secret"]
    assert first["E2"] == ["doctor-base"]
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    field.vault.chmod(0o700)
    (field.folder / "stick").mkdir()
    copy_keys(field.engine, field.vault, "every_kind", str(field.folder / "stick"))
    second = found()
    assert {number for number, ids in second.items() if ids} == {"V2", "E2"}
    field.close()
    assert found()["V4"] == ["doctor-stick-left"]
    field.engine.write(lambda db: note(db, "every_kind", "note", text="key stick destroyed by A. Jones"))
    assert found()["V4"] == []


def test_file_systems_are_told_apart(tmp_path: Path) -> None:
    """The innermost mount counts."""
    mounts = tmp_path / "mounts"
    mounts.write_text(f"a / ext4 rw 0 0\nb {tmp_path} btrfs rw 0 0\nc {tmp_path}x zfs rw 0 0\n", "utf-8")
    assert file_system(tmp_path / "vault", mounts) == "btrfs"
    assert file_system(Path("/"), mounts) == "ext4"
    assert file_system(Path("/"), tmp_path / "none") is None


def test_withheld_attributes_are_written_as_such(make: Callable[..., Field], tmp_path: Path) -> None:
    """Seven replies of three and four: no department is kept, and the file says that it is withheld."""
    field = make()
    for token in field.tokens[:7]:
        answered(field, token, ALL)
    field.close()
    rows = field.engine.rows("select attributes from response")
    assert {json.loads(where)["department"] for (where,) in rows} == {None}
    study = read_study(field.study_folder)
    export_answers(field.engine, study, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8") as file:
        assert {row["department"] for row in csv.DictReader(file)} == {"-8"}
    assert read_responses(study, tmp_path / "a.csv").n == 7
