"""Item non-response: of those who were asked a question, who gave no answer, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from topline.dataset.codebook import FILE_KINDS
from topline.dataset.data import FIRST_MISSING, Dataset
from topline.study.model import Variable

#: Kinds of people who were never asked, or for whom the file says nothing of it.
NOT_ASKED: Final = frozenset(
    {"not_asked", "not_in_form", "not_in_wave", "not_in_mode", "not_reached", "withheld"}
)
#: Kinds that are no failure to answer: the question does not apply to the person.
APART: Final = frozenset({"not_applicable"})


@dataclass(frozen=True, slots=True)
class ItemNonresponse:
    """One question: how many were asked, how many answered, and each missing kind with its count.

    `in_base` are the kinds that count in the base of its figures; they are answers there, and so here.
    """

    name: str
    label: str
    asked: int
    answered: int
    kinds: Mapping[str, int]
    in_base: tuple[str, ...] = ()

    @property
    def rate(self) -> float | None:
        """People asked who gave no answer, in per cent of those asked; None where nobody was."""
        return 100.0 * (self.asked - self.answered) / self.asked if self.asked else None


def item_nonresponse(data: Dataset) -> tuple[ItemNonresponse, ...]:
    """Item non-response of every question (each row of a grid) that the data have.

    Asked: everybody but those whom the route, the form, the wave or the mode left out, who broke off before,
    or to whom the question does not apply. Answered: an answer, or a missing kind that is in the base. The
    rate is (asked - answered) / asked (E. D. de Leeuw, J. J. Hox, M. Huisman 2003, Prevention and treatment
    of item nonresponse, Journal of Official Statistics 19(2), 153-176). Every kind is counted by itself, so
    that any other rate can be had.
    """
    return tuple(_of(variable, data.kinds(variable.name)) for variable in asked_variables(data))


def asked_variables(data: Dataset) -> Iterator[Variable]:
    """The variables that are answers to questions, as far as the data have them."""
    for variable in data.study.variables.values():
        if variable.question and data.has(variable.name):
            yield variable


def left_unanswered(data: Dataset) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """By person: how many questions they were asked, and how many of these they left without an answer."""
    asked, left = np.zeros(data.n, dtype=np.int64), np.zeros(data.n, dtype=np.int64)
    for variable in asked_variables(data):
        if variable.kind == "text":
            continue  # an open question is often meant to be passed over
        kinds = data.kinds(variable.name)
        in_base = {kind.name for kind in variable.counted}
        outside = np.isin(kinds, _codes((NOT_ASKED | APART) - in_base))
        counted = np.isin(kinds, _codes(in_base))
        asked += ~outside
        left += ~outside & (kinds > 0) & ~counted
    return asked, left


def _of(variable: Variable, kinds: NDArray[np.uint8]) -> ItemNonresponse:
    found = np.bincount(kinds, minlength=FIRST_MISSING + len(FILE_KINDS))
    counts = {
        kind: int(found[FIRST_MISSING + place])
        for place, kind in enumerate(FILE_KINDS)
        if found[FIRST_MISSING + place]
    }
    in_base = tuple(kind.name for kind in variable.counted)
    outside = sum(n for kind, n in counts.items() if kind in NOT_ASKED | APART and kind not in in_base)
    answered = int(found[0]) + sum(n for kind, n in counts.items() if kind in in_base)
    label = variable.label
    if variable.row and variable.question:
        label = f"{variable.question.label}: {variable.label}"
    return ItemNonresponse(variable.name, label, len(kinds) - outside, answered, counts, in_base)


def _codes(kinds: frozenset[str] | set[str]) -> list[int]:
    return [FIRST_MISSING + FILE_KINDS.index(kind) for kind in kinds]
