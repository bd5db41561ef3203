"""The real server in processes of its own, and a browser that speaks HTTP to it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from tests.web.fields import SECRET, CookieBrowser

from topline.study.compiled import Compiled
from topline.web.respond import Response

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until a server takes connections at a port."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


class Served:
    """`topline serve` with its workers, as one group of processes."""

    def __init__(self, arguments: Sequence[str], folder: Path) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "topline", "serve", *arguments]
        self.process = subprocess.Popen(
            [*command, "--base", self.base, "--port", str(self.port)],
            cwd=folder, stdout=subprocess.PIPE, text=True, start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "TOPLINE_SECRET": SECRET.decode()},
        )  # fmt: skip
        self.said = ""
        assert self.process.stdout is not None
        while "Stop with Ctrl+C" not in self.said:
            line = self.process.stdout.readline()
            assert line, self.said
            self.said += line
        wait_for(self.port)

    def kill(self) -> None:
        """Kill it with all its workers, as a machine that fails does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=30)

    def stop(self) -> None:
        """Ask it to end, as an operator does."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.communicate(timeout=30)


@contextmanager
def serving(arguments: Sequence[str], folder: Path) -> Iterator[Served]:
    """A server for the length of a test."""
    server = Served(arguments, folder)
    try:
        yield server
    finally:
        server.stop()


class WireBrowser(CookieBrowser):
    """A browser of one person on one study behind a server; it keeps its connection."""

    def __init__(self, server: Served, compiled: Compiled) -> None:
        self.server, self.runner, self.query = server, SimpleNamespace(compiled=compiled), ""  # type: ignore[assignment]
        self.base = f"/s/{compiled.id}"
        self._line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def ask(self, method: str, address: str, body: bytes = b"", **headers: str) -> Response:
        """One request over the wire, redirects not followed. Addresses of ours start at the study."""
        path = address if address.startswith(self.base) else f"{self.base}{address}"
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.server.base} | headers
        if self.cookie:
            sent["Cookie"] = f"__Host-topline={self.cookie}"
        self._line.request(method, path, body, sent)
        found = self._line.getresponse()
        response = Response(found.status, tuple(found.getheaders()), found.read())
        for name, value in response.headers:
            if name.lower() == "set-cookie":
                self.cookie = value.partition("=")[2].partition(";")[0]
        return Response(response.status, tuple((name.title(), value) for name, value in response.headers),
                        response.body)  # fmt: skip

    def close(self) -> None:
        """Hang up."""
        self._line.close()
