"""Analysts' tables as spreadsheets: the same figures as in the other files, and programs that open them."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from dataclasses import replace
from html import unescape
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from tests.conftest import lacking
from tests.tables.test_output import book as small_book
from tests.tables.test_table import people

from topline.designs import design_of
from topline.tables import Book, as_ods, as_xlsx, build_table
from topline.tables.sheets import Sheet, sheets

SPACES = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
    for name in ("office", "table", "text", "config")
}


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Tables of a small study."""
    return small_book(tmp_path)


def values(sheet: Sheet) -> list[list[object]]:
    """What a sheet holds, row by row."""
    return [[cell.value for cell in row] for row in sheet.rows]


def of_ods(data: bytes) -> dict[str, list[list[object]]]:
    """The sheets of an OpenDocument file, as their values."""
    with zipfile.ZipFile(BytesIO(data)) as file:
        assert file.namelist()[0] == "mimetype"
        assert file.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        root = ElementTree.fromstring(file.read("content.xml"))
    found: dict[str, list[list[object]]] = {}
    for table in root.iterfind(".//table:table", SPACES):
        found[table.attrib[f"{{{SPACES['table']}}}name"]] = [
            [_value(cell) for cell in row.iterfind("table:table-cell", SPACES)]
            for row in table.iterfind("table:table-row", SPACES)
        ]
    return found


def _value(cell: ElementTree.Element) -> object:
    number = cell.attrib.get(f"{{{SPACES['office']}}}value")
    return float(number) if number is not None else "".join(cell.itertext())


def test_both_formats_hold_what_the_sheets_say(book: Book) -> None:
    """Every cell of every sheet, as number or text, in Excel's format and in OpenDocument's."""
    wanted = {sheet.name: values(sheet) for sheet in sheets(book)}
    assert len(wanted) == 1 + sum(len(tables) for tables in book.tables)
    assert of_ods(as_ods(book)) == wanted
    workbook = load_workbook(BytesIO(as_xlsx(book)))
    assert workbook.sheetnames == list(wanted)
    for name, rows in wanted.items():
        found = [[cell.value for cell in row if cell.value is not None] for row in workbook[name].iter_rows()]
        assert found == rows


def test_each_sheet_stands_by_itself(book: Book) -> None:
    """Title on top, the notice on every sheet, one row of heads, bases first, no empty row."""
    for sheet in sheets(book)[1:]:
        assert str(sheet.rows[0][0].value).startswith(f"{sheet.name}. ")
        assert [row for row in sheet.rows if row[0].style == "notice"]
        head = sheet.rows[sheet.frozen - 1]
        assert {cell.style for cell in head} == {"head"}
        assert {cell.style for cell in sheet.rows[sheet.frozen][1:]} == {"count"}
        assert {len(row) for row in sheet.rows[sheet.frozen :]} == {len(head)}
        assert all(row and row[0].value != "" for row in sheet.rows)


def test_the_contents_lead_to_every_table(book: Book) -> None:
    """The first sheet has a link to each other one, in both formats."""
    contents, *others = sheets(book)
    assert [row[0].link for row in contents.rows if row[0].link] == [sheet.name for sheet in others]
    workbook = load_workbook(BytesIO(as_xlsx(book)))
    places = [
        cell.hyperlink.location
        for row in workbook.worksheets[0].iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    assert places == [f"'{sheet.name}'!A1" for sheet in others]


def test_a_label_is_never_a_formula(book: Book) -> None:
    """A title that begins with = stays text: no spreadsheet works it out."""
    (first, *rest), *others = book.tables
    nasty = replace(book, tables=((replace(first, label='=HYPERLINK("x")'), *rest), *others))
    workbook = load_workbook(BytesIO(as_xlsx(nasty)))
    assert all(cell.data_type != "f" for sheet in workbook for row in sheet.iter_rows() for cell in row)
    assert "of:=" not in zipfile.ZipFile(BytesIO(as_ods(nasty))).read("content.xml").decode("utf-8")


def test_texts_are_written_as_they_stand(book: Book) -> None:
    """What XML cannot hold is left out; what Excel would read as a code for a letter is not read so."""
    (first, *rest), *others = book.tables
    odd = replace(book, tables=((replace(first, label=" a\x0b<b>\ud800 & _x0041_ "), *rest), *others))
    workbook = load_workbook(BytesIO(as_xlsx(odd)))
    assert workbook.worksheets[1]["A1"].value == "Table 1a.  a<b> & _x005F_x0041_ "  # openpyxl reads no codes
    contents = next(iter(of_ods(as_ods(odd)).values()))
    assert ["Table 1a.  a<b> & _x0041_ "] in contents
    long = replace(book, tables=((replace(first, label="a" * 40_000), *rest), *others))
    assert len(load_workbook(BytesIO(as_xlsx(long))).worksheets[1]["A1"].value) == 32_767


def test_cells_look_like_what_they_hold(tmp_path: Path) -> None:
    """Heads are bold, percentages whole, counts in thousands; intervals stand to the right."""
    data = people(tmp_path)
    design = replace(design_of(data.study, data), intervals=True)
    book = Book("Study", (), ((build_table("likes", ("region",), data, design),),))
    workbook = load_workbook(BytesIO(as_xlsx(book)))
    looks = {
        cell.style: (found.number_format, found.font.b, found.alignment.horizontal)
        for sheet in sheets(book)
        for cells, line in zip(sheet.rows, workbook[sheet.name].iter_rows(), strict=True)
        for cell, found in zip(cells, line, strict=False)
    }
    assert looks["percent"] == ("0", False, None)
    assert looks["count"] == ("#,##0", False, None)
    assert looks["head"] == ("General", True, None)
    assert looks["mark"] == ("General", False, "right")
    assert looks["title"] == ("General", True, None)
    assert workbook.worksheets[1].freeze_panes == f"B{sheets(book)[1].frozen + 1}"


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["ods", "xlsx"])
def test_libreoffice_opens_them(book: Book, ending: str, tmp_path: Path) -> None:
    """LibreOffice reads every sheet, with the figures as they are printed."""
    office = shutil.which("soffice")
    if office is None:
        lacking("LibreOffice", "apt install libreoffice-calc")
    (tmp_path / f"tables.{ending}").write_bytes((as_ods if ending == "ods" else as_xlsx)(book))
    subprocess.run(
        [
            office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "html",
            "--outdir", str(tmp_path), str(tmp_path / f"tables.{ending}"),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    page = unescape((tmp_path / "tables.html").read_text("utf-8"))
    for sheet in sheets(book):
        assert str(sheet.rows[0][0].value) in page
