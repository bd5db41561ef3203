"""`topline sample`: draw who will be invited from those who are listed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser
from topline.cli.options import add_store, open_store

if TYPE_CHECKING:
    from topline.cli import Subparsers
    from topline.sampling import Sample


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "sample",
        run,
        description="Draw a probability sample of the people listed by `topline frame load`. At launch\n"
        "those drawn are invited; the others stay listed and are never invited. Of probabilities the\n"
        "counts by stratum are kept, with the seed: the same list, plan and seed draw the same people.\n"
        "What is not given here is taken from `sample:` in study.yaml.",
        examples=[
            "topline sample STUDY --size 1500 --by department --seed 7 --dry-run",
            "topline sample STUDY --size 1500 --by department --allocation neyman --spread spread.csv",
            "topline sample STUDY --size 600 --method pps --by school --units 30",
            "topline sample STUDY --margin 0.03",
        ],
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    _add_plan(parser)
    parser.add_argument("--seed", type=int, metavar="N", help="where the draw starts (default: 1)")
    parser.add_argument("--dry-run", action="store_true", help="show the strata; draw nobody")
    add_store(parser)


def _add_plan(parser: argparse.ArgumentParser) -> None:
    """The options that say how many are drawn, and from where."""
    parser.add_argument("--size", type=int, metavar="N", help="how many people to draw")
    parser.add_argument(
        "--margin",
        type=float,
        metavar="M",
        help="instead: as many as make a share known to within M (0.03: three points) at 95%% if all answer",
    )
    parser.add_argument(
        "--by", metavar="ATTRIBUTES", help="kept attributes that make strata, with commas between"
    )
    parser.add_argument(
        "--method",
        choices=["simple", "stratified", "systematic", "pps"],
        help="stratified with --by, else simple; pps draws groups of --by in proportion to their people",
    )
    parser.add_argument("--units", type=int, metavar="N", help="of pps: how many groups of --by to draw")
    parser.add_argument(
        "--allocation", choices=["proportional", "equal", "neyman"], help="how strata share the sample"
    )
    parser.add_argument(
        "--spread", metavar="FILE", help="of neyman: CSV in the study's folder, stratum and deviation"
    )
    parser.add_argument("--least", type=int, metavar="N", help="the least from each stratum (default: 2)")


def run(args: argparse.Namespace) -> int:
    """Plan, draw, and write down."""
    from topline.study import read_study
    from topline.web.fieldwork.cells import FRAME_FLOOR
    from topline.web.fieldwork.sample import drawn_of, keep_sample, listed_cells, plan_of

    names = ("size", "margin", "method", "units", "allocation", "spread", "least")
    given = {name: getattr(args, name) for name in names}
    given |= {"seed": args.seed, "by": args.by.split(",") if args.by else None}
    study = read_study(args.study)
    with open_store(args) as engine:
        cells = listed_cells(engine, study)
        plan = plan_of(study, given, len(cells))
        sample = drawn_of(study, plan, cells)
        if not args.dry_run:
            keep_sample(engine, study, cells, sample)
    print(_table(sample, 0 if study.settings.get("anonymity") == "confidential" else FRAME_FLOOR))
    said = "would be drawn; nothing was written" if args.dry_run else "are drawn"
    print(f"{plan.size} of {len(cells)} people {said} (seed {plan.seed}).")
    return FINE


def _table(sample: Sample, floor: int) -> str:
    """The strata, or the units that were drawn: people, drawn, probability. `floor`: people of a crowd."""
    is_units = sample.plan.method == "pps"
    shown = [each for each in sample.strata if each.drawn or not is_units]
    names = [" / ".join(each or "-" for each in stratum.groups) or "everybody" for stratum in shown]
    head = "unit" if is_units else "stratum"
    width = max(len(head), *map(len, names))
    lines = [f"{head:<{width}}  {'people':>8}  {'drawn':>8}  probability"]
    for name, each in zip(names, shown, strict=True):
        lines.append(f"{name:<{width}}  {each.population:>8}  {each.drawn:>8}  {each.probability:>11.6f}")
    if is_units:
        lines.append(f"{len(shown)} of {len(sample.strata)} units are drawn.")
    if is_units and any(each.drawn < floor for each in shown):
        lines.append(
            f"Fewer than {floor} people come from some units: the launch puts such units together, and"
            " errors cannot go by them. Draw fewer units or more people."
        )
    return "\n".join(lines)
