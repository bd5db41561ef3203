"""Variables worked out from others: bands of numbers, and what a study lists under `derive:`.

Where an item has no answer, a derived variable has none either, and its missing kind is that of the first
such item, unless its rule can do without: a mean needs `at_least` answered items, `any` holds as soon as
one does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from topline.base import fail
from topline.dataset.data import FIRST_MISSING, Codes, Dataset, Floats, Numbers, first_missing, missing_code
from topline.study.model import Derived, Study, Variable

Kinds = NDArray[np.uint8]
Bools = NDArray[np.bool_]


def complete(data: Dataset) -> Dataset:
    """Add the bands and derived variables of the study to a data set that has the columns they need."""
    for attribute in data.study.attributes:
        if attribute.bands_of and data.has(attribute.bands_of):
            cuts = [float(cut) for cut in attribute.cuts]
            data = _with_codes(data, attribute.name, _banded(data.numbers(attribute.bands_of), cuts))
    for derived in data.study.derived:
        if all(data.has(name) for name in derived.of):
            data = _RULES[derived.kind](data, derived)
    return data


def _with_codes(data: Dataset, name: str, codes: Codes) -> Dataset:
    return replace(data, columns={**data.columns, name: codes})


def _with_numbers(data: Dataset, name: str, values: Floats, kinds: Kinds) -> Dataset:
    numbers = Numbers(np.where(kinds > 0, np.nan, values), kinds)
    return replace(data, amounts={**data.amounts, name: numbers})


def _banded(numbers: Numbers, cuts: Sequence[float]) -> Codes:
    """Bands by their lower ends: a value equal to a cut is in the band above it."""
    bands = np.searchsorted(np.asarray(cuts), numbers.values, side="right").astype(np.uint8)
    return np.where(numbers.kinds > 0, numbers.kinds, bands).astype(np.uint8)


def _band(data: Dataset, derived: Derived) -> Dataset:
    cuts = [float(cut) for cut in derived.cuts]
    return _with_codes(data, derived.name, _banded(data.numbers(derived.of[0]), cuts))


def _recode(data: Dataset, derived: Derived) -> Dataset:
    source = data.study.variables[derived.of[0]]
    codes = data.codes(source.name)
    first = first_missing(codes)
    new = {option.name: code for code, option in enumerate(derived.options)}
    table = np.full(len(source.options), missing_code("not_applicable"), dtype=np.uint8)
    for code, option in enumerate(source.options):
        if option.name in derived.mapping:
            table[code] = new[derived.mapping[option.name]]
    answered = codes < first
    out = np.where(answered, 0, codes.astype(np.int64) - first + FIRST_MISSING).astype(np.uint8)
    out[answered] = table[codes[answered]]
    return _with_codes(data, derived.name, out)


def _mean(data: Dataset, derived: Derived) -> Dataset:
    values, kinds = _items(data, derived)
    answered = (kinds == 0).sum(axis=0)
    sums = np.where(kinds == 0, values, 0.0).sum(axis=0)
    means = sums / np.maximum(answered, 1)
    if derived.kind == "index":
        low, high = _ends(data.study, derived)
        means = 100.0 * (means - low) / (high - low)
    return _with_numbers(data, derived.name, means, _first_kind(kinds, answered >= max(derived.at_least, 1)))


def _count(data: Dataset, derived: Derived) -> Dataset:
    holds, kinds = _looked_for(data, derived)
    enough = (kinds == 0).sum(axis=0) >= max(derived.at_least, 1)
    return _with_numbers(data, derived.name, holds.sum(axis=0).astype(np.float64), _first_kind(kinds, enough))


def _any(data: Dataset, derived: Derived) -> Dataset:
    holds, kinds = _looked_for(data, derived)
    found: Bools = np.any(holds, axis=0)
    return _yes_no(data, derived, found, _first_kind(kinds, found | (kinds == 0).all(axis=0)))


def _all(data: Dataset, derived: Derived) -> Dataset:
    holds, kinds = _looked_for(data, derived)
    refuted: Bools = np.any((kinds == 0) & ~holds, axis=0)
    kept = _first_kind(kinds, refuted | (kinds == 0).all(axis=0))
    return _yes_no(data, derived, np.logical_not(refuted), kept)


def _yes_no(data: Dataset, derived: Derived, holds: Bools, kinds: Kinds) -> Dataset:
    """Code the first option of the derived variable where it holds, the second where it does not."""
    return _with_codes(data, derived.name, np.where(kinds > 0, kinds, ~holds).astype(np.uint8))


def _first_kind(kinds: Kinds, enough: Bools) -> Kinds:
    """The missing kind of the first item without an answer, 0 for people who have `enough` (n,)."""
    first = np.argmax(kinds > 0, axis=0)
    return np.where(enough, 0, kinds[first, np.arange(kinds.shape[1])]).astype(np.uint8)


def _items(data: Dataset, derived: Derived) -> tuple[Floats, Kinds]:
    """The scores (or values) of the items and their kinds, both (items, n)."""
    values, kinds = [], []
    for name in derived.of:
        variable = data.study.variables[name]
        if variable.kind == "number":
            numbers = data.numbers(name)
            values.append(numbers.values)
            kinds.append(numbers.kinds)
            continue
        scores = np.array([*_scores(variable, derived), np.nan])
        codes = data.codes(name)
        scored = scores[np.minimum(codes, len(scores) - 1)]
        # an answer without a score (a "not applicable" among the options) counts as not applicable
        unscored = np.isnan(scored) & (data.kinds(name) == 0)
        values.append(scored)
        kinds.append(np.where(unscored, missing_code("not_applicable"), data.kinds(name)).astype(np.uint8))
    return np.array(values), np.array(kinds)


def _scores(variable: Variable, derived: Derived) -> list[float]:
    scores = variable.scores.get(derived.score or "")
    if scores is None:
        fail("no_score", derived.mark, name=derived.name, score=derived.score, variable=variable.name)
    return [np.nan if score is None else float(score) for score in scores]


def _ends(study: Study, derived: Derived) -> tuple[float, float]:
    every = [score for name in derived.of for score in _scores(study.variables[name], derived)]
    return float(np.nanmin(every)), float(np.nanmax(every))


def _looked_for(data: Dataset, derived: Derived) -> tuple[Bools, Kinds]:
    """Where each item has the answer (or net) looked for, and the items' kinds, both (items, n)."""
    holds, kinds = [], []
    for name in derived.of:
        variable = data.study.variables[name]
        answers = variable.answers(derived.answer or "") or ()
        if variable.kind == "set":
            chosen = [data.option_codes(name, answer) == 1 for answer in answers]
            holds.append(np.any(chosen, axis=0))
        else:
            wanted = [code for code, option in enumerate(variable.options) if option.name in answers]
            holds.append(np.isin(data.codes(name), wanted))
        kinds.append(data.kinds(name))
    return np.array(holds), np.array(kinds)


def _coded(data: Dataset, derived: Derived) -> Dataset:
    from topline.dataset.coding import with_codes  # only where answers in words are coded

    return with_codes(data, derived)


_RULES: Final[dict[str, Callable[[Dataset, Derived], Dataset]]] = {
    "mean": _mean,
    "index": _mean,
    "recode": _recode,
    "band": _band,
    "any": _any,
    "all": _all,
    "count": _count,
    "coded": _coded,
}
