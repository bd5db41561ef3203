"""Single figures and contrasts: an address turned to values and people, estimated, and hidden if it must
be.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from topline.base.words import words
from topline.dataset import Dataset, Floats
from topline.designs import Design, invited_of
from topline.disclosure.released import CONFIDENTIAL, UNAVAILABLE, Contrast, Figure, Unit
from topline.disclosure.rules import Rules, crosses, rules_of, union_hidden
from topline.disclosure.sources import of_attributes
from topline.estimates import difference, mean_interval, number_means, number_sums, p_value
from topline.study.address import Address, Filter
from topline.study.expand import expand, refs
from topline.study.model import Variable
from topline.tables import (
    Cell,
    Measure,
    as_filter,
    block_of,
    cell_of,
    filter_label,
    low_base_of,
    measure_of,
    members,
    select_all,
)
from topline.tables.bases import base_of

Mask = NDArray[np.bool_]


class Desk:
    """What single figures need: the answers, the design and the rules; measures are made once."""

    def __init__(self, data: Dataset, design: Design) -> None:
        self.data, self.design = data, design
        self.rules: Rules = rules_of(data.study)
        self._measure = cache(lambda variable: measure_of(data.study.variables[variable], data))
        self.figure = cache(self._figure)

    def _figure(self, address: Address) -> Figure | None:
        """The figure at a concrete address; None for a kind that is not computed yet."""
        if address.waves:
            return None
        if address.is_counter:
            return self._counter(address)
        values = self._values(address)
        if values is None:
            return None
        measure, y, unit = values
        group = select_all(address.filters, self.data)
        figure = self._described(address, measure.variable, unit)
        base = group & np.isfinite(y)
        if self.hidden(address, np.isfinite(y)):
            return replace(figure, hidden=CONFIDENTIAL)
        if address.stat in ("base", "count"):
            people = base if address.stat == "base" else base & (y == 1.0)
            if address.stat == "count" and 0 < int(people.sum()) < self.rules.minimum:
                return replace(figure, hidden=CONFIDENTIAL)
            return replace(figure, value=float(people.sum()), base=int(base.sum()))
        return filled(figure, self._cell(y, group, share=unit == "percent"))

    def contrast(self, a: Address, b: Address) -> Contrast | None:
        """The difference of two figures; without a value if either is hidden, None if not computed yet."""
        left, right = self.figure(a), self.figure(b)
        if left is None or right is None or left.unit != right.unit:
            return None
        empty = Contrast(left, right)
        if left.value is None or right.value is None:
            return empty
        if left.unit == "count":
            return replace(empty, difference=left.value - right.value)
        measured = [self._values(address) for address in (a, b)]
        sides = [
            (values[1], select_all(address.filters, self.data))
            for values, address in zip(measured, (a, b), strict=True)
            if values
        ]
        between = difference(self.design, sides[0], sides[1])
        by = 100.0 if left.unit == "percent" else 1.0
        interval = mean_interval(between.value, between.se, between.df)
        p = p_value(between.value, between.se, between.df)
        low, high = (interval[0] * by, interval[1] * by) if interval else (None, None)
        return replace(
            empty, difference=between.value * by, low=low, high=high, p=p, adjusted=p, df=between.df
        )

    def hidden(self, address: Address, base: Mask) -> bool:
        """Whether the gate hides a figure over `base` (n,): too few people, or few enough to be worked out.

        Each filter is looked at in its block, the groups of its variable, with the other filters held.
        """
        data = self.data
        if crosses(self.rules, [address.variable, *(f.name for f in address.filters)], data.study):
            return True
        return self._too_few(address.filters, base) or self.counts_a_hidden_group(address)

    def counts_a_hidden_group(self, address: Address) -> bool:
        """Whether a share is that of a group of attributes whose size is hidden: times its base it counts."""
        if address.stat not in (None, "count") or not address.answers:
            return False
        measure = (
            self._measure(address.variable) if of_attributes(address.variable, self.data.study) else None
        )
        if measure is None:
            return False
        share = Filter(address.variable, address.op, address.answers)
        return self._too_few((*address.filters, share), measure.base)

    def _too_few(self, filters: tuple[Filter, ...], base: Mask) -> bool:
        """Whether too few people of `base` (n,) pass the filters, or few enough to be worked out."""
        data, minimum = self.data, self.rules.minimum
        if (base & select_all(filters, data)).sum() < minimum:
            return True
        for written in filters:
            others = base & select_all(tuple(f for f in filters if f is not written), data)
            part = self._as_answers(written)
            if part.op is None or data.study.variables[part.name].kind != "codes":
                inside = others & select_all((part,), data)
                if 0 < int(others.sum()) - int(inside.sum()) < minimum:
                    return True
                continue
            block = block_of(part.name, data)
            named = block.codes < len(block.names)
            counts = np.bincount(block.codes[others & named], minlength=len(block.names))
            sizes = {name: int(n) for name, n in zip(block.names, counts, strict=True)}
            rest = int((others & ~named).sum())
            if union_hidden(sizes, rest, members(part, data.study.variables[part.name]), minimum):
                return True
        return False

    def _as_answers(self, part: Filter) -> Filter:
        """A named group that only the answers to one variable decide, as these answers; else as it is."""
        study = self.data.study
        part = as_filter(part, study)
        decisive = (
            {str(ref) for ref in refs(expand(study.groups[part.name].where, study))} if not part.op else ()
        )
        name = next(iter(decisive), "")
        if len(decisive) != 1 or study.variables[name].kind != "codes":
            return part
        block, inside = block_of(name, self.data), select_all((part,), self.data)
        places = np.unique(block.codes[inside])
        if not len(places) or places[0] < 0:
            return part
        return Filter(name, "=", tuple(block.names[place] for place in places))

    def _values(self, address: Address) -> tuple[Measure, Floats, Unit] | None:
        """What is measured of each person (n,), NaN outside the base."""
        measure: Measure | None = self._measure(address.variable)
        if measure is None:
            return None
        if address.stat == "mean":
            mean = measure.mean()
            return None if mean is None else (measure, mean, "mean")
        if address.stat == "base":
            return measure, np.where(measure.base, 1.0, np.nan), "count"
        if address.stat not in (None, "count") or not address.answers:
            return None
        share = measure.share(address.answers, address.op == "!=")
        return measure, share, "percent" if address.stat is None else "count"

    def _cell(self, y: Floats, group: Mask, *, share: bool) -> Cell:
        one = number_means(number_sums(self.design, np.where(group, 0, -1), 1, y))
        return cell_of(one, share=share, low_base=low_base_of(self.data.study))

    def _counter(self, address: Address) -> Figure | None:
        count = float(select_all(address.filters, self.data).sum())
        invited = invited_of(self.data.study)
        figure = Figure(address, "count", None, group_label=self._group(address))
        if address.name == "responses":
            if self.hidden(address, np.ones(self.data.n, dtype=bool)):
                return replace(figure, hidden=CONFIDENTIAL)
            return replace(figure, value=count)
        if invited is None or address.filters:
            return None
        if address.name == "invited":
            return replace(figure, value=float(invited))
        return replace(figure, unit="percent", value=100.0 * count / invited, base=invited)

    def _described(self, address: Address, variable: Variable, unit: Unit) -> Figure:
        question = variable.question
        label = f"{question.label}: {variable.label}" if question and variable.row else variable.label
        answers = [self._answer(variable, name) for name in address.answers]
        said = ", ".join(answers)
        if address.op == "!=":
            said = words("not-these", self.data.study.languages[0], answers=said)
        return Figure(
            address,
            unit,
            None,
            question_label=label,
            answer_label=said,
            group_label=self._group(address),
            base_sentence=base_of([variable], self.data),
        )

    def _answer(self, variable: Variable, name: str) -> str:
        blank = variable.question.blank if variable.question else None
        kinds = [*variable.missing, *([blank] if blank else [])]
        found = variable.option(name) or variable.net(name)
        return found.label if found else next((kind.label for kind in kinds if kind.name == name), name)

    def _group(self, address: Address) -> str:
        return ", ".join(filter_label(part, self.data) for part in address.filters)


def filled(figure: Figure, found: Cell) -> Figure:
    """A figure with the numbers of a cell; without a value where the base is too low for one."""
    flags = (found.flag,) if found.flag else ()
    bases = replace(
        figure, base=found.base, weighted_base=found.weighted_base, effective=found.effective, flags=flags
    )
    if found.value is None or found.flag == UNAVAILABLE:
        return replace(bases, hidden=UNAVAILABLE)
    return replace(bases, value=found.value, low=found.low, high=found.high, df=found.df)
