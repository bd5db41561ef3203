"""`topline resume`: open a paused survey again."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser
from topline.cli.options import add_store, launched_form, open_store

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "resume",
        run,
        description="Open a survey again that was paused; every link goes on where it stopped.",
        examples=["topline resume STUDY"],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Do it, and write it into the log."""
    from topline.web.monitor.course import resume

    with open_store(args) as engine:
        resume(engine, launched_form(args, engine).id)
    print("Open: every link goes on where it stopped.")
    return FINE
