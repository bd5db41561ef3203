"""Threats in lists that come in, and in answers that go out: bad lines, bombs, formulas."""

from __future__ import annotations

import csv
import shutil
import subprocess
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from html import unescape
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tests.conftest import lacking
from tests.tables.test_output import book as small_book
from tests.web.fields import STUDIES, Field, answered
from tests.web.test_fieldwork import SHORT
from tests.web.test_frame import faults, workbook

from topline.base import ToplineError
from topline.base.formulas import no_formula
from topline.documents import codebook, codebook_csv
from topline.study import read_study
from topline.tables import (
    Point,
    RowSpec,
    Trend,
    TrendRow,
    as_csv,
    as_ods,
    as_xlsx,
    change_csv,
    change_of,
)
from topline.web.fieldwork.export import export_answers, invitations
from topline.web.fieldwork.frame import read_frame


def test_threat_27_every_bad_line_is_named(tmp_path: Path) -> None:
    """Unknown groups, bad addresses, people who are there twice: each with its line, and what to do."""
    lines = [
        "department,email,salary",
        "1,anna@office.example,9",
        "9,ben@office.example,9",
        "2,ANNA@office.example,9",
        "dft,no address,9",
        "moj,,9",
        "moj,=cmd@office.example,9",
    ]
    assert faults(tmp_path / "f.csv", "\n".join(lines)) == [
        "3 error: department knows no group 9. It has: 1 moj, 2 dft.",
        "4 error: this email stands in line 2 too. Leave one of the two lines out.",
        "5 error: no address is no e-mail address. Write it as name@example.org.",
        "6 error: email is empty or holds control characters. Each person needs one.",
        "7 error: =cmd@office.example is no e-mail address. Write it as name@example.org.",
    ]


def test_threat_27_files_that_are_no_frame(tmp_path: Path) -> None:
    """No such file, no such columns, another encoding, broken quotes, nobody in it."""
    path = tmp_path / "f.csv"
    with pytest.raises(ToplineError, match="there is no file"):
        read_frame(read_study(STUDIES / "every-kind"), path)
    assert "lacks the columns email" in faults(path, "department\n1\n")[0]
    assert "is not written in UTF-8" in faults(path, b"email,department\n\xff\xfe,1\n")[0]
    assert "is not CSV" in faults(path, 'email,department\n"a"b,1\n')[0]
    assert "lists nobody" in faults(path, "email,department\n")[0]


def test_threat_27_what_is_no_text_is_said(tmp_path: Path) -> None:
    """UTF-16 without its mark, a broken one, a workbook, too few cells, a column twice, a near miss."""
    path = tmp_path / "f.csv"
    assert "holds a NUL in line 1" in faults(path, "email,department\na@o.example,1\n".encode("utf-16-le"))[0]
    assert "is not written in UTF-16" in faults(path, b"\xff\xfee\x00\x00\xd8x\x00y")[0]
    assert "line has 1 cells" in faults(path, "email,department\na@o.example\n")[0]
    assert "more than once: email" in faults(path, "email,email,department\n")[0]
    assert faults(path, "email,department\na@o.example,Dfr\n") == [
        "2 error: department knows no group Dfr. Did you mean dft? It has: 1 moj, 2 dft."
    ]
    book = tmp_path / "people.ods"
    book.write_bytes(b"PK")
    with pytest.raises(ToplineError, match=r"of those only \.xlsx is read"):
        read_frame(read_study(STUDIES / "every-kind"), book)


def test_threat_28_workbooks_that_are_bombs(tmp_path: Path) -> None:
    """Zeros that inflate a thousand times, a thousand parts, a document type, no zip at all: refused before
    anything reads them.
    """
    good = workbook(tmp_path / "g.xlsx", [["email", "department"]]).read_bytes()
    bombs = {
        "inflates to far more": {"xl/worksheets/sheet1.xml": b"0" * 60_000_000},
        "has 1501 parts": {f"x{n}": b"" for n in range(1_500)},
    }
    typed = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    kinds = [
        ("declares a document type", {"x.xml": typed.encode(name)})
        for name in ("utf-8", "utf-16", "utf-16-be")
    ]
    for words, members in [*bombs.items(), *kinds]:
        path = tmp_path / "bomb.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("[Content_Types].xml", "")
            for name, content in members.items():
                file.writestr(name, content)
        with pytest.raises(ToplineError, match=words):
            read_frame(read_study(STUDIES / "every-kind"), path)
    for content in (b"PK", good[:-200], b""):
        (tmp_path / "n.xlsx").write_bytes(content)
        with pytest.raises(ToplineError, match="cannot be read as a workbook"):
            read_frame(read_study(STUDIES / "every-kind"), tmp_path / "n.xlsx")


def test_threat_27_many_faults_are_told_briefly(tmp_path: Path) -> None:
    """Of two thousand bad lines fifty are named, and how many more there are."""
    found = faults(tmp_path / "f.csv", "email,department\n" + "nobody,1\n" * 2000)
    assert len(found) == 51
    assert found[-1].startswith("error: and 1950 more faults in this file.")


FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    '=HYPERLINK("http://127.0.0.1:9";1)',
    "=cmd|' /C x'!A0",
)


WORDS = {"label", "title", "text", "wording", "hint", "base", "base_sentence", "weighting", "item"}
_T = TypeVar("_T")


