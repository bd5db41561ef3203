"""`topline remind`: a reminder to those who have not finished."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from topline.cli import verb_parser
from topline.cli.letters import add_letters, send_wave
from topline.cli.options import add_base, add_store, add_vault

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "remind",
        run,
        description="Send a reminder with the same link. Who finished, wants no more letters, left, or\n"
        "cannot be reached gets none: that is looked up as each letter goes. After a stop, run it again:\n"
        "it goes on with the same reminder, and nobody gets it twice.",
        examples=["topline remind STUDY --dry-run", "topline remind STUDY --rate 100"],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("--again", action="store_true", help="a further reminder within a day of the last")
    add_letters(parser)
    add_base(parser)
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Send."""
    return send_wave(args, "reminder")
