"""`topline convert FILE -o FILE`: a data file in another format, with all that its labels say."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINE, print_findings, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers
    from topline.dataset import Dataset


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "convert",
        run,
        description="Write a data file in another format: SPSS (.sav, .zsav), Stata (.dta), Parquet, or CSV\n"
        "with its codebook beside it. Labels, missing values and multiple-response sets go with it; what\n"
        "the new format has no place for is said. It reads SPSS (.sav, .zsav, .por), Stata, Parquet and\n"
        "CSV, by the ending of the name, or the answers of a study, if you give its folder.",
        examples=(
            "topline convert answers.sav -o answers.parquet",
            "topline convert answers.csv --codebook columns.csv -o answers.sav",
            "topline convert anes.dta --missing=-9,-8,-1 -o anes.sav",
            "topline convert examples/non-voters-2020 -o non-voters.dta",
        ),
    )
    parser.add_argument("source", metavar="FILE", help="the data file, or the folder of a study")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write")
    parser.add_argument("--codebook", metavar="FILE", help="the codebook of a CSV file (default: beside it)")
    parser.add_argument("--language", metavar="TAG", default="und", help="language of the labels, as in en")
    parser.add_argument(
        "--missing",
        metavar="CODES",
        type=_codes,
        default=(),
        help="numbers that the file forgot to call missing, as in -9,-8 (where they have a label)",
    )
    parser.add_argument(
        "--data", metavar="FILE", help="of a study: the file of answers (default: data: file: of study.yaml)"
    )


def run(args: argparse.Namespace) -> int:
    """Read, write, say what was left."""
    from topline.base import Mark, fail
    from topline.dataset import codebook_of, read, write
    from topline.dataset.files import codebook_path

    source, output = Path(args.source), Path(args.output)
    made = {output.resolve()} | (
        {codebook_path(output).resolve()} if output.suffix.lower() == ".csv" else set()
    )
    for given in (source, Path(args.codebook or source)):
        if given.resolve() in made:
            fail("data-same-file", Mark(str(given)))
    if (source / "study.yaml").is_file():
        data = _answers(source, args.data)
    else:
        data = read(source, codebook=args.codebook, language=args.language, missing=args.missing)
    notes = write(data, output)
    print(f"{output}: {data.n:,} people, {len(codebook_of(data).columns):,} columns")
    print_findings((*data.notes, *notes))
    return FINE


def _answers(folder: Path, file: str | None) -> Dataset:
    """The answers of a study, through its questionnaire: a file of answers is of everybody."""
    from topline.base import fail
    from topline.dataset import data_file, read_data
    from topline.study import read_study

    study = read_study(folder)
    path = Path(file) if file else data_file(study)
    if path is None:
        fail("no_data", study=folder)
    return read_data(study, path, everybody=True)


def _codes(text: str) -> tuple[float, ...]:
    """Numbers between commas."""
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a list of numbers. Write it as in -9,-8") from None
