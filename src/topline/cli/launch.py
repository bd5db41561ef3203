"""`topline launch`: freeze a study, or show what would be frozen."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from topline.base import ToplineError
from topline.cli import FINDINGS, FINE, print_findings, verb_parser
from topline.cli.options import add_store, open_store

if TYPE_CHECKING:
    from topline.cli import Subparsers
    from topline.study.compiled import Compiled
    from topline.study.freeze import Change, Hashes

_LATER = """Later may change: labels of tables, nets, translations.
Needs version {next}: ids, codes, kinds, routes, order, wording."""


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "launch",
        run,
        description="Freeze the questionnaire: copy the study to frozen/N with a hash of the whole, of each\n"
        "question and of each translation. What is frozen is never written over; a change of\n"
        "ids, codes, kinds, routes, order or wording makes the next version. With --vault the\n"
        "fieldwork begins: keys are drawn, and the people listed by `topline frame load` get\n"
        "their links. What is promised to them is frozen too.",
        examples=[
            "topline launch examples/digital-public-services --dry-run",
            "topline launch examples/digital-public-services",
            "topline launch STUDY --vault /srv/vault",
        ],
        formats=("text", "json"),
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("--dry-run", action="store_true", help="show what would be frozen; write nothing")
    parser.add_argument(
        "--vault", metavar="DIR", help="launch the fieldwork: draw keys in this folder, invite those listed"
    )
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Freeze, or show."""
    from topline.study import check_study, read_study
    from topline.study.compile import compile_study, translated
    from topline.study.freeze import changed, freeze, hashes, last_version, missing_codes, read_frozen

    if args.vault and not args.dry_run:
        return _fieldwork(args)
    study = read_study(args.study)
    wrong = [finding for finding in check_study(study) if finding.severity == "error"]
    if not args.dry_run:
        if wrong:
            raise ToplineError(wrong)
        target = freeze(study, translated(study))
        number = int(target.name)
        if args.format == "json":
            print(json.dumps({"frozen": str(target)}))
        else:
            print(f"Frozen in {target}\n{_LATER.format(next=number + 1)}")
            print(f"Nobody is invited by this: topline launch {args.study} --vault DIR begins the fieldwork.")
        return FINE
    compiled = compile_study(study, translated(study))
    before = last_version(args.study)
    changes = changed(read_frozen(args.study, before), compiled) if before else ()
    found = hashes(compiled)
    wrong += missing_codes(study)
    if args.format == "json":
        whole = _as_json(compiled, found, before, changes)
        whole["findings"] = [each.as_json() for each in wrong]
        print(json.dumps(whole, ensure_ascii=False, indent=1))
    else:
        print(_as_text(compiled, found, before, changes))
        print_findings(wrong)
    return FINDINGS if wrong else FINE


def _fieldwork(args: argparse.Namespace) -> int:
    """Freeze what is not frozen yet, draw the keys, invite the people listed."""
    from topline.study import check_study, read_study
    from topline.web.fieldwork.launch import launch
    from topline.web.fieldwork.promise import secret_of_environment

    study = read_study(args.study)
    if wrong := [finding for finding in check_study(study) if finding.severity == "error"]:
        raise ToplineError(wrong)
    secret = secret_of_environment()
    with open_store(args) as engine:
        done = launch(study, engine, args.vault, secret)
    print(f"Launched version {done.version}: {done.people} people invited.")
    if done.places:
        print(f"{done.places} places behind links that many share: topline link show {args.study}")
    if done.coarsened:
        print(f"Less is kept of {done.coarsened} of them, whose groups are small.")
    print("If the vault's disk is lost, so are the answers. Copy its keys now to a stick that somebody keeps")
    print(f"who does not run the server:\n  topline vault copy {args.study} DIR --vault {args.vault}")
    return FINE


def _as_text(compiled: Compiled, found: Hashes, before: int, changes: tuple[Change, ...]) -> str:
    lines = [f"Would freeze version {before + 1} of {compiled.id}", f"  whole  {found.whole}"]
    lines += [f"  {language}     {digest} (translation)" for language, digest in found.translations.items()]
    lines.append(f"{len(compiled.screens)} pages, {len(found.questions)} questions and texts:")
    width = max(map(len, found.questions), default=0)
    ends = [("start", compiled.start), ("thank you", compiled.thanks)]
    pages = [(screen.name, list(screen.questions)) for screen in compiled.screens]
    pages = [(name, [asked]) for name, asked in ends[:1] if asked] + pages
    pages += [(name, [asked]) for name, asked in ends[1:] if asked]
    for name, questions in pages:
        lines.append(f"  page {name}")
        lines += [
            f"    {asked.id:<{width}}  {found.questions[asked.id][:16]}  {asked.kind}" for asked in questions
        ]
    lines += [_untranslated(compiled, language) for language in compiled.languages[1:]]
    if before and not changes:
        lines.append(f"Nothing that is frozen changed since version {before}.")
    elif before:
        lines.append(f"Changed since version {before}:")
        lines += [f"  {change.question}: {', '.join(change.how)}" for change in changes]
    return "\n".join([*lines, _LATER.format(next=before + 2)])


def _untranslated(compiled: Compiled, language: str) -> str:
    whole, there = len(compiled.texts[compiled.languages[0]]), len(compiled.texts.get(language, {}))
    return f"Language {language}: {there} of {whole} texts; the rest is shown in {compiled.languages[0]}."


def _as_json(
    compiled: Compiled, found: Hashes, before: int, changes: tuple[Change, ...]
) -> dict[str, object]:
    return {
        "version": before + 1,
        "whole": found.whole,
        "questions": dict(found.questions),
        "translations": dict(found.translations),
        "pages": {screen.name: [asked.id for asked in screen.questions] for screen in compiled.screens},
        "languages": list(compiled.languages),
        "changed": {change.question: list(change.how) for change in changes},
    }
