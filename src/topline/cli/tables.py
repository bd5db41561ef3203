"""`topline tables STUDY -o FILE`: the analyst's tables, every question by the banner."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser

if TYPE_CHECKING:
    from collections.abc import Callable

    from topline.cli import Subparsers
    from topline.tables import Book


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "tables",
        run,
        description="Write a table of every question by the banner of the analysis plan: percentages, nets\n"
        "and means with their bases and 95% intervals. Where study.yaml has a\n"
        "second weighting (weighting: beside:), each table stands beside itself with those weights.\n"
        "The tables are for analysis: they are not checked for disclosure, and their head says so.",
        examples=(
            "topline tables examples/non-voters-2020 -o tables.xlsx",
            "topline tables my-study --data answers.csv -o tables.csv",
        ),
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument(
        "--data", metavar="FILE", help="the file of answers (default: data: file: of study.yaml)"
    )
    parser.add_argument(
        "--low-base",
        metavar="PROFILE",
        help="market, census-pack or nchs: which figures of small groups are given\n"
        "(default: analysis: low_base: of study.yaml, or market)",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        required=True,
        help="FILE.xlsx, FILE.ods, FILE.csv, FILE.html or FILE.json",
    )


def run(args: argparse.Namespace) -> int:
    """Read, weight, tabulate, write."""
    from topline.base import fail
    from topline.base.files import write_atomically
    from topline.base.words import words
    from topline.dataset import data_file, excluded_sentence, made_up_sentence, read_data
    from topline.study import read_study
    from topline.tables import as_csv, as_html, as_json, as_ods, as_xlsx, build_book, low_base_named
    from topline.weights import weighted_designs

    output = Path(args.output)
    writers: dict[str, Callable[[Book], str | bytes]] = {
        ".csv": as_csv,
        ".html": as_html,
        ".json": as_json,
        ".ods": as_ods,
        ".xlsx": as_xlsx,
    }
    if output.suffix not in writers:
        fail("output_kind", file=output)
    low_base = low_base_named(args.low_base) if args.low_base else None
    study = read_study(args.study)
    file = Path(args.data) if args.data else data_file(study)
    if file is None:
        fail("no_data", study=args.study)
    data = read_data(study, file)
    notices = [words("not-checked", study.languages[0]), made_up_sentence(data), excluded_sentence(data)]
    said = [notice for notice in notices if notice]
    book = build_book(data, weighted_designs(study, data), said, low_base=low_base)
    write_atomically(output, writers[output.suffix](book))
    print(f"{output}: {len(book.tables)} tables of {data.n:,} respondents")
    return FINE
