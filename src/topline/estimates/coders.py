"""How far the coders of one open question agree, as a whole and on each code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from topline.base import fail
from topline.dataset.coding import Sheet, Task
from topline.estimates.agreement import Kappa, cohen_kappa, krippendorff_alpha


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """One code, given or not: how often all coders together gave it, how often they did the same, measures.

    `kappa` is None with more than two coders; `alpha` where it is not defined.
    """

    name: str
    label: str
    given: int
    same: int
    kappa: Kappa | None
    alpha: float | None


@dataclass(frozen=True)
class CoderAgreement:
    """Agreement on the `n` different answers that two coders or more have coded.

    `alpha` takes codes as names where every answer has one (`several` False), else as sets by MASI distance.
    `kappa` needs two coders and one code an answer; `weighted` an order of the codes, by their scores.
    `differing` are the keys of answers on which coders differ.
    """

    coders: tuple[str, ...]
    n: int
    same: int
    several: bool
    alpha: float | None
    kappa: Kappa | None
    weighted: Kappa | None
    codes: tuple[CodeAgreement, ...]
    differing: tuple[str, ...]


def coder_agreement(task: Task, sheets: Mapping[str, Sheet]) -> CoderAgreement:
    """Compare the coders whose sheets have codes; each different answer counts once, as it was judged once.

    Raises ToplineError unless two coders have coded some of the same answers.
    """
    coders = {name: sheet for name, sheet in sheets.items() if sheet.codes}
    if len(coders) < 2:
        fail("coding-two", name=task.derived.name, coders=", ".join(coders) or "none")
    keys = sorted({key for sheet in coders.values() for key in sheet.codes})
    shared = [key for key in keys if sum(key in sheet.codes for sheet in coders.values()) > 1]
    if not shared:
        fail("coding-nothing-shared")
    given = {key: [codes for sheet in coders.values() if (codes := sheet.codes.get(key))] for key in shared}
    differing = tuple(key for key, sets in given.items() if len(set(sets)) > 1)
    several = any(len(codes) > 1 for sets in given.values() for codes in sets)
    columns = [[sheet.codes.get(key) for key in shared] for sheet in coders.values()]
    two = len(coders) == 2 and not several
    return CoderAgreement(
        coders=tuple(coders),
        n=len(shared),
        same=len(shared) - len(differing),
        several=several,
        alpha=krippendorff_alpha(columns, "masi" if several else "nominal"),
        kappa=_kappa(task, columns) if two else None,
        weighted=_kappa(task, columns, ordered=True) if two and _ordered(task) else None,
        codes=tuple(_code(name, label, columns) for name, label in _frame(task)),
        differing=differing,
    )


def _frame(task: Task) -> list[tuple[str, str]]:
    return [(option.name, option.label) for option in task.options]


def _ordered(task: Task) -> bool:
    """Whether the codes are all those of a closed question with scores: then they have an order."""
    return bool(task.one and task.variable.scores)


def _kappa(task: Task, columns: list[list[frozenset[str] | None]], ordered: bool = False) -> Kappa:
    place = {name: number for number, (name, _) in enumerate(_frame(task))}
    first, second = ([place[next(iter(c))] if c else -1 for c in column] for column in columns)
    return cohen_kappa(first, second, len(place), "quadratic" if ordered else "none")


def _code(name: str, label: str, columns: list[list[frozenset[str] | None]]) -> CodeAgreement:
    marks = [[None if codes is None else int(name in codes) for codes in column] for column in columns]
    pairs = [[mark for mark in unit if mark is not None] for unit in zip(*marks, strict=True)]
    binary = [[-1 if mark is None else mark for mark in column] for column in marks]
    return CodeAgreement(
        name,
        label,
        given=sum(sum(unit) for unit in pairs),
        same=sum(len(set(unit)) == 1 for unit in pairs),
        kappa=cohen_kappa(binary[0], binary[1], 2) if len(columns) == 2 else None,
        alpha=krippendorff_alpha(marks),
    )
