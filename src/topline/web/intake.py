"""Takes requests from the network: a thread is spent on a request only when all of its body is there.

A body that never comes holds a few bytes of memory instead of a thread (decision 0015). Behind it stands any
WSGI application.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from topline.web.limits import MAX_BODY

_PATIENCE: Final = 10.0  # seconds for a body
_BODILESS: Final = ("GET", "HEAD", "OPTIONS", "DELETE", "TRACE")
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
Answer = tuple[int, list[tuple[str, str]], bytes]
Most = Callable[[str], int]


def small(path: str) -> int:
    """What is read of a body where nobody says otherwise."""
    return MAX_BODY


class Intake:
    """Its `take` is an RSGI application in front of a WSGI one.

    `most` says for a path how many bytes of a body are read; one byte more is handed on, to be refused.
    """

    def __init__(self, app: Wsgi, threads: int, most: Most = small) -> None:
        self._app, self._most = app, most
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="answer")

    async def take(self, scope: Any, protocol: Any) -> None:
        """Read the body, answer in a thread, send."""
        if scope.proto != "http":
            protocol.close(400)
            return
        body = b""
        if scope.method not in _BODILESS:
            try:
                async with asyncio.timeout(_PATIENCE):
                    body = await self._body(protocol, self._most(scope.path) + 1)
            except TimeoutError:
                protocol.response_empty(408, [("connection", "close")])
                return
            except Exception:  # the other side hung up, or sent what is no body: nobody is there to answer
                protocol.response_empty(400, [("connection", "close")])
                return
        answering = asyncio.get_running_loop().run_in_executor(self._pool, self._answer, scope, body)
        status, headers, content = await answering
        protocol.response_bytes(status, headers, content)

    async def _body(self, protocol: Any, most: int) -> bytes:
        pieces, size = [], 0
        async for piece in protocol:
            pieces.append(piece)
            size += len(piece)
            if size >= most:
                break
        return b"".join(pieces)[:most]

    def _answer(self, scope: Any, body: bytes) -> Answer:
        """Call the application as PEP 3333 says."""
        said: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            said[:] = (int(status.partition(" ")[0]), [(name.lower(), value) for name, value in headers])

        parts = self._app(_environ(scope, body), start_response)
        try:
            content = b"".join(parts)
        finally:
            if (close := getattr(parts, "close", None)) is not None:
                close()
        return said[0], said[1], content


def _environ(scope: Any, body: bytes) -> dict[str, Any]:
    """The environment of a request. What came over the wire is Latin-1 in it, as WSGI wants it."""
    name, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": name,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for header, value in scope.headers.items():
        if "_" in header:  # it would pass for the one with a hyphen, which the proxy has set
            continue
        environ[f"HTTP_{header.upper().replace('-', '_')}"] = value
    environ.setdefault("HTTP_HOST", scope.authority or "")
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_CONTENT_LENGTH", None)
    return environ
