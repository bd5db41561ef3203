"""Granian as every server of ours runs it: workers in processes of their own, no log of visits."""

from __future__ import annotations

import socket
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from topline.base import fail
from topline.web.intake import Intake, Most, Wsgi, small

HOST: Final = "127.0.0.1"
Take = Callable[[Any, Any], Coroutine[Any, Any, None]]


def granian() -> Callable[..., Serving]:
    """What makes a server for a port and a number of threads; ToplineError without the library."""
    try:
        from granian import Granian
        from granian.constants import Interfaces
    except ImportError:
        fail("serve-library")

    def make(port: int, threads: int, workers: int = 1, most: Most = small) -> Serving:
        server = Granian(
            "topline",
            address=HOST,
            port=port,
            interface=Interfaces.RSGI,
            workers=workers,
            log_enabled=False,  # no path, no address, no time of anybody's visit
        )
        return Serving(server, threads, most)

    return make


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that is ready to start, with so many threads in each worker.

    `most`: how many bytes of a body are read, by path.
    """

    server: Any
    threads: int
    most: Most

    def serve(self, *, target_loader: Callable[..., Wsgi]) -> None:
        """Serve what the loader makes, in each worker anew, until stopped."""
        loader = partial(_taken_in, target_loader, self.threads, self.most)
        self.server.serve(target_loader=loader, wrap_loader=False)


def _taken_in(build: Callable[..., Wsgi], threads: int, most: Most, *_: Any) -> Take:
    """In a worker: the application, behind what takes requests from the network."""
    return Intake(build(), threads, most).take


def need_port(port: int) -> None:
    """Fail if the port is taken: granian would say so from inside a worker."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            fail("serve-port", port=port)
