"""The server of `topline serve`: pages of several studies, style sheet and signs, and folders of built
reports.

WSGI, so that any server can run it; granian runs it here, at 127.0.0.1 only.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from topline.base.look import picture, stylesheet
from topline.web.respond import Request, Response, Runner, handle
from topline.web.respond.http import HEADERS, MAX_BODY

StartResponse = Callable[[str, list[tuple[str, str]]], object]
_STATICS: Final = "/static"
_LEAN: Final = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "strict-origin"))


@dataclass(frozen=True)
class Site:
    """What is served: runners by the path they stand at (`/s/ID`), folders by theirs (`/report/ID`).

    `first` leads from `/` to the one place to begin; without it `/` lists them all.
    """

    runners: Mapping[str, Runner] = field(default_factory=dict)
    folders: Mapping[str, Path] = field(default_factory=dict)

    def __call__(self, environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (WSGI, PEP 3333)."""
        response = self.respond(environ)
        status = HTTPStatus(response.status)
        headers = [*response.headers, ("Content-Length", str(len(response.body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else response.body]

    def respond(self, environ: Mapping[str, Any]) -> Response:
        """Find what the path belongs to."""
        # WSGI gives the path as bytes in Latin-1 clothes
        path = str(environ.get("PATH_INFO", "/")).encode("latin-1", "replace").decode("utf-8", "replace")
        for base, runner in self.runners.items():
            if path == base or path.startswith(f"{base}/"):
                return handle(_request(environ, base, path[len(base) :]), runner)
        if path.startswith(f"{_STATICS}/"):
            return _static(path.removeprefix(f"{_STATICS}/"))
        for base, folder in self.folders.items():
            if path == base:
                return Response(308, (("Location", f"{base}/"), *_LEAN))
            if path.startswith(f"{base}/"):
                return _file(folder, path[len(base) + 1 :])
        return self._contents() if path == "/" else _missing()

    def _contents(self) -> Response:
        """What there is, as a plain list of links."""
        lines = [(f"{base}/", runner.title) for base, runner in self.runners.items()]
        lines += [(f"{base}/", f"Report: {base.rpartition('/')[2]}") for base in self.folders]
        shown = "".join(f'<li><a href="{escape(href)}">{escape(words)}</a></li>' for href, words in lines)
        return Response(200, HEADERS, _PLAIN.format(title="What is here", body=f"<ul>{shown}</ul>").encode())


_PLAIN: Final = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
    'content="width=device-width,initial-scale=1"><title>{title}</title><link rel="icon" '
    'href="/static/symbol.svg">'
    '<link rel="stylesheet" href="/static/respond.css"></head>\n<body class="r"><header>'
    '<p class="rehearsal">Rehearsal: '
    'made-up answers</p></header><main class="main"><h1>{title}</h1>{body}</main></body></html>\n'
)


def _request(environ: Mapping[str, Any], base: str, path: str) -> Request:
    method = str(environ["REQUEST_METHOD"])
    return Request(
        method=method,
        path=path,
        query=str(environ.get("QUERY_STRING", "")),
        body=_body(environ) if method == "POST" else b"",
        base=base,
        origin=environ.get("HTTP_ORIGIN"),
        host=environ.get("HTTP_HOST"),
        statics=_STATICS,
    )


def _body(environ: Mapping[str, Any]) -> bytes:
    """The body, at most one byte more than is allowed: enough to refuse it."""
    length = str(environ.get("CONTENT_LENGTH") or "")
    wanted = min(int(length), MAX_BODY + 1) if length.isdecimal() else MAX_BODY + 1
    read: bytes = environ["wsgi.input"].read(wanted)
    return read


def _static(name: str) -> Response:
    if name == "respond.css":
        return _of("text/css; charset=utf-8", stylesheet("core", "respond").encode())
    return _of("image/svg+xml", picture(name)) if name in ("logo.svg", "symbol.svg") else _missing()


def _file(folder: Path, name: str) -> Response:
    """A file below the folder, or its index; nothing outside it, whatever the path says."""
    root = folder.resolve()
    path = (root / unquote(name)).resolve() if "\x00" not in name else root / "-"
    if path.is_dir():
        path = path / "index.html"
    if not path.is_relative_to(root) or not path.is_file():
        return _missing()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _of(f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, path.read_bytes())


def _of(kind: str, body: bytes) -> Response:
    return Response(200, (("Content-Type", kind), ("Cache-Control", "no-cache"), *_LEAN), body)


def _missing() -> Response:
    html = _PLAIN.format(title="There is no such page", body='<p><a href="/">See what is here</a></p>')
    return Response(404, HEADERS, html.encode())
