"""The file of targets: what made-up answers must come to, in the study's own addresses.

`people`, `counts`, `figures`, `bounds`, `orders` and `bases` must be met exactly; `falling` is looked at
afterwards; `shares` and `words` say how the rest is spread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from topline.base import Finding, Mark, ToplineError, fail
from topline.base.hints import did_you_mean, suggest
from topline.rehearse.shares import share_findings
from topline.study.address import RANKS, Address, parse_address
from topline.study.marks import Map, Seq, Text, mark_of
from topline.study.model import MISSING_KINDS, Study
from topline.study.reading.plain_yaml import read_plain_yaml, read_source
from topline.study.resolve import resolve

_PARTS = ("people", "counts", "figures", "bounds", "orders", "bases", "falling", "shares", "words")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_BOUND = re.compile(r"([<>])\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed share: whole per cent of the base, rounded half up."""

    address: Address
    percent: int
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A share of which only a threshold is printed: unrounded below or above `percent`."""

    address: Address
    is_below: bool
    percent: Fraction
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Open answers: the share of people who write one, in per cent, and what is written."""

    share: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Targets:
    """A file of targets, read and resolved against a study."""

    people: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    bounds: tuple[Bound, ...] = ()
    orders: tuple[tuple[Address, Mark | None], ...] = ()
    falling: tuple[tuple[Address, ...], ...] = ()
    bases: tuple[tuple[Address, int, Mark | None], ...] = ()
    shares: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)

    @property
    def held(self) -> Mapping[str, int]:
        """How many targets there are that are counted again at the end, by the part of the file."""
        parts = ("figures", "bounds", "orders", "bases", "falling")
        return {part: number for part in parts if (number := len(getattr(self, part)))}


def read_targets(path: str | Path, study: Study) -> Targets:
    """Read a file of targets; ToplineError with every place where it does not fit the study."""
    if not Path(path).is_file():
        fail("targets-missing", Mark(str(path)))
    file, findings = read_plain_yaml(read_source(Path(path), str(path)))
    reader = _Reader(study, [*findings])
    for key in file:
        if key not in _PARTS:
            reader.find("targets-unknown", mark_of(key), given=key, allowed=", ".join(_PARTS))
    people = reader.whole(file.get("people"), mark_of(file))
    targets = Targets(
        people=people,
        counts={name: dict(reader.counts(name, value)) for name, value in reader.pairs(file.get("counts"))},
        figures=tuple(reader.figures(file.get("figures"))),
        bounds=tuple(reader.bounds(file.get("bounds"))),
        orders=tuple(reader.orders(file.get("orders"))),
        falling=tuple(
            tuple(reader.address(text) for text in reader.items(row))
            for row in reader.items(file.get("falling"))
        ),
        bases=tuple(
            (reader.address(key), reader.whole(value, mark_of(key)), mark_of(key))
            for key, value in reader.pairs(file.get("bases"))
        ),
        shares={name: dict(reader.shares(name, value)) for name, value in reader.pairs(file.get("shares"))},
        words={name: reader.words(name, value) for name, value in reader.pairs(file.get("words"))},
    )
    for name, counts in targets.counts.items():
        if sum(counts.values()) != people and name in study.variables:
            values = {"name": name, "sum": sum(counts.values()), "people": people}
            reader.find("targets-sum", mark_of(file["counts"]), **values)
    if reader.findings:
        raise ToplineError(sorted(reader.findings, key=Finding.sort_key))
    return targets


