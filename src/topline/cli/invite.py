"""`topline invite --csv`: the links, for somebody else's mail merge."""

from __future__ import annotations

import argparse
import csv
import io
import os
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser
from topline.cli.options import add_base, add_store, add_vault, base_of, launched_form, open_store, vault_of

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "invite",
        run,
        description="Write each person's key (as a rule the e-mail address) and link as CSV, for the mail\n"
        "merge of your organisation. The links are worked out each time and stored nowhere:\n"
        "delete the file when the mail has gone. A reminder carries the same link.",
        examples=[
            "topline invite STUDY --csv links.csv --base https://survey.example --vault /srv/vault",
            "topline invite STUDY --csv reminder.csv --waiting",
        ],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("--csv", metavar="FILE", required=True, help="where to write keys and links")
    add_base(parser)
    parser.add_argument("--waiting", action="store_true", help="only those who have not finished")
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Work out the links and write them, readable by their owner alone."""
    from topline.web.fieldwork.export import invitations
    from topline.web.fieldwork.links import links_of
    from topline.web.fieldwork.promise import secret_of_environment
    from topline.web.store.audit import note

    vault, secret = vault_of(args), secret_of_environment()
    base = base_of(args)
    with open_store(args) as engine:
        study = launched_form(args, engine).id
        links = links_of(engine, vault, study, secret, base)
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["key", "link"])
        rows = list(invitations(engine, study, links, waiting=args.waiting))
        writer.writerows(rows)
        handle = os.open(args.csv, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as target:
            target.write(file.getvalue())
        engine.write(lambda db: note(db, study, "links written", people=len(rows), waiting=args.waiting))
    print(f"{len(rows)} links written to {args.csv}. Delete the file when the mail has gone.")
    return FINE
