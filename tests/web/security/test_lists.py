"""Threats in lists that come in, and in answers that go out: bad lines, bombs, formulas."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from tests.conftest import lacking
from tests.web.fields import STUDIES, Field, answered
from tests.web.test_fieldwork import SHORT
from tests.web.test_frame import faults, workbook

from topline.base import ToplineError
from topline.study import read_study
from topline.web.fieldwork.export import export_answers
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
        "declares a document type": {
            "x.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        },
    }
    for words, members in bombs.items():
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


@pytest.mark.slow
def test_threat_27_no_program_for_tables_computes_an_answer(
    make: Callable[..., Field], tmp_path: Path
) -> None:
    """Answers that look like formulas stand in LibreOffice as they were typed, behind an apostrophe."""
    office = shutil.which("soffice")
    if office is None:
        lacking("LibreOffice", "apt install libreoffice-calc")
    field = make()
    for token, formula in zip(field.tokens, FORMULAS * 2, strict=False):
        assert "Thank you" in answered(field, token, SHORT | {"anything": formula}).text
    field.close()
    export_answers(field.engine, read_study(field.study_folder), tmp_path / "answers.csv")
    subprocess.run(
        [
            office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "ods",
            "--outdir", str(tmp_path), str(tmp_path / "answers.csv"),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "answers.ods") as opened:
        sheet = unescape(opened.read("content.xml").decode())
    assert "table:formula" not in sheet
    for formula in FORMULAS:
        assert f"'{formula.strip()}" in sheet or f"'{formula}" in sheet, formula
