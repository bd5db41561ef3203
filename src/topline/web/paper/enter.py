"""Agreed forms become responses, in the way of every response: saved page by page, sealed, and counted.

Routes are followed as on the pages: what was answered off the path is dropped, what is empty on it is blank.
Soft checks do not ask, since nobody is there to answer, and no words are asked for beside a cross; hard
checks keep the form out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from topline.base import Finding
from topline.study.answers import answers_as_json, answers_from_json
from topline.study.values import Answers
from topline.web.fieldwork.doors import SharedDoors
from topline.web.fieldwork.field import Fieldwork
from topline.web.paper.keyed import Form, Keying
from topline.web.paper.sheet import CODE, Column, Fields, fields_of_row, words_at
from topline.web.respond.forms import BLANK, Reader
from topline.web.respond.path import Guide, Step
from topline.web.respond.sending import sent_answers
from topline.web.store.audit import note
from topline.web.store.kinds import Draft, Person, StoredResponse, drafts_digest


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of the agreed forms: entered now, entered before, and what keeps the others out."""

    entered: int
    before: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form is kept out: a message of the catalogue with its values, and the column that it is about."""

    id: str
    values: Mapping[str, object]
    column: str = CODE

    def finding(self, form: Form, file: Keying) -> Finding:
        """The same with its place in a sheet."""
        return Finding(self.id, self.values, file.mark(form, self.column))


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a form was handed out to, as far as anybody knows, and what is saved under its code."""

    invite: int
    token: str
    person: Person
    saved: Mapping[str, Draft]


class Entry:
    """Enters the forms of one launched study."""

    def __init__(self, field: Fieldwork, doors: SharedDoors, columns: tuple[Column, ...]) -> None:
        self._field, self._doors, self._columns = field, doors, columns
        self._guide, self._reader = Guide(field.compiled), Reader(field.compiled.questions)
        asked = field.compiled.questions.values()
        self._soft = [check.say for each in asked for check in each.checks if check.severity == "soft"]

    def enter(self, forms: Mapping[str, Form], file: Keying, *, dry_run: bool) -> Entered:
        """Enter every form that can be; a form is entered once, however often this is run."""
        findings: list[Finding] = []
        entered = before = 0
        for form in forms.values():
            holder = self.holder(form.code)
            if holder is not None and holder.person.state == "sent":
                before += 1
                continue
            found = barred(holder)
            if holder is not None and not found:
                found = self.one(form, holder, dry_run=dry_run)
            findings += [each.finding(form, file) for each in found]
            entered += not found
        if not dry_run:
            self._field.settle()
            study = self._field.compiled.id
            told = {"entered": entered, "before": before, "open": len(findings)}
            self._field.engine.write(lambda db: note(db, study, "paper enter", **told))
        return Entered(entered, before, tuple(findings))

    def holder(self, code: str) -> Holder | None:
        """Whom the form of this code belongs to; None if it is no form of this study."""
        known = self._doors.invitation(code)
        found = self._field.visit(self._field.compiled.id, known[1]) if known else None
        return None if known is None or found is None or found[0].way != "paper" else Holder(*known, *found)

    def read(self, form: Form, holder: Holder) -> tuple[dict[str, Answers], list[Refusal]]:
        """The pages that a form fills, by name; and every cell that keeps it out, in which case they count
        nothing.
        """
        fields, wrong = fields_of_row(self._columns, form.cells)
        refused = [
            Refusal("paper-cell", {"given": form.cells[each.name], "allowed": each.allowed}, each.name)
            for each in wrong
        ]
        facts, seed = answers_from_json(holder.person.facts), holder.person.seed
        pages: dict[str, Answers] = {}
        faults: list[Refusal] = []
        known = {**fields, ".soft": self._soft}
        while not refused and (step := (walk := self._guide.walk(facts, seed, pages)).open) is not None:
            reading = self._reader.read(_relaxed(step, fields), known, walk.answers)
            faults += _beside(step, fields)
            faults += [
                Refusal("paper-fault", {"question": each.question}, self._column(each.question))
                for each in reading.faults
            ]
            # what does not fit is passed by as if it were blank, so that all of it is told at once
            blank = {name: BLANK for each in step.asked for name in each.variables}
            pages[step.screen.name] = {**blank, **reading.answers}
        return pages, refused + faults

    def one(self, form: Form, holder: Holder, *, dry_run: bool) -> list[Refusal]:
        """Enter one form; where something keeps it out, nothing is saved of it."""
        pages, refused = self.read(form, holder)
        if refused:
            return refused
        plain = {page: answers_as_json(answers) for page, answers in pages.items()}
        # what a killed run saved is what this form says; anything else came from the pages
        theirs = any(plain.get(page) != draft.body for page, draft in holder.saved.items())
        if theirs or (not dry_run and not self._send(holder, plain)):
            return [Refusal("paper-started", {})]
        return []

    def is_in(self, form: Form, holder: Holder) -> bool:
        """Whether what was submitted with this code is this form."""
        pages = self.read(form, holder)[0]
        saved = {page: Draft(1, answers_as_json(answers)) for page, answers in pages.items()}
        return self._field.sent_before(holder.token, drafts_digest(saved))

    def _send(self, holder: Holder, plain: Mapping[str, Mapping[str, Any]]) -> bool:
        """Save and submit as the pages do; False if somebody answers with this code at the same time."""
        store, token = self._field, holder.token
        facts, seed = answers_from_json(holder.person.facts), holder.person.seed
        store.start(token)
        if not all(store.save(token, page, answers, 0) for page, answers in plain.items()):
            return False
        found = store.visit(store.compiled.id, token)
        if found is None:
            return False
        digest = drafts_digest(found[1])
        walk = self._guide.walk(
            facts, seed, {page: answers_from_json(each.body) for page, each in found[1].items()}
        )
        answers = answers_as_json(sent_answers(store.compiled, walk, facts))
        response = StoredResponse(store.promise.questionnaire, found[0].facts, answers)
        return store.send(token, response, digest) == digest

    def _column(self, question: str) -> str:
        return next(each.name for each in self._columns if each.question == question)


def barred(holder: Holder | None) -> list[Refusal]:
    """Why no form of this code is taken now, whatever it says."""
    if holder is None:
        return [Refusal("paper-unknown", {})]
    phase = holder.person.phase
    return [] if phase == "open" else [Refusal("paper-shut", {"phase": phase})]


def _relaxed(step: Step, fields: Fields) -> Step:
    """The step with nothing that must be answered, or said beside a cross: on paper nobody can be asked."""
    return replace(
        step,
        asked=tuple(
            replace(
                each,
                required=False,
                options=tuple(
                    option if words_at(each, option) in fields else replace(option, specify=None)
                    for option in each.options
                ),
            )
            for each in step.asked
        ),
    )


def _beside(step: Step, fields: Fields) -> list[Refusal]:
    """Words beside an answer without a cross: they would vanish, so whoever keys looks at the form again."""
    return [
        Refusal("paper-beside", {"option": option.name}, words_at(each, option))
        for each in step.asked
        for option in each.options
        if option.specify and words_at(each, option) in fields and option.name not in fields.get(each.id, ())
    ]
