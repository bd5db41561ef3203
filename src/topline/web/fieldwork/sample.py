"""A sample of the frame: drawn before launch among the people listed. Only those drawn are ever invited.

What is kept of it is the plan with its seed, and counts by stratum; whoever was not drawn stays listed.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from topline.base import Mark, ToplineError, fail
from topline.sampling import Allocation, Method, Plan, Sample, draw, size_for_margin
from topline.study.model import Study
from topline.study.rules.fieldwork import fault_of_units
from topline.web.fieldwork.cells import Cell, cell_of
from topline.web.fieldwork.frame import kept_attributes
from topline.web.fieldwork.promise import is_launched
from topline.web.store.audit import note
from topline.web.store.engines import Engine, Transaction
from topline.web.store.kinds import dump

#: What the figures may rest on where only a part of the frame is invited.
_INFERENCES = ("design", "descriptive")


def listed_cells(engine: Engine, study: Study) -> dict[int, Cell]:
    """The groups of everybody who is listed, by number; ToplineError if nobody is, or after launch."""
    if is_launched(engine, study.id):
        fail("sample-launched", study=study.id)
    kept = [str(each.name) for each in kept_attributes(study)]
    rows = engine.rows(
        "select id, cell from invite where study = ? and state = 'listed' and way = 'list' order by id",
        study.id,
    )
    if not rows:
        fail("sample-nobody", study=study.id)
    return {id: cell_of(cell, kept) for id, cell in rows}


def plan_of(study: Study, given: Mapping[str, Any], people: int) -> Plan:
    """The plan that `sample:` of study.yaml and what is `given` on the command line make together.

    `given` wins; `margin` is turned into a size for this many people.
    """
    if study.inference not in _INFERENCES:
        fail("sample-inference", study=study.id, inference=study.inference)
    declared = study.settings.get("sample")
    told: dict[str, Any] = dict(declared) if isinstance(declared, Mapping) else {}
    told |= {name: value for name, value in given.items() if value is not None}
    if given.get("margin") is not None:
        if given.get("size") is not None:
            fail("sample-both")
        told["size"] = size_for_margin(float(given["margin"]), population=people)
    if "size" not in told:
        fail("sample-none")
    by = tuple(str(each) for each in told.get("by", ()))
    _known(study, by)
    method = cast(Method, str(told.get("method") or ("stratified" if by else "simple")))
    if method != "pps" and given.get("units") is None:
        told.pop("units", None)  # that of study.yaml is of the method that stands there
    if fault := fault_of_units(study, method, by, has_number="units" in told):
        raise ToplineError(fault)
    units = int(str(told.get("units", 0)))
    allocation = cast(Allocation, str(told.get("allocation", "proportional")))
    spread = {}
    if allocation == "neyman" and "spread" in told:
        spread = _spreads(Path(study.folder) / str(told["spread"]), by)
    least = int(str(told.get("least", 2)))
    size, seed = int(str(told["size"])), int(str(told.get("seed", 1)))
    return Plan(size, seed, method, by, allocation, least, spread, units)


def drawn_of(study: Study, plan: Plan, cells: Mapping[int, Cell]) -> Sample:
    """Draw: the places of the sample are those of `cells`, in order."""
    kept = [str(each.name) for each in kept_attributes(study)]
    at = [kept.index(name) for name in plan.by]
    return draw(plan, [tuple(cell[place] for place in at) for cell in cells.values()])


def keep_sample(engine: Engine, study: Study, cells: Mapping[int, Cell], sample: Sample) -> None:
    """Mark those drawn, in place of an earlier draw, and write down plan and counts."""
    ids = list(cells)
    chosen = [(study.id, ids[place]) for place in sample.places.tolist()]
    plan = {
        "method": sample.plan.method,
        "by": list(sample.plan.by),
        "allocation": sample.plan.allocation,
        "size": sample.plan.size,
        "seed": sample.plan.seed,
        "strata": [
            [list(each.groups), each.population, each.drawn, each.probability] for each in sample.strata
        ],
    }
    if sample.plan.units:
        plan["units"] = sample.plan.units

    def work(db: Transaction) -> None:
        db.change("update invite set drawn = 0 where study = ? and way = 'list'", study.id)
        db.many("update invite set drawn = 1 where study = ? and id = ?", chosen)
        db.change("delete from sample where study = ?", study.id)
        db.change("insert into sample (study, plan) values (?, ?)", study.id, dump(plan))
        told = {name: plan[name] for name in plan if name != "strata"}
        note(db, study.id, "sample", listed=len(cells), **told)

    engine.write(work)


def _known(study: Study, by: Sequence[str]) -> None:
    kept = [str(each.name) for each in kept_attributes(study)]
    for name in by:
        if name not in kept:
            fail("sample-by-unknown", name=name, allowed=", ".join(kept) or "nothing is kept")


def _spreads(path: Path, by: Sequence[str]) -> dict[Cell, float]:
    """A file of spreads: a column for each attribute of `by`, then a number; a line for each stratum."""
    if not path.is_file():
        fail("frame-missing", file=path)
    found: dict[Cell, float] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader, None)
        for row in reader:
            if not row:
                continue
            try:
                *groups, spread = (cell.strip() for cell in row)
                if len(groups) != len(by):
                    raise ValueError(f"{len(row)} cells")
                found[tuple(each or None for each in groups)] = float(spread)
            except ValueError as error:
                mark = Mark(str(path), reader.line_num)
                fail("sample-spread-line", mark, why=error, by=", ".join(by))
    return found
