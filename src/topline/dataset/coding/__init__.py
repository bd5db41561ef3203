"""Answers in words put into codes by people: sheets for coders, what they fill in, and what is agreed."""

from topline.dataset.coding.coded import with_codes
from topline.dataset.coding.files import Sheet, read_codes, sheet_csv
from topline.dataset.coding.merge import Merged, merge, merged_csv
from topline.dataset.coding.task import Task, task_of, texts_of

__all__ = [
    "Merged",
    "Sheet",
    "Task",
    "merge",
    "merged_csv",
    "read_codes",
    "sheet_csv",
    "task_of",
    "texts_of",
    "with_codes",
]
