"""Close: open every interview, mix them, destroy the keys. It may be stopped at any point and started again.

1. No post is taken any more. 2. In one transaction every sealed interview (and, if the study promised so,
every unfinished one) is opened, small cells are made coarser, and all are written in the order of their ids.
3. Every key is overwritten. 4. The sealed bodies go. 5. The files are written anew. 6. The drafts go, and
what was keyed from forms and waited.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topline.base import fail
from topline.study.answers import answers_as_json, answers_from_json
from topline.study.compiled import Compiled
from topline.web.fieldwork.bodies import DraftBox, open_sealed
from topline.web.fieldwork.cells import Cell, cell_of, coarsened, text_of
from topline.web.fieldwork.field import Fieldwork
from topline.web.fieldwork.outcomes import outcome_of, without_answers, write_outcomes
from topline.web.fieldwork.promise import Promise, read_promise, release_state
from topline.web.fieldwork.sample_cells import sums_of_sample
from topline.web.keys import Unreadable, derive, response_id, token_of
from topline.web.monitor.counts import each_standing
from topline.web.respond.path import Guide
from topline.web.respond.sending import sent_answers
from topline.web.store.audit import note
from topline.web.store.engines import Engine, Transaction
from topline.web.store.kinds import drafts_digest, dump
from topline.web.vault.folder import destroy_keys, read_mark
from topline.web.vault.keyings import FILES as KEYINGS

Reached = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Closed:
    """What a close came to. `again`: everything had been done before."""

    invited: int
    replied: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Reply:
    """One response to be written."""

    invite: int
    id: bytes
    cell: Cell
    answers: Mapping[str, Any]
    digest: str
    outcome: str


def close_study(
    compiled: Compiled,
    engine: Engine,
    vault_folder: str | Path,
    secret: bytes,
    reached: Reached = lambda point: None,
) -> Closed:
    """Close a study, or go on where an earlier close was stopped.

    `reached` hears of each point at which a crash must do no harm. Raises ToplineError, with every key still
    there, if one interview does not open.
    """
    promise = read_promise(engine, compiled.id)
    if read_mark(vault_folder, compiled.id) != promise.vault:
        fail("vault-other", folder=vault_folder, study=compiled.id)
    state = release_state(engine, compiled.id)
    again = state == "done"
    if state in ("open", "closing"):
        _shut(engine, compiled.id)
        reached("closing")
        _write(compiled, engine, vault_folder, secret, promise, reached)
        reached("written")
    if state != "done":
        destroy_keys(vault_folder, compiled.id, reached)
        reached("destroyed")
        engine.write(lambda db: _empty(db, compiled.id))
        reached("emptied")
    if not engine.tidy("sealed"):
        fail("close-busy", study=compiled.id)
    reached("tidied")
    for kind in ("drafts", "drafts-wal", "drafts-shm", *KEYINGS, "serving", "posting"):
        Path(vault_folder, f"{compiled.id}.{kind}").unlink(missing_ok=True)
    reached("drafts")
    return _counted(engine, compiled.id, again)


def _shut(engine: Engine, study: str) -> None:
    """From here on no submission commits: each looks at this row in its own transaction."""
    engine.write(
        lambda db: db.change("update release set state = 'closing' where study = ? and state = 'open'", study)
    )


def _write(
    compiled: Compiled,
    engine: Engine,
    vault_folder: str | Path,
    secret: bytes,
    promise: Promise,
    reached: Reached,
) -> None:
    """The transaction of the release."""
    field = Fieldwork(compiled, engine, vault_folder)
    try:
        field.drafts_file.shut()
        field.sweep()

        def work(db: Transaction) -> None:
            replies = list(_submitted(field, db))
            if promise.partials == "use":
                replies += _unfinished(field, db, secret)
            reached("opened")
            become = _insert(db, compiled.id, promise, replies)
            _outcomes(db, field, replies, become)
            reached("inserted")

        engine.write(work)
    finally:
        field.drafts_file.close()
        field.vault.close()


def _submitted(field: Fieldwork, db: Transaction) -> Iterator[_Reply]:
    """Every sealed interview, opened; one that does not open stops the close before anything is lost."""
    rows = db.rows(
        "select s.invite, i.cell, s.body from sealed s join invite i on i.study = s.study and i.id = s.invite"
        " where s.study = ?",
        field.compiled.id,
    )
    for invite, cell, body in rows:
        slot = field.vault.slot(invite)
        try:
            content = open_sealed(field.binding, invite, slot, bytes(body))
        except Unreadable:
            fail("close-unreadable", study=field.compiled.id, number=len(rows))
        where = cell_of(cell, field.promise.kept)
        outcome = _outcome(field, content.answers)
        yield _Reply(invite, response_id(slot), where, content.answers, content.digest, outcome)


def _unfinished(field: Fieldwork, db: Transaction, secret: bytes) -> Iterator[_Reply]:
    """Every interview that was begun and not submitted, as far as it is saved."""
    guide = Guide(field.compiled)
    link_key = derive(secret, "link", field.vault.salt)
    study = field.compiled.id
    rows = db.rows(
        "select id, cell, generation from invite where study = ? and state = 'started' and gone = 0", study
    )
    for invite, cell, generation in rows:
        token = token_of(link_key, study, invite, generation)
        box = DraftBox(field.binding, invite, field.vault.dkey(invite), token)
        saved = box.opened(field.drafts_file.rows(invite))
        if not saved:
            continue
        plain, seed = field.known(invite, cell)
        facts = answers_from_json(plain)
        pages = {page: answers_from_json(draft.body) for page, draft in saved.items()}
        walk = guide.walk(facts, seed, pages)
        answers = answers_as_json(sent_answers(field.compiled, walk, facts))
        arms = {each.name: plain[each.name] for each in field.compiled.splits}
        where = cell_of(cell, field.promise.kept)
        rid = response_id(field.vault.slot(invite))
        outcome = _outcome(field, answers)
        yield _Reply(invite, rid, where, {**arms, **answers}, drafts_digest(saved), outcome)


def _outcome(field: Fieldwork, answers: Mapping[str, Any]) -> str:
    promise = field.promise
    return outcome_of(field.compiled, answers, promise.complete, promise.partial)


def _insert(db: Transaction, study: str, promise: Promise, replies: list[_Reply]) -> Mapping[Cell, Cell]:
    """Write all replies in the order of their ids, and how many were invited and replied by class.

    Returns what became of each cell.
    """
    kept = promise.kept
    invited = _invited(db, study, kept)
    replied = Counter(reply.cell for reply in replies)
    for (cell,) in db.rows("select attributes from response where study = ?", study):
        replied[cell_of(cell, kept)] += 1  # those of a confidential study, which are there already
    counts = {cell: replied[cell] for cell in invited}
    become = (
        coarsened(counts, promise.reply_floor) if promise.is_anonymous else {cell: cell for cell in counts}
    )
    ordered = sorted(replies, key=lambda reply: reply.id)
    db.many(
        "insert into response values (?, ?, ?, ?, ?)",
        [
            (study, each.id, text_of(become[each.cell], kept), promise.questionnaire, dump(each.answers))
            for each in ordered
        ],
    )
    if not promise.is_anonymous:
        links = [(study, each.invite, each.id, each.digest) for each in ordered]
        db.many("insert into linked values (?, ?, ?, ?)", links)
    classes: dict[str, list[int]] = {}
    for cell, to in become.items():
        found = classes.setdefault(text_of(to, kept), [0, 0])
        found[0] += invited[cell]
        found[1] += counts[cell]
    sampled = sums_of_sample(db, study, kept, become)
    for cell in sampled or ():
        classes.setdefault(cell, [0, 0])  # where nobody was drawn: people of the frame all the same
    rows = [
        (study, cell, *numbers, *((numbers[0],) * 2 if sampled is None else sampled.get(cell, (0, 0.0))))
        for cell, numbers in sorted(classes.items())
    ]
    db.many(
        "insert into class_count (study, cell, invited, replied, listed, base) values (?, ?, ?, ?, ?, ?)",
        rows,
    )
    db.change("update release set state = 'written' where study = ?", study)
    note(db, study, "close", invited=invited.total(), replied=replied.total())
    return become


def _outcomes(db: Transaction, field: Fieldwork, replies: list[_Reply], become: Mapping[Cell, Cell]) -> None:
    """Write how many people of each class had each outcome."""
    study, kept = field.compiled.id, field.promise.kept
    known = {each.invite: each.outcome for each in replies}
    if not field.promise.is_anonymous:
        linked = db.rows(
            "select l.invite, r.answers from linked l"
            " join response r on r.study = l.study and r.id = l.response where l.study = ?",
            study,
        )
        for invite, answers in linked:
            known.setdefault(invite, _outcome(field, json.loads(answers)))
    found = [
        (text_of(become[cell_of(cell, kept)], kept), known.get(invite) or without_answers(kind))
        for invite, cell, kind in each_standing(db, study)
    ]
    write_outcomes(db, study, found)


def _invited(db: Transaction, study: str, kept: tuple[str, ...]) -> Counter[Cell]:
    """Who could reply, by cell: everybody invited but those who left without replying; of a link with a
    headcount as many as that, of one without those who came.
    """
    found: Counter[Cell] = Counter()
    for (cell,) in db.rows(
        "select cell from invite where study = ? and state <> 'listed'"
        " and (gone = 0 or state = 'finished')"
        " and (way <> 'link' or batch in (select name from link where study = ? and headcount is null))",
        study, study,
    ):  # fmt: skip
        found[cell_of(cell, kept)] += 1
    for cell, headcount in db.rows(
        "select cell, headcount from link where study = ? and headcount is not null", study
    ):
        found[cell_of(cell, kept)] += headcount
    return found


def _empty(db: Transaction, study: str) -> None:
    db.change("delete from sealed where study = ?", study)
    db.change("update release set state = 'done' where study = ?", study)


def _counted(engine: Engine, study: str, again: bool) -> Closed:
    invited, replied = engine.rows(
        "select sum(invited), sum(replied) from class_count where study = ?", study
    )[0]
    return Closed(int(invited), int(replied), again)
