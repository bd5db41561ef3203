"""`topline monitor`: where a fieldwork stands, as the desk shows it."""

from __future__ import annotations

import argparse
import csv
import sys
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
        "monitor",
        run,
        description="Say where the fieldwork of a launched study stands: people invited, started, finished,\n"
        "the response rate by each group that is kept, days, pages and devices. Counts are\n"
        "multiples of ten and small groups are hidden, as at the desk; after the close, the\n"
        "final dispositions with RR1, RR2 and RR3.",
        examples=["topline monitor STUDY", "topline monitor STUDY --format csv"],
        formats=("text", "json", "csv"),
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Count and print."""
    from topline.study import read_study
    from topline.web.monitor.figures import as_json, figures
    from topline.web.monitor.texts import as_rows, as_text

    settings = read_study(args.study).settings
    with open_store(args) as engine:
        found = figures(launched_form(args, engine), engine, settings, today=date.today())
    if args.format == "json":
        print(as_json(found))
    elif args.format == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows(as_rows(found))
    else:
        print(as_text(found))
    return FINE
