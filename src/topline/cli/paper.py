"""`topline paper`: codes and forms to print, and the answers that two people keyed from them."""

from __future__ import annotations

import argparse
import csv
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from topline.base import Finding, ToplineError, fail
from topline.cli import FINDINGS, FINE, print_findings, verb_parser
from topline.cli.options import (
    BASE,
    add_base,
    add_groups,
    add_store,
    add_vault,
    launched_form,
    open_store,
    store_of,
    vault_of,
)

if TYPE_CHECKING:
    from topline.cli import Subparsers
    from topline.web.paper.keyed import Compared, Keying
    from topline.web.paper.sheet import Column


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "paper",
        run,
        description="codes: codes of a launched study for people without an address, one a form; the store\n"
        "knows their hashes only. forms: the questionnaire to print, one form a code. sheet: an empty\n"
        "sheet to key forms into. enter: two sheets, keyed by two people, held against each other;\n"
        "forms on which they agree become responses. What differs is listed with its place in both.",
        examples=[
            "topline paper codes STUDY --group department=moj --number 50 -o codes.csv",
            "topline paper forms STUDY --codes codes.csv -o forms.html",
            "topline paper sheet STUDY -o sheet.csv",
            "topline paper enter STUDY anna.csv ben.csv --resolved third.csv --dry-run",
        ],
    )
    parser.add_argument("what", choices=["codes", "forms", "sheet", "enter"], help="what to do")
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("sheets", metavar="SHEET", nargs="*", help="enter: the two keyed sheets")
    parser.add_argument("-o", "--output", metavar="FILE", help="codes, forms, sheet: where to write")
    parser.add_argument("--number", type=int, metavar="N", help="codes: how many")
    parser.add_argument("--batch", metavar="NAME", help="codes: the batch's name (default: its groups)")
    parser.add_argument("--codes", metavar="FILE", help="forms: what `paper codes` wrote")
    parser.add_argument("--language", metavar="TAG", help="forms: the language (default: the first)")
    parser.add_argument("--resolved", metavar="FILE", help="enter: a third sheet, of forms that differed")
    parser.add_argument("--dry-run", action="store_true", help="enter: compare and check; enter nothing")
    add_groups(parser)
    add_base(parser)
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Do what is asked."""
    return {"codes": _codes, "forms": _forms, "sheet": _sheet, "enter": _enter}[args.what](args)


def _output(args: argparse.Namespace) -> str:
    return str(args.output) if args.output else fail("paper-output", what=args.what)


def _codes(args: argparse.Namespace) -> int:
    from topline.base.files import write_atomically
    from topline.study import read_study
    from topline.web.codes import printed
    from topline.web.fieldwork.links import link_keys
    from topline.web.fieldwork.places import groups_of, make_codes
    from topline.web.fieldwork.promise import secret_of_environment

    target, study = _output(args), read_study(args.study)
    cell = groups_of(study, dict(args.group))
    batch = args.batch or "-".join(each for each in cell if each) or "paper"
    with open_store(args) as engine:
        keys = link_keys(engine, vault_of(args), study.id, secret_of_environment())
        codes = make_codes(engine, study, cell, args.number or 0, batch, keys)
    groups = dict(args.group)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["code", *groups])
    writer.writerows([printed(code), *groups.values()] for code in codes)
    write_atomically(target, file.getvalue(), private=True)
    print(
        f"{len(codes)} codes of the batch {batch} written to {target}. Delete the file when they are printed."
    )
    return FINE


def _forms(args: argparse.Namespace) -> int:
    from topline.base.files import write_atomically
    from topline.study import read_study
    from topline.study.compile import compile_study, translated
    from topline.web.codes import printed, read_code
    from topline.web.paper.form import paper_page

    target, study = _output(args), read_study(args.study)
    compiled = compile_study(study, translated(study))
    language = args.language or compiled.languages[0]
    if language not in compiled.languages:
        fail("language-unknown", given=language, allowed=", ".join(compiled.languages))
    codes: dict[str, dict[str, str]] = {}
    if args.codes:
        for code, groups in _handed_out(args.codes):
            codes[printed(read_code(code) or fail("paper-code"))] = groups
    base = args.base or os.environ.get(BASE, "")
    online = f"{base.rstrip('/')}/s/{study.id}/code" if base else ""
    write_atomically(target, paper_page(study, compiled, language, codes, online), private=bool(codes))
    print(f"{max(1, len(codes))} forms written to {target}. Open the file in a browser and print it.")
    return FINE


def _handed_out(path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The codes of a file of `paper codes`, each with the groups that it is handed out for."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        _, *names = next(reader, [""])
        for row in reader:
            if row:
                yield row[0], dict(zip(names, row[1:], strict=False))


def _sheet(args: argparse.Namespace) -> int:
    from topline.base.files import write_atomically
    from topline.study import read_study
    from topline.study.compile import compile_study, translated
    from topline.web.paper.sheet import CODE, columns_of

    target, study = _output(args), read_study(args.study)
    columns = columns_of(compile_study(study, translated(study)))
    write_atomically(target, ",".join([CODE, *(column.name for column in columns)]) + "\n")
    print(f"A sheet of {len(columns)} columns written to {target}. Two people key into one each.")
    return FINE


def _enter(args: argparse.Namespace) -> int:
    from topline.web.fieldwork.doors import SharedDoors
    from topline.web.fieldwork.field import Fieldwork
    from topline.web.fieldwork.links import link_keys
    from topline.web.fieldwork.promise import secret_of_environment
    from topline.web.paper.enter import Entry
    from topline.web.paper.sheet import columns_of
    from topline.web.store.engines import engine_of

    if len(args.sheets) != 2:
        fail("paper-two", given=len(args.sheets))
    secret = secret_of_environment()
    with open_store(args) as engine:
        form = launched_form(args, engine)
        link_keys(engine, vault_of(args), form.id, secret)
    columns = columns_of(form)
    first, compared = _compared(args, columns)
    with closing(Fieldwork(form, engine_of(store_of(args)), vault_of(args))) as field:
        entry = Entry(field, SharedDoors(field, secret), columns)
        done = entry.enter(compared.agreed, first, dry_run=args.dry_run)
    findings = [*compared.findings, *done.findings]
    print_findings(findings)
    print(
        f"{len(compared.agreed)} forms agree. {'Could be entered' if args.dry_run else 'Entered'}:"
        f" {done.entered}; entered before: {done.before}; to be looked at: {len(findings)} places."
    )
    return FINDINGS if findings else FINE


def _compared(args: argparse.Namespace, columns: Sequence[Column]) -> tuple[Keying, Compared]:
    from topline.web.paper.keyed import compared, read_keying

    paths = [Path(each) for each in [*args.sheets, *([args.resolved] if args.resolved else [])]]
    faults: list[Finding] = []
    read = []
    for path in paths:
        try:
            read.append(read_keying(path, tuple(columns)))
        except ToplineError as error:
            faults += error.findings
    if faults:
        raise ToplineError(faults)
    if any(path.samefile(other) for n, path in enumerate(paths) for other in paths[:n]):
        fail("paper-same", first=paths[0], second=paths[1])
    return read[0], compared(*read)
