"""`topline codebook STUDY`: every variable with its question, answers, codes, base and conditions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from topline.cli import FINE, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers
_BY_ENDING: Final = {".csv": "csv", ".xml": "ddi"}


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "codebook",
        run,
        description="Write the codebook of a study: for every variable its column, question, answers with\n"
        "codes, missing kinds and whether they are in the base, nets, scores, who is asked, and how the\n"
        "order varies. md is a page to read, csv has a line for each value, ddi is DDI-Codebook 2.5 for\n"
        "archives, with every language of the study in one file. Without --format, FILE's ending says\n"
        "which: .csv, .xml (ddi), else md.",
        examples=(
            "topline codebook examples/non-voters-2020",
            "topline codebook examples/non-voters-2020 -o codebook.csv",
            "topline codebook examples/digital-public-services --format ddi",
        ),
        formats=("md", "csv", "ddi"),
    )
    parser.set_defaults(format=None)
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument(
        "-o", dest="output", metavar="FILE", help="write to this file (default: standard output)"
    )
    parser.add_argument(
        "--language", metavar="TAG", help="the language of the texts (default: the first; ddi: all)"
    )


def run(args: argparse.Namespace) -> int:
    """Write the codebook."""
    from topline.base.files import write_atomically
    from topline.base.words import words
    from topline.documents import codebook, codebook_csv, codebook_ddi, codebook_markdown, codebooks
    from topline.study import read_study

    study = read_study(args.study)
    format = args.format or _BY_ENDING.get(Path(args.output or "").suffix.lower(), "md")
    if format == "ddi":
        text = codebook_ddi((codebook(study, args.language),) if args.language else codebooks(study))
    else:
        render = codebook_csv if format == "csv" else codebook_markdown
        text = render(codebook(study, args.language))
    if args.output:
        write_atomically(args.output, text)
        print(words("written", file=args.output))
    else:
        sys.stdout.write(text)
    return FINE
