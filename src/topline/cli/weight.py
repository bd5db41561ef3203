"""`topline weight STUDY -o FILE`: the weights that a study asks for, and what they cost."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINDINGS, FINE, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "weight",
        run,
        description="Weight the answers as weighting: in study.yaml says, and print what it costs: design\n"
        "effect, effective n, extreme weights, each target before and after. The weights are written\n"
        "in the order of the answers, with their id if data: id: names it. A second weighting\n"
        "(weighting: beside:) has a column of its own.",
        examples=(
            "topline weight my-study --data answers.csv -o weights.csv",
            "topline weight my-study --data answers.csv",
        ),
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument(
        "--data", metavar="FILE", help="the file of answers (default: data: file: of study.yaml)"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="FILE.csv; without it nothing is written")


def run(args: argparse.Namespace) -> int:
    """Read, weight, print, write."""
    from topline.base import fail
    from topline.base.files import write_atomically
    from topline.base.words import words
    from topline.dataset import data_file, excluded_sentence, read_data
    from topline.study import read_study
    from topline.weights import weightings
    from topline.weights.files import weights_csv

    study = read_study(args.study)
    if "weighting" not in study.settings:
        fail("weighting_none", study=args.study)
    file = Path(args.data) if args.data else data_file(study)
    if file is None:
        fail("no_data", study=args.study)
    data = read_data(study, file)
    if said := excluded_sentence(data):
        print(said)
    steps = weightings(study, data)
    for place, step in enumerate(steps):
        if place:
            print(f"\n{words('weights-beside')}")
        print(step.design.sentence)
        for made in step.made:
            print(f"\n{made}")
    if args.output:
        written = write_atomically(args.output, weights_csv(study, file, data, steps))
        print(f"\n{words('weights-written', file=written, n=data.n)}")
    return FINDINGS if any(made.findings for step in steps for made in step.made) else FINE
