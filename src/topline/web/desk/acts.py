"""Pause, open again, extend, close: each asks for the password anew, and stands in the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from topline.base import ToplineError
from topline.web.desk.closing import start_close
from topline.web.desk.entry import address_of, failed, grants_of, succeeded, wait
from topline.web.desk.keying import waiting_words
from topline.web.desk.known import Study, known
from topline.web.desk.rights import can, tabs
from topline.web.desk.views import needs, no_right, not_found
from topline.web.monitor.course import day_of, extend, pause, planned_end, resume

Act = Callable[[Study, Mapping[str, str], str], None]


@needs("act")
def act(request: HttpRequest, study: str, verb: str) -> HttpResponse:
    """Ask (GET) or do (POST) what the address names."""
    here = known(study)
    if here is None or verb not in _ACTS:
        return not_found(request)
    if not can(grants_of(request.user), verb, study):
        return no_right(request)
    values: dict[str, object] = {
        "study": here,
        "verb": verb,
        "heading": verb,
        "explained": f"{verb}-explained",
        "day": request.POST.get("day", "")[:20],
        "waiting": waiting_words(here) if verb == "close" else "",
        **tabs(grants_of(request.user), study),
    }
    if request.method != "POST":
        return render(request, "act.html", values)
    name, address = request.user.get_username(), address_of(request)
    if (seconds := wait(name, address)) > 0:
        return render(request, "act.html", values | {"wait": int(seconds) + 1}, status=429)
    if not request.user.check_password(str(request.POST.get("password", ""))[:4096]):
        failed(name, address)
        return render(request, "act.html", values | {"wrong": True}, status=422)
    succeeded(name, address)
    try:
        _ACTS[verb](here, request.POST, name)
    except ToplineError as error:
        return render(request, "act.html", values | {"fault": error.findings[0].text}, status=422)
    return redirect("monitor", study=study)


def _extend(study: Study, form: Mapping[str, str], by: str) -> None:
    before = planned_end(study.settings)
    day = day_of(form.get("day", ""))
    extend(study.engine, study.compiled.id, day, before=before, today=date.today(), by=by)


_ACTS: Final[Mapping[str, Act]] = {
    "pause": lambda study, form, by: pause(study.engine, study.compiled.id, by),
    "resume": lambda study, form, by: resume(study.engine, study.compiled.id, by),
    "extend": _extend,
    "close": lambda study, form, by: start_close(study, by),
}
