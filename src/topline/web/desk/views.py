"""The desk's pages. Each says which right it asks for; what says nothing is refused (middleware)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.contrib.auth import authenticate
from django.contrib.auth import login as sign_in
from django.contrib.auth import logout as sign_out
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from topline.base.look import picture, stylesheet
from topline.web.desk.closing import close_state
from topline.web.desk.entry import address_of, failed, grants_of, succeeded, wait
from topline.web.desk.known import known, studies
from topline.web.desk.pages import monitor_page
from topline.web.desk.rights import can, may_enter, tabs
from topline.web.monitor.figures import figures
from topline.web.monitor.texts import as_rows
from topline.web.store.audit import entries, first_fault

View = Callable[..., HttpResponse]
_FILES: Final = {
    "logo.svg": "image/svg+xml",
    "symbol.svg": "image/svg+xml",
    "source-sans-3-latin-wght-normal.woff2": "font/woff2",
    "source-serif-4-latin-wght-normal.woff2": "font/woff2",
}


def needs(right: str) -> Callable[[View], View]:
    """Mark a view with what it asks for: `nothing`, `an account`, or a verb of `rights`."""

    def mark(view: View) -> View:
        view.needs = right  # type: ignore[attr-defined]
        return view

    return mark


@needs("nothing")
@require_safe
def static(request: HttpRequest, name: str) -> HttpResponse:
    """Style sheet, fonts, signs."""
    if name == "desk.css":
        response = HttpResponse(stylesheet("core", "report", "desk"), content_type="text/css; charset=utf-8")
    elif name in _FILES:
        response = HttpResponse(picture(name), content_type=_FILES[name])
    else:
        return not_found(request)
    response.headers["Cache-Control"] = "no-cache"
    return response


@needs("nothing")
def login(request: HttpRequest) -> HttpResponse:
    """Sign in: each failure after the third doubles the wait of this account from this address."""
    if request.method != "POST":
        return redirect("home") if request.user.is_authenticated else render(request, "login.html")
    name, address = str(request.POST.get("name", ""))[:150], address_of(request)
    if (seconds := wait(name, address)) > 0:
        return render(request, "login.html", {"wait": int(seconds) + 1, "name": name}, status=429)
    user = authenticate(request, username=name, password=str(request.POST.get("password", ""))[:4096])
    if user is None:
        failed(name, address)
        return render(request, "login.html", {"wrong": True, "name": name}, status=422)
    succeeded(name, address)
    sign_in(request, user)
    request.session.cycle_key()  # also where the same person was signed in
    return redirect("home")


@needs("an account")
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out: the session is gone."""
    sign_out(request)
    return redirect("login")


@needs("an account")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The studies that somebody may see; the only one at once."""
    grants = grants_of(request.user)
    first = {"see": "monitor", "key": "paper"}  # the page that somebody comes for
    seen = [
        (each, next((page for verb, page in first.items() if may_enter(grants, verb, each.compiled.id)), ""))
        for each in studies()
    ]
    seen = [(each, page) for each, page in seen if page]
    if len(seen) == 1:
        return redirect(seen[0][1], study=seen[0][0].compiled.id)
    return render(request, "home.html", {"studies": seen})


@needs("see")
@require_safe
def monitor(request: HttpRequest, study: str) -> HttpResponse:
    """Where the fieldwork stands."""
    here = known(study)
    assert here is not None
    values = monitor_page(here, grants_of(request.user), date.today())
    return render(request, "monitor.html", values | close_state(here))


@needs("download")
@require_safe
def download(request: HttpRequest, study: str) -> HttpResponse:
    """The figures as CSV; the whole study's only."""
    here = known(study)
    assert here is not None
    if not can(grants_of(request.user), "download", study):
        return no_right(request)
    found = figures(here.compiled, here.engine, here.settings, today=date.today())
    text = io.StringIO()
    csv.writer(text).writerows(as_rows(found))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{study}-{found.today}.csv"'
    return response


@needs("audit")
@require_safe
def audit(request: HttpRequest, study: str) -> HttpResponse:
    """What was done to the study, and whether the log is as it was written."""
    here = known(study)
    assert here is not None
    lines = [(each.n, each.at, each.what["verb"], _said(each.what)) for each in entries(here.engine, study)]
    last = list(entries(here.engine, study))[-1:]
    head = last[0].hash[:16] if last else ""
    values = {
        "study": here,
        "lines": lines,
        "fault": first_fault(here.engine),
        "head": head,
        **tabs(grants_of(request.user), study),
    }
    return render(request, "audit.html", values)


def _said(what: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in what.items() if name != "verb")


def no_right(request: HttpRequest) -> HttpResponse:
    """One page for what is not there and what is not this person's."""
    return render(request, "plain.html", {"heading": "no-right", "text": "no-right-text"}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page."""
    return render(request, "plain.html", {"heading": "lost", "text": "lost-text"}, status=404)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not ours, or too old."""
    return render(request, "plain.html", {"heading": "forged", "text": "forged-text"}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Something went wrong; nothing of it is shown."""
    return render(request, "plain.html", {"heading": "broken", "text": "broken-text"}, status=500)
