"""`topline report STUDY`: check every figure of the report's text and write the page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINDINGS, FINE, print_findings, verb_parser

if TYPE_CHECKING:
    from topline.claims import ClaimReport
    from topline.claims.fix import How
    from topline.cli import Subparsers
    from topline.dataset import Dataset
    from topline.designs import Design
    from topline.study import Study


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "report",
        run,
        description="Check every claim of the report's text against the answers, and write it as one page\n"
        "of HTML in a folder. A claim that does not hold makes the exit code 1: the page is written as a\n"
        "draft, with a note beside each such sentence. With --strict warnings do so too.",
        examples=(
            "topline report examples/non-voters-2020",
            "topline report my-study --data answers.csv -o out/report --strict",
            "topline report my-study --fix",
        ),
        formats=("text", "json"),
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("--data", metavar="FILE", help="the answers (default: the file that the study names)")
    parser.add_argument("-o", "--output", metavar="DIR", help="where to write (default: STUDY/out/report)")
    parser.add_argument(
        "--fix",
        nargs="?",
        const="digits",
        choices=("digits", "words"),
        help="first mend claims that do not hold: their digits, or with --fix=words their first true wording",
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings as well")


def run(args: argparse.Namespace) -> int:
    """Read the answers, check the text, write the page, print what was found."""
    from topline.base import fail
    from topline.dataset import data_file, read_data
    from topline.study import read_study
    from topline.weights import weighted_designs

    study = read_study(args.study)
    source = Path(args.data) if args.data else data_file(study)
    if source is None:
        fail("report_no_data", study=args.study)
    data = read_data(study, source)
    output = Path(args.output) if args.output else Path(study.folder) / "out" / "report"
    designs = weighted_designs(study, data)
    claims, page = write_report(study, data, designs, output)
    if args.fix and _fix(study, claims, args.fix):
        claims, page = write_report(study, data, designs, output)
    print_findings(claims.findings, args.format)
    if args.format == "text":
        print(summary(claims, page))
    bad = {"error", "warning"} if args.strict else {"error"}
    return FINDINGS if any(finding.severity in bad for finding in claims.findings) else FINE


def write_report(
    study: Study, data: Dataset, designs: tuple[Design, ...], output: Path
) -> tuple[ClaimReport, Path]:
    """Release what the report's text asks for, check it and write the page into `output`.

    The first design gives the published figures; with a second one of the same answers, each table shows its
    figures beside the others. Raises ToplineError if the study has no report.
    """
    from topline.base import Mark, fail
    from topline.disclosure import Request, release
    from topline.report import build, needs, write

    name = _text_of(study)
    file = Path(study.folder) / name
    if not file.is_file():
        fail("report_no_text", Mark(str(file)))
    text = _read(study)
    wanted = needs(study, text, name)
    requests: list[Request] = [*wanted.addresses, *wanted.tables]
    released = release(study, data, designs[0], requests)
    beside = release(study, data, designs[1], wanted.tables) if len(designs) > 1 else None
    context, page = build(study, released, text, name, beside, study.languages[0])
    return context.claims, write(page, output, released.made_up)


def _text_of(study: Study) -> str:
    """The file of the report's text, within the study's folder."""
    settings = study.settings.get("report")
    return str(settings.get("file", "report.md")) if isinstance(settings, dict) else "report.md"


def _read(study: Study) -> str:
    """The report's text with one kind of line end; bytes that are no UTF-8 are told with their line."""
    from topline.study.reading.plain_yaml import read_source

    name = _text_of(study)
    return read_source(Path(study.folder) / name, name).text.replace("\r\n", "\n").replace("\r", "\n")


def _fix(study: Study, claims: ClaimReport, how: How) -> bool:
    """Mend claims that do not hold, say which on standard error; whether anything was mended."""
    from topline.base.words import words
    from topline.claims import fixes
    from topline.study.edit import edit_folder

    edits = fixes(claims, _read(study), how)
    for made in edits:
        print(words("claim-mended", place=made.mark, old=made.old, new=made.new), file=sys.stderr)
    edit_folder(study.folder, edits)
    return bool(edits)


def summary(claims: ClaimReport, page: Path) -> str:
    """The last lines: how many claims of each kind, and where the page is."""
    from topline.base.words import words

    failing = sum(checked.status == "fails" for checked in claims.checked)
    return words(
        "report-summary",
        checked=len(claims.checked),
        failing=failing,
        left=len(claims.not_checked),
        unbound=len(claims.unbound),
        waived=len(claims.waived),
        page=page,
    )
