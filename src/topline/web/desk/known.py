"""The studies that this desk knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from topline.study.compiled import Compiled
from topline.study.model import Study as Definition
from topline.web.store.engines import Engine


@dataclass(frozen=True, slots=True)
class Study:
    """One study at the desk. `store` is the address of the main store, `vault` where its processes find keys,
    `labels` the short labels of its questions.
    """

    folder: Path
    compiled: Compiled
    settings: Mapping[str, Any]
    engine: Engine
    store: str
    vault: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its title in its first language."""
        return self.compiled.wording["study.title"]

    def with_vault(self, vault: str) -> Study:
        """The same, closed and keyed from here with the keys of a vault."""
        return replace(self, vault=vault)


def labels_of(study: Definition) -> dict[str, str]:
    """The short labels of its questions, which the frozen form lacks."""
    return {name: each.label for name, each in study.questionnaire.by_id.items() if each.label}


_STUDIES: dict[str, Study] = {}


def add_study(study: Study) -> None:
    """Let the desk know a study."""
    _STUDIES[study.compiled.id] = study


def known(id: str) -> Study | None:
    """A study of this desk."""
    return _STUDIES.get(id)


def studies() -> list[Study]:
    """Every study of this desk."""
    return list(_STUDIES.values())
