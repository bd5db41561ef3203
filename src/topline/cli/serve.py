"""`topline serve`: the pages of studies at 127.0.0.1, for a rehearsal or for fieldwork."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from topline.base import fail
from topline.cli import FINE, verb_parser
from topline.cli.options import BASE, VAULT, add_store, add_vault, store_of, vault_of

if TYPE_CHECKING:
    from topline.cli import Subparsers

PORT = 8013


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "serve",
        run,
        description="Serve the pages of one or more studies at 127.0.0.1 until Ctrl+C. With --demo for\n"
        "made-up answers: they are kept in the file given by --store, without it they go when\n"
        "the server stops. With --vault for the fieldwork of studies that were launched;\n"
        "TOPLINE_SECRET must hold the secret of the launch, and a proxy in front of Topline the\n"
        "certificate of --base.",
        examples=[
            "topline serve examples/digital-public-services --demo",
            "topline serve examples/digital-public-services --demo --port 8020 --store rehearsal.db",
            "topline serve examples/digital-public-services --demo --with build/report",
            "topline serve STUDY --vault /srv/vault --base https://survey.example",
            "topline serve STUDY OTHER --vault /srv/vault --base https://survey.example --workers 2",
        ],
    )
    parser.add_argument("studies", metavar="STUDY", nargs="+", help="the folder of a study")
    parser.add_argument("--demo", action="store_true", help="for made-up answers")
    parser.add_argument("--port", type=int, default=PORT, help=f"port of 127.0.0.1 (default: {PORT})")
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes that answer requests (default: 1)"
    )
    parser.add_argument("--base", metavar="URL", help=f"where respondents find the server (default: {BASE})")
    add_vault(parser)
    add_store(parser)
    parser.add_argument(
        "--with",
        dest="folders",
        metavar="FOLDER",
        action="append",
        default=[],
        help="serve a built report as well",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    from topline.web.server import serve, serve_fieldwork

    if not args.demo:
        if args.folders or not (args.vault or os.environ.get(VAULT)):
            fail("serve-demo", study=args.studies[0])
        args.study = args.studies[0]
        base = args.base or os.environ.get(BASE) or fail("serve-base", name=BASE)
        if args.workers < 1:
            fail("serve-workers", given=args.workers)
        stores = {
            study: store_of(argparse.Namespace(**{**vars(args), "study": study})) for study in args.studies
        }
        serve_fieldwork(stores, str(vault_of(args)), base, port=args.port, workers=args.workers)
        return FINE

    serve(args.studies, port=args.port, store=args.store, folders=args.folders)
    return FINE
