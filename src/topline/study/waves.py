"""Earlier waves as values: what was asked then, what a comparison is worth, where the figures are.

waves.yaml is checked by `rules.waves`; here it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from topline.base import ToplineError, fail
from topline.base.hints import nearest
from topline.study.marks import Map
from topline.study.model import Study
from topline.study.published import PublishedFile
from topline.study.reading.plain_yaml import read_plain_yaml, read_source
from topline.study.rules.waves import FILE, OWN, wave_findings

Status = Literal["same", "comparable", "flagged", "broken"]


@dataclass(frozen=True, slots=True)
class Wave:
    """An earlier wave: `frozen` and `data` for its answers, or `published` for figures; None if not given."""

    name: str
    label: str
    frozen: Path | None = None
    data: Path | None = None
    published: PublishedFile | None = None


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where one question was asked before: `ids` by wave, and what a comparison is worth."""

    question: str
    status: Status
    why: str
    ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Waves:
    """waves.yaml. `maps`: attribute, wave, old group: the group of today that it is in."""

    waves: tuple[Wave, ...]
    lineages: Mapping[str, Lineage]
    maps: Mapping[str, Mapping[str, Mapping[str, str]]]

    def wave(self, name: str) -> Wave:
        """The wave of that name; raises ToplineError if there is none."""
        for wave in self.waves:
            if wave.name == name:
                return wave
        return fail("wave-unknown", name=name, near=nearest(name, [wave.name for wave in self.waves]))


def read_waves(study: Study) -> Waves:
    """Read the study's waves.yaml; raises ToplineError if it is not there, or with every error in it."""
    path = Path(study.folder) / FILE
    if not path.exists():
        fail("waves-none", study=study.folder)
    errors = [finding for finding in wave_findings(study) if finding.severity == "error"]
    if errors:
        raise ToplineError(errors)
    map, _ = read_plain_yaml(read_source(path, FILE))
    waves, questions = cast(Map, map["waves"]), cast(Map, map["questions"])
    return Waves(
        tuple(_wave(study, name, cast(Map, wave)) for name, wave in waves.items()),
        {name: _lineage(name, cast(Map, lineage)) for name, lineage in questions.items()},
        cast("Mapping[str, Mapping[str, Mapping[str, str]]]", map.get("maps") or {}),
    )


def _wave(study: Study, name: str, wave: Map) -> Wave:
    paths = {
        key: Path(study.folder) / str(wave[key]) if key in wave else None
        for key in ("frozen", "data", "published")
    }
    published = paths["published"]
    return Wave(
        str(name),
        str(wave.get("label", name)),
        paths["frozen"],
        paths["data"],
        PublishedFile(published, str(wave["published"])) if published else None,
    )


def _lineage(name: str, lineage: Map) -> Lineage:
    return Lineage(
        str(name),
        cast(Status, str(lineage["status"])),
        str(lineage.get("why", "")),
        {str(wave): str(id) for wave, id in lineage.items() if wave not in OWN},
    )
