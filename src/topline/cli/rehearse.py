"""`topline rehearse`: made-up answers to given targets, some of them through the real pages."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "rehearse",
        run,
        description="Make up people whose answers come to given targets, send some of them through the real\n"
        "pages, and write their answers as CSV. The same seed gives the same answers. Every file and page\n"
        "made from them says that the answers are made up.",
        examples=[
            "topline rehearse examples/digital-public-services \\\n"
            "      --targets examples/digital-public-services/rehearsal/targets.yaml -o answers.csv",
            "topline rehearse STUDY --targets targets.yaml -n 500 --seed 7 --through-pages 50 -o answers.csv",
        ],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("--targets", metavar="FILE", required=True, help="what the answers must come to")
    parser.add_argument(
        "-n", "--people", type=int, metavar="N", help="how many people (default: as the targets say)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="start of the random numbers (default: 1)"
    )
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="where to write the answers")
    parser.add_argument(
        "--through-pages",
        type=int,
        default=36,
        metavar="K",
        help="how many go through the pages (default: 36)",
    )


def run(args: argparse.Namespace) -> int:
    """Rehearse, and say what was done."""
    from topline.base.words import words
    from topline.rehearse.rehearsal import rehearse
    from topline.study import read_study

    done = rehearse(
        read_study(args.study),
        Path(args.targets),
        Path(args.output),
        people=args.people,
        seed=args.seed,
        through_pages=args.through_pages,
    )
    held = ", ".join(words("rehearsed-part", n=n, part=part) for part, n in done.held.items())
    print(words("rehearsed", people=done.people, file=args.output))
    print(words("rehearsed-held", held=held) if held else words("rehearsed-none"))
    print(words("rehearsed-pages", n=done.through_pages))
    return FINE
