"""`topline backup`: the store and the studies' folders in one file, while the survey runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser
from topline.cli.options import add_store, open_store

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "backup",
        run,
        description="Write the main store, as of one moment, and the folders of its studies into one file.\n"
        "It runs beside the server and keeps nobody waiting. The vault is never in it: sealed\n"
        "answers in a backup open only with the keys that are in the vault or on the key stick.\n"
        "The file holds the addresses of the people; only its owner may read it.",
        examples=[
            "topline backup STUDY -o backups/monday.zip",
            "topline backup STUDY OTHER --store postgresql://... -o backups/monday.zip",
        ],
    )
    parser.add_argument("studies", metavar="STUDY", nargs="+", help="the folder of each study in the store")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write")
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Write the file."""
    from topline.study import read_study
    from topline.web.operate.backup import back_up

    args.study = args.studies[0]
    with open_store(args) as engine:
        made = back_up(engine, [read_study(each) for each in args.studies], Path(args.output))
    size = Path(args.output).stat().st_size / 1e6
    states = ", ".join(f"{study} ({state})" for study, state in made.studies.items())
    print(f"{args.output}: {states}; {made.rows['invite']:,} people, {size:.1f} MB.")
    if any(state in ("open", "closing") for state in made.studies.values()):
        print("Its sealed answers open only with the vault or the key stick, which are not in it.")
    return FINE
