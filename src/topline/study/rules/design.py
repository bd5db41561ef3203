"""Rules of `analysis: design:`: do its settings go together, and are the variables that it names there?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final, cast

from topline.base import Finding
from topline.study.marks import Map, Seq, Text, mark_of
from topline.study.model import Study
from topline.study.rules.weighting import table_of_counts

#: Settings that replicate weights stand in the place of.
_DRAWN: Final = ("strata", "clusters", "population", "clusters_in_all", "second", "lonely")


def design_findings(study: Study) -> Iterator[Finding]:
    """Every finding about the sampling design."""
    analysis = study.settings.get("analysis")
    plan = analysis.get("design") if isinstance(analysis, Map) else None
    if not isinstance(plan, Map):
        return
    if "replicates" in plan:
        for name in _DRAWN:
            if name in plan:
                yield Finding("design-replicates-alone", {"setting": name}, plan.key(name).mark)
        yield from _replicates(study, cast(Map, plan["replicates"]))
        return
    if plan.get("kind") == "clustered" and "clusters" not in plan:
        yield Finding("clusters_needed", {}, plan.mark)
    yield from _strata(study, plan)
    if "clusters" in plan:
        yield from _units(study, cast(Text, plan["clusters"]))
    if "second" in plan:
        yield from _second(study, plan, cast(Map, plan["second"]))


def _strata(study: Study, plan: Map) -> Iterator[Finding]:
    """Strata, and the counts of their population."""
    strata = plan.get("strata")
    if isinstance(strata, Text):
        variable = study.variables.get(strata)
        if variable is None or variable.kind != "codes":
            yield Finding("stratum_unknown", {"name": strata}, strata.mark)
        elif "population" in plan:
            file = cast(Text, plan["population"])
            if "sample" in study.settings and not Path(study.folder, file).is_file():
                yield Finding("population-later", {"file": file}, file.mark)  # the close counts it
            else:
                yield from table_of_counts(study, strata, file, ("population",))
    elif "population" in plan:
        yield Finding("design-population", {}, mark_of(plan["population"]))
    if "clusters_in_all" in plan and ("strata" in plan or "clusters" not in plan):
        yield Finding("design-clusters-in-all", {}, mark_of(plan["clusters_in_all"]))


def _second(study: Study, plan: Map, second: Map) -> Iterator[Finding]:
    """What was drawn within clusters."""
    if "clusters" not in plan:
        yield Finding("design-second", {}, second.mark)
    elif "population" not in plan and "clusters_in_all" not in plan:
        yield Finding("stages_population", {}, second.mark)
    yield from _units(study, cast(Text, second["units"]))
    yield from _numbers(study, cast(Text, second["of"]))


def _replicates(study: Study, plan: Map) -> Iterator[Finding]:
    weights, method = cast(Seq, plan["weights"]), plan["method"]
    for name in weights:
        yield from _numbers(study, cast(Text, name))
    rscales = plan.get("rscales")
    if method == "JKn" and rscales is None:
        yield Finding("replicates_jkn", {}, mark_of(method))
    if isinstance(rscales, Seq) and len(rscales) != len(weights):
        yield Finding("replicates_scales", {"n": len(weights), "given": len(rscales)}, rscales.mark)
    rho = plan.get("rho")
    if isinstance(rho, Text) and not 0 <= Decimal(str(rho)) < 1:
        yield Finding("replicates_rho", {"rho": float(rho)}, rho.mark)


def _units(study: Study, name: Text) -> Iterator[Finding]:
    """A variable that numbers units."""
    variable = study.variables.get(name)
    if variable is None or variable.kind not in ("codes", "number"):
        yield Finding("units_unknown", {"name": name}, name.mark)


def _numbers(study: Study, name: Text) -> Iterator[Finding]:
    """A variable that holds counts or weights."""
    unknown = list(_units(study, name))
    yield from unknown
    if not unknown and study.variables[name].kind != "number":
        yield Finding("units_no_number", {"name": name}, name.mark)
