"""The figures of one wave, from its answers or as they were published, in groups of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

import numpy as np

from topline.base import fail
from topline.base.hints import listed
from topline.base.words import words
from topline.dataset import Codes, Dataset, first_missing, missing_code, read_data
from topline.dataset.data import MOST_NARROW
from topline.designs import Design
from topline.study import read_study
from topline.study.model import Variable
from topline.study.published import Published
from topline.study.waves import Wave
from topline.tables.change import Point, point_of, published_point
from topline.tables.low_base import MARKET, LowBase
from topline.tables.measures import kinds_in_base
from topline.tables.table import Table, build_table, tabulated
from topline.weights import weighted_designs

#: The row of a grid, the answer and the group ("": everybody) of a figure.
Key = tuple[str, str, str]
Groups = Mapping[str, str]


class Side(Protocol):
    """One wave: its figures of a question, and the same wave in other groups."""

    @property
    def name(self) -> str:
        """The wave's name."""

    @property
    def label(self) -> str:
        """Its name in tables."""

    @property
    def mapped(self) -> Mapping[str, str]:
        """What to say of groups of today that were others then, by group."""

    def points(self, question: str, means: frozenset[str]) -> Mapping[Key, Point]:
        """The figures of a question under its name in that wave; `means` are the answers that are means."""

    def regrouped(self, today: Variable, name: str, groups: Groups | None) -> Side:
        """The wave by the groups of a variable of today, which was `name` then; `groups` from old to new."""


@dataclass(frozen=True, eq=False)
class Answers:
    """A wave whose answers are at hand, divided by a variable or by none (`""`).

    `low_base` is the profile that its figures are held against, if not its own study's.
    """

    name: str
    label: str
    data: Dataset
    design: Design
    by: str = ""
    low_base: LowBase | None = None
    mapped: Mapping[str, str] = field(default_factory=dict)

    def table(self, question: str) -> Table:
        """The table of a question."""
        return build_table(question, (self.by,) if self.by else (), self.data, self.design, self.low_base)

    def points(self, question: str, means: frozenset[str] = frozenset()) -> Mapping[Key, Point]:
        """The cells of the question's table, which knows its means by itself."""
        counted = tuple(kind.name for kind in kinds_in_base(tabulated(self.data.study, question)[0]))
        table = self.table(question)
        return {
            (row.item, row.spec.name, column.group): point_of(cell, counted)
            for row in table.rows
            for column, cell in zip(table.columns, row.cells, strict=True)
        }

    def regrouped(self, today: Variable, name: str, groups: Groups | None) -> Answers:
        """The same people, with the variable's groups of today."""
        variable = self.data.study.variables.get(name)
        if variable is None or variable.kind != "codes":
            fail("change-by", name=today.name, wave=self.name)
        codes = self.data.codes(name)
        people = np.bincount(codes[codes < first_missing(codes)], minlength=len(variable.options))
        old = {option.name: option.label for option in variable.options}
        lived = [option.name for option, n in zip(variable.options, people, strict=True) if n]
        to = _mapping(today, self.name, lived, list(old), groups)
        if not variable.attribute:
            return replace(self, by=name)
        study, columns = self.data.study, dict(self.data.columns)
        columns[name] = _recoded(codes, [to.get(one, "") for one in old], today)
        now = replace(variable.attribute, options=today.options, nets=today.nets, bands_of=None, coarsen=())
        study = replace(study, attributes=tuple(now if a.name == name else a for a in study.attributes))
        data = replace(self.data, study=study, columns=columns)
        return replace(self, data=data, by=name, mapped=_mapped(today, self.name, to, old))


@dataclass(frozen=True, eq=False)
class Printed:
    """A wave of which figures were published; `errors` is False where none may be stated.

    `notice` is what stood above the figures, and goes wherever they go.
    """

    name: str
    label: str
    figures: tuple[Published, ...]
    errors: bool = True
    notice: str = ""
    by: str = ""
    low_base: LowBase = MARKET
    mapped: Mapping[str, str] = field(default_factory=dict)

    def points(self, question: str, means: frozenset[str]) -> Mapping[Key, Point]:
        """The published figures of the question, of everybody and by the variable."""
        found = {
            (figure.item, figure.answer, figure.group): published_point(
                figure, share=figure.answer not in means, low_base=self.low_base
            )
            for figure in self.figures
            if figure.question == question and figure.banner in ("", self.by)
        }
        return found if self.errors else {key: replace(point, se=None) for key, point in found.items()}

    def regrouped(self, today: Variable, name: str, groups: Groups | None) -> Printed:
        """The same figures under today's names of their groups."""
        lived = list(dict.fromkeys(figure.group for figure in self.figures if figure.banner == name))
        if not lived:
            fail("change-by", name=today.name, wave=self.name)
        old = dict(zip(lived, lived, strict=True))
        to = _mapping(today, self.name, lived, None, groups)
        for new in to.values():
            if sum(to[one] == new for one in lived) > 1:
                fail("change-merged", wave=self.name, group=new, name=today.name)
        figures = tuple(
            replace(figure, banner=today.name, group=to[figure.group]) if figure.banner == name else figure
            for figure in self.figures
            if figure.banner in ("", name)
        )
        return replace(self, figures=figures, by=today.name, mapped=_mapped(today, self.name, to, old))


def side_of(wave: Wave, *, errors: bool, low_base: LowBase = MARKET) -> Side | None:
    """The figures of an earlier wave; None if it has none. `errors`: whether today's answers have errors.

    `low_base` is today's profile, which holds for every wave.
    """
    if wave.published is not None:
        figures, notice = wave.published.figures, wave.published.notice
        return Printed(wave.name, wave.label, figures, errors, notice, low_base=low_base)
    if wave.data is None or wave.frozen is None:
        return None
    study = read_study(wave.frozen)
    data = read_data(study, wave.data)
    return Answers(wave.name, wave.label, data, weighted_designs(study, data)[0], low_base=low_base)


def _mapping(
    today: Variable, wave: str, lived: list[str], all: list[str] | None, groups: Groups | None
) -> Groups:
    """From each old group to today's: by the map, else the same names.

    `all` groups of that wave, None where only those with figures are known. With a map, each group that
    people `lived` in needs its place; without one, both waves must have the same groups.
    """
    old, names = all or lived, [option.name for option in today.options]
    if groups is None:
        to: Groups = {name: name for name in old}
        lost = [name for name in old if name not in names]
        lost += [name for name in names if all and name not in all]
    else:
        to = {name: str(groups[name]) for name in old if name in groups}
        lost = [name for name in lived if name not in groups]
    if lost:
        fail("change-no-map", name=today.name, wave=wave, groups=listed(lost))
    return to


def _recoded(codes: Codes, to: list[str], today: Variable) -> Codes:
    """Codes of old groups as codes of today's; people in no group of today are not in the wave's table."""
    wide = len(today.options) > MOST_NARROW
    kind = np.uint16 if wide else np.uint8
    places = {option.name: place for place, option in enumerate(today.options)}
    none = missing_code("not_in_wave", wide)
    table = np.array([*(places.get(name, none) for name in to), none], dtype=kind)
    return cast(Codes, table[np.minimum(codes, len(to))])


def _mapped(today: Variable, wave: str, to: Groups, old: Mapping[str, str]) -> Mapping[str, str]:
    """What to say of each group of today that was not one group of the same name."""
    said = {}
    for option in today.options:
        were = [name for name, new in to.items() if new == option.name]
        if were and were != [option.name]:
            groups = ", ".join(old[name] for name in were)
            said[option.name] = words("change-mapped", label=option.label, groups=groups, wave=wave)
    return said
