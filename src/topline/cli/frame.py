"""`topline frame load`: the people who will be invited."""

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
        "frame",
        run,
        description="List the people whom a launch will invite: one line of CSV each, with the column of\n"
        "the key (study.yaml, frame: key) and those of the attributes that are kept. Every\n"
        "other column is passed by. Before the launch the list can be loaded again; after it,\n"
        "no more.",
        examples=["topline frame load STUDY people.csv"],
    )
    parser.add_argument("what", choices=["load"], help="what to do")
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("file", metavar="FILE", help="the list of people: CSV in UTF-8 with a line of names")
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Read, check and list."""
    from topline.study import read_study
    from topline.web.fieldwork.cells import FRAME_FLOOR
    from topline.web.fieldwork.frame import read_frame
    from topline.web.fieldwork.launch import load_frame

    study = read_study(args.study)
    people = read_frame(study, Path(args.file))
    with open_store(args, make=True) as engine:
        groups = load_frame(engine, study, people)
    print(f"{len(people)} people listed, in {len(groups)} groups of what is kept beside the answers.")
    small = {group: number for group, number in sorted(groups.items()) if number < FRAME_FLOOR}
    if small and study.anonymity != "confidential":
        print(f"{len(small)} groups have fewer than {FRAME_FLOOR} people; the launch keeps less of these:")
        print("\n".join(f"  {group}: {number}" for group, number in small.items()))
    return FINE
