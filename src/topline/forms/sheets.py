"""Workbooks as rows of text: .xlsx through openpyxl, .xls through xlrd, each imported when it is needed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Final

from topline.base import Mark, ToplineError, fail
from topline.base.workbooks import count_workbook

#: Far more than any form holds beside its pictures; openpyxl takes fifty times as much memory.
_MOST_BYTES: Final = 20_000_000


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name as the author wrote it, and its cells as texts, stripped, row 1 first."""

    name: str
    rows: tuple[tuple[str, ...], ...]


def read_workbook(path: str | Path) -> tuple[Sheet, ...]:
    """Read every sheet of a workbook. Formulas give the values that were saved with them.

    Errors: the file is missing, is neither .xlsx nor .xls, is made to fill a memory, or cannot be read as
    what its name says.
    """
    path = Path(path)
    mark = Mark(str(path))
    if not path.is_file():
        fail("form-missing", mark)
    readers = {".xlsx": _xlsx, ".xlsm": _xlsx, ".xls": _xls}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        fail("form-suffix", mark, suffix=path.suffix or "no ending")
    try:
        if reader is _xlsx:
            count_workbook(path, _MOST_BYTES)
        return reader(path)
    except ToplineError:
        raise
    except Exception as error:  # the libraries raise whatever a broken file leads them to
        fail("form-unreadable", mark, why=str(error) or type(error).__name__)


def _xlsx(path: Path) -> tuple[Sheet, ...]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of decorations that it does not keep
        book = load_workbook(path, data_only=True)
    sheets = []
    for sheet in book.worksheets:
        rows = [
            tuple(text_of(cell.value, "%" in (cell.number_format or "")) for cell in row)
            for row in sheet.iter_rows()
        ]
        sheets.append(Sheet(sheet.title, tuple(rows)))
    book.close()
    return tuple(sheets)


def _xls(path: Path) -> tuple[Sheet, ...]:
    import xlrd

    book = xlrd.open_workbook(str(path), formatting_info=True)

    def text(cell: xlrd.sheet.Cell) -> str:
        format_key = book.xf_list[cell.xf_index].format_key if cell.xf_index is not None else 0
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return text_of(bool(cell.value))
        if cell.ctype == xlrd.XL_CELL_DATE:
            return text_of(xlrd.xldate_as_datetime(float(cell.value), book.datemode))
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return ""
        return text_of(cell.value, "%" in book.format_map[format_key].format_str)

    return tuple(
        Sheet(sheet.name, tuple(tuple(text(cell) for cell in sheet.row(n)) for n in range(sheet.nrows)))
        for sheet in book.sheets()
    )


def text_of(value: object, percent: bool = False) -> str:
    """A cell as a person reads it: 1.0 is 1, and 0.1 in a cell of per cents is 10%."""
    if value is None:
        return ""
    if isinstance(value, float | int) and not isinstance(value, bool):
        number = Decimal(str(value)) * (100 if percent else 1)
        whole = number == number.to_integral_value()
        return format(number.quantize(Decimal(1)) if whole else number.normalize(), "f") + "%" * percent
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("\xa0", " ").strip()


def column_letter(index: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
