"""`topline doctor`: is everything as the promise needs it?"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from topline.base import Finding
from topline.cli import FINDINGS, FINE, print_findings, verb_parser
from topline.cli.options import BASE, add_store, add_vault, launched_form, open_store, store_of, vault_of

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "doctor",
        run,
        description="Check a launched study: the vault's place and rights, the stick, the secret, the\n"
        "address, the database's settings, the frozen questionnaire and the log. Each fault\n"
        "comes with its remedy.",
        examples=["topline doctor STUDY --vault /srv/vault --base https://survey.example"],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("--base", metavar="URL", help=f"where respondents find the server (default: {BASE})")
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Check, and print a line for each check and each fault."""
    from topline.web.fieldwork.doctor import Patient, examine

    base = args.base or os.environ.get(BASE, "")
    with open_store(args) as engine:
        study = launched_form(args, engine).id
        patient = Patient(study, Path(args.study), engine, store_of(args), vault_of(args), base)
        checked = examine(patient)
    for each in checked:
        faulty = any(finding.severity == "error" for finding in each.findings)
        state = "WRONG" if faulty else "look" if each.findings else "fine"
        print(f"{each.number}  {state:<5}  {Finding(each.about).text}")
        print_findings(each.findings)
    return FINDINGS if any(each.findings for each in checked) else FINE
