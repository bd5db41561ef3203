"""`topline import-form FILE -o DIR`: make a study from the form of another survey tool."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from topline.cli import FINE, print_findings, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "import-form",
        run,
        description="Make a study from an XLSForm (.xlsx or .xls; ODK, KoboToolbox, Ona, SurveyCTO).\n"
        "Every row of the form becomes a part of the study, or is listed with sheet, row and column:\n"
        "on standard output and in DIR/import-notes.csv. So are the decisions that a form leaves open.",
        examples=("topline import-form household.xlsx -o household", "topline check household"),
        formats=("text", "json"),
    )
    parser.add_argument("file", metavar="FILE", help="the form: a workbook with a sheet survey")
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        required=True,
        help="the folder of the study; it must be new or empty",
    )


def run(args: argparse.Namespace) -> int:
    """Import the form, and print what was left out and what is to be decided."""
    from topline.forms.xlsform import import_form

    imported = import_form(args.file, args.output)
    print_findings(imported.findings, args.format)
    if args.format == "text":
        asked = imported.study.questionnaire
        languages = ", ".join(imported.study.languages)
        sizes = f"questions: {len(asked.questions)}, sections: {len(asked.sections)}, languages: {languages}"
        print(f"{args.output}: {sizes}")
    return FINE
