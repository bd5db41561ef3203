"""Twenty forms from the wild: each becomes a study that passes `check`, or an error with its place."""

import csv
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from topline.base import ToplineError
from topline.forms.xlsform import NOTES, import_form
from topline.study.check import check_study
from topline.study.load import load
from topline.study.translations.addresses import texts_of

#: What stands in the way of the forms that become no study.
BROKEN = {
    "kobo_enumerator_weekly.xls": "sheet survey, row 1, column D: label says the same as the header",
    "pyxform_bad_calc.xlsx": "sheet survey, row 2, column A: no row from here on can become a question",
    "pyxform_duplicate_columns.xlsx": "sheet survey, row 1, column E: label says the same as the header",
}
COUNT = 20


@pytest.fixture
def forms(shared_data: Path) -> list[Path]:
    """The forms of the corpus."""
    found = sorted((shared_data / "formats" / "xlsform").glob("*.xls*"))
    assert len(found) >= COUNT
    return found


def rows_of(path: Path) -> Iterator[tuple[str, int]]:
    """The rows below the header that hold anything, read apart from the importer: (sheet, row)."""
    if path.suffix == ".xls":
        import xlrd

        sheets = [
            (s.name, [s.row_values(n) for n in range(s.nrows)]) for s in xlrd.open_workbook(path).sheets()
        ]
    else:
        from openpyxl import load_workbook

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, data_only=True)
        sheets = [(sheet.title, list(sheet.values)) for sheet in book.worksheets]
    for name, rows in sheets:
        if name in ("survey", "choices", "settings"):
            for number, row in enumerate(rows[1:], start=2):
                if any(str(cell).strip() for cell in row if cell is not None):
                    yield name, number


def test_every_form_is_a_study_or_an_error_with_its_place(forms: list[Path], tmp_path: Path) -> None:
    """No form of the corpus ends in anything but a study without errors or the expected message."""
    for path in forms:
        folder = tmp_path / path.stem
        if path.name in BROKEN:
            with pytest.raises(ToplineError, match=re.escape(BROKEN[path.name])):
                import_form(path, folder)
            assert not folder.exists()
            continue
        import_form(path, folder)
        loaded = load(folder)
        assert loaded.study is not None
        findings = [*loaded.findings, *check_study(loaded.study)]
        assert [str(f) for f in findings if f.severity == "error"] == [], path.name


def test_every_row_is_in_the_study_or_in_the_list(forms: list[Path], tmp_path: Path) -> None:
    """Each row that holds anything became texts that stand in the study, or is in the list.

    And every question of the study comes from a row.
    """
    for path in forms:
        if path.name in BROKEN:
            continue
        imported = import_form(path, tmp_path / path.stem)
        study = load(tmp_path / path.stem).study
        assert study is not None
        texts = texts_of(study)
        taken = {place for place, addresses in imported.places.items() if set(addresses) <= set(texts)}
        assert taken == set(imported.places), path.name
        with (tmp_path / path.stem / NOTES).open(encoding="utf-8", newline="") as file:
            listed = {
                (row["sheet"], int(row["row"])) for row in csv.DictReader(file) if row["row"] not in ("", "1")
            }
        rows = set(rows_of(path))
        assert rows - taken - listed == set(), path.name
        assert (taken | listed) - rows == set(), path.name
        come_from = {address.split(".")[0] for addresses in imported.places.values() for address in addresses}
        assert {question.id for question in study} <= come_from, path.name
