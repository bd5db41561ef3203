"""Small classes merged along the ladder that their attribute declares (`coarsen:`), finest level first.

Within each group of a level the classes under the least number of answers become one class; if that is still
under it, the next smallest class of the group joins. What is left goes up to the next level. Classes above
the least that are not needed stay as they are, so that no more is merged than must be (Kalton and
Flores-Cervantes 2003, Journal of Official Statistics 19, 81-97, section 3, on collapsing adjacent cells).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np

from topline.base import fail
from topline.base.words import words
from topline.dataset import Dataset, first_missing
from topline.designs import Counts
from topline.study.model import Variable
from topline.weights.margins import Margin

LEAST: Final = 10
Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """A level: the group that each class (k,) lies in, None where it is not known; labels by group."""

    level: Variable
    groups: tuple[Key | None, ...]

    def label(self, at: int) -> str:
        """The label of the group that a class lies in."""
        key = self.groups[at] or ()
        found = [option.label for option in self.level.options if option.name in key]
        return f"{self.level.label}: {found[-1]}" if found else self.level.label


def ladder_of(counts: Counts, data: Dataset) -> tuple[Rung, ...]:
    """The levels of the classes that counts are of: of crossed variables, those of the first one first.

    Raises ToplineError where the groups of a level do not hold whole groups of the one below.
    """
    classes: list[Key] = list(product(*counts.groups))
    rungs = []
    for place, variable in enumerate(counts.variables):
        lower = variable
        for name in variable.attribute.coarsen if variable.attribute else ():
            level = _level(name, data)
            up = _groups(lower, level, data)
            classes = [(*key[:place], up.get(key[place] or ""), *key[place + 1 :]) for key in classes]
            rungs.append(Rung(level, tuple(None if None in key else key for key in classes)))
            lower = level
    return tuple(rungs)


def merge_small(margin: Margin, rungs: Sequence[Rung]) -> tuple[Margin, tuple[str, ...]]:
    """The margin with classes of at least ten answers, and a sentence on each class that was merged.

    Raises ToplineError where classes are left that the ladder does not bring to ten.
    """
    sizes = np.bincount(margin.codes, minlength=len(margin.counts)).astype(np.intp)
    sets = [[at] for at in range(len(margin.counts)) if margin.counts[at] > 0 or sizes[at]]
    labels = {at: margin.labels[at] for at in range(len(margin.counts))}
    notes = {}
    for rung in rungs:
        for some in _of_one_group(sets, rung):
            for joined in _joined(some, sizes):
                for one in joined:
                    sets.remove(one)
                sets.append(sorted(at for one in joined for at in one))
                first, names = sets[-1][0], ", ".join(margin.labels[at] for at in sets[-1])
                labels[first] = f"{rung.label(first)} ({names})"
                notes[first] = words("weights-merged", names=names, group=rung.label(first), least=LEAST)
    sets.sort()
    _refuse(margin, [one for one in sets if sizes[one].sum() < LEAST and (rungs or sizes[one].any())], rungs)
    if not notes:
        return margin, ()
    to = np.full(len(margin.counts), len(sets), dtype=np.int32)
    for place, one in enumerate(sets):
        to[one] = place
    counts = np.array([margin.counts[one].sum() for one in sets])
    named = tuple(labels[one[0]] for one in sets)
    kept = tuple(notes[one[0]] for one in sets if one[0] in notes)
    return replace(margin, codes=to[margin.codes], counts=counts, labels=named), kept


def _of_one_group(sets: list[list[int]], rung: Rung) -> list[list[list[int]]]:
    """The sets of classes, by the group of the level that they lie in."""
    found: dict[Key, list[list[int]]] = defaultdict(list)
    for one in sets:
        key = rung.groups[one[0]]
        if key is not None:
            found[key].append(one)
    return list(found.values())


def _joined(sets: list[list[int]], sizes: np.ndarray) -> list[list[list[int]]]:
    """The sets of one group that become one: none, or the small ones with as many others as they need."""
    by_size = sorted(sets, key=lambda one: int(sizes[one].sum()))
    small = [one for one in by_size if sizes[one].sum() < LEAST]
    others = by_size[len(small) :]
    while small and others and sum(int(sizes[one].sum()) for one in small) < LEAST:
        small.append(others.pop(0))
    return [small] if len(small) > 1 else []


def _groups(lower: Variable, level: Variable, data: Dataset) -> dict[str, str]:
    """The group of a level that each group of the variable below lies in: by its recode, or as people are."""
    for derived in data.study.derived:
        if derived.name == level.name and derived.kind == "recode" and derived.of == (lower.name,):
            return dict(derived.mapping)
    codes, above = data.codes(lower.name), data.codes(level.name)
    both = (codes < first_missing(codes)) & (above < first_missing(above))
    found: dict[str, str] = {}
    for low, high in np.unique(np.stack([codes[both], above[both]]), axis=1).T:
        group = lower.options[low].name
        if group in found:
            fail("ladder_not_nested", group=lower.options[low].label, name=lower.label, level=level.name)
        found[group] = level.options[high].name
    return found


def _level(name: str, data: Dataset) -> Variable:
    level = data.study.variables.get(name)
    if level is None or level.kind != "codes":
        fail("weighting_no_variable", name=name)
    return level


def _refuse(margin: Margin, small: list[list[int]], rungs: Sequence[Rung]) -> None:
    """Name the classes that are still too small, and what can be done."""
    if not small:
        return
    names = "; ".join(", ".join(margin.labels[at] for at in one) for one in small)
    if not rungs:  # of a class that nobody is in there is another message
        fail("class_small", names=names, name=margin.name, least=LEAST)
    unknown = [margin.labels[at] for one in small for at in one if rungs[0].groups[at] is None]
    if unknown:
        level = rungs[0].level.name
        fail("ladder_unknown", names=", ".join(unknown), name=margin.name, level=level, least=LEAST)
    ladder = ", ".join(rung.level.name for rung in rungs)
    fail("ladder_out", names=names, name=margin.name, least=LEAST, ladder=ladder)
