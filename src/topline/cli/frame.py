"""`topline frame`: the people who will be invited, and who joined or left since."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser
from topline.cli.options import add_store, add_vault, open_store, vault_of

if TYPE_CHECKING:
    from topline.cli import Subparsers
    from topline.study import Study
    from topline.web.fieldwork.frame import Listed


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "frame",
        run,
        description="load: list the people whom a launch will invite: one line each, with the column of the\n"
        "key (study.yaml, frame: key) and those of the attributes that are kept. Every other column\n"
        "is passed by. The file is CSV in UTF-8 (or UTF-16 with its mark), with commas, semicolons or\n"
        "tabs. Before the launch the list can be loaded again. update: after it, the whole list of\n"
        "today: who is new gets a link, who is missing has left. Nobody's groups change.",
        examples=[
            "topline frame load STUDY people.csv --dry-run",
            "topline frame update STUDY people.csv --vault /srv/vault --dry-run",
        ],
    )
    parser.add_argument("what", choices=["load", "update"], help="what to do")
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("file", metavar="FILE", help="the list of people: CSV with a line of names")
    parser.add_argument("--dry-run", action="store_true", help="check and show; change nothing")
    parser.add_argument(
        "--leavers", type=int, metavar="N", help="update: confirm that so many people have left"
    )
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Read, check and list, or bring up to date."""
    from topline.study import read_study
    from topline.web.fieldwork.frame import read_frame

    study = read_study(args.study)
    people = read_frame(study, Path(args.file))
    return _update(args, study, people) if args.what == "update" else _load(args, study, people)


def _load(args: argparse.Namespace, study: Study, people: Sequence[Listed]) -> int:
    from topline.web.fieldwork.launch import load_frame

    groups = len({person.cell for person in people})
    if args.dry_run:
        print(f"{len(people)} people in {groups} groups; nothing was written.")
    else:
        with open_store(args, make=True) as engine:
            load_frame(engine, study, list(people))
        print(f"{len(people)} people listed, in {groups} groups of what is kept beside the answers.")
    if study.anonymity != "confidential":
        print(_coarser(people), end="")
    return FINE


def _coarser(people: Sequence[Listed]) -> str:
    """What the launch makes of small groups, before and after, if everybody listed is invited."""
    from topline.web.fieldwork.cells import FRAME_FLOOR, coarsened

    counts = Counter(person.cell for person in people)
    become = coarsened(counts, FRAME_FLOOR)
    changed = [(_name(cell), n, _name(become[cell])) for cell, n in counts.items() if become[cell] != cell]
    if not changed:
        return ""
    small = sum(n < FRAME_FLOOR for n in counts.values())
    width = max(len("group"), *(len(name) for name, _, _ in changed))
    lines = [
        f"{small} groups have fewer than {FRAME_FLOOR} people. So that nobody stands alone, the launch keeps",
        f"less of {sum(n for _, n, _ in changed)} people:",
        f"  {'group':<{width}}  {'people':>6}  kept",
        *(f"  {name:<{width}}  {n:>6}  {after}" for name, n, after in sorted(changed)),
    ]
    return "\n".join(lines) + "\n"


def _name(cell: Sequence[str | None]) -> str:
    return " / ".join(each or "-" for each in cell) or "-"


def _update(args: argparse.Namespace, study: Study, people: Sequence[Listed]) -> int:
    from topline.web.fieldwork.links import link_keys
    from topline.web.fieldwork.promise import secret_of_environment
    from topline.web.fieldwork.update import changes_of, update_frame

    with open_store(args) as engine:
        if args.dry_run:
            done = changes_of(engine, study, people, Path(args.file), args.leavers)
        else:
            keys = link_keys(engine, vault_of(args), study.id, secret_of_environment())
            done = update_frame(engine, study, people, Path(args.file), keys, args.leavers)
    said = "would change" if args.dry_run else "changed"
    print(f"{len(people)} people on the list. What {said}:")
    print(f"  joined             {len(done.joined):>6}")
    print(f"  left               {len(done.left):>6}")
    print(f"  back again         {len(done.back):>6}")
    print(f"  another address    {len(done.readdressed):>6}")
    if done.unsampled:
        print(f"  not in the sample  {done.unsampled:>6}  (new since the sample was drawn: not invited)")
    if done.joined and not args.dry_run:
        print(
            f"Write the links of those who joined with: topline invite {args.study} --csv links.csv --waiting"
        )
    return FINE
