"""`topline desk`: the team's pages, and who may see them."""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from topline.base import fail
from topline.cli import FINE, verb_parser
from topline.cli.options import BASE, VAULT, add_store, add_vault, open_store, store_of

if TYPE_CHECKING:
    from topline.cli import Subparsers

PORT: Final = 8014
_ROLES: Final = ("keyer", "viewer", "lead", "administrator")


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb to the command line."""
    parser = verb_parser(
        subparsers,
        "desk",
        run,
        description="serve: serve the team's pages on the fieldwork of launched studies at 127.0.0.1, until\n"
        "Ctrl+C; a proxy in front of it passes on /desk/. add: make an account, or grant one\n"
        "more role to it (keyer keys forms on paper and sees nothing else; viewer sees; lead\n"
        "sees, keys, and may pause, extend and close; administrator is a lead in every study\n"
        "of this desk). password: make a new password. remove: take an account away. list:\n"
        "who has which role.",
        examples=[
            "topline desk add STUDY jones --role viewer --department moj",
            "topline desk serve STUDY --base https://survey.example",
        ],
    )
    parser.add_argument("what", choices=["serve", "add", "password", "remove", "list"], help="what to do")
    parser.add_argument("study", metavar="STUDY", help="the folder of the study")
    parser.add_argument("names", metavar="NAME", nargs="*", help="an account; serve: further studies")
    parser.add_argument("--role", choices=_ROLES, default="viewer", help="add: its role (default: viewer)")
    parser.add_argument("--department", metavar="NAME", default="", help="add: sees this group alone")
    parser.add_argument("--make-password", action="store_true", help="make one and show it this once")
    parser.add_argument(
        "--users", metavar="FILE", help="where accounts are kept (default: desk.db in the study's folder)"
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"port of 127.0.0.1 (default: {PORT})")
    parser.add_argument("--base", metavar="URL", help=f"where browsers find the desk (default: {BASE})")
    add_vault(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> int:
    """Serve, or change who may see."""
    from topline.web.desk.server import need_django

    need_django()
    if args.what == "serve":
        return _serve(args)
    from topline.web.desk.settings import Where, set_up

    set_up(Where(users_of(args), "http://127.0.0.1"))
    if args.what == "list":
        from topline.web.desk.accounts import listed

        print("\n".join(listed()) or "Nobody has an account yet: topline desk add STUDY NAME")
        return FINE
    if len(args.names) != 1:
        fail("desk-one-name", what=args.what, number=len(args.names))
    return {"add": _add, "password": _password, "remove": _remove}[args.what](args, args.names[0])


def users_of(args: argparse.Namespace) -> str:
    """The file of the accounts."""
    return str(Path(args.users or Path(args.study, "desk.db")).resolve())


def _serve(args: argparse.Namespace) -> int:
    from topline.web.desk.server import serve_desk
    from topline.web.fieldwork.doctor import is_safe_base

    base = args.base or os.environ.get(BASE) or fail("serve-base", name=BASE)
    if not is_safe_base(base):
        fail("serve-unsafe", given=base)
    vault = args.vault or os.environ.get(VAULT)
    store = store_of(args)
    store = store if "://" in store else str(Path(store).resolve())
    serve_desk([args.study, *args.names], store, users_of(args), vault, base, port=args.port)
    return FINE


def _add(args: argparse.Namespace, name: str) -> int:
    from topline.study import read_study
    from topline.web.desk.accounts import add_account, has_account
    from topline.web.desk.rights import Granted

    study = read_study(args.study)
    if args.department:
        if args.role == "keyer":
            fail("desk-keyer-department", name=name)
        _need_department(study, args.department)
    everywhere = args.role == "administrator"
    granted = Granted(args.role, "" if everywhere else str(study.id), args.department)
    made = has_account(name)
    add_account(name, None if made else _new_password(args, name), granted)
    _log(args, "desk add", name, role=args.role)
    print(f"{name} is {args.role} of {'every study' if everywhere else study.id}"
          + (f", for {args.department} alone." if args.department else "."))  # fmt: skip
    return FINE


def _log(args: argparse.Namespace, verb: str, name: str, **values: str) -> None:
    """Write it into the log of the study, if there is one already."""
    from topline.study import read_study
    from topline.web.store.audit import note

    store = store_of(args)
    if "://" in store or Path(store).is_file():
        study = str(read_study(args.study).id)
        with open_store(args) as engine:
            engine.write(lambda db: note(db, study, verb, account=name, **values))


def _need_department(study: object, given: str) -> None:
    """ToplineError for a group that the first attribute that is kept does not have."""
    from topline.web.fieldwork.frame import kept_attributes

    kept = kept_attributes(study)  # type: ignore[arg-type]
    names = [str(option.name) for option in kept[0].options] if kept else []
    if given not in names:
        fail("desk-department", given=given, names=", ".join(names) or "none")


def _password(args: argparse.Namespace, name: str) -> int:
    from topline.web.desk.accounts import set_password

    set_password(name, _new_password(args, name))
    _log(args, "desk password", name)
    print(f"{name} has a new password, and is signed out everywhere.")
    return FINE


def _remove(args: argparse.Namespace, name: str) -> int:
    from topline.web.desk.accounts import remove_account

    remove_account(name)
    _log(args, "desk remove", name)
    print(f"{name} has no account any more.")
    return FINE


def _new_password(args: argparse.Namespace, name: str) -> str:
    """A password asked for on the terminal, or made and shown this once."""
    from topline.web.desk.accounts import need_good

    if args.make_password or not sys.stdin.isatty():
        made = secrets.token_urlsafe(15)
        print(f"Password of {name}, shown this once: {made}")
        return made
    given = getpass.getpass(f"Password of {name}: ")
    if given != getpass.getpass("Once more: "):
        fail("desk-password-differs")
    need_good(given, name)
    return given
