"""Analysts' tables as an Excel workbook."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from topline.tables.plan import Book
from topline.tables.sheets import Sheet, SheetCell, sheets

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet


def as_xlsx(book: Book, language: str = "en", decimals: int = 0) -> bytes:
    """The workbook: contents with links, then one table a sheet, heads and labels kept in sight."""
    from openpyxl import Workbook  # loads slowly, and only who writes a workbook needs it

    workbook = Workbook(write_only=True)
    for sheet in sheets(book, language, decimals):
        _write(workbook.create_sheet(sheet.name), sheet, decimals)
    workbook.properties.title = book.title
    workbook.properties.creator = "Topline"
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _write(into: WriteOnlyWorksheet, sheet: Sheet, decimals: int) -> None:
    from openpyxl.utils import get_column_letter

    columns = max(len(row) for row in sheet.rows)
    wide = into.column_dimensions  # type: ignore[attr-defined]  # the stubs lack it
    wide["A"].width = sheet.label_width
    for column in range(2, columns + 1):
        wide[get_column_letter(column)].width = sheet.width
    into.freeze_panes = f"B{sheet.frozen + 1}" if columns > 1 else f"A{sheet.frozen + 1}"
    for row in sheet.rows:
        into.append([_cell(into, cell, decimals) for cell in row])


def _cell(into: WriteOnlyWorksheet, cell: SheetCell, decimals: int) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    made = WriteOnlyCell(into, value=cell.value)
    if isinstance(cell.value, str):
        made.data_type = "s"  # a label that starts with = is no formula
    match cell.style:
        case "title":
            made.font = Font(bold=True, size=14)
        case "notice":
            made.font = Font(italic=True)
        case "head":
            made.font, made.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        case "net":
            made.font = Font(bold=True)
        case "mark":
            made.alignment = Alignment(horizontal="right")
        case "link":
            made.hyperlink = Hyperlink(ref="A1", location=f"'{cell.link}'!A1")
            made.font = Font(underline="single", color="0B5766")
        case "percent" | "mean":
            places = decimals + (cell.style == "mean")
            made.number_format = "0." + "0" * places if places else "0"
        case "count":
            made.number_format = "#,##0"
    return made
