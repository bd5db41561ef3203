"""Weights that bring the answers to known population counts: post-stratification by one variable.

In each class everybody's weight is multiplied by population / sum of weights (Lohr 2022, Sampling: Design and
Analysis, 3rd ed., section 4.4). The classes become the strata of the design, which is exact for equal weights
within a class: respondents count as a simple random sample of their class (SEMANTICS.md section 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from topline.base import fail, half_up
from topline.base.words import words
from topline.dataset import Dataset, Floats, first_missing
from topline.designs import Design, design_of, read_counts, stratified
from topline.study import Study
from topline.study.model import Variable

LEAST_IN_CLASS: Final = 10


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What weights cost: Kish's design effect n sum(w^2) / sum(w)^2, and the largest weight over the mean."""

    deff: float
    largest: float
    zeros: int


def diagnose(weights: Floats) -> Diagnostics:
    """Kish's design effect (Kish 1965, section 11.7), the largest weight in means, how many are zero."""
    total = float(weights.sum())
    deff = len(weights) * float((weights**2).sum()) / total**2
    return Diagnostics(deff, float(weights.max()) * len(weights) / total, int((weights == 0).sum()))


def post_stratify(design: Design, data: Dataset, variable: Variable, population: Floats) -> Design:
    """Weight to `population` (k,), counts in the order of the variable's options.

    Raises ToplineError where a class is empty or has under `LEAST_IN_CLASS` answers, where people have no
    class, and where more answered than there are.
    """
    codes = data.codes(variable.name)
    without = int((codes >= first_missing(codes)).sum())
    if without:
        fail("class_missing", n=without, name=variable.label)
    answers = np.bincount(codes, minlength=len(variable.options))
    for bad, id in ((answers == 0, "class_empty"), (answers < LEAST_IN_CLASS, "class_small")):
        if bad.any():
            lacking = ", ".join(o.label for o, hit in zip(variable.options, bad, strict=True) if hit)
            fail(id, names=lacking, name=variable.label, least=LEAST_IN_CLASS)
    totals = np.bincount(codes, design.weights, minlength=len(variable.options))
    weights = design.weights * (population / totals)[codes]
    cost = diagnose(weights)
    said = words(
        "weighting-post-stratified",
        label=_lower(variable.label),
        deff=f"{half_up(cost.deff, 2)}",
        largest=f"{half_up(cost.largest, 2)}",
    )
    names = tuple(option.label for option in variable.options)
    # Without a frame there is no finite population of the classes to correct for
    finite = population if design.inference == "census-nonresponse" else None
    if not design.intervals:
        return replace(design, weights=weights, sentence=said)
    weighted = replace(design, weights=weights, sentence=said)
    return stratified(weighted, codes, names, finite)


def weighted_designs(study: Study, data: Dataset) -> tuple[Design, ...]:
    """The designs that the study's `weighting:` asks for: the published one, and the one beside it if any.

    `use` takes the weights of the file, `adjust: none` no weights, `adjust: post_stratify` adjusts those of
    the file, or ones. A study that says nothing takes the weights of the file if it has any.
    """
    settings = study.settings.get("weighting")
    if not isinstance(settings, Mapping):
        return (design_of(study, data),)
    beside = settings.get("beside")
    wanted = [settings, beside] if isinstance(beside, Mapping) else [settings]
    return tuple(_weighted(each, study, data) for each in wanted)


def _weighted(settings: Mapping[str, object], study: Study, data: Dataset) -> Design:
    if "use" in settings:
        if data.weights is None:
            fail("weights_absent", column=settings["use"])
        return design_of(study, data)
    adjust = str(settings.get("adjust", "none"))
    if adjust == "none":
        return design_of(study, replace(data, weights=None))
    if adjust != "post_stratify":
        fail("weighting_unknown", adjust=adjust)
    targets = settings.get("targets")
    files = dict(targets) if isinstance(targets, Mapping) else {}
    if len(files) != 1:
        fail("weighting_one", n=len(files))
    name, file = next(iter(files.items()))
    variable = study.variables.get(str(name))
    if variable is None or variable.kind != "codes":
        fail("weighting_no_variable", name=name)
    design = design_of(study, data)
    return post_stratify(design, data, variable, read_counts(variable, Path(study.folder) / str(file)))


def _lower(label: str) -> str:
    """A label inside a sentence: its first letter small, unless the word is an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
