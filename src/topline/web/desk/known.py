"""The studies that this desk knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from topline.study.compiled import Compiled
from topline.web.store.engines import Engine


@dataclass(frozen=True, slots=True)
class Study:
    """One study at the desk. `store` is the address of the main store, `vault` where the close finds keys."""

    folder: Path
    compiled: Compiled
    settings: Mapping[str, Any]
    engine: Engine
    store: str
    vault: str | None = None

    @property
    def title(self) -> str:
        """Its title in its first language."""
        return self.compiled.wording["study.title"]

    def with_vault(self, vault: str) -> Study:
        """The same, closed from here with the keys of a vault."""
        return replace(self, vault=vault)


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
