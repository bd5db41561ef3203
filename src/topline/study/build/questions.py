"""questionnaire.yaml, built: scales, splits, groups, and the flat list of questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal, cast

from topline.base import Mark, ToplineError
from topline.base.hints import nearest
from topline.study.build.answers import (
    Desk,
    flag,
    missing_kinds,
    missing_of,
    named_entries,
    nets_of,
    options_of,
    points_of,
    text_of,
)
from topline.study.build.scores import scores_of
from topline.study.marks import Map, Seq, Text, Value, mark_of
from topline.study.model import (
    Check,
    Group,
    Kind,
    Missing,
    Order,
    Question,
    Questionnaire,
    Row,
    Scale,
    Section,
    Split,
)
from topline.study.parse import parse_condition
from topline.study.shapes.engine import kind_of
from topline.study.shapes.questionnaire import ITEMS
from topline.study.tree import Condition

_ORDER: Final = re.compile(r"(shuffle|flip)(?: by ([a-z][a-z0-9_]*))?")


def build_questionnaire(map: Map, desk: Desk) -> Questionnaire:
    """Build questionnaire.yaml, whose shape has been checked; faults are added to the desk's findings."""
    missing = missing_kinds(map.get("missing"), desk)
    desk.missing = missing
    scales = {name: _scale(name, value, desk) for name, value in _entries(map, "scales")}
    splits = tuple(
        Split(name, cast(Text, item["label"]), _arms(cast(Map, item["arms"])), _key_mark(map, "splits", name))
        for name, item in _entries(map, "splits")
    )
    groups = tuple(
        Group(name, cast(Text, item["label"]), where, _key_mark(map, "groups", name))
        for name, item in _entries(map, "groups")
        if (where := condition(item["where"], desk)) is not None
    )
    questions, sections = _items(cast(Seq, map["questions"]), scales, desk)
    return Questionnaire(questions, sections, tuple(missing.values()), tuple(scales.values()), splits, groups)


def condition(value: Value | None, desk: Desk) -> Condition | None:
    """Parse a condition; a fault of its grammar becomes a finding."""
    if value is None:
        return None
    try:
        return parse_condition(cast(Text, value))
    except ToplineError as error:
        desk.findings.extend(error.findings)
        return None


def _entries(map: Map, name: str) -> list[tuple[str, Map]]:
    return [(key, cast(Map, item)) for key, item in cast(Map, map.get(name) or {}).items()]


def _key_mark(map: Map, part: str, name: str) -> Mark:
    return cast(Map, map[part]).key(name).mark


def _arms(map: Map) -> Mapping[str, int]:
    return {name: int(cast(Text, size)) for name, size in map.items()}


def _scale(name: str, map: Map, desk: Desk) -> Scale:
    if ("options" in map) == ("points" in map):
        desk.note("options-or-points", map.mark, what=f"scale {name}", allowed="options or points")
        return Scale(name, ())
    options = options_of(map["options"], desk) if "options" in map else points_of(map, desk)
    nets = nets_of(map.get("nets"), options, desk)
    scores = scores_of(map.get("scores"), options, nets, desk)
    if "points" in map:
        scores.setdefault("mean", tuple(Decimal(option.code or 0) for option in options))
    return Scale(name, options, missing_of(map.get("missing"), desk), nets, scores, map.mark)


def _items(
    seq: Seq, scales: Mapping[str, Scale], desk: Desk
) -> tuple[tuple[Question, ...], tuple[Section, ...]]:
    questions: list[Question] = []
    sections: list[Section] = []
    page: str | None = None
    taken: dict[tuple[str, str], Mark] = {}
    for at, item in enumerate(seq):
        item = cast(Map, item)
        kind = kind_of(item, ITEMS)
        assert kind is not None, "the shape has been checked"
        name = cast(Text, item[kind])
        if not _free(kind if kind in ("section", "page") else "question", name, taken, desk):
            continue
        if kind == "section":
            page = None
            sections.append(_section(name, item, desk))
        elif kind == "page":
            page = name
        else:
            # the first and the last words stand alone
            own_page = page is None or (kind == "info" and at in (0, len(seq) - 1))
            if own_page and not _free("page", name, taken, desk):
                continue
            place = (sections[-1].name if sections else None, name if own_page else str(page))
            questions.append(_question(cast(Kind, kind), name, item, place, scales, desk))
    return tuple(questions), tuple(sections)


