"""Rules of `sample:` and `quotas:`: do they fit the inference, and do they go by what is kept?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from topline.base import Finding
from topline.base.hints import nearest
from topline.study.marks import Map, Seq, Text, mark_of
from topline.study.model import Study

_SAMPLED: Final = ("design", "descriptive")


def fieldwork_findings(study: Study) -> Iterator[Finding]:
    """Every finding about how people are drawn and how many are wanted."""
    sample, quotas = study.settings.get("sample"), study.settings.get("quotas")
    if isinstance(sample, Map):
        yield from _sample(study, sample)
    if isinstance(quotas, Map):
        yield from _quotas(study, quotas)


def _sample(study: Study, sample: Map) -> Iterator[Finding]:
    if study.inference not in _SAMPLED:
        yield Finding("sample-not-design", {"inference": study.inference}, sample.key("size").mark)
    by = sample.get("by")
    for name in by if isinstance(by, Seq) else ():
        if isinstance(name, Text) and name not in _kept(study):
            values = {"name": name, "near": nearest(name, _kept(study))}
            yield Finding("sample-by-not-kept", values, name.mark)
    yield from _units(study, sample)
    spread, allocation = sample.get("spread"), sample.get("allocation")
    if allocation == "neyman" and spread is None:
        yield Finding("sample-neyman-spread", {}, mark_of(allocation))
    if isinstance(spread, Text) and not (Path(study.folder) / spread).is_file():
        yield Finding("named-file-missing", {"file": spread}, spread.mark)


def _units(study: Study, sample: Map) -> Iterator[Finding]:
    """What of a sample of units is wrong, at the setting that it is about."""
    by, units = sample.get("by"), sample.get("units")
    names = [str(each) for each in by] if isinstance(by, Seq) else []
    method = sample.get("method") or ("stratified" if names else "simple")
    if fault := fault_of_units(study, str(method), names, has_number=units is not None):
        at = {"sample-units-alone": units, "sample-pps-by": by}.get(fault.id) or sample["method"]
        yield replace(fault, mark=mark_of(at))


def fault_of_units(study: Study, method: str, by: Sequence[str], *, has_number: bool) -> Finding | None:
    """Why a sample cannot be drawn in units, or its errors would not go by them."""
    if method != "pps":
        return Finding("sample-units-alone", {"method": method}) if has_number else None
    if not has_number:
        return Finding("sample-pps-without", {})
    if len(by) != 1:
        return Finding("sample-pps-by", {"given": ", ".join(by) or "none"})
    if study.inference == "design" and not _by_units(study, by[0]):
        return Finding("sample-pps-design", {"by": by[0]})
    return None


def _by_units(study: Study, unit: str) -> bool:
    """Whether errors go by the units of a pps sample: clusters of the design, drawn with unequal chances."""
    analysis = study.settings.get("analysis")
    design = analysis.get("design") if isinstance(analysis, Map) else None
    if not isinstance(design, Map):
        return False
    return design.get("clusters") == unit and not {"population", "clusters_in_all", "second"} & set(design)


def _quotas(study: Study, quotas: Map) -> Iterator[Finding]:
    if study.inference != "model":
        first = next(iter(quotas))
        yield Finding("quota-inference", {"inference": study.inference}, quotas.key(first).mark)
    attributes = {attribute.name: attribute for attribute in study.attributes}
    for name, groups in quotas.items():
        mark = quotas.key(name).mark
        if name in study.variables and name not in attributes:
            yield Finding("quota-answers", {"name": name}, mark)
        elif name not in _kept(study):
            yield Finding("quota-not-kept", {"name": name, "near": nearest(name, _kept(study))}, mark)
        elif isinstance(groups, Map):
            known = [option.name for option in attributes[name].options]
            for group in groups:
                if group not in known:
                    values = {"name": name, "group": group, "near": nearest(group, known)}
                    yield Finding("quota-group", values, groups.key(group).mark)


def _kept(study: Study) -> list[str]:
    """The attributes that stay beside the answers: the only ones known of a person after launch."""
    frame = study.settings.get("frame")
    keep = frame.get("keep") if isinstance(frame, Map) else None
    return [
        str(each.name)
        for each in study.attributes
        if each.kind == "codes" and (keep is None or each.name in keep)
    ]
