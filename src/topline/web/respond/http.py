"""Request and response of the pages: small frozen values, so that any server can carry them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote

MAX_FIELDS: Final = 200
COOKIE: Final = "__Host-topline"
TOKEN: Final = re.compile(r"[a-z0-9]{26}")
_CONTROLS: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f]")

#: On every page. No script, no inline style, no other host; the path, which holds the token, is never a
#: referrer.
HEADERS: Final = (
    ("Content-Type", "text/html; charset=utf-8"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'",
    ),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "strict-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser asked. `base` is where the study is mounted, `path` what follows it (`/i/TOKEN`).

    `origin`, `host` and `site` (Sec-Fetch-Site) are the headers, None if not sent; `cookie` is the whole
    header. `statics` is where style sheet and logo are served.
    """

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    base: str = ""
    origin: str | None = None
    host: str | None = None
    site: str | None = None
    cookie: str | None = None
    statics: str = "/static"


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back: status, headers, body in UTF-8."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def location(self) -> str | None:
        """Where a redirect leads."""
        return dict(self.headers).get("Location")

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


def page(html: str, status: int = 200) -> Response:
    """A page with the headers of every page."""
    return Response(status, HEADERS, html.encode("utf-8", "replace"))


def see_other(location: str) -> Response:
    """Go and get another page of ours."""
    return Response(303, (("Location", quote(location, safe="/?=&#-._~")), *HEADERS))


def read_form(body: bytes) -> Fields | None:
    """The fields of a posted form in order; None if it is no form that one of our pages could have sent."""
    try:
        text = body.decode("utf-8", "strict")
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=bool(text),
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        return None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        if "\x00" in value:
            return None
        value = _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
        fields.setdefault(name, []).append(value)
    return fields


def same_origin(request: Request) -> bool:
    """Whether a form came from our own pages, as far as the browser says; silence is let through (old
    browsers).
    """
    if request.site is not None and request.site not in ("same-origin", "none"):
        return False
    if request.origin is None or request.host is None:
        return True
    return request.origin.partition("://")[2] == request.host


def token_in(cookie: str | None) -> str | None:
    """The token of our cookie; None if there is none, or nothing that we could have set."""
    for part in (cookie or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE and TOKEN.fullmatch(value):
            return value
    return None


def with_cookie(response: Response, token: str) -> Response:
    """The response with our cookie set, or taken back (an empty token).

    `__Host-`: no other host, no sub-domain and no plain-text page can have set it.
    """
    age = "" if token else "; Max-Age=0"
    value = f"{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax{age}"
    return Response(response.status, (("Set-Cookie", value), *response.headers), response.body)
