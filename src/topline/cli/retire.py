"""`topline retire`: delete who was invited to a closed survey, and write the proof."""

from __future__ import annotations

import argparse
import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from topline.base import Finding
from topline.cli import FINDINGS, FINE, print_findings, verb_parser
from topline.cli.options import VAULT, add_store, add_vault, open_store, store_of

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "retire",
        run,
        description="Delete the list of people of a closed survey, what was sent to them and who of them\n"
        "finished, on the day that study.yaml names (privacy: keep_until: frame:). Responses and\n"
        "counts by group stay. The store is written anew and searched for every key that was\n"
        "deleted; what was deleted, and what the search found, is written down as a proof.",
        examples=[
            "topline retire STUDY --vault /srv/vault -o retired.json",
            "topline retire STUDY --now -o retired.json",
        ],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="where to write the proof")
    parser.add_argument("--now", action="store_true", help="before the day that study.yaml names")
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Delete, search, write."""
    from topline.base.files import write_atomically
    from topline.study import read_study
    from topline.web.operate.retire import retire

    vault = args.vault or os.environ.get(VAULT)
    study = read_study(args.study)
    with open_store(args) as engine:
        folders = [Path(vault)] if vault else []
        done = retire(engine, study, folders, store_of(args), today=date.today(), now=args.now)
    write_atomically(args.output, json.dumps(done.as_json(), indent=1) + "\n")
    print(f"{done.deleted['invite']:,} people of {done.study} deleted. Proof: {args.output}")
    if before := done.before.get("invite"):
        print(
            f"{before:,} were deleted by an earlier run; nobody knows any more what to look for. If that run"
            " was cut short, this one wrote the store anew."
        )
    if done.looked_in:
        print(f"Looked for {done.looked_for:,} keys in {', '.join(done.looked_in)}.")
    else:
        print("Not looked for in files: those of PostgreSQL are its own, and its archive keeps what it has.")
    print("Backups of the store still hold the people: delete those as well.")
    left = [Finding("retire-left", {"file": file, "n": n}) for file, n in done.left.items()]
    print_findings(left)
    return FINDINGS if left else FINE
