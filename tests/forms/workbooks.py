"""Small forms for tests, written as workbooks."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

YES_NO = (("list_name", "name", "label"), ("yes_no", "yes", "Yes"), ("yes_no", "no", "No"))


def workbook(path: Path, survey: Sequence[Sequence[object]], **sheets: Sequence[Sequence[object]]) -> Path:
    """Write a workbook of a sheet survey and any others."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in {"survey": survey, **sheets}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path
