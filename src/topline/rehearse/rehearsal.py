"""A whole rehearsal: people to the targets, some of them through the real pages, all into one file."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from topline.base import fail
from topline.base.progress import progress
from topline.base.words import words
from topline.dataset import write_responses
from topline.rehearse.browser import Browser
from topline.rehearse.people import Person, make_people
from topline.rehearse.targets import check_size, read_targets
from topline.rehearse.verify import verify
from topline.study.answers import answers_as_json
from topline.study.compile import compile_study, translated
from topline.study.compiled import Compiled
from topline.study.model import Study
from topline.web.respond import Runner
from topline.web.store.sqlite import Store


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a rehearsal did: people made, how many targets of each part of the file were found to hold, people
    who went through the pages.
    """

    people: int
    held: Mapping[str, int]
    through_pages: int


def rehearse(
    study: Study, targets: Path, output: Path, *, people: int | None, seed: int, through_pages: int
) -> Rehearsed:
    """Make answers to the targets, send some people through the pages, write the file.

    Raises ToplineError if a target cannot be reached, or if what comes out of the pages is not what went in.
    """
    wanted = read_targets(targets, study)
    check_size(wanted, people, str(targets))
    compiled = compile_study(study, translated(study))
    made = make_people(study, compiled, wanted, seed)
    verify(study, wanted, made)
    sent = min(through_pages, len(made))
    send(compiled, random.Random(seed).sample(made, sent), seed)
    write_responses(study, output, made, made_up=True)
    return Rehearsed(len(made), wanted.held, sent)


def send(compiled: Compiled, people: Sequence[Person], seed: int) -> None:
    """Send people through the real pages of a store that is thrown away, and compare what is stored.

    Each language of the study gets its turn. A response has no link to its person: all are compared at once.
    """
    facts = {each.name for each in compiled.attributes}
    arms = {each.name for each in compiled.splits}
    with tempfile.TemporaryDirectory(prefix="topline-") as folder:
        store = Store(Path(folder, "rehearsal.db"))
        runner = Runner(compiled, store, mode="rehearsal")
        for number, person in enumerate(progress(people, words("progress-pages"))):
            token = runner.invite(
                {name: str(person[name]) for name in facts if name in person},
                seed=seed + number,
                arms={name: str(person[name]) for name in arms},
            )
            language = compiled.languages[number % len(compiled.languages)]
            answers = {name: each for name, each in person.items() if name not in facts | arms}
            Browser(runner, language).answer_all(token, answers)
        given = sorted(_shown(answers_as_json(_sent(person, facts | arms))) for person in people)
        found = sorted(_shown(response.answers) for response in store.responses(compiled.id))
        store.close()
    if given != found:
        _tell(given, found)


def _sent(person: Person, facts: set[str]) -> Person:
    return {name: each for name, each in person.items() if name not in facts}


def _shown(answers: object) -> str:
    return json.dumps(answers, sort_keys=True, ensure_ascii=False)


def _tell(given: list[str], found: list[str]) -> None:
    """Say the first answer that differs between the people who differ."""
    lost = [json.loads(each) for each in given if each not in found]
    new = [json.loads(each) for each in found if each not in given]
    if not lost or not new:
        fail("rehearse-differs", name="the number of people", out=len(found), given=len(given))
    names = [name for name in {**lost[0], **new[0]} if lost[0].get(name) != new[0].get(name)]
    fail("rehearse-differs", name=names[0], out=new[0].get(names[0]), given=lost[0].get(names[0]))
