"""Where an import collects what it has to say, and where each row of the form went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from topline.base import Finding, Mark

Place = tuple[str, int]  # sheet, row


@dataclass
class Desk:
    """The findings of an import, and the addresses of the texts that each row became."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    places: dict[Place, tuple[str, ...]] = field(default_factory=dict)

    def say(self, id: str, sheet: str, row: int, column: str, **values: object) -> None:
        """Add a finding about a cell."""
        where: dict[str, object] = {"sheet": sheet, "row": row, "column": column}
        self.findings.append(Finding(id, where | values, Mark(self.file)))

    def became(self, sheet: str, row: int, addresses: Iterable[str]) -> None:
        """Note what a row became: the addresses of its texts in the study."""
        self.places[sheet, row] = (*self.places.get((sheet, row), ()), *addresses)

    @property
    def errors(self) -> list[Finding]:
        """The errors among the findings."""
        return [finding for finding in self.findings if finding.severity == "error"]
