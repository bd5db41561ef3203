"""Granian as every server of ours runs it: one worker of its own process, no log of visits."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any, Final

from topline.base import fail

HOST: Final = "127.0.0.1"


def granian() -> Callable[..., Any]:
    """What makes a server for a port and a number of threads; ToplineError without the library."""
    try:
        from granian import Granian
        from granian.constants import Interfaces
    except ImportError:
        fail("serve-library")

    def make(port: int, threads: int) -> Any:
        return Granian(
            "topline",
            address=HOST,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=threads,
            log_enabled=False,  # no path, no address, no time of anybody's visit
        )

    return make


def need_port(port: int) -> None:
    """Fail if the port is taken: granian would say so from inside a worker."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            fail("serve-port", port=port)
