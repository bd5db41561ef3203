"""Load a study: read its files, check their shapes, build the values, and say everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from topline.base import Finding, Mark, ToplineError
from topline.study.build.answers import Desk
from topline.study.build.attributes import build_attributes, build_derived
from topline.study.build.questions import build_questionnaire
from topline.study.marks import Map, Seq, Text
from topline.study.model import Questionnaire, Study
from topline.study.reading.plain_yaml import read_plain_yaml, read_source
from topline.study.shapes.engine import Record
from topline.study.shapes.questionnaire import QUESTIONNAIRE
from topline.study.shapes.study import STUDY

Inference = Literal["descriptive", "design", "census-nonresponse", "model"]


@dataclass(frozen=True)
class Loaded:
    """What loading gives: the study (None if an error stands in the way) and the findings of the files."""

    study: Study | None
    findings: tuple[Finding, ...]


def read_study(folder: str | Path) -> Study:
    """Load the study in `folder`: study.yaml, questionnaire.yaml, and the files that these name.

    Raises ToplineError with a finding for every error of the files and of the names in them, each with
    file:line:column. Warnings and notes are for `topline check`.
    """
    from topline.study.check import check_study  # checks need the loader's types

    loaded = load(folder)
    errors = [finding for finding in loaded.findings if finding.severity == "error"]
    if loaded.study is not None and not errors:
        errors = [
            finding for finding in check_study(loaded.study, names_only=True) if finding.severity == "error"
        ]
    if loaded.study is None or errors:
        raise ToplineError(errors)
    return loaded.study


def load(folder: str | Path) -> Loaded:
    """Read study.yaml and questionnaire.yaml of a folder.

    Every fault of the files' form is a finding; places are given as `file:line:column`, with the file as the
    name within the folder.
    """
    root = Path(folder)
    findings: list[Finding] = []
    if not root.is_dir():
        return Loaded(None, (Finding("study-not-a-folder", {"given": folder}),))
    main = _read(root, "study.yaml", STUDY, findings)
    asked = _read(root, "questionnaire.yaml", QUESTIONNAIRE, findings)
    if main is None or asked is None or _has_errors(findings):
        return Loaded(None, _sorted(findings))
    desk = Desk(root, findings, {})
    study = _build(root, main, build_questionnaire(asked, desk), desk)
    _one_namespace(study, desk)
    return Loaded(None if _has_errors(findings) else study, _sorted(findings))


def _read(root: Path, name: str, shape: Record, findings: list[Finding]) -> Map | None:
    try:
        map, faults = read_plain_yaml(read_source(root / name, name))
    except ToplineError as error:
        findings.extend(error.findings)
        return None
    findings.extend(faults)
    shape.check(map, name, findings)
    return map


def _build(root: Path, main: Map, questionnaire: Questionnaire, desk: Desk) -> Study:
    inference = main["inference"]
    return Study(
        id=cast(Text, main["id"]),
        title=cast(Text, main["title"]),
        folder=str(root),
        languages=tuple(cast(Text, tag) for tag in cast(Seq, main["languages"])),
        inference=cast(Inference, str(inference)) if isinstance(inference, Text) else "model",
        questionnaire=questionnaire,
        attributes=build_attributes(main.get("attributes"), desk),
        derived=build_derived(main.get("derive"), desk),
        anonymity=str(main.get("anonymity", "anonymous")),
        settings=main,
    )


def _one_namespace(study: Study, desk: Desk) -> None:
    """Questions, attributes, splits, groups and derived variables share one namespace."""
    asked = study.questionnaire
    taken: dict[str, Mark] = {}
    things = [(question.id, question.mark) for question in asked.questions]
    for named in (asked.splits, asked.groups):
        things.extend((thing.name, thing.mark) for thing in named)
    things.sort(key=lambda thing: thing[1].line if thing[1] else 0)
    for known in (study.attributes, study.derived):
        things.extend((thing.name, thing.mark) for thing in known)
    for name, mark in things:
        if name in taken and mark is not None:
            first = taken[name]
            same = first.file == mark.file
            desk.note(
                "name-taken" if same else "name-taken-elsewhere",
                mark,
                name=name,
                line=first.line,
                file=first.file,
            )
        elif mark is not None:
            taken[name] = mark


def _has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=Finding.sort_key))
