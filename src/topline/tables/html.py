"""Analysts' tables as one HTML page in the look of the desk: no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from string import ascii_lowercase

from topline.base import half_up
from topline.base.look import stylesheet
from topline.base.words import words
from topline.tables.cells import Cell
from topline.tables.marks import marks_used
from topline.tables.plan import Book
from topline.tables.printed import NOBODY, lettered, shown
from topline.tables.table import Row, Table


def as_html(book: Book, language: str = "en", decimals: int = 0) -> str:
    """The page: what must be said first, a list of the tables, then each under each weighting."""
    said = "".join(f'<p class="rehearsal">{escape(notice)}</p>' for notice in book.notices)
    body = "".join(
        _section(number, tables, language, decimals) for number, tables in enumerate(book.tables, start=1)
    )
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(words('tables-title', language, title=book.title))}</title>"
        f'<style>{stylesheet("core", "report", "desk")}</style></head><body class="desk">{said}'
        f'<main class="main" id="main"><h1>{escape(words("tables-title", language, title=book.title))}</h1>'
        f"{_contents(book, language)}{body}{_notes(book, language, decimals)}</main></body></html>\n"
    )


def _contents(book: Book, language: str) -> str:
    items = "".join(
        f'<li><a href="#t{number}">{escape(tables[0].label)}</a></li>'
        for number, tables in enumerate(book.tables, start=1)
    )
    return f'<nav aria-label="{escape(words("tables-list", language))}"><ol>{items}</ol></nav>'


def _section(number: int, tables: tuple[Table, ...], language: str, decimals: int) -> str:
    first = tables[0]
    wording = f'<p class="small">{escape(first.wording)}</p>' if first.wording else ""
    shown_tables = "".join(
        _table(f"t{number}{part}", f"{number}{part}", table, language, decimals)
        for part, table in zip(ascii_lowercase if len(tables) > 1 else ("",), tables, strict=False)
    )
    return f'<section id="t{number}"><h2>{escape(first.label)}</h2>{wording}{shown_tables}</section>'


def _table(id: str, number: str, table: Table, language: str, decimals: int) -> str:
    told = f"{table.measure}. {table.base_sentence}. {table.weighting} {table.comparison}".rstrip()
    title = words("table-title", language, number=number, label=table.label)
    heads = "".join(
        f'<th scope="col">{escape(lettered(c))}<span class="ltr">{escape(c.heading) or "&nbsp;"}</span></th>'
        for c in table.columns
    )
    body = "".join(_item(rows, language, decimals) for rows in _items(table))
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="c-{id}"><table class="tbl marks">'
        f'<caption id="c-{id}">{escape(title)}<span>{escape(told)}</span></caption>'
        f'<thead><tr><th scope="col">{escape(words("answer", language))}</th>{heads}</tr></thead>'
        f"{body}</table></div>"
    )


def _items(table: Table) -> Iterator[list[Row]]:
    for _, rows in groupby(table.rows, key=lambda row: row.item):
        yield list(rows)


def _item(rows: list[Row], language: str, decimals: int) -> str:
    """The rows of one item of a grid (or of the whole question), with their bases below."""
    head = ""
    if rows[0].item:
        width = len(rows[0].cells) + 1
        head = (
            f'<tr class="net"><th scope="rowgroup" colspan="{width}">{escape(rows[0].item_label)}</th></tr>'
        )
    lines = "".join(
        f'<tr{_class(row)}><th scope="row">{escape(row.spec.label)}</th>'
        + "".join(f"<td>{_marked(cell, shown(cell, row.spec, decimals))}</td>" for cell in row.cells)
        + "</tr>"
        for row in rows
    )
    return f"<tbody>{head}{lines}{_bases(rows[0], language)}</tbody>"


def _class(row: Row) -> str:
    return ' class="net"' if row.spec.kind in ("net", "mean") else ""


def _marked(cell: Cell, text: str) -> str:
    if text.startswith("[") or text == NOBODY:
        return f'<span class="mk only">{text}</span>'
    marks = " ".join(mark for mark in (cell.flag, cell.marks) if mark)
    return (
        f'{text} <span class="mk">{marks}</span>' if marks else text
    )  # one span: it hangs beside the number


def _bases(row: Row, language: str) -> str:
    """The three bases; the weighted ones only where they differ from the count of people."""
    lines = [("base-unweighted", [f"{cell.base:,}" for cell in row.cells])]
    if any(cell.weighted_base != cell.base for cell in row.cells):
        lines.append(("base-weighted", [f"{half_up(cell.weighted_base):,}" for cell in row.cells]))
        lines.append(("base-effective", [f"{half_up(cell.effective):,}" for cell in row.cells]))
    return "".join(
        f'<tr class="base"><th scope="row">{escape(words(id, language))}</th>'
        + "".join(f"<td>{text}</td>" for text in texts)
        + "</tr>"
        for id, texts in lines
    )


def _notes(book: Book, language: str, decimals: int) -> str:
    found = marks_used([table for tables in book.tables for table in tables], language, decimals)
    parts = [note.partition(": ") for note in found]
    listed = "".join(f"<dt>{escape(mark)}</dt><dd>{escape(told)}</dd>" for mark, _, told in parts)
    return f'<h2>{escape(words("marks", language))}</h2><dl class="notes">{listed}</dl>' if listed else ""