def leading(value: _T, beginnings: Iterator[str]) -> _T:
    """A table or codebook with such a beginning before every word of a study that it holds."""
    if is_dataclass(value) and not isinstance(value, type):
        found: dict[str, Any] = {}
        for each in fields(value):
            part = getattr(value, each.name)
            words = each.name in WORDS and isinstance(part, str) and part
            found[each.name] = next(beginnings) + part if words else leading(part, beginnings)
        return replace(value, **found)
    if isinstance(value, tuple):
        return tuple(leading(each, beginnings) for each in value)  # type: ignore[return-value]
    return value


def in_libreoffice(folder: Path, *paths: Path) -> list[str]:
    """What LibreOffice makes of files that it opens: the content of each as OpenDocument."""
    office = shutil.which("soffice")
    if office is None:
        lacking("LibreOffice", "apt install libreoffice-calc")
    out = folder / "opened"
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "ods"]
    subprocess.run(
        [*command, "--outdir", str(out), *map(str, paths)], check=True, capture_output=True, timeout=180
    )
    found = []
    for path in paths:
        with zipfile.ZipFile(out / f"{path.stem}.ods") as opened:
            found.append(unescape(opened.read("content.xml").decode()))
    return found


@pytest.mark.slow
def test_threat_27_no_program_for_tables_computes_an_answer(
    make: Callable[..., Field], tmp_path: Path
) -> None:
    """Answers that look like formulas stand in LibreOffice as they were typed, behind an apostrophe."""
    field, raw = make(), tmp_path / "raw.csv"
    for token, formula in zip(field.tokens, FORMULAS * 2, strict=False):
        assert "Thank you" in answered(field, token, SHORT | {"anything": formula}).text
    field.close()
    export_answers(field.engine, read_study(field.study_folder), tmp_path / "answers.csv")
    raw.write_text("a\n=1+1\n")
    sheet, computed = in_libreoffice(tmp_path, tmp_path / "answers.csv", raw)
    assert "table:formula" in computed  # what is not guarded is computed
    assert "table:formula" not in sheet
    for formula in FORMULAS:
        assert f"'{formula.strip()}" in sheet or f"'{formula}" in sheet, formula


@pytest.mark.slow
def test_threat_27_no_program_for_tables_computes_a_word_of_the_study(tmp_path: Path) -> None:
    """Nor labels, wordings and sentences, in tables in each format and in the codebook: a study may come from
    a form or a data file of somebody else. Numbers stay numbers.
    """
    beginnings = cycle(FORMULAS)
    book = leading(small_book(tmp_path), beginnings)
    words = leading(codebook(read_study(STUDIES / "every-kind")), beginnings)
    files = {
        "tables.csv": as_csv(book).encode(),
        "book.xlsx": as_xlsx(book),
        "sheets.ods": as_ods(book),
        "codebook.csv": codebook_csv(words).encode(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = in_libreoffice(tmp_path, *(tmp_path / name for name in files))
    for name, sheet in zip(files, found, strict=True):
        assert "table:formula" not in sheet, name
        assert "@SUM(1)" in sheet
        assert "HYPERLINK" in sheet
    assert 'office:value="-5"' in found[3]  # the code of a missing kind


def test_threat_27_change_between_waves_holds_no_formula() -> None:
    """Words of the file of changes stand behind an apostrophe; a fall is a number with its minus."""
    fell = change_of(Point(50, 1, 999, 1000, 1000.0), Point(40, 1, 999, 1000, 1000.0))
    points = (Point(50, 1, 999, 1000, 1000.0), Point(40, 1, 999, 1000, 1000.0))
    row = TrendRow("", "", RowSpec("yes", "=1+1", "answer"), "", "+all", points, (None, fell), "", ("@x",))
    trend = Trend("q", "", "-q", "=q", "=base", "comparable", ("2024", "2025"), ("", ""), (row,))
    lines = list(csv.DictReader(change_csv([trend], ["=1+1"]).splitlines()[1:]))
    assert [lines[1][name] for name in ("label", "answer_label", "group_label", "notes")] == [
        "'-q", "'=1+1", "'+all", "'@x",
    ]  # fmt: skip
    assert lines[1]["change"] == "-10.0"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_threat_27_beginnings_of_formulas(text: str) -> None:
    """Each beginning that Excel or LibreOffice computes is guarded, and nothing else is touched."""
    assert no_formula(text) == f"'{text}"
    assert no_formula(f" {text}") == f" {text}"
    assert no_formula("") == ""
    assert no_formula("a=1") == "a=1"


def test_threat_27_links_for_a_mail_merge(make: Callable[..., Field], tmp_path: Path) -> None:
    """A staff number that begins like a formula does not begin so in the file of links."""
    study = tmp_path / "numbered"
    shutil.copytree(STUDIES / "every-kind", study)
    path = study / "study.yaml"
    path.write_text(path.read_text("utf-8").replace("frame: {", "frame: {key: number, "), "utf-8")
    people = "".join(f"{sign}{n},{1 + n % 2}\n" for n in range(10) for sign in "=+-@")
    field = make(study=study, frame=f"number,department\n{people}")
    keys = [key for key, _ in invitations(field.engine, "every_kind", defaultdict(str), waiting=False)]
    assert len(keys) == 40
    assert {key[:2] for key in keys} == {"'=", "'+", "'-", "'@"}
