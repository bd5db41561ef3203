"""Rules of data quality that were not yet declared when the study was launched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from topline.base.words import words
from topline.study.freeze import last_version
from topline.study.model import Study
from topline.study.reading.plain_yaml import read_plain_yaml, read_source


def late_rules(study: Study) -> str:
    """A sentence that names the rules of `quality:` which the last launch did not freeze as they are.

    Empty where there are none, or nothing was launched. A rule made after answers came in is not forbidden;
    whoever reads the figures must be told.
    """
    now = _rules(study.settings)
    version = last_version(study.folder) if study.folder and now else 0
    if not version:
        return ""
    name = f"frozen/{version}/study.yaml"
    then = _rules(read_plain_yaml(read_source(Path(study.folder) / name, name))[0])
    late = [rule for rule, held in now.items() if then.get(rule) != held]
    return words("quality-excluded-late", version=version, names=", ".join(late)) if late else ""


def _rules(settings: Mapping[str, object]) -> dict[str, object]:
    """Each rule that takes people out, with all thresholds, on which its flags rest."""
    quality = settings.get("quality")
    if not isinstance(quality, Mapping) or not isinstance(excluded := quality.get("exclude"), Mapping):
        return {}
    rest = {name: item for name, item in quality.items() if name not in ("exclude", "figures")}
    return {str(rule): (held, rest) for rule, held in excluded.items()}
