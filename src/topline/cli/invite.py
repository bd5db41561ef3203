"""`topline invite`: the invitations by mail, or the links for somebody else's mail merge."""

from __future__ import annotations

import argparse
import csv
import io
from typing import TYPE_CHECKING

from topline.base import fail
from topline.cli import FINE, verb_parser
from topline.cli.letters import add_letters, send_wave
from topline.cli.options import add_base, add_store, add_vault, base_of, launched_form, open_store, vault_of

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "invite",
        run,
        description="--mail sends everybody who is invited a letter with their own link, each person once:\n"
        "run it again after a stop, or when people have joined, and it goes on. TOPLINE_SMTP_URL\n"
        "names the mail server, TOPLINE_MAIL_FROM the sender; texts stand in mail/ in the study's folder,\n"
        "and default ones come with Topline.\n\n"
        "--csv writes each person's key and link for a mail merge of your own. The links are\n"
        "worked out each time and stored nowhere: delete the file when the mail has gone.",
        examples=[
            "topline invite STUDY --mail --dry-run --preview letter.html",
            "topline invite STUDY --mail --rate 100",
            "topline invite STUDY --csv links.csv --base https://survey.example --vault /srv/vault",
            "topline invite STUDY --csv reminder.csv --waiting",
        ],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--mail", action="store_true", help="send letters")
    how.add_argument("--csv", metavar="FILE", help="write keys and links")
    parser.add_argument("--waiting", action="store_true", help="with --csv: only those who have not finished")
    add_letters(parser)
    add_base(parser)
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Send, or write."""
    if args.mail:
        return send_wave(args, "invitation")
    if not args.csv:
        fail("mail-what")
    return _write_links(args)


def _write_links(args: argparse.Namespace) -> int:
    """Work out the links and write them, readable by their owner alone."""
    from topline.base.files import write_atomically
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
        write_atomically(args.csv, file.getvalue(), private=True)
        engine.write(lambda db: note(db, study, "links written", people=len(rows), waiting=args.waiting))
    print(f"{len(rows)} links written to {args.csv}. Delete the file when the mail has gone.")
    return FINE
