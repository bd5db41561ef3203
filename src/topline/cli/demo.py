"""`topline demo`: two whole studies, from question to checked sentence, at 127.0.0.1."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINDINGS, FINE, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers

MADE_UP, REAL = "digital-public-services", "non-voters-2020"
PORT = 8013


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "demo",
        run,
        description="Run the two example studies from question to report. For the survey of 2013, make up\n"
        "2,439 people whose answers come to the published figures, send some of them through the pages,\n"
        "and build the report, unweighted and beside it weighted to made-up counts. For the study of\n"
        "non-voters, build the report from its real answers. Then serve pages and reports at 127.0.0.1\n"
        "until Ctrl+C.",
        examples=("topline demo", "topline demo --no-serve -o build/demo", "topline demo --port 8020"),
    )
    parser.add_argument(
        "--examples", metavar="DIR", default="examples", help="the folder of the examples (default: examples)"
    )
    parser.add_argument(
        "-o", "--output", metavar="DIR", default="demo", help="where to write (default: demo)"
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"port of 127.0.0.1 (default: {PORT})")
    parser.add_argument("--no-serve", action="store_true", help="write everything and stop")


def run(args: argparse.Namespace) -> int:
    """Rehearse, report twice, serve."""
    from topline.base import fail

    examples, output = Path(args.examples), Path(args.output)
    for name in (MADE_UP, REAL):
        if not (examples / name / "study.yaml").is_file():
            fail("demo-examples", folder=examples, name=name)
    made, failing = _made_up(examples / MADE_UP, output / MADE_UP)
    real, failing_real = _real(examples / REAL, output / REAL)
    if args.no_serve:
        return FINDINGS if failing + failing_real else FINE
    from topline.web.server import serve

    store = str(output / "rehearsal.db")
    serve([str(examples / MADE_UP)], port=args.port, store=store, folders=[str(made), str(real)])
    return FINE


def _made_up(folder: Path, output: Path) -> tuple[Path, int]:
    """The survey of 2013 with made-up answers; the folder of its report and how many claims fail."""
    from topline.rehearse.rehearsal import rehearse
    from topline.study import read_study

    study = read_study(folder)
    answers = output / "answers.csv"
    output.mkdir(parents=True, exist_ok=True)
    targets = folder / "rehearsal" / "targets.yaml"
    done = rehearse(study, targets, answers, people=None, seed=1, through_pages=36)
    print(
        f"{study.title}: {done.people:,} made-up people, {done.through_pages} of them through the pages; "
        f"{sum(done.held.values())} targets hold.",
        flush=True,
    )
    return _report(folder, answers, output / f"{MADE_UP}-report")


def _real(folder: Path, output: Path) -> tuple[Path, int]:
    """The study of non-voters with its real answers."""
    return _report(folder, None, output / f"{REAL}-report")


def _report(folder: Path, answers: Path | None, output: Path) -> tuple[Path, int]:
    from topline.cli.report import summary, write_report
    from topline.dataset import data_file, read_data
    from topline.study import read_study
    from topline.weights import weighted_designs

    study = read_study(folder)
    source = answers or data_file(study)
    assert source is not None, "the example names its data"
    data = read_data(study, source)
    claims, page = write_report(study, data, weighted_designs(study, data), output)
    print(f"{study.title}: {data.n:,} respondents. {summary(claims, page)}", flush=True)
    return page.parent, sum(checked.status == "fails" for checked in claims.checked)
