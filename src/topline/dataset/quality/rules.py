"""The `quality:` block of study.yaml as a value: thresholds as data, with the values used unless said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from topline.study.model import Study
from topline.study.parse import parse_condition
from topline.study.tree import Condition


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Answers that cannot all be true of one person: flagged under `name` where the condition holds."""

    name: str
    label: str
    where: Condition


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Who is taken out: people with all of these flags. `why` is printed with the count."""

    name: str
    flags: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class QualityRules:
    """What is flagged, and whom that takes out.

    `seconds` names the durations, `too_fast` says it where there are none; below `share` of the median
    duration is too fast. A grid with at least `rows` answered rows, all alike, is straight; a person whose
    grids are so at least to `straight_share` is flagged. Over `unanswered` of what was asked left without an
    answer is flagged. People who are alike on at least `match` of at least `questions` questions are
    duplicates. `figures` are addresses, printed with and without the flagged.
    """

    seconds: str = ""
    too_fast: Condition | None = None
    share: float = 0.4
    rows: int = 3
    straight_share: float = 0.5
    unanswered: float = 0.5
    questions: int = 20
    match: float = 0.95
    contradictions: tuple[Contradiction, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    figures: tuple[str, ...] = ()


def quality_rules(study: Study) -> QualityRules:
    """Read the block, whose shape and names have been checked; without one, the rules used unless said."""
    settings = _part(study.settings, "quality")
    fast, straight = _part(settings, "speed"), _part(settings, "straight_lining")
    alike, left = _part(settings, "duplicates"), _part(settings, "unanswered")
    standard = QualityRules()
    figures = settings.get("figures")
    return QualityRules(
        seconds=str(fast.get("seconds", "")),
        too_fast=parse_condition(str(fast["where"])) if "where" in fast else None,
        share=float(str(fast.get("share", standard.share))),
        rows=int(str(straight.get("rows", standard.rows))),
        straight_share=float(str(straight.get("share", standard.straight_share))),
        unanswered=float(str(left.get("share", standard.unanswered))),
        questions=int(str(alike.get("questions", standard.questions))),
        match=float(str(alike.get("match", standard.match))),
        contradictions=tuple(
            Contradiction(name, str(item["label"]), parse_condition(str(item["where"])))
            for name, item in _entries(settings, "contradictions")
        ),
        exclusions=tuple(
            Exclusion(name, tuple(str(flag) for flag in _list(item["flags"])), str(item["why"]))
            for name, item in _entries(settings, "exclude")
        ),
        figures=tuple(str(figure) for figure in _list(figures)),
    )


def _part(settings: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = settings.get(name)
    return found if isinstance(found, Mapping) else {}


def _entries(settings: Mapping[str, object], name: str) -> list[tuple[str, Mapping[str, object]]]:
    return [(str(key), item) for key, item in _part(settings, name).items() if isinstance(item, Mapping)]


def _list(found: object) -> list[object]:
    return list(found) if isinstance(found, list) else []
