"""`topline audit`: what was done to a survey, and whether the log is as it was written."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from topline.base import Finding
from topline.cli import FINDINGS, FINE, print_findings, verb_parser
from topline.cli.options import add_store, open_store

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "audit",
        run,
        description="show: print what was done to a survey, hour by hour; it names no respondent. verify:\n"
        "check that no line was changed, added between others or taken out. note: add a line of\n"
        "your own, as when the key stick is destroyed.",
        examples=["topline audit verify STUDY", 'topline audit note STUDY "key stick destroyed by A. Jones"'],
    )
    parser.add_argument("what", choices=["show", "verify", "note"], help="what to do")
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("text", metavar="TEXT", nargs="?", default="", help="note: what to write down")
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Print, check or add."""
    from topline.study import read_study
    from topline.web.store.audit import entries, first_fault, note

    study = str(read_study(args.study).id)
    with open_store(args) as engine:
        if args.what == "note":
            engine.write(lambda db: note(db, study, "note", text=args.text))
        lines = list(entries(engine, study))
        if args.what == "show":
            for each in lines:
                said = ", ".join(f"{name} {value}" for name, value in each.what.items() if name != "verb")
                print(f"{each.n:>4}  {each.at}  {each.what['verb']}" + (f": {said}" if said else ""))
        fault = first_fault(engine)
    if fault is not None:
        print_findings([Finding("audit-fault", {"line": fault})])
        return FINDINGS
    head = lines[-1].hash if lines else ""
    print(f"{len(lines)} lines, none changed. Head: {head[:16]}. Write it down where nobody else can.")
    return FINE
