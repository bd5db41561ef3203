"""`topline tables STUDY -o FILE`: the analyst's tables, every question by the banner."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "tables",
        run,
        description="Write a table of every question by the banner of the analysis plan: percentages, nets\n"
        "and means with their bases, and 95% intervals in CSV and JSON. Where study.yaml has a\n"
        "second weighting (weighting: beside:), each table stands beside itself with those weights.\n"
        "The tables are for analysis: they are not checked for disclosure, and their head says so.",
        examples=(
            "topline tables examples/non-voters-2020 -o tables.html",
            "topline tables my-study --data answers.csv -o tables.csv",
        ),
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument(
        "--data", metavar="FILE", help="the file of answers (default: data: file: of study.yaml)"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", required=True, help="FILE.csv, FILE.html or FILE.json"
    )


def run(args: argparse.Namespace) -> int:
    """Read, weight, tabulate, write."""
    from topline.base import Mark, fail
    from topline.base.words import words
    from topline.dataset import data_file, made_up_sentence, read_data
    from topline.study import read_study
    from topline.tables import as_csv, as_html, as_json, build_book
    from topline.weights import weighted_designs

    output = Path(args.output)
    writers = {".csv": as_csv, ".html": as_html, ".json": as_json}
    if output.suffix not in writers:
        fail("output_kind", file=output)
    study = read_study(args.study)
    file = Path(args.data) if args.data else data_file(study)
    if file is None:
        fail("no_data", study=args.study)
    data = read_data(study, file)
    notices = [words("not-checked", study.languages[0]), made_up_sentence(data)]
    book = build_book(data, weighted_designs(study, data), [notice for notice in notices if notice])
    try:
        output.write_text(writers[output.suffix](book), "utf-8")
    except OSError as error:
        fail("output_failed", Mark(str(output)), file=output, reason=error.strerror)
    print(f"{output}: {len(book.tables)} tables of {data.n:,} respondents")
    return FINE
