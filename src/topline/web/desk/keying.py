"""Keying forms on paper: the code of a form, its answers, and both keyings where two people differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from topline.base import ToplineError
from topline.base.words import words
from topline.web.codes import printed, read_code
from topline.web.desk.entry import grants_of
from topline.web.desk.known import Study, known
from topline.web.desk.rights import can, tabs
from topline.web.desk.room import ask_room
from topline.web.desk.views import needs
from topline.web.fieldwork.promise import release_state
from topline.web.paper.counts import Progress, progress
from topline.web.paper.typed import Box, Sheet, boxes_of, tidy

_SAID: Final = ("kept", "entered", "aside")  # what an act came to, as the address of the next page says it
_SHOWN: Final = 40  # characters of what was typed, in a message about it
_PASSES: Final = ("keying-busy", "paper-shut")  # refusals after which the same may be sent again
_BOX: Final = "a."  # before the names of boxes: `code` may be a question


@dataclass(frozen=True, slots=True)
class Field:
    """A box on the page: what is in it, and what is wrong with it."""

    box: Box
    label: str
    hint: str
    value: str
    fault: str
    first: bool = False  # has the focus

    @property
    def id(self) -> str:
        """Its id and its name."""
        return _BOX + self.box.name


@needs("key")
@require_safe
def paper(request: HttpRequest, study: str) -> HttpResponse:
    """How far the keying is, and the code of the next form."""
    here = _known(study)
    try:
        counts = _counts(here)
        if counts.agreed:  # something stopped an entry half way
            ask_room(here, "go_on")
    except ToplineError as error:
        return _overview(request, here, fault=error.findings[0].text, status=200)
    return _overview(request, here)


@needs("key")
def form(request: HttpRequest, study: str) -> HttpResponse:
    """Take a code and show the form; take what was keyed."""
    here = _known(study)
    if request.method != "POST":
        return _overview(request, here)
    code = _code(request)
    if code is None:
        return _overview(request, here, fault=words("keying-why-keying-code"), given=_given(request))
    if "keyed" not in request.POST:
        return _asked(request, here, code, "look")
    sheets = boxes_of(here.compiled, here.labels)
    boxes = [box for sheet in sheets for box in sheet.boxes]
    typed = {box.name: tidy(str(request.POST.get(_BOX + box.name, ""))) for box in boxes}
    cells: dict[str, str] = {}
    faults = {}
    for box in boxes:
        found = box.cells(typed[box.name])
        if found is None:
            faults[box.name] = _why("paper-cell", box, typed[box.name])
        cells |= box.cells("") or {} if found is None else found
    return _asked(request, here, code, "check" if faults else "key", typed, faults, cells=cells)


@needs("key")
def decide(request: HttpRequest, study: str) -> HttpResponse:
    """Take what somebody decided of a form of which two keyings differ."""
    here = _known(study)
    code = _code(request) if request.method == "POST" else None
    if code is None:
        return _overview(request, here)
    version = str(request.POST.get("version", ""))
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    if "aside" in request.POST:
        return _asked(request, here, code, "put_aside", version=number)
    chosen = {
        name.removeprefix(_BOX): str(value) for name, value in request.POST.items() if name.startswith(_BOX)
    }
    return _asked(request, here, code, "decide", chosen, chosen=chosen, version=number)


def waiting_words(study: Study) -> str:
    """What a close would forget: forms that are keyed and not entered; empty if there are none."""
    if study.vault is None or release_state(study.engine, study.compiled.id) != "open":
        return ""
    counts = _counts(study)
    number = counts.once + counts.differs + counts.agreed
    return words("desk-paper-waiting", n=number) if number else ""


# --- from what the room says to a page


def _asked(
    request: HttpRequest, here: Study, code: str, act: str, typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None, **asked: object,
) -> HttpResponse:  # fmt: skip
    """Ask the room, and show what it says. `typed`: what is in the boxes, or was chosen; `faults`: what is
    known to be wrong with it.
    """
    study, account = here.compiled.id, request.user.get_username()
    leads = can(grants_of(request.user), "decide", study)
    try:
        said = ask_room(here, act, code=code, account=account, leads=leads, **asked)
    except ToplineError as error:
        said = {"state": "fault", "text": error.findings[0].text}
    sheets = boxes_of(here.compiled, here.labels)
    if said["state"] == "fault":
        if act in ("key", "check"):  # what was typed is not lost: it can be sent again
            return _page(request, here, code, sheets, typed or {}, faults or {}, said["text"])
        return _overview(request, here, fault=said["text"], given=printed(code))
    if said["state"] in ("kept", "entered") or (act == "put_aside" and said["state"] == "free"):
        done = said["state"] if act != "put_aside" else "aside"
        response = redirect("paper", study=study)
        response["Location"] += f"?said={done}"
        return response
    if said["state"] == "differs":
        return _apart(request, here, code, said, typed if act == "decide" else None)
    if said["state"] == "free":
        return _page(request, here, code, sheets, typed or {}, faults or {})
    boxes = {box.name: box for sheet in sheets for box in sheet.boxes}
    given = typed or {}
    found = {box: _why(id, boxes[box], given.get(box, "")) for id, _, box in said["refused"] if box}
    if found:
        return _page(request, here, code, sheets, given, found | dict(faults or {}))
    id, values, _ = said["refused"][0]
    why = words(f"keying-why-{id}", **values)
    if act in ("key", "check") and id in _PASSES:
        return _page(request, here, code, sheets, given, faults or {}, why)
    return _overview(request, here, fault=why, given=printed(code))


def _overview(
    request: HttpRequest, here: Study, fault: str = "", given: str = "", status: int = 422
) -> HttpResponse:
    """Counts, and the box for a code."""
    study = here.compiled.id
    said = str(request.GET.get("said", ""))
    values = {
        "study": here,
        "counts": _counts(here) if here.vault else None,
        "state": release_state(here.engine, study),
        "fault": fault,
        "given": given,
        "said": said if said in _SAID and not fault else "",
        **tabs(grants_of(request.user), study),
    }
    return render(request, "paper.html", values, status=status if fault else 200)


def _page(
    request: HttpRequest, here: Study, code: str, sheets: Sequence[Sheet], typed: Mapping[str, str],
    faults: Mapping[str, str], fault: str = "",
) -> HttpResponse:  # fmt: skip
    """The form, with what was typed and what is wrong with it."""
    first = None if faults or fault else sheets[0].boxes[0]
    shown = [
        (sheet, [_field(box, sheet, typed, faults, first is box) for box in sheet.boxes]) for sheet in sheets
    ]
    values = {
        "study": here,
        "code": printed(code),
        "sheets": shown,
        "faults": [(each, sheet) for sheet, fields in shown for each in fields if each.fault],
        "fault": fault,
        **tabs(grants_of(request.user), here.compiled.id),
    }
    return render(request, "keying.html", values, status=422 if faults or fault else 200)


def _apart(
    request: HttpRequest, here: Study, code: str, said: Mapping[str, Any], chosen: Mapping[str, str] | None
) -> HttpResponse:
    """Both keyings of the boxes that differ, side by side."""
    sheets = boxes_of(here.compiled, here.labels)
    places = {box.name: (sheet, box) for sheet in sheets for box in sheet.boxes}
    faults = {box: words("keying-why-together" if "fault" in id else f"keying-why-{id}")
              for id, _, box in said["refused"]}  # fmt: skip
    rows = []
    for name, first, second in said["apart"]:
        sheet, box = places[name]
        both = [
            (each, _with_words(sheet, box, text)) for each, text in (("first", first), ("second", second))
        ]
        rows.append((sheet, box.label, _BOX + name, both, (chosen or {}).get(name), name in faults))
    listed = [(_BOX + box if box in {each[0] for each in said["apart"]} else "", places[box][0], text)
              for box, text in faults.items()]  # fmt: skip
    values = {
        "study": here,
        "code": printed(code),
        "rows": rows,
        "faults": listed,
        "version": said["version"],
        **tabs(grants_of(request.user), here.compiled.id),
    }
    return render(request, "apart.html", values, status=422 if faults else 200)


def _field(box: Box, sheet: Sheet, typed: Mapping[str, str], faults: Mapping[str, str], first: bool) -> Field:
    hint = "" if box.takes == "code" and set(box.codes) == {code for code, _ in sheet.codes} else box.allowed
    value = typed.get(box.name, "")
    return Field(box, _label(box, sheet), hint, value, faults.get(box.name, ""), first)


def _label(box: Box, sheet: Sheet) -> str:
    """What stands beside a box: its own words, or that it is the answer, where the question has several."""
    return box.label or (words("keying-answer") if len(sheet.boxes) > 1 else "")


def _with_words(sheet: Sheet, box: Box, text: str) -> str:
    """What was keyed, codes with their answers; that there is nothing, where there is."""
    if not text:
        return words("keying-blank")
    said = dict(sheet.codes)
    if box.takes not in ("code", "codes") or not said:
        return text
    return "; ".join(f"{each} {said.get(each, '')}".strip() for each in text.split())


def _why(id: str, box: Box, given: str) -> str:
    shown = given if len(given) <= _SHOWN else f"{given[:_SHOWN]}…"
    return words(f"keying-why-{id}", given=shown, allowed=box.allowed)


def _counts(here: Study) -> Progress:
    return progress(here.engine, here.compiled.id, Path(here.vault or ""))


def _code(request: HttpRequest) -> str | None:
    return read_code(_given(request))


def _given(request: HttpRequest) -> str:
    return str(request.POST.get("code", ""))[:40]


def _known(study: str) -> Study:
    here = known(study)
    assert here is not None  # the middleware asked before
    return here
