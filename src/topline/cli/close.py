"""`topline close`: no more answers; mix those that are there, and destroy the keys."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from topline.base import fail
from topline.cli import FINE, verb_parser
from topline.cli.options import add_store, add_vault, launched_form, open_store, vault_of

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "close",
        run,
        description="Close a survey for ever: take no more answers, open what is sealed, write it in an\n"
        "order that tells nothing, and destroy the keys. It can be stopped at any moment and\n"
        "started again.",
        examples=["topline close STUDY --vault /srv/vault --yes"],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("--yes", action="store_true", help="needed: a closed survey is never opened again")
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Close, or go on closing."""
    from topline.web.fieldwork.places import came_by_links
    from topline.web.fieldwork.promise import secret_of_environment
    from topline.web.fieldwork.release import close_study
    from topline.web.paper.counts import finished
    from topline.web.paper.room import enter_agreed
    from topline.web.vault.keyings import waiting

    vault = vault_of(args)
    secret = secret_of_environment()
    with open_store(args) as engine:
        form = launched_form(args, engine)
        if not args.yes:
            _need_yes(args.study, waiting(Path(vault) / f"{form.id}.keyings", finished(engine, form.id)))
        enter_agreed(form, engine, vault, secret)
        done = close_study(form, engine, vault, secret)
        shared = came_by_links(engine, form.id)
    if done.again:
        print(f"Closed before: {done.replied} of {done.invited} people replied.")
        return FINE
    print(f"Closed: {done.replied} of {done.invited} people replied. The keys in {vault} are destroyed.")
    if shared:
        print(f"{shared} came by shared links: of those it is a participation rate, and no response rate.")
    print("Now destroy the copy on the key stick, and write down who did it and when:")
    print(f'  topline audit note {args.study} "key stick destroyed by NAME"')
    return FINE


def _need_yes(study: str, forms: Counter[str]) -> NoReturn:
    """Say what cannot be undone, and what would be forgotten."""
    if number := forms["once"] + forms["differs"]:
        fail("close-yes-forms", study=study, n=number)
    fail("close-yes", study=study)
