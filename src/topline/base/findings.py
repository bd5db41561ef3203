"""Findings and errors: one catalogue of messages, one way to carry them, one root class of errors.

A *finding* says what is wrong at a place of a file, with the values that it speaks of. The words stand in
`messages/*.toml` (one file for each layer), with named places, so that they can be translated and tested.
A check returns findings; work that cannot go on raises a `ToplineError` that carries them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Final, NoReturn

SEVERITIES: Final = ("error", "warning", "note")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a text file: path as the user gave it, line and column counted from 1."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Give `file`, `file:line` or `file:line:column`, as far as known."""
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True, slots=True)
class Finding:
    """One message: its id in the catalogue, the values in its words, and its place (None: no file)."""

    id: str
    values: Mapping[str, object] = field(default_factory=dict)
    mark: Mark | None = None

    @property
    def severity(self) -> str:
        """`error`, `warning` or `note`, as the catalogue declares."""
        return severity_of(self.id)

    @property
    def text(self) -> str:
        """The message in plain English, without its place."""
        return catalogue()[self.id][1].format_map(self.values)

    def __str__(self) -> str:
        """Give `file:line:column severity: text`, as a compiler would."""
        place = f"{self.mark} " if self.mark else ""
        return f"{place}{self.severity}: {self.text}"

    def sort_key(self) -> tuple[Mark, int]:
        """Order by place, then by severity."""
        return (self.mark or Mark("")), SEVERITIES.index(self.severity)

    def as_json(self) -> dict[str, object]:
        """Give the finding as plain data for `--format json`."""
        place = (
            {"file": self.mark.file, "line": self.mark.line, "column": self.mark.column} if self.mark else {}
        )
        values = {name: str(value) for name, value in self.values.items()}
        return {"id": self.id, "severity": self.severity, "text": self.text, **place, "values": values}


class ToplineError(Exception):
    """The one root of Topline's errors; carries findings: what was given, what is allowed, what to do."""

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


def fail(id: str, mark: Mark | None = None, **values: object) -> NoReturn:
    """Raise a `ToplineError` with one finding."""
    raise ToplineError(Finding(id, values, mark))


@cache
def catalogue() -> Mapping[str, tuple[str, str]]:
    """Every message by id: (severity, template). Read once from `messages/*.toml`.

    Each file has a table for each severity: `[error]`, `[warning]`, `[note]`; ids are unique over all files.
    """
    import tomllib  # two heavy imports that a program without findings never needs
    from importlib.resources import files

    found: dict[str, tuple[str, str]] = {}
    for entry in sorted(files("topline.base").joinpath("messages").iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".toml"):
            continue
        for severity, messages in tomllib.loads(entry.read_text("utf-8")).items():
            if severity not in SEVERITIES:
                raise ValueError(f"{entry.name}: {severity} is not a severity; use one of {SEVERITIES}")
            for id, template in messages.items():
                if id in found:
                    raise ValueError(f"{entry.name}: message {id} stands in two files")
                found[id] = (severity, template)
    return MappingProxyType(found)


def severity_of(id: str) -> str:
    """The severity of a message id: `error`, `warning` or `note`."""
    return catalogue()[id][0]
