"""The design that a study declares: inference, frame and `analysis: design:`, with the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from topline.base import fail
from topline.base.words import words
from topline.dataset import Dataset, Floats, first_missing
from topline.designs.counts import read_counts
from topline.designs.design import Design, stratified
from topline.designs.levels import Ints, Lonely, Stage
from topline.designs.replicates import Method, Replicates, replicated
from topline.study import Study
from topline.study.model import Variable


def design_of(study: Study, data: Dataset) -> Design:
    """The design of the answers as they are: with the weights of the file, or none.

    - `descriptive`: no intervals.
    - `census-nonresponse`: everybody was invited; those who replied count as a simple random sample of the
      frame, with its finite population correction.
    - `design`: the strata and population counts of `analysis: design:`.
    - `model`: people drawn with replacement, if the study names that model, else no intervals.
    """
    weights = data.weights if data.weights is not None else np.ones(data.n)
    said = "weighting-of-file" if data.weights is not None else "weighting-none"
    design = Design(
        study.inference,
        weights,
        np.zeros(data.n, dtype=np.intp),
        intervals=False,
        sentence=words(said),
    )
    if study.inference == "census-nonresponse":
        invited = invited_of(study)
        if invited is None:
            fail("invited_missing")
        return replace(design, population=np.array([float(invited)]), intervals=True)
    if study.inference == "design":
        return declared(design, study, data)
    if study.inference == "model" and isinstance(study.settings.get("inference"), Mapping):
        return replace(design, intervals=True)
    return design


def invited_of(study: Study) -> int | None:
    """How many people were invited, as the study's frame says."""
    frame = study.settings.get("frame")
    invited = frame.get("invited") if isinstance(frame, Mapping) else None
    return None if invited is None else int(str(invited))


def declared(design: Design, study: Study, data: Dataset) -> Design:
    """The design of `analysis: design:`: strata, clusters, a second stage, or replicate weights."""
    plan = _plan(study)
    if "replicates" in plan:
        found = _replicates(plan["replicates"], design, study, data)
        return replace(design, intervals=True, replicates=found)
    parts: dict[str, Any] = {"intervals": True, "lonely": cast(Lonely, plan.get("lonely", "refuse"))}
    if "strata" in plan:
        parts |= _strata(design, plan, study, data)
    if "clusters" in plan:
        parts["clusters"] = _ids(str(plan["clusters"]), study, data)
        if "clusters_in_all" in plan:
            parts["population"] = np.array([float(str(plan["clusters_in_all"]))])
        if "second" in plan:
            parts["second"] = _second(plan["second"], parts["clusters"], study, data)
    elif plan.get("kind") == "clustered":
        fail("clusters_needed")
    return replace(design, **parts)


def _strata(design: Design, plan: Mapping[str, object], study: Study, data: Dataset) -> dict[str, Any]:
    """The strata and the units that each has in all: people, or clusters, which are not known here yet.

    So neither lonely nor overfull strata are judged here, but where the whole design is put together.
    """
    variable = study.variables.get(str(plan["strata"]))
    if variable is None or variable.kind != "codes":
        fail("stratum_unknown", name=plan["strata"])
    codes, names = data.codes(variable.name), tuple(option.label for option in variable.options)
    divided = stratified(replace(design, lonely="remove"), codes, names, None)
    counts = None
    if "population" in plan:
        counts = read_counts(variable, Path(study.folder) / str(plan["population"]))[np.unique(codes)]
    return {"strata": divided.strata, "strata_names": divided.strata_names, "population": counts}


def _second(settings: object, clusters: Ints, study: Study, data: Dataset) -> Stage:
    """The units drawn within clusters, and the number of units that each cluster has."""
    plan = settings if isinstance(settings, Mapping) else {}
    units, counts = _ids(str(plan["units"]), study, data), _numbers(str(plan["of"]), study, data)
    _, first = np.unique(clusters, return_index=True)
    population = counts[first]
    if (population[clusters] != counts).any():
        fail("units_counts", name=plan["of"])
    return Stage(units, population)


def _replicates(settings: object, design: Design, study: Study, data: Dataset) -> Replicates:
    plan: Mapping[str, Any] = settings if isinstance(settings, Mapping) else {}
    weights = np.column_stack([_numbers(str(name), study, data) for name in plan["weights"]])
    method, mse = cast(Method, str(plan["method"])), plan.get("mse") is True
    if "rscales" not in plan and "scale" not in plan:
        return replicated(weights, design.weights, method, float(plan.get("rho", 0.0)), mse)
    rscales = np.array([float(one) for one in plan.get("rscales", [1.0] * weights.shape[1])])
    return Replicates(weights, float(plan.get("scale", 1.0)), rscales, mse, method)


def _ids(name: str, study: Study, data: Dataset) -> Ints:
    """The units that a variable numbers (n,), 0 and on."""
    variable = _variable(name, study)
    if variable.kind == "number":
        return np.unique(_numbers(name, study, data), return_inverse=True)[1].astype(np.intp)
    codes = data.codes(name)
    if (codes >= first_missing(codes)).any():
        fail("units_missing", n=int((codes >= first_missing(codes)).sum()), name=name)
    return np.unique(codes, return_inverse=True)[1].astype(np.intp)


def _numbers(name: str, study: Study, data: Dataset) -> Floats:
    if _variable(name, study).kind != "number":
        fail("units_no_number", name=name)
    values = data.numbers(name).values
    if np.isnan(values).any():
        fail("units_missing", n=int(np.isnan(values).sum()), name=name)
    return values


def _variable(name: str, study: Study) -> Variable:
    variable = study.variables.get(name)
    if variable is None or variable.kind not in ("codes", "number"):
        fail("units_unknown", name=name)
    return variable


def _plan(study: Study) -> Mapping[str, object]:
    analysis = study.settings.get("analysis")
    plan = analysis.get("design") if isinstance(analysis, Mapping) else None
    return plan if isinstance(plan, Mapping) else {}
