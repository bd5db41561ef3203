"""Rules of `quality:`: do its flags, conditions and figures speak of things that exist?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, cast

from topline.base import Finding, ToplineError
from topline.base.hints import nearest
from topline.study.address import Address, parse_address
from topline.study.conditions.names import name_findings
from topline.study.marks import Map, Seq, Text, mark_of
from topline.study.model import Study
from topline.study.parse import parse_condition
from topline.study.resolve import resolve

#: Flags that need no declaration; `speed` only where durations or a condition are declared.
BUILT_IN: Final = ("speed", "straight_lining", "unanswered", "duplicate")
_LEAST_ROWS: Final = 2


def quality_findings(study: Study) -> Iterator[Finding]:
    """Every finding about the block; none where there is no block."""
    settings = study.settings.get("quality")
    if not isinstance(settings, Map):
        return
    yield from _speed(_part(settings, "speed"), study)
    yield from _shares(settings)
    rows = _part(settings, "straight_lining").get("rows")
    if isinstance(rows, Text) and int(rows) < _LEAST_ROWS:
        yield Finding("quality-rows", {"given": rows}, rows.mark)
    for name, item in _part(settings, "contradictions").items():
        if name in BUILT_IN:
            key = _part(settings, "contradictions").key(name)
            yield Finding("quality-name-taken", {"name": name}, key.mark)
        yield from _condition(cast(Text, cast(Map, item)["where"]), study)
    yield from _exclusions(settings)
    for figure in cast(Seq, settings.get("figures") or ()):
        yield from _figure(cast(Text, figure), study)


def _part(settings: Map, name: str) -> Map:
    found = settings.get(name)
    return found if isinstance(found, Map) else Map([], settings.mark)


def _speed(speed: Map, study: Study) -> Iterator[Finding]:
    if not speed:
        return
    if ("seconds" in speed) == ("where" in speed):
        yield Finding("quality-speed-ways", {}, speed.mark)
    if isinstance(given := speed.get("seconds"), Text):
        numbers = [v.name for v in study.variables.values() if v.kind == "number"]
        if given not in numbers:
            yield Finding("quality-seconds", {"given": given, "near": nearest(given, numbers)}, given.mark)
    if isinstance(where := speed.get("where"), Text):
        yield from _condition(where, study)


def _shares(settings: Map) -> Iterator[Finding]:
    places = (
        ("speed", "share"), ("straight_lining", "share"), ("unanswered", "share"), ("duplicates", "match"),
    )  # fmt: skip
    for part, name in places:
        given = _part(settings, part).get(name)
        if isinstance(given, Text) and not 0 < Decimal(str(given)) <= 1:
            values = {"name": f"quality: {part}: {name}", "given": given}
            yield Finding("quality-share", values, given.mark)


def _exclusions(settings: Map) -> Iterator[Finding]:
    here = [flag for flag in BUILT_IN if flag != "speed" or _part(settings, "speed")]
    here += _part(settings, "contradictions")
    for item in _part(settings, "exclude").values():
        for flag in cast(Seq, cast(Map, item)["flags"]):
            if flag not in here:
                values = {"flag": flag, "flags": ", ".join(here)}
                yield Finding("quality-flag-unknown", values, mark_of(flag))


def _condition(text: Text, study: Study) -> Iterator[Finding]:
    try:
        yield from name_findings(parse_condition(text), study)
    except ToplineError as error:
        yield from error.findings


def _figure(text: Text, study: Study) -> Iterator[Finding]:
    try:
        address = parse_address(text, text.mark)
    except ToplineError as error:
        yield from error.findings
        return
    found = resolve(address, study, text.mark)
    yield from found
    if not found and not is_key_figure(address):
        yield Finding("quality-figure", {"given": text}, text.mark)


def is_key_figure(address: Address) -> bool:
    """Whether an address is one share or one mean of everybody."""
    bare = not (address.filters or address.waves or address.conditions or address.is_spread)
    share = address.stat is None and address.op is not None
    return bare and not address.is_counter and (share or address.stat == "mean")
