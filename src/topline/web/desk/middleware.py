"""Headers of every page, and the rule that a page without a right is nobody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from topline.web.desk.settings import MOST_KEYED
from topline.web.limits import MAX_BODY

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_FIELDS: Final = 50
_Answer = Callable[[HttpRequest], HttpResponse]


def headers(get_response: _Answer) -> _Answer:
    """Set them, whatever the answer is; nothing but style sheet, fonts and signs may be kept."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


def own_host(get_response: _Answer) -> _Answer:
    """Refuse every other host than the desk's own: a page for it could be kept by somebody in between."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.get_host()  # raises for another one
        return get_response(request)

    return answer


def most(path: str) -> int:
    """Bytes that a form may have: few, but where whole questionnaires are keyed from paper."""
    return MOST_KEYED if _is_keyed(path) else MAX_BODY


def small_forms(get_response: _Answer) -> _Answer:
    """Refuse more than that, and more than the few fields of our forms, unread."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return get_response(request)
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal() or int(length) > most(request.path):
            return HttpResponse(status=400)
        if not _is_keyed(request.path) and request.body.count(b"&") >= _FIELDS:
            return HttpResponse(status=400)
        return get_response(request)

    return answer


def _is_keyed(path: str) -> bool:
    return path.endswith(("/paper/form", "/paper/decide"))


class DenyByDefault:
    """Refuse every view that is not marked with the right that it asks for (`rights.needs`)."""

    def __init__(self, get_response: _Answer) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self._next(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Ask before the view runs."""
        from topline.web.desk.entry import grants_of
        from topline.web.desk.known import known
        from topline.web.desk.rights import may_enter
        from topline.web.desk.views import no_right, not_found

        needed = getattr(view, "needs", None)
        if needed == "nothing":
            return None
        if not request.user.is_authenticated:
            return redirect("login")
        if needed == "an account":
            return None
        verb = kwargs.get("verb", needed) if needed == "act" else needed
        if verb is None or not may_enter(grants_of(request.user), verb, kwargs["study"]):
            return no_right(request)
        return None if known(kwargs["study"]) else not_found(request)
