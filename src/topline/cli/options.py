"""What the verbs of fieldwork share: where the store and the vault are, and the secret's environment."""

from __future__ import annotations

import argparse
import os
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from topline.base import fail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from topline.study.compiled import Compiled
    from topline.web.store.engines import Engine

VAULT, DATABASE, BASE = "TOPLINE_VAULT", "TOPLINE_DATABASE_URL", "TOPLINE_BASE_URL"


def add_store(parser: argparse.ArgumentParser) -> None:
    """The option that names the main store."""
    parser.add_argument(
        "--store",
        metavar="FILE",
        help=f"the main store: a file of SQLite, or postgresql://... (default: {DATABASE}, "
        "else fieldwork.db in the study's folder)",
    )


def add_vault(parser: argparse.ArgumentParser) -> None:
    """The option that names the vault."""
    parser.add_argument("--vault", metavar="DIR", help=f"the folder of the keys (default: {VAULT})")


def add_base(parser: argparse.ArgumentParser) -> None:
    """The option that names the server as respondents find it."""
    parser.add_argument("--base", metavar="URL", help=f"where respondents find the server (default: {BASE})")


def base_of(args: argparse.Namespace) -> str:
    """The address of the server; ToplineError if none is named."""
    return args.base or os.environ.get(BASE) or fail("serve-base", name=BASE)


def add_groups(parser: argparse.ArgumentParser) -> None:
    """The option that names groups which stay beside the answers."""
    parser.add_argument(
        "--group",
        action="append",
        default=[],
        type=_pair,
        metavar="ATTRIBUTE=GROUP",
        help="a group that stays beside the answers; may be given for each kept attribute",
    )


def _pair(text: str) -> tuple[str, str]:
    name, sign, group = text.partition("=")
    if not (name and sign and group):
        raise argparse.ArgumentTypeError(f"{text}: write ATTRIBUTE=GROUP, as department=moj")
    return name, group


def vault_of(args: argparse.Namespace) -> Path:
    """The vault that is meant; ToplineError if none is named."""
    given = args.vault or os.environ.get(VAULT)
    if not given:
        fail("fieldwork-no-vault", study=args.study, name=VAULT)
    return Path(given)


def store_of(args: argparse.Namespace) -> str:
    """The address of the main store."""
    return args.store or os.environ.get(DATABASE) or str(Path(args.study, "fieldwork.db"))


@contextmanager
def open_store(args: argparse.Namespace, *, make: bool = False) -> Iterator[Engine]:
    """The main store; made if it is not there and `make` says so, else a ToplineError."""
    from topline.web.store.engines import engine_of
    from topline.web.store.tables import make_tables

    address = store_of(args)
    if not make and "://" not in address and not Path(address).is_file():
        fail("fieldwork-no-store", store=address)
    with closing(engine_of(address)) as engine:
        make_tables(engine)
        yield engine


def launched_form(args: argparse.Namespace, engine: Engine) -> Compiled:
    """The frozen questionnaire that was launched from a study's folder."""
    from topline.study import read_study
    from topline.study.freeze import read_frozen
    from topline.web.fieldwork.promise import read_promise

    promise = read_promise(engine, str(read_study(args.study).id))
    return read_frozen(args.study, promise.version)
