"""About the research: who was asked, who replied, how, weighting, how sure, protection; in this order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from topline.base import half_up
from topline.base.words import words
from topline.disclosure.released import Figure, Released
from topline.study.model import Study

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def method(
    study: Study, released: Released, weighted: Released | None, language: str
) -> list[tuple[str, str]]:
    """The heads and texts of the method box; a head of which nothing is known is left out."""
    frame = _map(study, "frame")
    rows = [
        ("report-who", _joined(_text(study, "population"), _said(frame.get("coverage")))),
        ("report-replied", replied(released, language)),
        ("report-how", _how(study, language)),
        ("report-quality", released.excluded_sentence),
        ("report-weighting", _weighting(released, weighted, language)),
        ("report-sure", _sure(study, released, language)),
        ("report-protection", _protection(study, language)),
    ]
    return [(words(head, language), text) for head, text in rows if text]


def replied(released: Released, language: str) -> str:
    """Who replied, with the response rate where there is one."""
    if released.invited and released.response_rate is not None:
        values = {"replied": f"{released.responses:,}", "invited": f"{released.invited:,}"}
        rate = half_up(released.response_rate)
        return words("report-replied-rate", language, rate=rate, **values)
    return words("report-replied-count", language, replied=f"{released.responses:,}")


def fieldwork(study: Study) -> str:
    """The months of the fieldwork: `November to December 2013`; empty if the study does not say."""
    found = _map(study, "fieldwork")
    try:
        first, last = (date.fromisoformat(str(found[end])) for end in ("from", "to"))
    except (KeyError, ValueError):
        return ""
    start, stop = _MONTHS[first.month - 1], f"{_MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return stop
    return f"{start} to {stop}" if first.year == last.year else f"{start} {first.year} to {stop}"


def covers(study: Study, released: Released, language: str) -> str:
    """What an interval covers and what it does not; empty where there are none."""
    if released.inference == "census-nonresponse":
        return words("report-covers-census", language)
    if released.inference == "design":
        return words("report-covers-design", language)
    inference = study.settings.get("inference")
    model = inference.get("model") if isinstance(inference, Mapping) else None
    assume = model.get("assume") if isinstance(model, Mapping) else None
    return words("report-covers-model", language, assume=assume) if assume else ""


def _sure(study: Study, released: Released, language: str) -> str:
    if released.inference == "descriptive":
        return words("report-sure-descriptive", language)
    cells = [cell for table in released.tables.values() for row in table.rows for cell in row.cells]
    figures = (*released.figures.values(), *cells)
    everybody = [m for f in figures if not f.address.filters and (m := _margin(f)) is not None]
    most = max((m for f in figures if (m := _margin(f)) is not None), default=0.0)
    if not everybody:
        return words("report-sure-none", language)
    said = covers(study, released, language)
    top = max(everybody)
    if half_up(most) <= half_up(top):
        return words("report-sure-all", language, all=half_up(top), covers=said)
    return words("report-sure-margin", language, all=half_up(top), most=half_up(most), covers=said)


def _margin(figure: Figure) -> float | None:
    if figure.unit != "percent" or figure.low is None or figure.high is None:
        return None
    return (figure.high - figure.low) / 2


def _weighting(released: Released, weighted: Released | None, language: str) -> str:
    if weighted is None:
        return released.weighting
    return words("report-weighting-both", language, plain=released.weighting, weighted=weighted.weighting)


def _how(study: Study, language: str) -> str:
    by, when = _text(study, "carried_out_by"), fieldwork(study)
    return words("report-how-text", language, by=by, when=when) if by and when else by or when


def _protection(study: Study, language: str) -> str:
    rules = _map(study, "disclosure")
    if "group_minimum" not in rules:
        return _said(rules.get("why"))
    values = {"minimum": rules["group_minimum"], "why": _said(rules.get("why"))}
    return words("report-protection-text", language, **values)


def _map(study: Study, name: str) -> Mapping[str, object]:
    found = study.settings.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(study: Study, name: str) -> str:
    return _said(study.settings.get(name))


def _said(value: object) -> str:
    return " ".join(str(value).split()) if value is not None else ""


def _joined(*parts: str) -> str:
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)


def meta(study: Study, released: Released, draft: bool, language: str) -> Iterator[tuple[str, str]]:
    """The facts under the title: fieldwork, replies, who did it and for whom, version."""
    if when := fieldwork(study):
        yield words("report-fieldwork", language), when
    counted = f"{released.responses:,}"
    if released.invited and released.response_rate is not None:
        values = {"replied": counted, "invited": f"{released.invited:,}"}
        counted = words("report-replies-of", language, rate=half_up(released.response_rate), **values)
    yield words("report-replies", language), counted
    publisher = _text(study, "organisation")
    for id, setting in (("report-by", "carried_out_by"), ("report-for", "commissioned_by")):
        if (who := _text(study, setting)) and who != publisher:
            yield words(id, language), who
    if released.made_up or draft:
        id = "report-version-rehearsal" if released.made_up else "report-version-draft"
        yield words("report-version", language), words(id, language)
