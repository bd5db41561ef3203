"""`topline restore`: a survey from its backup, with the vault, with the key stick, or with neither."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from topline.base import fail
from topline.cli import FINE, verb_parser
from topline.cli.options import DATABASE, VAULT, add_store, add_vault

if TYPE_CHECKING:
    from topline.cli import Subparsers
    from topline.web.operate.rekey import Restored

_SAID = {
    "kept": "its vault is there. {again} people who submitted after the backup may answer again.",
    "stick": "its vault is made anew from the key stick. {again} people who had begun begin again.",
    "new": "it has new keys. {again} people may answer again; all have new links: invite them again.",
    "none": "it needs no keys any more.",
}


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "restore",
        run,
        description="Make a store and the folders of its studies from a backup, where nothing is yet.\n"
        "What was sealed opens with the vault, if that is still there, or with the key stick\n"
        "(--stick). With neither, --lose-answers gives up what is sealed: new keys, new links,\n"
        "and everybody may answer again. A backup from before a close is not brought back over it.",
        examples=[
            "topline restore monday.zip -o studies --vault /srv/vault",
            "topline restore monday.zip -o studies --vault /srv/new-vault --stick /media/stick",
            "topline restore monday.zip -o studies --vault /srv/new-vault --lose-answers",
        ],
    )
    parser.add_argument("backup", metavar="FILE", help="the file that `topline backup` wrote")
    parser.add_argument(
        "-o", "--output", metavar="DIR", required=True, help="where the folders of the studies are made"
    )
    keys = parser.add_mutually_exclusive_group()
    keys.add_argument("--stick", metavar="DIR", help="the folder of the key stick")
    keys.add_argument("--lose-answers", action="store_true", help="there are no keys: give up what is sealed")
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Restore, and say for each study what became of its keys."""
    from topline.web.fieldwork.promise import SECRET, secret_of_environment
    from topline.web.operate.archive import Archive
    from topline.web.operate.rekey import Keys
    from topline.web.operate.restore import restore

    folder, vault = Path(args.output), args.vault or os.environ.get(VAULT)
    with Archive(Path(args.backup)) as archive:
        studies = list(archive.manifest.studies)
    store = args.store or os.environ.get(DATABASE)
    if store is None:
        if len(studies) > 1:
            fail("restore-where", number=len(studies))
        store = str(folder / studies[0] / "fieldwork.db")
    keys = Keys(Path(vault) if vault else None, Path(args.stick) if args.stick else None, args.lose_answers)
    secret = secret_of_environment() if os.environ.get(SECRET) else None
    for each in restore(Path(args.backup), folder, store, keys, secret):
        print(f"{folder / each.study}: {each.people:,} people; {_said(each)}")
    print(f"The store is {store}." if "://" not in store else "The store is the database.")
    return FINE


def _said(each: Restored) -> str:
    return _SAID[each.keys].format(again=f"{each.again:,}")
