"""`topline vault`: copy the keys to a stick, make a lost vault anew from it, draw keys for more people."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser
from topline.cli.options import add_store, add_vault, launched_form, open_store, vault_of

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "vault",
        run,
        description="copy: put the keys that open sealed answers on a stick, once, at launch. Somebody who\n"
        "does not run the server keeps it, and destroys it when the survey is closed. Without\n"
        "it a lost disk loses every answer that is still sealed. restore: make a lost vault\n"
        "anew from the stick. add: draw keys for people beyond the spares of the launch.",
        examples=[
            "topline vault copy STUDY /media/stick --vault /srv/vault",
            "topline vault restore STUDY /media/stick --vault /srv/new-vault",
            "topline vault add STUDY 500 --vault /srv/vault",
        ],
    )
    parser.add_argument("what", choices=["copy", "add", "restore"], help="what to do")
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument(
        "target", metavar="TARGET", help="copy, restore: a folder on the stick; add: how many people"
    )
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Copy or add, and note it in the log."""
    from topline.web.fieldwork.sticks import add_keys, copy_keys, restore_keys

    with open_store(args) as engine:
        study = launched_form(args, engine).id
        if args.what == "copy":
            made = copy_keys(engine, vault_of(args), study, args.target)
            print(f"{len(made)} files copied to {args.target} and read back.")
            print("Give the stick to somebody who does not run the server. It is destroyed after the close.")
            return FINE
        if args.what == "restore":
            lost = restore_keys(engine, vault_of(args), study, args.target)
            print(
                f"The vault is there again. {lost} people who had not submitted start anew with their link."
            )
            return FINE
        print(f"Keys for {add_keys(engine, vault_of(args), study, args.target)} more people are drawn.")
        print(f"Copy them to the stick now: topline vault copy {args.study} DIR")
    return FINE
