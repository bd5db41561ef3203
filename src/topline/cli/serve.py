"""`topline serve`: the pages of studies at 127.0.0.1, for made-up answers."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from topline.base import fail
from topline.cli import FINE, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers

PORT = 8013


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "serve",
        run,
        description="Serve the pages of one or more studies at 127.0.0.1, for made-up answers only, until\n"
        "Ctrl+C. Answers are kept in the file given by --store; without it they go when the server stops.",
        examples=[
            "topline serve examples/digital-public-services --demo",
            "topline serve examples/digital-public-services --demo --port 8020 --store rehearsal.db",
            "topline serve examples/digital-public-services --demo --with build/report",
        ],
    )
    parser.add_argument("studies", metavar="STUDY", nargs="+", help="the folder of a study")
    parser.add_argument("--demo", action="store_true", help="say that the answers are made up (required)")
    parser.add_argument("--port", type=int, default=PORT, help=f"port of 127.0.0.1 (default: {PORT})")
    parser.add_argument("--store", metavar="FILE", help="keep the made-up answers in this SQLite file")
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
    if not args.demo:
        fail("serve-demo", study=args.studies[0])
    from topline.web.server import serve

    serve(args.studies, port=args.port, store=args.store, folders=args.folders)
    return FINE
