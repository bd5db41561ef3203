"""The weighting that a study asks for: base weights, non-response, targets, trimming; and its design.

Standard errors: where everybody was invited and classes are weighted to counts of the frame, respondents
count as a simple random sample of their class (SEMANTICS.md section 4); any other weighting to totals gives
the errors of residuals (`topline.designs.calibrated`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from topline.base import fail, half_up
from topline.base.words import words
from topline.dataset import Dataset, Floats
from topline.designs import Counts, Design, design_of, read_crossed, stratified
from topline.study import Study
from topline.weights.adjust import adjust_response, calibrate, post_stratify, rake
from topline.weights.ladder import ladder_of, merge_small
from topline.weights.margins import CROSS, Margin
from topline.weights.result import Weighted
from topline.weights.settings import Weighting, weighting_of
from topline.weights.targets import margin_of
from topline.weights.trim import cap, trim


@dataclass(frozen=True, eq=False)
class Step:
    """A weighting of a study: its design, and the steps in which its weights were made."""

    design: Design
    made: tuple[Weighted, ...] = ()


def weighted_designs(study: Study, data: Dataset) -> tuple[Design, ...]:
    """The designs that the study's `weighting:` asks for: the published one, and the one beside it if any."""
    return tuple(step.design for step in weightings(study, data))


def weightings(study: Study, data: Dataset) -> tuple[Step, ...]:
    """The same designs with the weights' diagnostics.

    `use` takes the weights of the file; `adjust: none` only those of the sampling design; other adjustments
    start from those of the file, or of the design, or from ones. A study that says nothing takes the weights
    of the file if it has any. Raises ToplineError for targets that no weights can meet, and for weights
    below 0.
    """
    settings = study.settings.get("weighting")
    if not isinstance(settings, Mapping):
        return (Step(with_sampling_weights(design_of(study, data), data)),)
    beside = settings.get("beside")
    wanted = [settings, beside] if isinstance(beside, Mapping) else [settings]
    return tuple(_weigh(weighting_of(each), study, data) for each in wanted)


def with_sampling_weights(design: Design, data: Dataset) -> Design:
    """A sample with declared counts, without weights: everybody counts for N_h / n_h of their stratum.

    With clusters these are counts of clusters; a second stage multiplies by the same within each cluster.
    """
    if design.inference != "design" or design.population is None or data.weights is not None:
        return design
    weights = (design.population / np.maximum(design.sizes, 1))[design.strata]
    if design.second is not None and design.clusters is not None:
        pairs = np.unique(np.stack([design.clusters, design.second.units]), axis=1)
        weights = weights * (design.second.population / np.bincount(pairs[0]))[design.clusters]
    return replace(design, weights=weights, sentence=words("weighting-sampling"))


def _weigh(plan: Weighting, study: Study, data: Dataset) -> Step:
    if plan.use and data.weights is None:
        fail("weights_absent", column=plan.use)
    if not (plan.use or plan.changes):
        data = replace(data, weights=None)
    design = with_sampling_weights(design_of(study, data), data)
    if not plan.changes:
        return Step(design, (Weighted(design.weights, design.weights, "given"),) if plan.use else ())
    census = design.inference == "census-nonresponse"
    said: list[str] = []
    made: list[Weighted] = []
    if plan.replies:
        replies, notes = _replies(plan, study, data, merge=census)
        made.append(replace(adjust_response(design.weights, replies), notes=notes))
        design = _in_classes(replace(design, weights=made[-1].weights), replies)
        said.append(words("weighting-nonresponse", label=_lower(replies.name)))
    if plan.adjust != "none":
        # In a census one target of classes makes strata of them, and no residuals are needed
        classes = census and plan.adjust == "post_stratify" and not said
        margins, notes = _margins(plan, study, data, merge=classes)
        total = float(margins[0].counts.sum())
        base = design.weights * (total / float(design.weights.sum()))
        weighted = replace(_adjusted(plan, base, margins), notes=notes)
        if weighted.diagnostics.negative:
            fail("weights_below_zero", n=weighted.diagnostics.negative)
        made.append(replace(weighted, calibration=None) if classes else weighted)
        names = ", ".join(_lower(margin.name) for margin in margins)
        said.append(words(f"weighting-{plan.adjust.replace('_', '-')}", label=names))
        design = _in_classes(design, margins[0]) if classes else weighted.design(design)
    weighted = made[-1]
    if plan.cap is not None:
        said.append(words("weighting-cap", limit=f"{plan.cap:g}"))
    cost = weighted.diagnostics
    cost_said = words(
        "weighting-cost", deff=f"{half_up(cost.deff, 2)}", largest=f"{half_up(cost.largest, 2)}"
    )
    notes = tuple(note for each in made for note in each.notes)
    sentence = " ".join((words("weighting-made", how="; ".join(said)), cost_said, *notes))
    return Step(replace(design, weights=weighted.weights, sentence=sentence), tuple(made))


