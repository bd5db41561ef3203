"""Targets of a study: files of counts as margins of the answers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from topline.base import fail
from topline.dataset import Codes, Dataset, first_missing
from topline.designs import Counts
from topline.designs.counts import MISSING
from topline.study.model import Variable
from topline.weights.margins import CROSS, Margin, crossed


def margin_of(counts: Counts, data: Dataset, merged: Mapping[str, str], column: str = "population") -> Margin:
    """The margin of counts; people without an answer are in the group that `merged` says, by variable.

    Raises ToplineError where people have no answer, are merged into no group and have no class.
    """
    parts = [
        Margin(variable.label, _codes(data, variable, groups, merged), np.zeros(0), _labels(variable, groups))
        for variable, groups in zip(counts.variables, counts.groups, strict=True)
    ]
    name = CROSS.join(part.name for part in parts)
    if len(parts) == 1:
        return Margin(name, parts[0].codes, counts.columns[column], parts[0].labels)
    return crossed(name, parts, counts.columns[column])


def _codes(data: Dataset, variable: Variable, groups: tuple[str, ...], merged: Mapping[str, str]) -> Codes:
    codes = data.codes(variable.name)
    missing = codes >= first_missing(codes)
    if not missing.any():
        return codes
    if variable.name in merged:
        return _filled(codes, missing, groups.index(merged[variable.name]))
    if groups[-1] == MISSING:
        return _filled(codes, missing, len(groups) - 1)
    fail("margin_missing", n=int(missing.sum()), name=variable.label, variable=variable.name)


def _filled(codes: Codes, missing: NDArray[np.bool_], group: int) -> Codes:
    found = codes.copy()
    found[missing] = group
    return found


def _labels(variable: Variable, groups: tuple[str, ...]) -> tuple[str, ...]:
    labels = tuple(option.label for option in variable.options)
    return (*labels, MISSING) if len(groups) > len(labels) else labels
