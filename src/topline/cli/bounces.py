"""`topline bounces`: what came back of the letters."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser
from topline.cli.options import add_store, launched_form, open_store

if TYPE_CHECKING:
    from topline.cli import Subparsers

_SAID = {
    "undelivered": "cannot be delivered",
    "for now": "still being tried",
    "delivered": "delivered",
    "automatic": "answered by a machine",
    "not ours": "not about a letter of this survey",
    "unreadable": "not readable",
}


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "bounces",
        run,
        description="Read the mailbox that reports of delivery go back to: a Maildir, or a folder of .eml\n"
        "files. People who cannot be reached are written to no more and counted as undelivered.\n"
        "A report is believed only if it carries the mark that stood in the letter itself.",
        examples=["topline bounces STUDY /var/mail/survey"],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("folder", metavar="DIR", help="a Maildir, or a folder of .eml files")
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Read and count."""
    from topline.web.mail.bounces import read_bounces

    with open_store(args) as engine:
        found = read_bounces(engine, launched_form(args, engine).id, Path(args.folder))
    for what, said in _SAID.items():
        if found.get(what):
            print(f"{found[what]:>6,}  {said}")
    print(f"{found['new']:>6,}  people newly counted as not reached")
    return FINE