def _adjusted(plan: Weighting, base: Floats, margins: tuple[Margin, ...]) -> Weighted:
    def again(base: Floats) -> Weighted:
        if plan.adjust == "rake":
            # R's convention for rake overstates errors of small strata drawn more densely (decision 0011)
            return rake(base, margins, errors="calibrate")
        if plan.adjust == "calibrate":
            return calibrate(base, margins, plan.distance)
        return post_stratify(base, margins[0])

    weighted = again(base)
    if plan.cap is None:
        return weighted
    if plan.rerake:
        return cap(weighted, plan.cap, again)
    return trim(weighted, upper=plan.cap * float(weighted.weights.mean()), strict=True)


def _margins(
    plan: Weighting, study: Study, data: Dataset, *, merge: bool
) -> tuple[tuple[Margin, ...], tuple[str, ...]]:
    """The targets as margins; with `scale_to`, all with the total of that one. `merge` small classes."""
    margins: dict[str, Margin] = {}
    notes: list[str] = []
    for name, file in plan.targets.items():
        counts = _read(study, name, file)
        margins[name] = margin_of(counts, data, plan.merged)
        if merge:
            margins[name], said = merge_small(margins[name], ladder_of(counts, data))
            notes += said
    if plan.scale_to:
        total = float(margins[plan.scale_to].counts.sum())
        margins = {
            name: replace(m, counts=m.counts * (total / m.counts.sum())) for name, m in margins.items()
        }
    return tuple(margins.values()), tuple(notes)


def _replies(plan: Weighting, study: Study, data: Dataset, *, merge: bool) -> tuple[Margin, tuple[str, ...]]:
    """The classes of non-response with the people invited in each; no more may have answered than replied.

    `merge` small classes, and say so.
    """
    columns = ("invited", "replied")
    counts = _read(study, plan.classes, plan.replies, columns)
    invited, replied = (margin_of(counts, data, plan.merged, column) for column in columns)
    answers = np.bincount(invited.codes, minlength=len(invited.counts))
    for label, n, most in zip(invited.labels, answers, replied.counts, strict=True):
        if n > most:
            fail("replies_over", group=label, name=invited.name, n=n, replied=f"{most:g}")
    return merge_small(invited, ladder_of(counts, data)) if merge else (invited, ())


def _read(study: Study, name: str, file: str, columns: tuple[str, ...] = ("population",)) -> Counts:
    return read_crossed(study.variables, name, Path(study.folder) / file, columns)


def _in_classes(design: Design, margin: Margin) -> Design:
    """Respondents as a simple random sample of their class, where everybody was invited."""
    if design.inference != "census-nonresponse":
        return design
    codes = margin.codes.astype(np.uint16)
    return stratified(design, codes, margin.labels, margin.counts)


def _lower(label: str) -> str:
    """A label inside a sentence: first letter small, unless it is an abbreviation; of crossed ones each."""
    parts = label.split(CROSS)
    return CROSS.join(part if part[1:2].isupper() else part[:1].lower() + part[1:] for part in parts)
