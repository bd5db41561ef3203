"""Key figures of everybody, without the flagged, and without those whom declared rules take out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from topline.dataset import Dataset, Floats
from topline.dataset.quality import Quality, without
from topline.study.address import Address, parse_address
from topline.study.model import Variable
from topline.tables.measures import Measure, measure_of
from topline.weights import weighted_designs


@dataclass(frozen=True, slots=True)
class Value:
    """A figure of some people: in per cent, or a mean; None where nobody is in its base of `base` people."""

    value: float | None
    base: int


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure under its address, three times; each time weighted anew as the study says."""

    address: str
    label: str
    everybody: Value
    unflagged: Value
    kept: Value

    @property
    def difference(self) -> float | None:
        """Without the flagged less everybody, on unrounded values."""
        if self.unflagged.value is None or self.everybody.value is None:
            return None
        return self.unflagged.value - self.everybody.value


def key_figures(data: Dataset, quality: Quality, figures: Sequence[str] = ()) -> tuple[KeyFigure, ...]:
    """The figures that the study names (`quality: figures:`), or `figures`.

    `data` are those of everybody: the checks of `quality` were made on them. Raises ToplineError for an
    address that cannot be read.
    """
    addresses = [parse_address(figure) for figure in figures or quality.rules.figures]
    if not addresses:
        return ()
    some = (data, without(data, quality.flagged), without(data, quality.out))
    weights = [weighted_designs(data.study, each)[0].weights if each.n else np.ones(0) for each in some]
    return tuple(
        KeyFigure(
            str(address),
            _label(address, data.study.variables[address.variable]),
            *(_value(address, each, w) for each, w in zip(some, weights, strict=True)),
        )
        for address in addresses
    )


def _value(address: Address, data: Dataset, weights: Floats) -> Value:
    """Weighted share or mean: sum of w y over sum of w in the base."""
    measure = measure_of(data.study.variables[address.variable], data)
    found = _of(measure, address) if measure else None
    if found is None:
        return Value(None, 0)
    base = np.isfinite(found)
    total = float(weights[base].sum())
    scale = 1.0 if address.stat else 100.0
    value = scale * float((weights[base] * found[base]).sum()) / total if total > 0 else None
    return Value(value, int(base.sum()))


def _of(measure: Measure, address: Address) -> Floats | None:
    if address.stat:
        return measure.mean()
    return measure.share(address.answers, complement=address.op == "!=")


def _label(address: Address, variable: Variable) -> str:
    label = variable.label
    if variable.row and variable.question:
        label = f"{variable.question.label}: {label}"
    if address.stat:
        return label
    named = {option.name: option.label for option in variable.options}
    named |= {net.name: net.label for net in variable.nets}
    named |= {kind.name: kind.label for kind in variable.counted}
    sign = " not" if address.op == "!=" else ""
    return f"{label}:{sign} {', '.join(named.get(name, name) for name in address.answers)}"
