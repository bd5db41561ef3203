"""`topline pause`: show respondents that the survey is paused."""

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
        "pause",
        run,
        description="Pause a survey: whoever comes gets a page that says so and asks to come back.\n"
        "Pages that somebody is filling in are still taken, so nothing is lost.\n"
        "`topline resume` opens it again.",
        examples=["topline pause STUDY"],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Do it, and write it into the log."""
    from topline.web.monitor.course import pause

    with open_store(args) as engine:
        pause(engine, launched_form(args, engine).id)
    print("Paused: respondents are asked to come back later. Open it again with: topline resume")
    return FINE
