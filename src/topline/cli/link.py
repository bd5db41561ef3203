"""`topline link`: addresses that many people share, for those who have no address of their own."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from topline.base import fail
from topline.cli import FINE, verb_parser
from topline.cli.options import add_base, add_groups, add_store, add_vault, base_of, open_store, vault_of

if TYPE_CHECKING:
    from topline.cli import Subparsers
    from topline.study import Study
    from topline.web.store.engines import Engine


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "link",
        run,
        description="add: a link that many people share: of a group of a known size (--headcount), which\n"
        "gives a participation rate, or open to anybody (--places), which gives none. Whoever comes by\n"
        "it gets a code to come back with; nobody checks whether a person comes twice. The answers\n"
        "keep the groups of the link and nothing else. show: the addresses, once the study is launched.",
        examples=[
            "topline link add STUDY --group department=moj --headcount 640",
            "topline link add STUDY --places 5000",
            "topline link show STUDY --base https://survey.example --vault /srv/vault",
        ],
    )
    parser.add_argument("what", choices=["add", "show"], help="what to do")
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    add_groups(parser)
    parser.add_argument("--headcount", type=int, metavar="N", help="how many people the link is for")
    parser.add_argument(
        "--places", type=int, metavar="N", help="how many may come (default: a tenth over the headcount)"
    )
    add_base(parser)
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Add a link, or show all."""
    from topline.study import read_study

    study = read_study(args.study)
    with open_store(args, make=args.what == "add") as engine:
        return _add(args, study, engine) if args.what == "add" else _show(args, study, engine)


def _add(args: argparse.Namespace, study: Study, engine: Engine) -> int:
    from topline.web.fieldwork.links import link_keys
    from topline.web.fieldwork.places import add_link, declare_link, link_of
    from topline.web.fieldwork.promise import is_launched, secret_of_environment

    given: Mapping[str, str] = dict(args.group)
    link = link_of(study, given, args.headcount, args.places)
    if is_launched(engine, study.id):
        keys = link_keys(engine, vault_of(args), study.id, secret_of_environment())
        link = add_link(engine, study, link, keys)
        print(f"The link {link.name} has {link.places} places. Its address: topline link show {args.study}")
    else:
        declare_link(engine, study, link)
        print(f"The link {link.name} gets {link.places} places at launch, and its address then.")
    return FINE


def _show(args: argparse.Namespace, study: Study, engine: Engine) -> int:
    from topline.web.fieldwork.links import link_keys
    from topline.web.fieldwork.places import links_declared
    from topline.web.fieldwork.promise import read_promise, secret_of_environment

    promise = read_promise(engine, study.id)
    keys = link_keys(engine, vault_of(args), study.id, secret_of_environment())
    links = links_declared(engine, study.id, promise.kept)
    if not links:
        fail("link-none", study=args.study)
    for link in links:
        people = "anybody" if link.headcount is None else f"{link.headcount} people"
        groups = " / ".join(each or "-" for each in link.cell) or "-"
        print(f"{link.name}: {keys.door(base_of(args), link.name)}")
        print(f"  for {people}, {link.places} places; kept beside the answers: {groups}")
    return FINE
