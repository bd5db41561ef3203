"""The types of rows in an XLSForm's survey sheet, in all their spellings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal

Act = Literal["ask", "begin", "end", "title", "id", "lacking", "unknown"]

_SELECT: Final = re.compile(
    r"(?P<how>add select one prompt using|select one from|select one using|select one|select_one|select1"
    r"|add select multiple prompt using|select all that apply from|select all that apply using"
    r"|select all that apply|select multiple from|select multiple using|select multiple|select_multiple|rank)"
    r"\s+(?P<list>\S+)(?:\s+(?P<other>or_other|or other|or specify other|or_specify_other))?",
    re.IGNORECASE,
)
_BLOCK: Final = re.compile(r"(begin|end)[ _](?:looped )?(group|repeat|loop|lgroup)\b.*", re.IGNORECASE)
_ASKED: Final = {
    "text": "text", "string": "text",
    "integer": "integer", "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "note": "note",
    "range": "range",
}  # fmt: skip
_PLACES: Final = ("geopoint", "gps", "location", "geotrace", "geoshape", "start-geopoint", "osm")
_MEDIA: Final = ("image", "photo", "audio", "video", "file", "signature", "draw", "annotate")
_DEVICE: Final = (
    "start", "end", "today", "deviceid", "device id", "imei", "subscriberid", "subscriber id", "simserial",
    "sim id", "phonenumber", "phone number", "username", "email", "uri:deviceid", "uri:subscriberid",
    "uri:simserial", "uri:phonenumber", "uri:username", "uri:email", "start time", "end time", "audit",
    "background-audio", "background-geopoint",
)  # fmt: skip
_OUTSIDE: Final = (
    "select_one_from_file", "select_multiple_from_file", "select_one_external", "select_multiple_external",
    "csv-external", "xml-external", "entity",
)  # fmt: skip
#: Why Topline has no such row: the id of the message, by type.
_LACKING: Final = {
    **dict.fromkeys(_PLACES, "form-lacks-places"),
    **dict.fromkeys(_MEDIA, "form-lacks-media"),
    **dict.fromkeys(_DEVICE, "form-lacks-device"),
    **dict.fromkeys(_OUTSIDE, "form-lacks-outside"),
    **dict.fromkeys(("barcode", "qrcode"), "form-lacks-barcode"),
    **dict.fromkeys(("calculate", "calculation", "hidden"), "form-lacks-calculation"),
    **dict.fromkeys(("time", "datetime"), "form-lacks-time"),
    **dict.fromkeys(("acknowledge", "trigger"), "form-lacks-acknowledge"),
}


@dataclass(frozen=True)
class RowType:
    """What a row is: `act`, and for `ask` its kind (single, multiple, rank, text, integer, ...) and list.

    For `begin` and `end`, `kind` is group or repeat; for `lacking`, the id of the message that says why.
    """

    act: Act
    kind: str = ""
    list_name: str = ""
    other: bool = False


def read_type(text: str) -> RowType:
    """Read the type of a row."""
    words = " ".join(text.split())
    low = words.lower()
    if match := _BLOCK.fullmatch(words):
        kind = "group" if match[2].lower() == "group" else "repeat"
        return RowType("begin" if match[1].lower() == "begin" else "end", kind)
    if low.split(" ")[0] in _OUTSIDE:
        return RowType("lacking", "form-lacks-outside")
    if match := _SELECT.fullmatch(words):
        how = match["how"].lower()
        kind = "rank" if how == "rank" else "single" if "one" in how or how == "select1" else "multiple"
        return RowType("ask", kind, match["list"], match["other"] is not None)
    if match := re.fullmatch(r"(?:add )?(.+?) (?:prompt|question|widget)", low):
        low = match[1]
    if low in ("set form title", "set form id"):
        return RowType("title" if low.endswith("title") else "id")
    if low in _ASKED:
        return RowType("ask", _ASKED[low])
    if low in _LACKING:
        return RowType("lacking", _LACKING[low])
    return RowType("unknown")


def nearest_type(text: str) -> str:
    """The known type that an unknown one looks like, or some that are known."""
    known = [*_ASKED, *_LACKING, "select_one", "select_multiple", "rank", "begin group", "end group"]
    near = get_close_matches(text.lower().split(" ")[0] or text, known, n=1, cutoff=0.6)
    return near[0] if near else "select_one LIST, select_multiple LIST, text, integer, decimal, date or note"
