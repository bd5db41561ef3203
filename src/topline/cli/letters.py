"""What `invite --mail` and `remind` share: the options, and the sending of one wave."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from topline.base import fail
from topline.cli import FINDINGS, FINE
from topline.cli.options import base_of, launched_form, open_store, vault_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from topline.study.model import Study
    from topline.web.mail.outbox import Outbox
    from topline.web.mail.texts import Kind
    from topline.web.store.engines import Engine

_APART = 20  # hours between reminders
_SAID = {
    "sent": "sent",
    "no longer due": "not sent: finished, left, or wanting no letters since",
    "later": "refused for now: run this again",
    "undelivered": "cannot be delivered",
    "refused": "refused for what they say",
    "unknown": "not known: they may have arrived, and are not sent again",
}


def add_letters(parser: argparse.ArgumentParser) -> None:
    """The options of sending."""
    parser.add_argument("--dry-run", action="store_true", help="say how many would be sent; send none")
    parser.add_argument(
        "--preview", metavar="FILE.html", help="with --dry-run: write a letter to a made-up person"
    )
    parser.add_argument("--limit", type=_number, metavar="N", help="send at most so many now")
    parser.add_argument("--rate", type=_number, metavar="N", help="at most so many a minute")


def send_wave(args: argparse.Namespace, kind: Kind) -> int:
    """Queue what is due, send it, and say what became of it."""
    from topline.study import read_study
    from topline.web.fieldwork.links import links_of
    from topline.web.fieldwork.promise import secret_of_environment
    from topline.web.mail.letter import Stationery
    from topline.web.mail.outbox import Outbox
    from topline.web.mail.post import Postman
    from topline.web.mail.run import Run
    from topline.web.mail.texts import read_texts
    from topline.web.mail.transport import sender_of_environment, transport_of_environment
    from topline.web.vault.claim import posting

    study, base = read_study(args.study), base_of(args)
    with open_store(args) as engine:
        form = launched_form(args, engine)
        outbox = Outbox(engine, form.id)
        closes = _last_day(engine, study)
        texts = read_texts(study, kind, closes=closes is not None)
        sender = sender_of_environment()
        stationery = Stationery(form, texts, sender, closes)
        wave = 0 if kind == "invitation" else _reminder(args, outbox)
        if args.dry_run:
            waiting = len(outbox.waiting(wave))
            print(
                f"{outbox.due(wave) + waiting:,} letters of wave {wave} would be sent, from {sender.address}."
            )
            if args.preview:
                _preview(stationery, base, form.id, Path(args.preview))
            return FINE
        vault = vault_of(args)
        links = links_of(engine, vault, form.id, secret_of_environment(), base)
        postman = Postman(transport_of_environment())
        with posting(vault, form.id):
            if wave == 0 or not outbox.counts(
                wave
            ):  # a reminder is queued once; joiners may be invited later
                outbox.queue(wave)
            found = Run(outbox, wave, stationery, links, postman, args.rate).go(args.limit)
        return _said(found, outbox.counts(wave))


def _said(found: Mapping[str, int], left: Mapping[str, int]) -> int:
    for what, said in _SAID.items():
        if found.get(what):
            print(f"{found[what]:>8,}  {said}")
    if waiting := left.get("queued", 0):
        print(f"{waiting:>8,}  still waiting: run this again")
    if not any(found.values()) and not waiting:
        print("Everybody who is to get this letter has it.")
    return FINDINGS if found.get("refused") or found.get("unknown") else FINE


def _reminder(args: argparse.Namespace, outbox: Outbox) -> int:
    """The wave to send: the last one if it was cut short, else the next; ToplineError if it is too soon."""
    last = outbox.last_wave()
    if last is None:
        fail("mail-not-invited")
    if last > 0 and outbox.waiting(last):
        return last
    if not (args.again or args.dry_run) and _hours_since(outbox, last) < _APART:
        fail("mail-soon", wave=last, hours=_APART)
    return last + 1


def _hours_since(outbox: Outbox, wave: int) -> float:
    """Hours since letters of a wave last went out; the log knows hours alone."""
    from topline.web.store.audit import entries

    sent = [each.at for each in entries(outbox.engine, outbox.study)
            if each.what["verb"] == "mail" and each.what["wave"] == wave]  # fmt: skip
    if not sent:
        return float("inf")
    at = datetime.strptime(sent[-1], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    return (datetime.now(UTC) - at) / timedelta(hours=1)


def _last_day(engine: Engine, study: Study) -> date | None:
    """The day on which the survey closes: as it was extended, else as study.yaml plans it."""
    from topline.web.monitor.course import course_of, planned_end

    return course_of(engine, str(study.id)).last_day or planned_end(study.settings)


def _preview(stationery: object, base: str, study: str, path: Path) -> None:
    """Write a letter to nobody: its HTML to the file, its text to standard output."""
    from topline.base.files import write_atomically
    from topline.web.mail.letter import Stationery

    assert isinstance(stationery, Stationery)
    letter = stationery.letter("somebody@example.org", f"{base.rstrip('/')}/s/{study}/i/{'a' * 26}", "0" * 20)
    assert letter is not None
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    write_atomically(path, html.get_content())
    print(f"Subject: {letter['Subject']}\n\n{plain.get_content()}")
    print(f"{path}: the same letter as HTML. Nothing was sent.")


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"“{text}” is no number from 1 to 1,000,000")
    return int(text)