class _Reader:
    """Turns texts into numbers and addresses, and collects what is wrong with them."""

    def __init__(self, study: Study, findings: list[Finding]) -> None:
        self.study, self.findings = study, findings

    def find(self, id: str, mark: Mark | None, **values: object) -> None:
        self.findings.append(Finding(id, values, mark))

    def pairs(self, value: object) -> Iterator[tuple[Text, object]]:
        if isinstance(value, Map):
            yield from ((key, each) for key, each in value.items() if isinstance(key, Text))
        elif value is not None:
            self.find("targets-mapping", mark_of(value), given=value)

    def items(self, value: object) -> Iterator[object]:
        if isinstance(value, Seq):
            yield from value
        elif value is not None:
            self.find("targets-list", mark_of(value), given=value)

    def whole(self, value: object, mark: Mark | None) -> int:
        if isinstance(value, str) and value.isascii() and value.isdecimal():
            return int(value)
        self.find("targets-whole", mark_of(value) or mark, given="nothing" if value is None else value)
        return 0

    def address(self, text: object) -> Address:
        try:
            address = parse_address(str(text), mark_of(text))
        except ToplineError as error:
            self.findings += error.findings
            return Address("")
        self.findings += resolve(address, self.study, mark_of(text))
        return address

    def counts(self, name: Text, value: object) -> Iterator[tuple[str, int]]:
        variable = self.study.variables.get(name)
        if variable is None:
            hint = did_you_mean(name, self.study.variables)
            self.find("targets-variable", mark_of(name), given=name, hint=hint)
            return
        known = {option.name for option in variable.options} | set(MISSING_KINDS)
        for key, number in self.pairs(value):
            if key not in known:
                self.find(
                    "targets-answer", mark_of(key), given=key, name=name, allowed=", ".join(sorted(known))
                )
            yield str(key), self.whole(number, mark_of(key))

    def figures(self, value: object) -> Iterator[Figure]:
        for key, number in self.pairs(value):
            address, percent = self.address(key), self.whole(number, mark_of(key))
            if not address.answers:
                self.find("targets-no-answer", mark_of(key), given=key)
            if percent > 100:
                self.find("targets-percent", mark_of(number), given=number)
            yield Figure(address, percent, mark_of(key))

    def orders(self, value: object) -> Iterator[tuple[Address, Mark | None]]:
        for text in self.items(value):
            address = self.address(text)
            ranked = all(each.kind in RANKS for each in address.conditions)
            if address.name and not (len(address.filters) == 1 and address.conditions and ranked):
                self.find("targets-order", mark_of(text), given=text)
            yield address, mark_of(text)

    def bounds(self, value: object) -> Iterator[Bound]:
        for key, given in self.pairs(value):
            if found := _BOUND.fullmatch(str(given)):
                yield Bound(self.address(key), found[1] == "<", Fraction(found[2]), mark_of(key))
            else:
                self.find("targets-bound", mark_of(given), given=given)

    def shares(self, name: Text, value: object) -> Iterator[tuple[str, Fraction]]:
        variable = self.study.variables.get(name)
        if variable is None:
            hint = did_you_mean(name, self.study.variables)
            self.find("targets-variable", mark_of(name), given=name, hint=hint)
            return
        if variable.kind in ("rank", "date", "text"):
            self.find("targets-no-shares", mark_of(name), name=name, kind=variable.kind)
            return
        known = [option.name for option in variable.options] + [kind.name for kind in variable.missing]
        found: dict[Text, Fraction] = {}
        for key, number in self.pairs(value):
            fits = key in known or (variable.kind == "number" and _NUMBER.fullmatch(key) is not None)
            if not fits:
                self.find("targets-share", mark_of(key), given=key, name=name, hint=suggest(key, known))
            try:
                share = Fraction(Decimal(str(number)))
            except (InvalidOperation, ValueError, OverflowError):
                self.find("targets-whole", mark_of(number), given=number)
                continue
            if fits:
                found[key] = share
            yield str(key), share
        self.findings += share_findings(variable, name, found)

    def words(self, name: Text, value: object) -> Words:
        known = _open(self.study)
        if name not in known:
            self.find("targets-words", mark_of(name), given=name, hint=suggest(name, known))
        parts = {str(key): each for key, each in self.pairs(value)}
        share = self.whole(parts.get("share", "100"), mark_of(value))
        return Words(share, tuple(map(str, self.items(parts.get("texts")))))


def _open(study: Study) -> list[str]:
    """What takes words: open questions, and the boxes beside answers as QUESTION.ANSWER.text."""
    boxes = [
        f"{question.id}.{option.name}.text"
        for question in study
        for option in question.options
        if option.specify
    ]
    return [question.id for question in study if question.kind == "text"] + boxes


def check_size(targets: Targets, people: int | None, path: str) -> None:
    """Fail if another number of people is asked for than the targets are of."""
    if people is not None and people != targets.people:
        fail("targets-people", given=people, people=targets.people, file=path)
