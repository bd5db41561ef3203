"""`topline export`: the answers of a closed survey as Topline's file, and the counts that weighting needs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINE, print_findings, verb_parser
from topline.cli.options import add_store, open_store

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "export",
        run,
        description="Write the answers of a closed survey, with every column of the study and why a cell is\n"
        "empty: as Topline's own CSV, which its other verbs read, or by the ending of the name as\n"
        ".parquet, .sav, .zsav or .dta with labels, missing kinds and codebook inside. By the\n"
        "groups that are kept, also counts for weights: how many were invited and replied, how many\n"
        "people there are, and the probabilities of a sample.",
        examples=[
            "topline export STUDY -o answers.csv --counts counts.csv",
            "topline export STUDY -o answers.sav",
            "topline export STUDY -o answers.csv --sample sample.csv --population population.csv",
        ],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="where to write the answers")
    parser.add_argument("--counts", metavar="FILE", help="where to write invited and replied by group")
    parser.add_argument("--population", metavar="FILE", help="where to write the people of each group")
    parser.add_argument("--sample", metavar="FILE", help="where to write the sample's probabilities by group")
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Write the files."""
    from topline.study import read_study
    from topline.web.fieldwork.export import (
        export_answers,
        export_counts,
        export_population,
        export_sample,
    )

    with open_store(args) as engine:
        study = read_study(args.study)
        number, notes = export_answers(engine, study, Path(args.output))
        print(f"{number} responses written to {args.output}.")
        print_findings(notes)
        wanted = (
            (args.counts, export_counts),
            (args.population, export_population),
            (args.sample, export_sample),
        )
        for file, export in wanted:
            if file:
                print(f"{export(engine, study, Path(file))} groups written to {file}.")
    return FINE
