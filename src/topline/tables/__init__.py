"""Tables: a question by a banner, built from a data set under a design, and written to files."""

from topline.tables.cells import Cell, cell_of
from topline.tables.change import Change, Point, change_of, point_of, published_point
from topline.tables.change_files import change_csv, change_json, change_text
from topline.tables.family import Family, adjusted
from topline.tables.files import as_csv, as_json
from topline.tables.groups import Block, as_filter, block_of, filter_label, members, select, select_all
from topline.tables.html import as_html
from topline.tables.letters import Compare, compare_of
from topline.tables.low_base import PROFILES, LowBase, low_base_named, low_base_of
from topline.tables.measures import Measure, RowSpec, kinds_in_base, measure_of
from topline.tables.ods import as_ods
from topline.tables.plan import Book, banner_of, build_book, planned
from topline.tables.sides import Answers, Printed, Side, side_of
from topline.tables.table import Column, Row, Table, build_table, build_tables, tabulated
from topline.tables.trend import Trend, TrendRow, build_trends
from topline.tables.xlsx import as_xlsx

__all__ = [
    "PROFILES",
    "Answers",
    "Block",
    "Book",
    "Cell",
    "Change",
    "Column",
    "Compare",
    "Family",
    "LowBase",
    "Measure",
    "Point",
    "Printed",
    "Row",
    "RowSpec",
    "Side",
    "Table",
    "Trend",
    "TrendRow",
    "adjusted",
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
    "build_trends",
    "cell_of",
    "change_csv",
    "change_json",
    "change_of",
    "change_text",
    "compare_of",
    "filter_label",
    "kinds_in_base",
    "low_base_named",
    "low_base_of",
    "measure_of",
    "members",
    "planned",
    "point_of",
    "published_point",
    "select",
    "select_all",
    "side_of",
    "tabulated",
]
