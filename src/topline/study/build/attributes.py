"""Attributes and derived variables of study.yaml, built."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal, cast

from topline.base.hints import nearest
from topline.study.build.answers import Desk, nets_of, options_of, text_of
from topline.study.build.questions import range_of, whole
from topline.study.marks import Map, Seq, Text, Value, mark_of
from topline.study.model import Attribute, Derived

_WAYS: Final[dict[str, Literal["mean", "index", "recode", "band", "any", "all", "count", "coded"]]] = {
    "mean_of": "mean",
    "index_of": "index",
    "recode": "recode",
    "band": "band",
    "any_of": "any",
    "all_of": "all",
    "count_of": "count",
    "coded": "coded",
}


def build_attributes(value: Value | None, desk: Desk) -> tuple[Attribute, ...]:
    """The attributes: code lists, numbers, dates, and bands of a number attribute."""
    map = cast(Map, value or {})
    made = []
    for name, item in map.items():
        item, key = cast(Map, item), map.key(name)
        kind = cast(Literal["codes", "number", "date"], text_of(item.get("kind")) or "codes")
        before = len(desk.findings)
        options = options_of(item["options"], desk) if "options" in item else ()
        bands = len(options) if len(desk.findings) == before else 0
        if (kind == "codes") != bool("options" in item):
            desk.note("attribute-options", key.mark, name=name, kind=kind)
        cuts = tuple(Decimal(str(cut)) for cut in cast(Seq, item.get("cuts") or ()))
        _bands(item, name, bands, cuts, map, desk)
        low, high = range_of(item.get("range"), desk)
        reads = item.get("reads")
        made.append(
            Attribute(
                name=name,
                label=cast(Text, item["label"]),
                kind=kind,
                column=text_of(item.get("column")),
                options=options,
                nets=nets_of(item.get("nets"), options, desk),
                minimum=low,
                maximum=high,
                bands_of=text_of(item.get("bands_of")),
                cuts=cuts,
                reads=text_of(reads),
                reads_of=_reads(reads, [option.name for option in options], desk),
                coarsen=tuple(cast(Text, n) for n in cast(Seq, item.get("coarsen") or ())),
                mark=key.mark,
            )
        )
    return tuple(made)


def _bands(item: Map, name: str, bands: int, cuts: tuple[Decimal, ...], all: Map, desk: Desk) -> None:
    """Refuse bands of what is no number attribute, and cuts that do not fit the bands (0: not known)."""
    if "bands_of" not in item:
        return
    source = cast(Text, item["bands_of"])
    numbers = [key for key, other in all.items() if isinstance(other, Map) and other.get("kind") == "number"]
    if source not in numbers:
        desk.note("bands-of", source.mark, name=source, known=", ".join(numbers) or "none")
    if bands and (len(cuts) != bands - 1 or list(cuts) != sorted(set(cuts))):
        desk.note(
            "cuts", mark_of(item.get("cuts")) or item.mark, name=name, wanted=bands - 1, given=len(cuts)
        )


def _reads(value: Value | None, groups: list[str], desk: Desk) -> dict[str, str]:
    if not isinstance(value, Map):
        return {}
    for name in value:
        if name not in groups:
            desk.note("unknown-group-in-reads", value.key(name).mark, name=name, near=nearest(name, groups))
    return {name: cast(Text, text) for name, text in value.items()}


def build_derived(value: Value | None, desk: Desk) -> tuple[Derived, ...]:
    """The derived variables; what they are worked out from is checked once the whole study is known."""
    map = cast(Map, value or {})
    made = []
    for name, item in map.items():
        item, key = cast(Map, item), map.key(name)
        ways = [way for way in _WAYS if way in item]
        if len(ways) != 1:
            desk.note("derive-ways", key.mark, name=name, ways=", ".join(_WAYS))
            continue
        source = item[ways[0]]
        made.append(
            Derived(
                name=name,
                label=cast(Text, item["label"]),
                kind=_WAYS[ways[0]],
                of=tuple(cast(Text, of) for of in source)
                if isinstance(source, Seq)
                else (cast(Text, source),),
                score=text_of(item.get("score")) or ("mean" if ways[0] in ("mean_of", "index_of") else None),
                at_least=whole(item.get("at_least")) or 1,
                answer=text_of(item.get("answer")),
                options=options_of(item["options"], desk) if "options" in item else (),
                mapping={old: cast(Text, new) for old, new in cast(Map, item.get("map") or {}).items()},
                coders=tuple(cast(Text, coder) for coder in cast(Seq, item.get("coders") or ())),
                into=text_of(item.get("into")),
                cuts=tuple(Decimal(str(cut)) for cut in cast(Seq, item.get("cuts") or ())),
                mark=key.mark,
            )
        )
    return tuple(made)
