"""`topline change STUDY --data FILE`: what became of the figures since earlier waves."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from topline.cli import FINE, verb_parser

if TYPE_CHECKING:
    from topline.cli import Subparsers
    from topline.study.waves import Waves
    from topline.tables import Answers, LowBase, Side


def add_parser(subparsers: Subparsers) -> None:
    """Describe the verb."""
    parser = verb_parser(
        subparsers,
        "change",
        run,
        description="Compare the answers with those of earlier waves, or with what was published of them:\n"
        "every question that has a lineage in waves.yaml. Changes are taken on unrounded values, with\n"
        "95% intervals and tests; across a broken question figures stand side by side, marked [b].\n"
        "The figures are for analysis: they are not checked for disclosure, and their head says so.",
        examples=(
            "topline change my-study --data answers.csv",
            "topline change my-study --data answers.csv --from 2025 --by unit -o change.csv",
        ),
    )
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument(
        "--data", metavar="FILE", help="the file of answers (default: data: file: of study.yaml)"
    )
    parser.add_argument("--from", dest="since", metavar="WAVE", help="one earlier wave (default: all)")
    parser.add_argument("--by", metavar="NAME", default="", help="divide people by an attribute or question")
    parser.add_argument(
        "--adjust",
        choices=("holm", "bh", "none"),
        default="holm",
        help="correct p for the many changes looked at (default: holm)",
    )
    parser.add_argument(
        "--family",
        choices=("row", "all"),
        default="row",
        help="what is corrected together: the groups and waves of one row, or all changes (default: row)",
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="FILE.csv or FILE.json; else only the screen")


def run(args: argparse.Namespace) -> int:
    """Read both waves, compare, print, write."""
    from topline.base import fail
    from topline.base.files import write_atomically
    from topline.base.words import words
    from topline.dataset import data_file, read_data
    from topline.study import read_study
    from topline.study.waves import read_waves
    from topline.tables import Answers, Family, adjusted, build_trends, low_base_of
    from topline.tables.change_files import change_csv, change_json, change_text
    from topline.weights import weighted_designs

    writers = {".csv": change_csv, ".json": change_json}
    if args.output and Path(args.output).suffix not in writers:
        fail("change-output", file=args.output)
    study = read_study(args.study)
    waves = read_waves(study)
    file = Path(args.data) if args.data else data_file(study)
    if file is None:
        fail("no_data", study=args.study)
    data = read_data(study, file)
    name = str(study.settings.get("wave", words("change-now")))
    now = Answers(name, name, data, weighted_designs(study, data)[0])
    earlier = _sides(waves, args.since, low_base_of(study), errors=now.design.intervals)
    family = Family(args.adjust, args.family)
    trends = adjusted(build_trends(now, earlier, waves, args.by), family)
    notices = _notices(study.title, now, earlier) + family.said_of(trends)
    print("\n".join(notices))
    for trend in trends:
        print(f"\n{change_text(trend)}", end="")
    if args.output:
        written = write_atomically(args.output, writers[Path(args.output).suffix](trends, notices))
        print(f"\n{words('change-written', file=written, n=sum(len(trend.rows) for trend in trends))}")
    return FINE


def _notices(title: str, now: Answers, earlier: list[Side]) -> list[str]:
    """What must be said above the changes: what they are, of whom, and what stood above published ones."""
    from topline.base.words import words
    from topline.dataset import excluded_sentence, made_up_sentence
    from topline.tables import Answers, Printed

    head = words("change-title", study=title, then=earlier[0].label, now=now.label)
    every = (now, *(side for side in earlier if isinstance(side, Answers)))
    made_up = [made_up_sentence(side.data) for side in every]
    made_up += [excluded_sentence(side.data) for side in every]
    above = [
        words("change-notice", wave=side.label, notice=side.notice)
        for side in earlier
        if isinstance(side, Printed) and side.notice
    ]
    error = words("change-overlap" if now.design.intervals else "change-no-errors")
    notes = (head, words("not-checked"), *made_up, *above, error)
    return list(dict.fromkeys(note for note in notes if note))


def _sides(waves: Waves, since: str | None, low_base: LowBase, *, errors: bool) -> list[Side]:
    """The earlier waves that have figures, or the one that is named."""
    from topline.base import fail
    from topline.tables import side_of

    wanted = [waves.wave(since)] if since else waves.waves
    found = (side_of(wave, errors=errors, low_base=low_base) for wave in wanted)
    sides = [side for side in found if side is not None]
    if not sides:
        fail("wave-empty", wave=wanted[-1].name)
    return sides