def _free(space: str, name: Text, taken: dict[tuple[str, str], Mark], desk: Desk) -> bool:
    """Take a name; if it is taken already, say so."""
    if (space, name) in taken:
        desk.note("name-taken", name.mark, name=name, line=taken[space, name].line)
        return False
    taken[space, name] = name.mark
    return True


def _section(name: Text, item: Map, desk: Desk) -> Section:
    order = item.get("order")
    questions = _order(order.get("questions") if isinstance(order, Map) else order, desk)
    return Section(name, cast(Text, item["title"]), condition(item.get("ask_if"), desk), questions, item.mark)


def _question(
    kind: Kind,
    name: Text,
    item: Map,
    place: tuple[str | None, str],
    scales: Mapping[str, Scale],
    desk: Desk,
) -> Question:
    """Build one question: its words and its route here, its answers and its limits in rooms of their own."""
    question = Question(
        kind=kind,
        id=name,
        ask=text_of(item.get("ask")) or "",
        label=text_of(item.get("label")) or "",
        hint=text_of(item.get("hint")),
        title=text_of(item.get("title")),
        text=text_of(item.get("text")) if kind == "info" else None,  # elsewhere `text` is the kind
        section=place[0],
        page=place[1],
        ask_if=condition(item.get("ask_if"), desk),
        base_text=text_of(item.get("base_text")),
        required=flag(item, "required", default=kind not in ("text", "info")),
        quotes="ask" if "quotes" in item else None,
        look="list" if "look" in item else None,
        checks=_checks(item.get("checks"), desk),
        column=text_of(item.get("column")),
        mark=name.mark,
        marks={key: mark for key, value in item.items() if (mark := mark_of(value))},
    )
    return _with_limits(_with_answers(question, item, scales, desk), item, desk)


def _with_answers(question: Question, item: Map, scales: Mapping[str, Scale], desk: Desk) -> Question:
    scale = _own_answers(question.kind, item, scales, desk)
    is_own = scale.mark == item.mark  # its missing kinds are read with its answers
    rows_order, options_order = _orders(question.kind, item.get("order"), desk)
    blank, counts = _blank(item.get("blank"))
    return replace(
        question,
        scale=text_of(item.get("scale")),
        options=scale.options,
        rows=_rows(item.get("rows"), desk),
        missing=missing_of(item["missing"], desk) if "missing" in item and not is_own else scale.missing,
        nets=scale.nets,
        scores=scale.scores,
        order_rows=rows_order,
        order_options=options_order,
        options_from=text_of(item.get("options_from")),
        blank=blank,
        blank_counts=counts,
    )


def _with_limits(question: Question, item: Map, desk: Desk) -> Question:
    low, high = range_of(item.get("range"), desk)
    return replace(
        question,
        places=whole(item.get("places")),
        minimum=low,
        maximum=high,
        decimals=whole(item.get("decimals")) or 0,
        lines=whole(item.get("lines")) or 1,
        max_length=whole(item.get("max_length")),
    )


_NO_ANSWERS: Final = Scale("", ())


