"""Connections to SQLite that close themselves."""

from __future__ import annotations

import sqlite3


class Connection(sqlite3.Connection):
    """Closed when nobody holds it any more: each thread has one of its own, and threads end unseen."""

    def __del__(self) -> None:
        """Close, whichever thread lets go of it last."""
        self.close()
