"""Analysts' tables as an OpenDocument spreadsheet (OASIS OpenDocument 1.3, part 3).

Written by hand: the two kept libraries took 6 and 10 CPU seconds for 90 sheets of 1,000 cells
(docs/decisions/0005-ods-by-hand.md).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from topline.tables.plan import Book
from topline.tables.sheets import Sheet, SheetCell, as_xml, sheets

_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES: Final = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
            ("number", "datastyle"),
            ("fo", "xsl-fo-compatible"),
            ("manifest", "manifest"),
            ("config", "config"),
        )
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_FORMATTED: Final = ("percent", "mean", "count")


def as_ods(book: Book, language: str = "en", decimals: int = 0) -> bytes:
    """The spreadsheet: contents with links, then one table a sheet, heads and labels kept in sight."""
    made = sheets(book, language, decimals)
    parts = {
        "content.xml": _content(made, decimals),
        "settings.xml": _settings(made),
        "meta.xml": _root(
            "document-meta", f"<office:meta><dc:title>{escape(as_xml(book.title))}</dc:title></office:meta>"
        ),
    }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (("/", _TYPE), *((name, "text/xml") for name in parts))
    )
    manifest = f'<manifest:manifest {_SPACES} manifest:version="1.3">{entries}</manifest:manifest>'
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        # the type comes first and uncompressed, so that programs know the file by its beginning
        file.writestr(zipfile.ZipInfo("mimetype"), _TYPE, zipfile.ZIP_STORED)
        for name, text in (*parts.items(), ("META-INF/manifest.xml", manifest)):
            file.writestr(
                zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def _root(kind: str, inside: str) -> str:
    return f'<office:{kind} {_SPACES} office:version="1.3">{inside}</office:{kind}>'


def _content(made: tuple[Sheet, ...], decimals: int) -> str:
    tables = "".join(_table(sheet) for sheet in made)
    return _root(
        "document-content",
        f"{_styles(decimals)}<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>",
    )


def _styles(decimals: int) -> str:
    places = {"percent": decimals, "mean": decimals + 1, "count": 0}
    numbers = "".join(
        f'<number:number-style style:name="n-{name}"><number:number number:min-integer-digits="1" '
        f'number:decimal-places="{n}" number:grouping="{str(name == "count").lower()}"/>'
        "</number:number-style>"
        for name, n in places.items()
    )
    cells = "".join(
        f'<style:style style:name="{name}" style:family="table-cell"'
        + (f' style:data-style-name="n-{name}"' if name in _FORMATTED else "")
        + f">{inside}</style:style>"
        for name, inside in _LOOKS.items()
    )
    widths = "".join(
        f'<style:style style:name="w{width:g}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * 0.2:.2f}cm"/></style:style>'
        for width in (12.0, 44.0, 90.0)
    )
    return f"<office:automatic-styles>{numbers}{cells}{widths}</office:automatic-styles>"


_BOLD: Final = '<style:text-properties fo:font-weight="bold"/>'
_LOOKS: Final = {
    "title": '<style:text-properties fo:font-weight="bold" fo:font-size="14pt"/>',
    "notice": '<style:text-properties fo:font-style="italic"/>',
    "text": "",
    "head": f'<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>{_BOLD}',
    "label": "",
    "net": _BOLD,
    "percent": "",
    "mean": "",
    "count": "",
    "mark": '<style:paragraph-properties fo:text-align="end"/>',
    "link": '<style:text-properties fo:color="#0B5766" style:text-underline-style="solid"/>',
}


def _table(sheet: Sheet) -> str:
    columns = max(len(row) for row in sheet.rows) - 1
    others = (
        f'<table:table-column table:style-name="w{sheet.width:g}" table:number-columns-repeated="{columns}"/>'
    )
    first = f'<table:table-column table:style-name="w{sheet.label_width:g}"/>'
    rows = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in sheet.rows)
    inside = first + (others if columns else "") + rows
    return f"<table:table table:name={quoteattr(sheet.name)}>{inside}</table:table>"


def _cell(cell: SheetCell) -> str:
    if isinstance(cell.value, str):
        text = escape(as_xml(cell.value))
        if cell.link:
            target = quoteattr(f"#'{cell.link}'.A1")
            text = f'<text:a xlink:type="simple" xlink:href={target}>{text}</text:a>'
        return (
            f'<table:table-cell table:style-name="{cell.style}" office:value-type="string">'
            f"<text:p>{text}</text:p></table:table-cell>"
        )
    return (
        f'<table:table-cell table:style-name="{cell.style}" office:value-type="float" '
        f'office:value="{cell.value!r}"><text:p>{cell.value:g}</text:p></table:table-cell>'
    )


def _settings(made: tuple[Sheet, ...]) -> str:
    """Where each sheet is split, so that heads and labels stay in sight."""
    views = "".join(
        f"<config:config-item-map-entry config:name={quoteattr(sheet.name)}>{''.join(_frozen(sheet))}"
        "</config:config-item-map-entry>"
        for sheet in made
    )
    return _root(
        "document-settings",
        '<office:settings><config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f'<config:config-item-map-named config:name="Tables">{views}</config:config-item-map-named>'
        "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings>",
    )


def _frozen(sheet: Sheet) -> Iterator[str]:
    wide = int(max(len(row) for row in sheet.rows) > 1)
    places = {
        "HorizontalSplitMode": ("short", 2 * wide),
        "VerticalSplitMode": ("short", 2),
        "HorizontalSplitPosition": ("int", wide),
        "VerticalSplitPosition": ("int", sheet.frozen),
        "PositionRight": ("int", wide),
        "PositionBottom": ("int", sheet.frozen),
    }
    for name, (kind, value) in places.items():
        yield f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