def _own_answers(kind: Kind, item: Map, scales: Mapping[str, Scale], desk: Desk) -> Scale:
    """The answers of a question as a scale: its own, or its scale's with its own nets and scores."""
    if kind not in ("single", "multiple", "grid", "rank"):
        return _NO_ANSWERS
    sources = [name for name in ("scale", "options", "points", "options_from") if name in item]
    if len(sources) != 1:
        allowed = "options, scale or points" + (" or options_from" if kind == "rank" else "")
        desk.note("options-or-points", item.mark, what=f"{kind} {item[kind]}", allowed=allowed)
        return _NO_ANSWERS
    if sources == ["options_from"]:
        return _NO_ANSWERS
    if sources != ["scale"]:
        return _scale(str(item[kind]), item, desk)
    given = cast(Text, item["scale"])
    scale = scales.get(given)
    if scale is None:
        desk.note("unknown-scale", given.mark, name=given, near=nearest(given, scales))
        return _NO_ANSWERS
    nets = nets_of(item.get("nets"), scale.options, desk) if "nets" in item else scale.nets
    own = scores_of(item.get("scores"), scale.options, nets, desk)
    scores = own if "scores" in item else scale.scores
    return Scale(scale.name, scale.options, scale.missing, nets, scores, scale.mark)


def _rows(value: Value | None, desk: Desk) -> tuple[Row, ...]:
    made = []
    for code, name, key, item in named_entries(cast(Map, value), desk, "rows") if value else ():
        if isinstance(item, Text):
            made.append(Row(name, item, code, mark=key.mark))
        else:
            item = cast(Map, item)
            place = cast(Literal["first", "last"] | None, text_of(item.get("place")))
            made.append(
                Row(name, cast(Text, item["label"]), code, text_of(item.get("short")), place, key.mark)
            )
    return tuple(made)


def _orders(kind: Kind, value: Value | None, desk: Desk) -> tuple[Order | None, Order | None]:
    """The order of rows and of options; a bare word means the options."""
    if not isinstance(value, Map):
        if kind == "grid" and value is not None:
            desk.note("grid-order", mark_of(value), given=value)
            return None, None
        return None, _order(value, desk)
    only = tuple(str(name) for name in cast(Seq, value.get("only") or ()))
    rows = _order(value.get("rows"), desk, only if "rows" in value else ())
    return rows, _order(value.get("options"), desk, () if "rows" in value else only)


def _order(value: Value | None, desk: Desk, only: tuple[str, ...] = ()) -> Order | None:
    if value is None:
        return None
    match = _ORDER.fullmatch(cast(Text, value))
    if match is None:
        desk.note("order-words", mark_of(value), given=value)
        return None
    return Order(cast(Literal["shuffle", "flip"], match[1]), match[2], only, mark_of(value))


def range_of(value: Value | None, desk: Desk) -> tuple[Decimal | date | None, Decimal | date | None]:
    """The lowest and highest of `range: [a, b]`; None, None if it is not there."""
    if value is None:
        return None, None
    low, high = (_bound(cast(Text, item)) for item in cast(Seq, value))
    if type(low) is not type(high) or low > high:  # type: ignore[operator]
        desk.note("range-order", mark_of(value), low=low, high=high)
    return low, high


def _bound(text: str) -> Decimal | date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Decimal(text)


def whole(value: Value | None) -> int | None:
    """A setting that is a whole number."""
    return int(cast(Text, value)) if value is not None else None


def _blank(value: Value | None) -> tuple[Missing | None, bool]:
    if isinstance(value, Map):
        return Missing("blank", cast(Text, value["label"]), flag(value, "in_base"), mark=value.mark), False
    return None, value is not None


def _checks(value: Value | None, desk: Desk) -> tuple[Check, ...]:
    made = []
    for item in cast(Seq, value) if value else ():
        item = cast(Map, item)
        if ("soft" in item) == ("hard" in item):
            desk.note("check-soft-or-hard", item.mark)
            continue
        severity: Literal["soft", "hard"] = "soft" if "soft" in item else "hard"
        rule = condition(item[severity], desk)
        if rule is not None:
            made.append(Check(severity, rule, cast(Text, item["say"]), item.mark))
    return tuple(made)
