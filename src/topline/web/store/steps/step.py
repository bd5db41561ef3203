"""One step from an empty database to the tables of today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """Statements that are run once. `{blob}` is the kind's word for bytes, `{compact}` its rowless table.

    `personal`: tables with a column `study` whose rows tell of single people; `topline retire` empties them.
    """

    tables: tuple[str, ...] = ()
    sqlite: tuple[str, ...] = ()
    postgresql: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()

    def statements(self, kind: str) -> Iterator[str]:
        """The statements for a kind of engine."""
        sqlite = kind == "sqlite"
        blob, compact = ("blob", " without rowid") if sqlite else ("bytea", "")
        for statement in (*self.tables, *(self.sqlite if sqlite else self.postgresql)):
            yield statement.replace("{blob}", blob).replace("{compact}", compact)
