"""A server of PostgreSQL for a test run: made by initdb, as the user postgres where tests run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import lacking

_SETTINGS = "listen_addresses='' unix_socket_directories='{folder}' fsync=on shared_buffers=32MB"


@dataclass
class Server:
    """A running server; `data` is its folder of files."""

    folder: Path
    programs: Path
    user: str | None
    number: int = 0

    @property
    def data(self) -> Path:
        """Tables, journal and all else that it writes."""
        return self.folder / "data"

    def address(self, database: str) -> str:
        """Where a database is."""
        return f"postgresql:///{database}?host={self.folder}&user=postgres"

    def database(self, template: str = "template1") -> str:
        """Make a database; return its address."""
        import psycopg

        self.number += 1
        name = f"t{self.number}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as db:
            db.execute(f"create database {name} template {template}".encode())
        return self.address(name)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs."""
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, user=self.user, cwd=self.folder)

    def stop(self) -> None:
        """Stop the server and take its files away."""
        self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder)


def start_server() -> Server:
    """Start one; skips the test, and says how to get it, where PostgreSQL is not installed."""
    places = [Path(found).parent for found in [shutil.which("initdb")] if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    programs = next((place for place in places if (place / "pg_ctl").exists()), None)
    user = "postgres" if os.geteuid() == 0 else None
    known = {each.pw_name for each in pwd.getpwall()}
    if programs is None or (user is not None and user not in known):
        lacking("PostgreSQL", "apt install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="topline-pg-"))
    if user is not None:
        shutil.chown(folder, user)
    server = Server(folder, programs, user)
    server.run("initdb", "-D", str(server.data), "-U", "postgres", "-A", "trust", "-E", "UTF8")
    settings = " ".join(f"-c {each}" for each in _SETTINGS.format(folder=folder).split())
    log = str(folder / "log")
    server.run("pg_ctl", "-D", str(server.data), "-o", settings, "-l", log, "-w", "start")
    return server
