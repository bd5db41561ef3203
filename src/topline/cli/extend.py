"""`topline extend`: move the last day of a survey to a later one."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser
from topline.cli.options import add_store, launched_form, open_store

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "extend",
        run,
        description="Move the last day of a survey to a later one, at any time before the close. An earlier\n"
        "day is refused: people were told the later one. A survey does not close by itself on\n"
        "its last day; `topline close` does it.",
        examples=["topline extend STUDY 2026-12-20"],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("day", metavar="DAY", help="the new last day, as 2026-12-20")
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Move it, and write it into the log."""
    from topline.study import read_study
    from topline.web.monitor.course import day_of, extend, planned_end

    before = planned_end(read_study(args.study).settings)
    with open_store(args) as engine:
        study = launched_form(args, engine).id
        extend(engine, study, day_of(args.day), before=before, today=date.today())
    print(f"The last day is now {args.day}.")
    return FINE
