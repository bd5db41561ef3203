"""The result of weighting: weights with what they were made from, what they reach and what they cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from topline.base import Finding
from topline.dataset import Floats
from topline.designs import Calibration, Design
from topline.weights.diagnostics import Diagnostics, diagnose
from topline.weights.margins import Margin, Total

Method = Literal["given", "non-response", "post-stratification", "raking", "calibration", "trimming"]


@dataclass(frozen=True, eq=False)
class MarginReport:
    """A margin before and after: people, base weights, weights and wanted counts in each group (k,).

    Of the total of a number there is one group, and `n` is everybody.
    """

    name: str
    labels: tuple[str, ...]
    n: Floats
    before: Floats
    after: Floats
    wanted: Floats
    number: bool = False

    @property
    def off(self) -> float:
        """The largest difference from a wanted count, as a share of it."""
        return float(self._differences.max())

    @property
    def worst(self) -> str:
        """The group that is furthest off."""
        return self.labels[int(np.argmax(self._differences))]

    @property
    def _differences(self) -> Floats:
        wanted = np.where(self.wanted == 0.0, 1.0, np.abs(self.wanted))
        return np.abs(self.after - self.wanted) / wanted


@dataclass(frozen=True, eq=False)
class Weighted:
    """Weights (n,) made from `base` (n,) by a method.

    `targets` is what they were brought to. `rounds` is the number of iterations, and `cells` of the cells
    that they went over. `calibration` is what standard errors need; None where weights were not brought to
    totals of the population. `findings` are warnings, `notes` sentences on what was done to the classes.
    """

    weights: Floats
    base: Floats
    method: Method
    targets: tuple[Margin | Total, ...] = ()
    rounds: int = 0
    cells: int = 0
    calibration: Calibration | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Lock the weights: a result is a value."""
        self.weights.setflags(write=False)

    @cached_property
    def margins(self) -> tuple[MarginReport, ...]:
        """Every target with what it was before and is after."""
        return tuple(_report(target, self.base, self.weights) for target in self.targets)

    @cached_property
    def diagnostics(self) -> Diagnostics:
        """What the weights cost."""
        return diagnose(self.weights)

    def design(self, design: Design, sentence: str = "") -> Design:
        """The design with these weights, whose errors are those of residuals."""
        said = sentence or design.sentence
        return replace(design, weights=self.weights, calibration=self.calibration, sentence=said)

    def __str__(self) -> str:
        """Give the diagnostics and the margins as a small table of text."""
        from topline.weights.printed import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        """Give the same to notebooks."""
        from topline.weights.printed import as_html

        return as_html(self)


def _report(target: Margin | Total, base: Floats, weights: Floats) -> MarginReport:
    before, after = target.sums(base), target.sums(weights)
    if isinstance(target, Total):
        n, wanted = np.array([float(len(base))]), np.array([target.total])
        return MarginReport(target.name, (target.name,), n, before, after, wanted, number=True)
    n = target.sums(np.ones(len(base)))
    return MarginReport(target.name, target.labels, n, before, after, target.counts)


def warnings_of(weights: Floats) -> tuple[Finding, ...]:
    """Warnings about weights of zero, which count nobody, and below zero, which no table can show."""
    cost, found = diagnose(weights), []
    if cost.zeros:
        found.append(Finding("weights_zero", {"n": cost.zeros}))
    if cost.negative:
        found.append(Finding("weights_negative", {"n": cost.negative, "least": f"{weights.min():.4g}"}))
    return tuple(found)
