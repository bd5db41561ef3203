"""Answers, nets and missing kinds, as they stand in a scale, a question or an attribute."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Final, Literal, cast

from topline.base import Finding, Mark, ToplineError
from topline.base.hints import nearest
from topline.study.marks import Map, Seq, Text, Value, mark_of
from topline.study.model import CHOSEN_MISSING, MISSING_KINDS, Missing, Net, Option
from topline.study.reading.plain_yaml import read_source
from topline.study.shapes.engine import CODE_NAME

Place = Literal["first", "last"] | None
_COLUMNS: Final = ("code", "name", "label", "short", "parent", "data")


@dataclass
class Desk:
    """What every builder needs at hand: the study's folder, findings so far, declared missing kinds."""

    folder: Path
    findings: list[Finding]
    missing: Mapping[str, Missing]

    def note(self, id: str, mark: Mark | None, **values: object) -> None:
        """Add a finding."""
        self.findings.append(Finding(id, values, mark))


def text_of(value: Value | None) -> str | None:
    """The text of a setting, or None if it is not there."""
    return value if isinstance(value, Text) else None


def flag(map: Map, name: str, default: bool = False) -> bool:
    """A setting that is true or false."""
    return map[name] == "true" if name in map else default


def coded(key: Text) -> tuple[int | None, str]:
    """Take `5 strongly_agree` apart."""
    match = CODE_NAME.fullmatch(key)
    assert match is not None, "the shape has been checked"
    return (int(match[1]) if match[1] else None), match[2]


def named_entries(map: Map, desk: Desk, what: str) -> Iterable[tuple[int | None, str, Text, Value]]:
    """Go through `CODE NAME: ...` entries as code, name, key, value; each name and code stands once."""
    names: dict[str, Text] = {}
    codes: dict[int, str] = {}
    bare = [key for key in map if coded(map.key(key))[0] is None]
    for raw, value in map.items():
        key = map.key(raw)
        code, name = coded(key)
        if name in names:
            desk.note("name-twice", key.mark, name=name, line=names[name].mark.line)
            continue
        if code is not None and code in codes:
            desk.note("code-twice", key.mark, code=code, first=codes[code], second=name)
            continue
        if code is None and len(bare) < len(map):
            desk.note("code-missing", key.mark, name=name, what=what)
        names[name] = key
        if code is not None:
            codes[code] = name
        yield code, name, key, value


def options_of(value: Value, desk: Desk) -> tuple[Option, ...]:
    """The answers of a list: written out, or in a CSV file."""
    if isinstance(value, Text):
        return _options_of_file(value, desk)
    made = []
    for code, name, key, item in named_entries(cast(Map, value), desk, "answers"):
        if name in MISSING_KINDS:
            desk.note("answer-is-missing-kind", key.mark, name=name)
            continue
        if isinstance(item, Text):
            made.append(Option(name, item, code, mark=key.mark))
            continue
        item = cast(Map, item)
        made.append(
            Option(
                name=name,
                label=cast(Text, item["label"]),
                code=code,
                short=text_of(item.get("short")),
                hint=text_of(item.get("hint")),
                place=cast(Place, text_of(item.get("place"))),
                exclusive=flag(item, "exclusive"),
                specify=text_of(item.get("specify")),
                ends="screened_out" if "ends" in item else None,
                data=text_of(item.get("data")),
                parent=text_of(item.get("parent")),
                mark=key.mark,
            )
        )
    return _hierarchy(tuple(made), desk)


def _hierarchy(options: tuple[Option, ...], desk: Desk) -> tuple[Option, ...]:
    """Refuse a parent that is not an answer of the list, or a chain that comes back to itself."""
    parents = {option.name: option.parent for option in options}
    for option in options:
        above, seen = option.parent, {option.name}
        while above is not None:
            if above not in parents:
                desk.note(
                    "unknown-parent",
                    mark_of(option.parent) or option.mark,
                    name=above,
                    known=", ".join(parents),
                )
                break
            if above in seen:
                desk.note("parent-circle", mark_of(option.parent) or option.mark, name=option.name)
                break
            seen.add(above)
            above = parents[above]
    return options


