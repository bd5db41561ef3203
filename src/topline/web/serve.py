"""The server of `topline serve`: pages of studies, style sheet and signs, and folders of built reports.

WSGI, so that any server can run it; granian runs it here, at 127.0.0.1 only. In fieldwork it answers to its
own name alone, lists nothing, and says nothing of made-up answers.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from topline.base.look import picture, stylesheet
from topline.web.respond import Request, Response, Runner, handle
from topline.web.respond.http import MAX_BODY, page
from topline.web.respond.words import words

Heard = Callable[[Request, Response, str], None]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
_STATICS: Final = "/static"
#: A year of https only, once a browser has been here by https; browsers ignore it elsewhere.
_STRICT: Final = (("Strict-Transport-Security", "max-age=31536000"),)
_LEAN: Final = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "strict-origin"))


@dataclass(frozen=True)
class Site:
    """What is served: runners by the path they stand at (`/s/ID`), folders by theirs (`/report/ID`).

    `/` lists them all. `hosts`: the names it answers to, and so fieldwork (empty: a rehearsal, any name).
    `heard`, by the same path, is told of every form that was sent, with what the browser calls itself.
    """

    runners: Mapping[str, Runner] = field(default_factory=dict)
    folders: Mapping[str, Path] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    heard: Mapping[str, Heard] = field(default_factory=dict)

    def __call__(self, environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (WSGI, PEP 3333)."""
        response = self.respond(environ)
        status = HTTPStatus(response.status)
        headers = [*response.headers, *(_STRICT if self.hosts else ())]
        headers.append(("Content-Length", str(len(response.body))))
        start_response(f"{status.value} {status.phrase}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else response.body]

    def respond(self, environ: Mapping[str, Any]) -> Response:
        """Find what the path belongs to."""
        if self.hosts and str(environ.get("HTTP_HOST", "")).lower() not in self.hosts:
            return self._plain("site.host", "", 400)
        # WSGI gives the path as bytes in Latin-1 clothes
        path = str(environ.get("PATH_INFO", "/")).encode("latin-1", "replace").decode("utf-8", "replace")
        for base, runner in self.runners.items():
            if path == base or path.startswith(f"{base}/"):
                return self._handled(_request(environ, base, path[len(base) :]), runner, environ)
        if path.startswith(f"{_STATICS}/"):
            return _static(path.removeprefix(f"{_STATICS}/")) or self._missing()
        for base, folder in self.folders.items():
            if path == base:
                return Response(308, (("Location", f"{base}/"), *_LEAN))
            if path.startswith(f"{base}/"):
                return _file(folder, path[len(base) + 1 :]) or self._missing()
        return self._contents() if path == "/" and not self.hosts else self._missing()

    def _handled(self, request: Request, runner: Runner, environ: Mapping[str, Any]) -> Response:
        """A page of a study; what its counters may hear of it, they hear after it is ready."""
        response = handle(request, runner)
        if request.method == "POST" and (heard := self.heard.get(request.base)) is not None:
            heard(request, response, str(environ.get("HTTP_USER_AGENT", "")))
        return response

    def _missing(self) -> Response:
        onward = f'<p><a href="/">{escape(_WORDS["site.onward"])}</a></p>'
        return self._plain("site.lost", "" if self.hosts else onward, 404)

    def _plain(self, heading: str, inside: str, status: int) -> Response:
        """A page of the site itself, which belongs to no study."""
        made_up = f'<header><p class="rehearsal">{escape(_WORDS["site.made_up"])}</p></header>\n'
        html = (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(_WORDS[heading])} - Topline</title>"
            f'<link rel="icon" href="{_STATICS}/symbol.svg">'
            f'<link rel="stylesheet" href="{_STATICS}/respond.css"></head>\n'
            f'<body class="r">{"" if self.hosts else made_up}'
            f'<main class="main"><h1>{escape(_WORDS[heading])}</h1>{inside}</main></body></html>\n'
        )
        return page(html, status)

    def _contents(self) -> Response:
        """What there is, as a plain list of links."""
        lines = [(base, "site.pages", runner.title) for base, runner in self.runners.items()]
        lines += [(base, "site.report", _title(folder)) for base, folder in self.folders.items()]
        shown = "".join(
            f'<li><a href="{escape(base)}/">{escape(_WORDS[key].format(title=title))}</a></li>'
            for base, key, title in lines
        )
        return self._plain("site.task", f"<ul>{shown}</ul>", 200)


_WORDS: Final = words("en")
_TITLE: Final = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def _title(folder: Path) -> str:
    """The title of a built report."""
    found = _TITLE.search((folder / "index.html").read_text("utf-8"))
    return unescape(found[1].strip()) if found else folder.name


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
        site=environ.get("HTTP_SEC_FETCH_SITE"),
        cookie=environ.get("HTTP_COOKIE"),
        statics=_STATICS,
    )


def _body(environ: Mapping[str, Any]) -> bytes:
    """The body, at most one byte more than is allowed: enough to refuse it."""
    length = str(environ.get("CONTENT_LENGTH") or "")
    wanted = min(int(length), MAX_BODY + 1) if length.isdecimal() else MAX_BODY + 1
    read: bytes = environ["wsgi.input"].read(wanted)
    return read


def _static(name: str) -> Response | None:
    if name == "respond.css":
        return _of("text/css; charset=utf-8", stylesheet("core", "respond").encode())
    return _of("image/svg+xml", picture(name)) if name in ("logo.svg", "symbol.svg") else None


def _file(folder: Path, name: str) -> Response | None:
    """A file below the folder, or its index; nothing outside it, whatever the path says."""
    root = folder.resolve()
    path = root / "-" if "\x00" in name else (root / name).resolve()
    if path.is_dir():
        path = path / "index.html"
    if not path.is_relative_to(root) or not path.is_file():
        return None
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _of(f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, path.read_bytes())


def _of(kind: str, body: bytes) -> Response:
    return Response(200, (("Content-Type", kind), ("Cache-Control", "no-cache"), *_LEAN), body)
