"""Agreed forms become responses, in the way of every response: saved page by page, sealed, and counted.

Routes are followed as on the pages: what was answered off the path is dropped, what is empty on it is blank.
Soft checks do not ask, since nobody is there to answer; hard ones keep the form out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from topline.base import Finding, Mark
from topline.study.answers import answers_as_json, answers_from_json
from topline.study.values import Answers
from topline.web.fieldwork.doors import SharedDoors
from topline.web.fieldwork.field import Fieldwork
from topline.web.paper.keyed import Form, Keying
from topline.web.paper.sheet import Column, fields_of_row
from topline.web.respond.forms import Reader
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
            token = self._doors.holder(form.code)
            found = self._field.visit(self._field.compiled.id, token) if token else None
            if token is None or found is None or found[0].way != "paper":
                findings.append(Finding("paper-unknown", {}, file.mark(form)))
            elif found[0].state == "sent":
                before += 1
            elif found[0].phase != "open":
                findings.append(Finding("paper-shut", {"phase": found[0].phase}, file.mark(form)))
            else:
                faults = list(self._one(form, file, token, *found, dry_run))
                findings += faults
                entered += not faults
        if not dry_run:
            self._field.settle()
            study = self._field.compiled.id
            told = {"entered": entered, "before": before, "open": len(findings)}
            self._field.engine.write(lambda db: note(db, study, "paper enter", **told))
        return Entered(entered, before, tuple(findings))

    def _one(
        self,
        form: Form,
        file: Keying,
        token: str,
        person: Person,
        saved: Mapping[str, Draft],
        dry_run: bool,
    ) -> Iterator[Finding]:
        """Enter one form; a finding for each cell that keeps it out, and then nothing is saved of it."""
        fields, wrong = fields_of_row(self._columns, form.cells)
        for column in wrong:
            values = {"given": form.cells[column.name], "allowed": column.allowed}
            yield Finding("paper-cell", values, file.mark(form, column.name))
        if wrong:
            return
        facts, seed = answers_from_json(person.facts), person.seed
        pages: dict[str, Answers] = {}
        while (step := (walk := self._guide.walk(facts, seed, pages)).open) is not None:
            known = {**fields, ".soft": self._soft}
            reading = self._reader.read(_relaxed(step), known, walk.answers)
            if reading.faults:
                for fault in reading.faults:
                    yield Finding(
                        "paper-fault", {"question": fault.question}, self._place(form, file, fault.question)
                    )
                return
            pages[step.screen.name] = reading.answers
        plain = {page: answers_as_json(answers) for page, answers in pages.items()}
        # what a killed run of this verb saved is what this form says; anything else came from the pages
        theirs = any(plain.get(page) != draft.body for page, draft in saved.items())
        if theirs or (not dry_run and not self._send(token, plain, facts, seed)):
            yield Finding("paper-started", {}, file.mark(form))

    def _send(self, token: str, plain: Mapping[str, Mapping[str, Any]], facts: Answers, seed: int) -> bool:
        """Save and submit as the pages do; False if somebody answers with this code at the same time."""
        store = self._field
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

    def _place(self, form: Form, file: Keying, question: str) -> Mark:
        column = next(each.name for each in self._columns if each.question == question)
        return file.mark(form, column)


def _relaxed(step: Step) -> Step:
    """The step with no question that must be answered: on paper nobody can be asked again."""
    return replace(step, asked=tuple(replace(each, required=False) for each in step.asked))
