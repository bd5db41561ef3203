"""Tables: a question by a banner, built from a data set under a design, and written to files."""

from topline.tables.cells import Cell, cell_of, flag_of
from topline.tables.files import as_csv, as_json
from topline.tables.groups import Block, as_filter, block_of, filter_label, members, select, select_all
from topline.tables.html import as_html
from topline.tables.measures import Measure, RowSpec, kinds_in_base, measure_of
from topline.tables.ods import as_ods
from topline.tables.plan import Book, banner_of, build_book, planned
from topline.tables.table import Column, Row, Table, build_table, build_tables, tabulated
from topline.tables.xlsx import as_xlsx

__all__ = [
    "Block",
    "Book",
    "Cell",
    "Column",
    "Measure",
    "Row",
    "RowSpec",
    "Table",
    "as_csv",
    "as_filter",
    "as_html",
    "as_json",
    "as_ods",
    "as_xlsx",
    "banner_of",
    "block_of",
    "build_book",
    "build_table",
    "build_tables",
    "cell_of",
    "filter_label",
    "flag_of",
    "kinds_in_base",
    "measure_of",
    "members",
    "planned",
    "select",
    "select_all",
    "tabulated",
]
