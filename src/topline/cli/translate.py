"""`topline translate STUDY LANGUAGE`: bring a PO file up to date with the questionnaire."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "translate",
        run,
        description="Write or refresh translations/LANGUAGE.po: every text with its address, the\n"
        "text in the first language and its translation. New texts are empty; a text that has\n"
        "changed keeps its old translation, marked fuzzy, with the text it was made from; texts\n"
        "that are gone are kept at the end as obsolete. Poedit, Weblate and agencies' tools open it.",
        examples=("topline translate my-study cy", "topline translate my-study cy --dry-run"),
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("language", metavar="LANGUAGE", help="one of the study's languages, as cy")
    parser.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")


def run(args: argparse.Namespace) -> int:
    """Refresh the file and say how many texts are kept, new, stale and obsolete."""
    from topline.base.files import write_atomically
    from topline.base.findings import fail
    from topline.study import load
    from topline.study.translations import refresh_translation
    from topline.study.translations.po import path_of

    loaded = load(args.study)
    if loaded.study is None:
        from topline.base import ToplineError

        raise ToplineError(finding for finding in loaded.findings if finding.severity == "error")
    others = loaded.study.languages[1:]
    if args.language not in others:
        fail("translate-language", given=args.language, languages=", ".join(others) or "none")
    text, counts = refresh_translation(loaded.study, args.language)
    path = path_of(loaded.study, args.language)
    if not args.dry_run:
        write_atomically(path, text)
    print(f"{path}: " + ", ".join(f"{n} {what}" for what, n in counts.items()))
    return FINE
