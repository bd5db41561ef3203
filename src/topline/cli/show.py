"""`topline show STUDY`: the questionnaire as one page, for reading and comment."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "show",
        run,
        description="Write the questionnaire as one HTML page that can be sent round: every question with\n"
        "its codes, who is asked it in words, checks, order, nets and what is piped in. The page needs no\n"
        "other file, no script and no network. Printed, it leaves a margin for comments. In a\n"
        "translation, texts that are missing or drafts are marked.",
        examples=(
            "topline show examples/non-voters-2020 -o questionnaire.html",
            "topline show examples/digital-public-services --language cy -o holiadur.html",
        ),
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument(
        "-o", dest="output", metavar="FILE.html", help="write to this file (default: standard output)"
    )
    parser.add_argument("--language", metavar="TAG", help="the language of the texts (default: the first)")


def run(args: argparse.Namespace) -> int:
    """Write the page."""
    from topline.base.files import write_atomically
    from topline.base.words import words
    from topline.documents import questionnaire, questionnaire_page
    from topline.study import read_study

    page = questionnaire_page(questionnaire(read_study(args.study), args.language))
    if args.output:
        write_atomically(args.output, page)
        print(words("written", file=args.output))
    else:
        sys.stdout.write(page)
    return FINE
