"""Tables: a question by a banner, built from a data set under a design, and written to files."""

from topline.tables.groups import Block, block_of, filter_label, members, select, select_all
from topline.tables.measures import Measure, RowSpec, kinds_in_base, measure_of
from topline.tables.table import Cell, Column, Row, Table, build_table, cell, flag_of, tabulated

__all__ = [
    "Block",
    "Cell",
    "Column",
    "Measure",
    "Row",
    "RowSpec",
    "Table",
    "block_of",
    "build_table",
    "cell",
    "filter_label",
    "flag_of",
    "kinds_in_base",
    "measure_of",
    "members",
    "select",
    "select_all",
    "tabulated",
]
