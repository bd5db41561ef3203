"""`topline check STUDY`: everything that is wrong in a study, as a compiler would say it."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from topline.cli import FINDINGS, FINE, print_findings, verb_parser

if TYPE_CHECKING:
    from topline.base import Finding
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "check",
        run,
        description="Check the files of a study: their form, names, routes, texts, translations, plans and\n"
        "waves. Each finding says where (file:line:column), what is wrong and what to write instead.\n"
        "Errors make the exit code 1; with --strict warnings do so too; notes never do.",
        examples=(
            "topline check examples/digital-public-services",
            "topline check my-study --strict --format json",
            "topline check my-study --conditions",
            "topline check my-study --fix",
        ),
        formats=("text", "json"),
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings as well")
    parser.add_argument("--fix", action="store_true", help="first write codes into lists that have none")
    parser.add_argument(
        "--conditions",
        action="store_true",
        help="print who is asked each question; in a study with errors, the findings",
    )


def run(args: argparse.Namespace) -> int:
    """Check the study and print what was found."""
    from topline.base import ToplineError
    from topline.study import check_study, load

    if args.fix:
        _write_codes(args.study)
    loaded = load(args.study)
    if any(finding.id == "study-not-a-folder" for finding in loaded.findings):
        raise ToplineError(loaded.findings)
    findings = list(loaded.findings)
    if loaded.study is not None:
        findings += check_study(loaded.study)
    bad = {"error", "warning"} if args.strict else {"error"}
    ends = FINDINGS if any(finding.severity in bad for finding in findings) else FINE
    if args.conditions and loaded.study is not None and ends == FINE:
        from topline.study.rules.conditions_table import conditions_table

        print(conditions_table(loaded.study))
        return FINE
    print_findings(findings, args.format)
    if args.format == "text":
        print(_summary(findings))
    return ends


def _summary(findings: list[Finding]) -> str:
    """The last line: how many of each, in words."""
    counts = {"error": 0, "warning": 0, "note": 0}
    for finding in findings:
        counts[finding.severity] += 1
    said = [f"{n} {severity}{'s' if n != 1 else ''}" for severity, n in counts.items() if n]
    return ", ".join(said) if said else "No findings."


def _write_codes(folder: str) -> None:
    """Give codes to lists without any, and say on standard error which files changed."""
    from topline.base.words import words
    from topline.study.edit import edit_folder
    from topline.study.fix_codes import write_codes

    insertions = write_codes(folder)
    edit_folder(folder, insertions)
    for file in dict.fromkeys(insertion.mark.file for insertion in insertions):
        n = sum(insertion.mark.file == file for insertion in insertions)
        print(words("codes-written", file=file, n=n), file=sys.stderr)