def _options_of_file(name: Text, desk: Desk) -> tuple[Option, ...]:
    """Read a code list from CSV with the columns code, name, label and, if wanted, short, parent, data."""
    if not (desk.folder / name).is_file():
        desk.note("named-file-missing", name.mark, file=name)
        return ()
    try:
        source = read_source(desk.folder / name, name)
    except ToplineError as error:
        desk.findings.extend(error.findings)
        return ()
    rows = csv.DictReader(StringIO(source.text))
    columns = rows.fieldnames or []
    if not {"name", "label"} <= set(columns) or not set(columns) <= set(_COLUMNS):
        desk.note("list-columns", Mark(name, 1), given=", ".join(columns), allowed=", ".join(_COLUMNS))
        return ()
    pairs: list[tuple[Text, Value]] = []
    for row in rows:
        mark = Mark(str(name), rows.line_num)
        key = Text(f"{row['code']} {row['name']}" if row.get("code") else row["name"] or "", mark)
        if not CODE_NAME.fullmatch(key) or not row["label"]:
            desk.note("list-row", mark, given=key)
            continue
        extra = [
            (Text(c, mark), Text(row[c], mark)) for c in ("label", "short", "parent", "data") if row.get(c)
        ]
        pairs.append((key, Map(cast("list[tuple[Text, Value]]", extra), mark)))
    return options_of(Map(pairs, Mark(str(name), 1)), desk)


def points_of(map: Map, desk: Desk) -> tuple[Option, ...]:
    """The generated scale of `points: [0, 10]`, with the words at its two ends."""
    low, high = (int(Decimal(str(value))) for value in cast(Seq, map["points"]))
    mark = mark_of(map["points"])
    if low < 0 or high <= low or high - low > 100:
        desk.note("points-range", mark, low=low, high=high)
        return ()
    ends = [str(text) for text in cast(Seq, map["ends"])] if "ends" in map else []
    words = {low: ends[0], high: ends[1]} if ends else {}
    return tuple(
        Option(f"p{n}", f"{n} – {words[n]}" if n in words else str(n), n, short=str(n), mark=mark)
        for n in range(low, high + 1)
    )


def nets_of(value: Value | None, options: tuple[Option, ...], desk: Desk) -> tuple[Net, ...]:
    """The nets of a list of answers; `not:` is resolved to what is left."""
    names = [option.name for option in options]
    made = []
    for raw, item in (cast(Map, value) if value else {}).items():
        key, item = cast(Map, value).key(raw), cast(Map, item)
        if ("of" in item) == ("not" in item):
            desk.note("net-of-or-not", key.mark, name=key)
            continue
        if key in names:
            desk.note("net-is-answer", key.mark, name=key)
            continue
        listed = cast(Seq, item["of"] if "of" in item else item["not"])
        for name in listed:
            if name not in names:
                desk.note("unknown-answer-in-net", name.mark, name=name, near=nearest(str(name), names))
        of = tuple(str(n) for n in listed if n in names)
        if "not" in item and set(of) == set(names):
            desk.note("net-of-nothing", key.mark, name=key)
        made.append(
            Net(
                key,
                cast(Text, item["label"]),
                of if "of" in item else tuple(n for n in names if n not in of),
                key.mark,
            )
        )
    return tuple(made)


def missing_kinds(value: Value | None, desk: Desk) -> dict[str, Missing]:
    """The missing kinds that the study declares."""
    made = {}
    for code, name, key, item in named_entries(cast(Map, value), desk, "missing kinds") if value else ():
        if name not in CHOSEN_MISSING:
            desk.note("not-a-missing-kind", key.mark, name=name, allowed=", ".join(CHOSEN_MISSING))
            continue
        if isinstance(item, Text):
            made[name] = Missing(name, item, code=code, mark=key.mark)
        else:
            item = cast(Map, item)
            made[name] = Missing(name, cast(Text, item["label"]), flag(item, "in_base"), code, key.mark)
    return made


def missing_of(value: Value | None, desk: Desk) -> tuple[Missing, ...]:
    """Which of the study's missing kinds a question or scale offers."""
    made = []
    for name in cast(Seq, value) if value else ():
        if name in desk.missing:
            made.append(desk.missing[str(name)])
        else:
            desk.note("missing-undeclared", name.mark, name=name, near=nearest(str(name), desk.missing))
    return tuple(made)
