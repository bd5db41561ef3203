"""Answers as columns of numbers: the one form in which every later layer reads them.

Layout (docs/explanation/figures.md): a variable with one answer is an array of codes, 0 to k-1 in the order
of the study's options; a missing kind stands at 240 + its place in `MISSING_KINDS`. Lists of over 200
answers need 16 bits, and their missing kinds stand at 65520 and up. Numbers and dates are float64 (dates as
ordinal days) beside an array of kinds: 0 for an answer, else the missing code. A multiple response is one
array an option: 1 chosen, 0 not chosen, else the missing code; in a ranking, the place given (1 is the
first).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from topline.base import Finding, fail
from topline.dataset.excluded import Exclusions
from topline.study.model import MISSING_KINDS, Study

if TYPE_CHECKING:
    from topline.dataset.codebook import Codebook

FIRST_MISSING: Final = 240
FIRST_MISSING_WIDE: Final = 65520
MOST_NARROW: Final = 200  # answers that a column of 8 bits may have

Codes = NDArray[np.uint8] | NDArray[np.uint16]
Floats = NDArray[np.float64]


class Numbers(NamedTuple):
    """Numbers with the reason where there is none: `values` (n,) NaN there, `kinds` (n,) 0 for an answer."""

    values: Floats
    kinds: NDArray[np.uint8]


class Texts(NamedTuple):
    """Open answers: `values` (n,) "" where there is none, `kinds` as in `Numbers`."""

    values: tuple[str, ...]
    kinds: NDArray[np.uint8]


def missing_code(kind: str, wide: bool = False) -> int:
    """The code of a missing kind in a column of codes."""
    return (FIRST_MISSING_WIDE if wide else FIRST_MISSING) + MISSING_KINDS.index(kind)


def first_missing(codes: NDArray[Any]) -> int:
    """The lowest code of a column that is a missing kind."""
    return FIRST_MISSING if codes.dtype == np.uint8 else FIRST_MISSING_WIDE


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """The answers of `n` people to one study, with what is known of them. Arrays are read-only.

    Made by the readers of this layer, which also work out bands and derived variables. Answers that came
    with a codebook instead of a study have it as `book`; their study is made from it. `origins` tells apart
    values of a file that stand for one missing kind: (n,) 0, or 1 + the place in the column's `missing`.
    `notes` say what a reader had to decide. `exclusions` says whom declared rules took out, if any did.
    """

    study: Study
    n: int
    columns: Mapping[str, Codes]
    choices: Mapping[str, Mapping[str, NDArray[np.uint8]]] = field(default_factory=dict)
    amounts: Mapping[str, Numbers] = field(default_factory=dict)
    texts: Mapping[str, Texts] = field(default_factory=dict)
    weights: Floats | None = None
    made_up: bool = False
    book: Codebook | None = None
    origins: Mapping[str, NDArray[np.uint16]] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    exclusions: Exclusions | None = None

    def __post_init__(self) -> None:
        """Refuse columns of another length, and lock the arrays."""
        for name, array in self._arrays():
            if len(array) != self.n:
                raise ValueError(f"{name} has {len(array)} values for {self.n} people")
            array.setflags(write=False)

    def __repr__(self) -> str:
        """What it holds, on one line: the values would fill the screen."""
        kinds = (("codes", self.columns), ("several answers", self.choices), ("numbers", self.amounts))
        counted = [f"{len(part)} {kind}" for kind, part in (*kinds, ("texts", self.texts)) if part]
        marks = " Made-up answers." if self.made_up else ""
        weighted = ", with weights" if self.weights is not None else ""
        title = self.study.title or self.study.id
        return f"{title}: {self.n:,} people{weighted}; variables: {', '.join(counted) or 'none'}.{marks}"

    def _repr_html_(self) -> str:
        """The same for a notebook, with a line for each variable: never a value of a person."""
        heads = "".join(f'<th scope="col">{head}</th>' for head in ("Variable", "Label", "Kind", "Answered"))
        body = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td>{escape(variable.label)}</td>'
            f"<td>{variable.kind}</td><td>{int((self.kinds(name) == 0).sum()):,}</td></tr>"
            for name, variable in self.study.variables.items()
            if self.has(name)
        )
        caption = f"<caption>{escape(repr(self))}</caption>"
        return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"

    def codes(self, name: str) -> Codes:
        """The codes of a variable with one answer (n,)."""
        found = self.columns.get(name)
        return found if found is not None else self._none(name)

    def option_codes(self, name: str, option: str) -> NDArray[np.uint8]:
        """One option of a multiple response (n,): 1 chosen, 0 not; of a ranking, its place."""
        found = self.choices.get(name)
        return found[option] if found is not None else self._none(name)

    def numbers(self, name: str) -> Numbers:
        """The values and kinds of a number or date."""
        found = self.amounts.get(name)
        return found if found is not None else self._none(name)

    def kinds(self, name: str) -> NDArray[np.uint8]:
        """Why a person has no answer to a variable (n,): 0 where there is one, else the missing code."""
        if name in self.columns:
            codes = self.columns[name]
            first = first_missing(codes)
            kinds = np.where(codes >= first, codes - first + FIRST_MISSING, 0)
        elif name in self.choices:
            some = next(iter(self.choices[name].values()))
            kinds = np.where(some >= FIRST_MISSING, some, 0)
        else:
            kinds = (self.texts[name] if name in self.texts else self.numbers(name)).kinds
        return kinds.astype(np.uint8)

    def has(self, name: str) -> bool:
        """Whether the data have this variable at all."""
        return any(name in part for part in (self.columns, self.choices, self.amounts, self.texts))

    @cached_property
    def data_hash(self) -> str:
        """SHA-256 of all columns: two data sets with the same hash give the same figures."""
        found = hashlib.sha256(f"{self.study.id} {self.n} {self.made_up}".encode())
        for name, array in sorted(self._arrays(), key=lambda pair: pair[0]):
            found.update(f"\n{name} {array.dtype.str} ".encode())
            found.update(np.ascontiguousarray(array).tobytes())
        for name, texts in sorted(self.texts.items()):
            found.update("\n".join((name, *texts.values)).encode())
        return found.hexdigest()

    def _arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        yield from self.columns.items()
        for name, options in self.choices.items():
            for option, codes in options.items():
                yield f"{name}.{option}", codes
        for name, numbers in self.amounts.items():
            yield name, numbers.values
            yield f"{name} kinds", numbers.kinds
        for name, texts in self.texts.items():
            yield f"{name} kinds", texts.kinds
        for name, origins in self.origins.items():
            yield f"{name} origins", origins
        if self.weights is not None:
            yield "weights", self.weights

    def _none(self, name: str) -> Any:
        return fail("no_column", name=name)
