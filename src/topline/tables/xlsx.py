"""Analysts' tables as an Excel workbook (ECMA-376, part 1, SpreadsheetML, with texts inside their cells).

Written by hand, as `ods` is: openpyxl took 1.3 CPU seconds of the 1.6 for the example's 31 sheets
(docs/decisions/0019-xlsx-by-hand.md).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final, get_args
from xml.sax.saxutils import escape, quoteattr

from topline.tables.plan import Book
from topline.tables.sheets import Sheet, SheetCell, Style, as_xml, sheets

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES: Final[dict[Style, int]] = {style: place for place, style in enumerate(get_args(Style), start=1)}

_FONTS: Final = {
    "": '<sz val="11"/>',
    "bold": '<b/><sz val="11"/>',
    "title": '<b/><sz val="14"/>',
    "notice": '<i/><sz val="11"/>',
    "link": '<u/><sz val="11"/><color rgb="FF0B5766"/>',
}
_FONT_OF: Final = {"title": "title", "notice": "notice", "head": "bold", "net": "bold", "link": "link"}
_ALIGNED: Final = {
    "head": '<alignment vertical="top" wrapText="1"/>',
    "mark": '<alignment horizontal="right"/>',
}
_LONGEST: Final = 32_767  # characters that a cell of Excel holds
#: Excel reads `_x0041_` as the letter A; of a text that holds it, the underscore is written so.
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def as_xlsx(book: Book, language: str = "en", decimals: int = 0) -> bytes:
    """The workbook: contents with links, then one table a sheet, heads and labels kept in sight."""
    made = sheets(book, language, decimals)
    parts = {
        "[Content_Types].xml": _types(len(made)),
        "_rels/.rels": _relations(
            (f"{_RELATIONS}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _properties(book.title),
        "xl/workbook.xml": _workbook(made),
        "xl/_rels/workbook.xml.rels": _relations(
            *((f"{_RELATIONS}/worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(made) + 1)),
            (f"{_RELATIONS}/styles", "styles.xml"),
        ),
        "xl/styles.xml": _styles(decimals),
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": _sheet(sheet) for n, sheet in enumerate(made, start=1)}
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(
                zipfile.ZipInfo(name),
                f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}',
                zipfile.ZIP_DEFLATED,
            )
    return buffer.getvalue()


def _types(count: int) -> str:
    parts = {"/xl/workbook.xml": f"{_KIND}.sheet.main+xml", "/xl/styles.xml": f"{_KIND}.styles+xml"}
    parts |= {f"/xl/worksheets/sheet{n}.xml": f"{_KIND}.worksheet+xml" for n in range(1, count + 1)}
    parts["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    named = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    of_relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="{of_relations}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{named}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _properties(title: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(as_xml(title))}</dc:title><dc:creator>Topline</dc:creator></cp:coreProperties>"
    )


def _workbook(made: tuple[Sheet, ...]) -> str:
    named = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in enumerate(made, start=1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{named}</sheets></workbook>'


def _styles(decimals: int) -> str:
    """The looks of cells: number 0 is that of empty ones, then one for each style."""
    places = {"percent": decimals, "mean": decimals + 1}
    formats = {name: "0." + "0" * n if n else "0" for name, n in places.items()} | {"count": "#,##0"}
    ids = {name: number for number, name in enumerate(formats, start=164)}  # from 164 on they are one's own
    fonts = list(_FONTS)
    looks = "".join(
        f'<xf numFmtId="{ids.get(style, 0)}" fontId="{fonts.index(_FONT_OF.get(style, ""))}" fillId="0" '
        f'borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1">'
        f"{_ALIGNED.get(style, '')}</xf>"
        for style in ("", *_STYLES)
    )
    parts = {
        "numFmts": [
            f'<numFmt numFmtId="{ids[name]}" formatCode="{code}"/>' for name, code in formats.items()
        ],
        "fonts": [f'<font>{font}<name val="Calibri"/><family val="2"/></font>' for font in _FONTS.values()],
        "fills": [f'<fill><patternFill patternType="{kind}"/></fill>' for kind in ("none", "gray125")],
        "borders": ["<border><left/><right/><top/><bottom/><diagonal/></border>"],
        "cellStyleXfs": ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'],
    }
    listed = "".join(f'<{name} count="{len(of)}">{"".join(of)}</{name}>' for name, of in parts.items())
    return (
        f'<styleSheet xmlns="{_MAIN}">{listed}<cellXfs count="{len(_STYLES) + 1}">{looks}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _sheet(sheet: Sheet) -> str:
    columns = max(len(row) for row in sheet.rows)
    names = [_column(place) for place in range(columns)]
    widths = [(1, 1, sheet.label_width)] + ([(2, columns, sheet.width)] if columns > 1 else [])
    cols = "".join(f'<col min="{a}" max="{b}" width="{w:g}" customWidth="1"/>' for a, b, w in widths)
    rows = "".join(
        f'<row r="{number}">'
        + "".join(_cell(cell, f"{name}{number}") for cell, name in zip(row, names, strict=False))
        + "</row>"
        for number, row in enumerate(sheet.rows, start=1)
    )
    links = "".join(_links(sheet))
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f"{_frozen(sheet.frozen + 1, columns > 1)}</sheetView></sheetViews><cols>{cols}</cols>"
        f"<sheetData>{rows}</sheetData>{f'<hyperlinks>{links}</hyperlinks>' if links else ''}</worksheet>"
    )


def _frozen(below: int, wide: bool) -> str:
    """Where the sheet is split, so that heads and labels stay in sight."""
    across, first = ('xSplit="1" ', "B") if wide else ("", "A")
    pane = "bottomRight" if wide else "bottomLeft"
    return (
        f'<pane {across}ySplit="{below - 1}" topLeftCell="{first}{below}" activePane="{pane}" '
        'state="frozen"/>'
    )


def _links(sheet: Sheet) -> Iterator[str]:
    for number, row in enumerate(sheet.rows, start=1):
        for place, cell in enumerate(row):
            if cell.link:
                target = quoteattr("'" + cell.link.replace("'", "''") + "'!A1")
                yield f'<hyperlink ref="{_column(place)}{number}" location={target}/>'


def _column(place: int) -> str:
    """A to Z, then AA, AB and on."""
    more, rest = divmod(place, 26)
    return (_column(more - 1) if more else "") + chr(ord("A") + rest)


def _cell(cell: SheetCell, at: str) -> str:
    look = _STYLES[cell.style]
    if not isinstance(cell.value, str):
        return f'<c r="{at}" s="{look}"><v>{cell.value!r}</v></c>'
    text = escape(_ESCAPE.sub("_x005F_", as_xml(cell.value)[:_LONGEST]))
    return f'<c r="{at}" s="{look}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
