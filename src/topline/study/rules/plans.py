"""Rules of study.yaml: do its plans speak of things that exist, and do the files that they name?"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

from topline.base import Finding, Mark, ToplineError
from topline.base.hints import nearest
from topline.study.address import parse_address
from topline.study.marks import Map, Seq, Text, mark_of
from topline.study.model import MISSING_KINDS, SYSTEM_MISSING, Study
from topline.study.resolve import resolve
from topline.study.rules.design import design_findings
from topline.study.rules.fieldwork import fieldwork_findings
from topline.study.rules.quality import quality_findings
from topline.study.rules.weighting import weighting_findings

#: A banner of more columns fits no page (Total not counted).
BANNER_LIMIT: Final = 20
#: Under this a figure of a group can be one person's answer to a colleague who knows the others'.
LEAST_MINIMUM: Final = 3
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def plan_findings(study: Study) -> Iterator[Finding]:
    """Every finding about study.yaml."""
    yield from _languages(study)
    yield from _dates(study)
    yield from _outcomes(study)
    yield from _inference(study)
    yield from _files(study)
    yield from _frame(study)
    yield from _ladders(study)
    yield from fieldwork_findings(study)
    yield from weighting_findings(study)
    yield from design_findings(study)
    yield from quality_findings(study)
    yield from _analysis(study)
    yield from _data(study)
    yield from _crossings(study)


def part(study: Study, *path: str) -> Map:
    """A part of study.yaml; empty if it is not there."""
    value: object = study.settings
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, Map) else Map([], Mark("study.yaml"))


def listed(map: Map, name: str) -> list[Text]:
    """A list of texts in a part; empty if it is not there."""
    return [cast(Text, item) for item in cast(Seq, map.get(name) or ())]


def _languages(study: Study) -> Iterator[Finding]:
    seen: set[str] = set()
    for tag in study.languages:
        if not _LANGUAGE.fullmatch(tag):
            yield Finding("language-tag", {"given": tag}, mark_of(tag))
        if tag in seen:
            yield Finding("language-twice", {"given": tag}, mark_of(tag))
        seen.add(tag)


def _dates(study: Study) -> Iterator[Finding]:
    dates = part(study, "fieldwork")
    if dates and str(dates["from"]) > str(dates["to"]):
        yield Finding("fieldwork-dates", {"first": dates["from"], "last": dates["to"]}, mark_of(dates["to"]))


def _outcomes(study: Study) -> Iterator[Finding]:
    said = part(study, "outcomes")
    if said and not 0 < int(str(said["partial"])) < int(str(said["complete"])) <= 100:
        values = {"complete": said["complete"], "partial": said["partial"]}
        yield Finding("outcomes-order", values, mark_of(said["complete"]))


def _inference(study: Study) -> Iterator[Finding]:
    frame, mark = part(study, "frame"), mark_of(study.settings.get("inference"))
    if study.inference == "census-nonresponse" and not ("invited" in frame or "file" in frame):
        yield Finding("inference-needs-frame", {}, mark)
    if study.inference == "census-nonresponse" and frame.get("kind") == "open":
        yield Finding("inference-open-frame", {"inference": study.inference}, mark)
    if study.inference == "design" and "design" not in part(study, "analysis"):
        yield Finding("inference-needs-design", {}, mark)


def _files(study: Study) -> Iterator[Finding]:
    """Files that the study names and that are part of it; the frame is kept elsewhere and may be absent."""
    named = [
        part(study, "report").get("file"),
        part(study, "data").get("file"),
        study.settings.get("privacy"),
    ]
    for name in named:
        if isinstance(name, Text) and not (Path(study.folder) / name).is_file():
            yield Finding("named-file-missing", {"file": name}, name.mark)


def _frame(study: Study) -> Iterator[Finding]:
    frame = part(study, "frame")
    attributes = {attribute.name: attribute for attribute in study.attributes}
    for name in listed(frame, "keep"):
        if name not in attributes:
            yield Finding("keep-unknown", {"name": name, "near": nearest(name, attributes)}, name.mark)
    file = frame.get("file")
    if not isinstance(file, Text) or not (Path(study.folder) / file).is_file():
        return
    with (Path(study.folder) / file).open(encoding="utf-8-sig", newline="") as lines:
        columns = next(csv.reader(lines), [])
    key = frame.get("key")
    if isinstance(key, Text) and key not in columns:
        values = {"column": key, "file": file, "columns": ", ".join(columns)}
        yield Finding("frame-lacks-column", values, key.mark)
    for attribute in attributes.values():
        column = attribute.column or attribute.name
        if attribute.bands_of is None and column not in columns:
            values = {"column": column, "file": file, "columns": ", ".join(columns)}
            yield Finding("frame-lacks-column", values, mark_of(attribute.column) or attribute.mark)


def _ladders(study: Study) -> Iterator[Finding]:
    """The levels that small groups are merged into have groups themselves."""
    coded = [variable.name for variable in study.variables.values() if variable.kind == "codes"]
    for attribute in study.attributes:
        for name in attribute.coarsen:
            if name not in coded or name == attribute.name:
                values = {"name": name, "attribute": attribute.name, "near": nearest(name, coded)}
                yield Finding("coarsen-unknown", values, mark_of(name) or attribute.mark)


def _analysis(study: Study) -> Iterator[Finding]:
    analysis = part(study, "analysis")
    names = [v.name for v in study.variables.values() if v.options]
    names += [group.name for group in study.questionnaire.groups]
    columns = 0
    for name in listed(analysis, "banner"):
        if name not in names:
            yield Finding("banner-unknown", {"name": name, "near": nearest(name, names)}, name.mark)
        elif name in study.variables:
            columns += len(study.variables[name].options)
        else:
            columns += 1
    if columns > BANNER_LIMIT:
        mark = mark_of(analysis["banner"])
        yield Finding("banner-wide", {"n": columns, "most": BANNER_LIMIT}, mark)
    tabulate = part(study, "analysis", "tabulate")
    for source in tabulate:
        if source not in names:
            mark = tabulate.key(source).mark
            yield Finding("banner-unknown", {"name": source, "near": nearest(source, names)}, mark)
    for skipped in listed(part(study, "analysis", "tables"), "skip"):
        if skipped not in study.questionnaire.by_id:
            near = nearest(skipped, study.questionnaire.by_id)
            yield Finding("skip-unknown", {"name": skipped, "near": near}, skipped.mark)
    for measures in part(study, "analysis", "sets").values():
        for measure in cast(Seq, measures):
            try:
                yield from resolve(parse_address(str(measure), mark_of(measure)), study, mark_of(measure))
            except ToplineError as error:
                yield from error.findings


def _data(study: Study) -> Iterator[Finding]:
    codes = part(study, "data", "codes")
    allowed = (*MISSING_KINDS, "chosen", "not_chosen")
    for name in codes:
        if name not in allowed:
            yield Finding(
                "data-code-unknown", {"name": name, "near": nearest(name, allowed)}, codes.key(name).mark
            )
    yield from _file_codes(study)
    if not part(study, "data") or "columns" in part(study, "data"):
        return
    for question in study:
        mark = question.marks.get("column", question.mark)
        hole = {"grid": "{row}", "multiple": "{option}", "rank": "{place}"}.get(question.kind)
        if question.column is None:
            if question.kind != "info":
                yield Finding("column-missing", {"name": question.id}, question.mark)
        elif hole and hole not in question.column:
            values = {"name": question.id, "kind": question.kind, "hole": hole}
            yield Finding("column-hole", values, mark)


def _file_codes(study: Study) -> Iterator[Finding]:
    """Texts of the file that stand for two things: an answer would be read as missing, or the reverse.

    `not_chosen` may be written as a missing kind is: such a file does not tell the two apart, and says so.
    """
    codes = part(study, "data", "codes")
    kinds = {str(text): name for name, text in codes.items() if name in MISSING_KINDS}
    for name, text in codes.items():
        same = [other for other, its in codes.items() if its == text]
        if name == same[-1] and len(same) > 1 and not ("not_chosen" in same and "chosen" not in same):
            values = {"text": text, "first": same[0], "second": name, "list": "data: codes:"}
            yield Finding("data-code-twice", values, mark_of(text))
    told: set[str] = set()
    for variable in study.variables.values():
        if variable.kind not in ("codes", "rank") or variable.source in ("derived", "split"):
            continue
        possible = {*SYSTEM_MISSING, *(kind.name for kind in variable.missing)}
        for option in variable.options:
            written = option.data or (option.name if option.code is None else str(option.code))
            if (kind := kinds.get(written, "")) in possible and kind not in told:
                told.add(kind)
                values = {"text": written, "first": kind, "second": option.name, "list": variable.name}
                yield Finding("data-code-twice", values, mark_of(codes[kind]))


def _crossings(study: Study) -> Iterator[Finding]:
    minimum = part(study, "disclosure").get("group_minimum")
    if isinstance(minimum, Text) and int(minimum) < LEAST_MINIMUM:
        values = {"given": minimum, "least": LEAST_MINIMUM}
        yield Finding("group-minimum-low", values, minimum.mark)
    for pair in cast(Seq, part(study, "disclosure").get("never_cross") or ()):
        for name in cast(Seq, pair):
            if name not in study.variables:
                values = {"name": name, "near": nearest(str(name), study.variables)}
                yield Finding("banner-unknown", values, mark_of(name))
