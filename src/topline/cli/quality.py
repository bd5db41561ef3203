"""`topline quality STUDY|FILE`: what is to be noticed in the answers before anybody trusts them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers
    from topline.dataset import Dataset


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "quality",
        run,
        description="Check the answers of a study or of a data file: who was very fast, straight lines in\n"
        "grids, what was left unanswered and why, contradictions, answers that are those of somebody\n"
        "else; and the key figures with and without the people flagged. Flags take nobody out: rules do\n"
        "that, declared under quality: exclude: in study.yaml. Printed are counts, never who it was.",
        examples=(
            "topline quality examples/non-voters-2020",
            "topline quality my-study --data answers.csv --format json -o quality.json",
            "topline quality answers.sav --seconds duration",
        ),
        formats=("text", "json", "csv"),
    )
    parser.add_argument("source", metavar="STUDY|FILE", help="the folder of the study, or a data file")
    parser.add_argument("--data", metavar="FILE", help="with a study: its answers (default: data: file:)")
    parser.add_argument("--seconds", metavar="NAME", default="", help="the number column of durations")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to this file (default: print)")


def run(args: argparse.Namespace) -> int:
    """Read, check, print or write."""
    import sys

    from topline.base.files import write_atomically
    from topline.base.words import words
    from topline.notebook import quality

    data, late = _answers(args)
    view = quality(data, args.seconds, late=late)
    text = {"text": lambda: f"{view!r}\n", "json": view.as_json, "csv": view.as_csv}[args.format]()
    if args.output:
        print(words("written", file=write_atomically(args.output, text)))
    else:
        sys.stdout.write(text)
    return FINE


def _answers(args: argparse.Namespace) -> tuple[Dataset, str]:
    """The answers of everybody, and what is to be said of rules that came late."""
    from topline.base import fail
    from topline.dataset import data_file, read, read_data
    from topline.study import read_study
    from topline.study.late_rules import late_rules

    source = Path(args.source)
    if not source.is_dir():
        return read(source), ""
    study = read_study(source)
    file = Path(args.data) if args.data else data_file(study)
    if file is None:
        fail("no_data", study=source)
    return read_data(study, file, everybody=True), late_rules(study)
