"""`topline code STUDY VARIABLE ACTION`: sheets for coders, how far they agree, what they agree on."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from topline.cli import FINDINGS, FINE, verb_parser

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from topline.cli import Subparsers
    from topline.dataset.coding import Sheet, Task
    from topline.estimates.coders import CoderAgreement


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "code",
        run,
        description="Put answers in words into codes (derive: coded: in study.yaml). sheet writes a line\n"
        "for each different answer to codes/VARIABLE.CODER.csv and keeps the codes that stand there;\n"
        "agreement compares the coders; merge writes codes/VARIABLE.agreed.csv with what all coders\n"
        "give alike, and the rest to decide by hand. With that file complete, tables have the variable.\n"
        "The files hold what people wrote: keep them as you keep the answers.",
        examples=(
            "topline code my-study themes sheet --coder anna",
            "topline code my-study themes agreement",
            "topline code my-study themes merge",
        ),
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("variable", metavar="VARIABLE", help="the coded variable (derive: of study.yaml)")
    parser.add_argument("action", choices=("sheet", "agreement", "merge"), help="what to do")
    parser.add_argument("--coder", metavar="NAME", help="sheet: whose (default: every coder's)")
    parser.add_argument("--data", metavar="FILE", help="the file of answers (default: data: file:)")


def run(args: argparse.Namespace) -> int:
    """Read the answers and the coders' files, then do what was asked."""
    from pathlib import Path

    from topline.base import fail
    from topline.base.hints import nearest
    from topline.dataset import data_file
    from topline.dataset.coding import read_codes, task_of
    from topline.study import read_study

    study = read_study(args.study)
    task = task_of(study, args.variable)
    file = Path(args.data) if args.data else data_file(study)
    if file is None:
        fail("no_data", study=args.study)
    coders = task.derived.coders
    if args.coder and args.coder not in coders:
        near = nearest(args.coder, coders)
        fail("coding-coder", name=args.variable, coder=args.coder, near=near)
    texts = _texts(task, file)
    sheets = {str(coder): read_codes(task, task.file(coder), texts) for coder in coders}
    if args.action == "sheet" and args.coder:
        sheets = {args.coder: sheets[args.coder]}
    actions: dict[str, Callable[[Task, Mapping[str, str], Mapping[str, Sheet]], int]] = {
        "sheet": _sheet,
        "agreement": _agreement,
        "merge": _merge,
    }
    return actions[args.action](task, texts, sheets)


def _texts(task: Task, file: object) -> Mapping[str, str]:
    """The answers to code, read without the variables that are still being coded."""
    from dataclasses import replace
    from pathlib import Path

    from topline.dataset import read_data
    from topline.dataset.coding import texts_of
    from topline.study import read_study

    study = read_study(task.folder)
    study = replace(study, derived=tuple(one for one in study.derived if one.kind != "coded"))
    return texts_of(task, read_data(study, Path(str(file)), everybody=True))


def _sheet(task: Task, texts: Mapping[str, str], sheets: Mapping[str, Sheet]) -> int:
    from topline.base.files import write_atomically
    from topline.base.words import words
    from topline.dataset.coding import sheet_csv

    for coder, sheet in sheets.items():
        written = write_atomically(task.file(coder), sheet_csv(task, texts, sheet))
        print(words("coding-sheet", file=written, n=len(texts), coded=len(sheet.codes)))
    return FINE


def _agreement(task: Task, texts: Mapping[str, str], sheets: Mapping[str, Sheet]) -> int:
    from topline.base.words import words
    from topline.cli.code_printed import agreement_text
    from topline.estimates.coders import coder_agreement

    found = coder_agreement(task, sheets)
    print(agreement_text(task, found))
    print(f"\n{_differences(found, sheets, task)}")
    left = sum(any(key not in sheet.codes for sheet in sheets.values()) for key in texts)
    if left:
        print(f"\n{words('coding-left', n=left, all=len(texts))}")
    return FINDINGS if found.differing else FINE


def _differences(found: CoderAgreement, sheets: Mapping[str, Sheet], task: Task) -> str:
    """Where coders differ: their lines and codes, never the words of the answer."""
    from topline.base.words import words
    from topline.dataset.coding.files import in_order

    if not found.differing:
        return words("coding-differ-none")
    lines = [words("coding-differ", n=len(found.differing))]
    for key in found.differing:
        told = [
            f"{task.file(coder)}:{sheet.lines[key]} {in_order(task, sheet.codes[key])}"
            for coder, sheet in sheets.items()
            if key in sheet.codes
        ]
        lines.append(f"{key}  {'; '.join(told)}")
    return "\n".join(lines)


def _merge(task: Task, texts: Mapping[str, str], sheets: Mapping[str, Sheet]) -> int:
    from topline.base.files import write_atomically
    from topline.base.words import words
    from topline.dataset.coding import merge, merged_csv, read_codes

    path = task.file("agreed")
    held = read_codes(task, path, texts)
    merged = merge(texts, sheets, held)
    write_atomically(path, merged_csv(task, texts, sheets, held, merged))
    agreed, decided, left = len(merged.agreed), len(merged.decided), len(merged.left)
    print(words("coding-merged", file=path, n=len(texts), agreed=agreed, decided=decided, left=left))
    return FINDINGS if merged.left else FINE
