"""What is to be coded: the different answers to one open question, each under a key, and the code frame."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from topline.base import fail
from topline.base.hints import nearest
from topline.dataset.data import Dataset
from topline.study.model import Derived, Option, Study, Variable


@dataclass(frozen=True, slots=True)
class Task:
    """One coded variable: its declaration, the codes that may be given, and where its files are.

    `one`: the closed question that the texts belong to takes one answer, so each text gets one code.
    """

    derived: Derived
    variable: Variable
    folder: Path

    @property
    def source(self) -> str:
        """The open question."""
        return str(self.derived.of[0])

    @property
    def options(self) -> tuple[Option, ...]:
        """The code frame."""
        return self.variable.options

    @property
    def one(self) -> bool:
        """Whether a text gets one code only."""
        return self.variable.kind == "codes"

    def file(self, coder: str) -> Path:
        """The file of a coder, or of what is `agreed`."""
        return self.folder / "codes" / f"{self.derived.name}.{coder}.csv"


def task_of(study: Study, name: str) -> Task:
    """The task of a coded variable; ToplineError if the study has none of that name."""
    coded = {derived.name: derived for derived in study.derived if derived.kind == "coded"}
    if name not in coded:
        fail("coding-none", study=study.folder, name=name, near=nearest(name, coded))
    return Task(coded[name], study.variables[name], Path(study.folder))


def key_of(source: str, text: str) -> str:
    """The key of an answer: 16 signs that are the same for the same words, and tell nothing of the person.

    SHA-256 over the question and the words, spaces and capitals aside, cut to 64 bits. Whoever guesses the
    words can find their key: sheets are kept as answers are.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return hashlib.sha256(f"{source}\n{plain}".encode()).hexdigest()[:16]


def texts_of(task: Task, data: Dataset) -> Mapping[str, str]:
    """The different answers by key, in the order of the keys, which is not that of the people."""
    if task.source not in data.texts:
        fail("coding-no-texts", name=task.source)
    values, kinds = data.texts[task.source]
    found: dict[str, str] = {}
    for text, kind in zip(values, kinds, strict=True):
        if not kind and text.strip():
            found.setdefault(key_of(task.source, text), text)
    return dict(sorted(found.items()))
