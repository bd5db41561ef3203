"""Rules of `weighting:`: do its settings go together, and do its files of counts fit the study?"""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import StringIO
from pathlib import Path
from typing import Final, cast

from topline.base import Finding, Mark, ToplineError
from topline.base.hints import nearest
from topline.study.marks import Map, Seq, Text, mark_of
from topline.study.model import Study, Variable
from topline.study.reading.plain_yaml import read_source

#: The group of those without an answer, where they are a class of their own.
MISSING: Final = "missing"


@dataclass
class _Table:
    """What a file of counts holds: its variables, and the counts of each line by groups."""

    file: str
    variables: list[Variable]
    rows: dict[tuple[str, ...], list[Decimal]] = field(default_factory=dict)
    marks: dict[tuple[str, ...], Mark] = field(default_factory=dict)
    seen: set[tuple[str, ...]] = field(default_factory=set)


def weighting_findings(study: Study) -> Iterator[Finding]:
    """Every finding about the weighting, and about the one beside it."""
    settings = study.settings.get("weighting")
    if not isinstance(settings, Map):
        return
    yield from _weighting(study, settings)
    if isinstance(settings.get("beside"), Map):
        yield from _weighting(study, cast(Map, settings["beside"]))


def _weighting(study: Study, map: Map) -> Iterator[Finding]:
    replies, targets = _files(map, "nonresponse"), _files(map, "targets")
    if ("use" in map) == ("adjust" in map or bool(replies)):
        yield Finding("weighting-use-or-adjust", {}, map.mark)
    adjust = str(map.get("adjust", "none"))
    if (adjust != "none") != bool(targets):
        yield Finding("weighting-targets", {"adjust": adjust}, map.mark)
    for setting in ("targets", "nonresponse"):
        most_one = setting == "nonresponse" or adjust == "post_stratify"
        if most_one and len(_files(map, setting)) > 1:
            values = {"setting": setting, "n": len(_files(map, setting))}
            yield Finding("weighting-one-file", values, cast(Map, map[setting]).mark)
    yield from _distance(map, adjust)
    tables = []
    for name, file in targets:
        table = yield from table_of_counts(study, name, file, ("population",))
        tables += [table] if table else []
    if "scale_to" not in map:
        yield from _totals(tables)
    elif map["scale_to"] not in [name for name, _ in targets]:
        name = cast(Text, map["scale_to"])
        values = {"name": name, "near": nearest(name, [str(target) for target, _ in targets])}
        yield Finding("scale-to-unknown", values, name.mark)
    for name, file in replies:
        table = yield from table_of_counts(study, name, file, ("invited", "replied"))
        if table:
            yield from _replies(table)
    yield from _merged(study, map)


def _files(map: Map, setting: str) -> list[tuple[Text, Text]]:
    """The files of a setting, with their names."""
    found = map.get(setting)
    return (
        [(found.key(name), cast(Text, file)) for name, file in found.items()]
        if isinstance(found, Map)
        else []
    )


def _distance(map: Map, adjust: str) -> Iterator[Finding]:
    for setting in ("distance", "bounds"):
        if setting in map and adjust != "calibrate":
            yield Finding("weighting-calibrate", {"setting": setting}, mark_of(map[setting]))
    bounds = map.get("bounds")
    if isinstance(bounds, Seq):
        low, high = (Decimal(str(bound)) for bound in bounds)
        if not 0 <= low < 1 < high:
            yield Finding("weighting-bounds", {"low": low, "high": high}, bounds.mark)
    elif map.get("distance") == "logit":
        yield Finding("weighting-logit", {}, mark_of(map["distance"]))
    if "bounds" in map and "trim" in map:
        yield Finding("weighting-trim-bounds", {}, mark_of(map["trim"]))
    trim = map.get("trim")
    if isinstance(trim, Map) and Decimal(str(trim["max"])) <= 1:
        yield Finding("weighting-trim", {"given": trim["max"]}, mark_of(trim["max"]))


def _merged(study: Study, map: Map) -> Iterator[Finding]:
    merged = map.get("missing")
    for name, group in merged.items() if isinstance(merged, Map) else ():
        variable = study.variables.get(name)
        key = cast(Map, merged).key(name)
        if variable is None or not variable.options:
            yield _unknown(study, key)
        elif variable.option(str(group)) is None:
            yield _no_group(variable, str(group), mark_of(group))


def table_of_counts(
    study: Study, name: Text, file: Text, columns: Sequence[str]
) -> Generator[Finding, None, _Table | None]:
    """Read a file of counts; return what it holds if its header can be read."""
    try:
        source = read_source(Path(study.folder) / file, str(file))
    except ToplineError:
        yield Finding("named-file-missing", {"file": file}, file.mark)
        return None
    lines = csv.reader(StringIO(source.text))
    header = [cell.strip() for cell in next(lines, [])]
    wanted = header[: -len(columns)]
    if not wanted or header[-len(columns) :] != list(columns):
        values = {"given": ", ".join(header), "columns": ", ".join(("id", *columns))}
        yield Finding("target-columns", values, Mark(str(file), 1))
        return None
    table = _Table(str(file), [])
    for column in wanted:
        known = name if column == "id" else Text(column, Mark(str(file), 1))
        variable = study.variables.get(known)
        if variable is None or not variable.options:
            yield _unknown(study, known)
            return None
        table.variables.append(variable)
    for row in lines:
        if row:
            yield from _row(
                table, [cell.strip() for cell in row], Mark(str(file), lines.line_num), len(columns)
            )
    if len(wanted) == 1:
        for option in table.variables[0].options:
            if not any(groups == (option.name,) for groups in table.seen):
                values = {"name": table.variables[0].name, "group": option.name}
                yield Finding("target-missing", values, Mark(str(file)))
    return table


def _row(table: _Table, cells: list[str], mark: Mark, many: int) -> Iterator[Finding]:
    groups = tuple(cells[: len(table.variables)])
    counts = [_count(text) for text in cells[len(table.variables) :]]
    for variable, group in zip(table.variables, groups, strict=False):
        if group != MISSING and variable.option(group) is None:
            yield _no_group(variable, group, mark)
            return
    named = " x ".join(groups)
    if groups in table.seen:
        yield Finding("target-twice", {"group": named}, mark)
        return
    table.seen.add(groups)
    # A crossing may be empty; a group of a single variable would better be merged
    least = 0 if len(table.variables) > 1 or many > 1 else 1
    good = [count for count in counts if count is not None and (count > 0 or (count == 0 and not least))]
    if len(good) != many:
        given = ", ".join(cells[len(table.variables) :])
        yield Finding("target-count", {"group": named, "given": given}, mark)
        return
    table.rows[groups] = good
    table.marks[groups] = mark


def _replies(table: _Table) -> Iterator[Finding]:
    for groups, (invited, replied) in table.rows.items():
        if replied > invited:
            values = {"group": " x ".join(groups), "invited": invited, "replied": replied}
            yield Finding("replies-over-invited", values, table.marks[groups])


def _totals(tables: Sequence[_Table]) -> Iterator[Finding]:
    """Targets describe one population, so their totals are the same."""
    totals = [sum((counts[0] for counts in table.rows.values()), Decimal()) for table in tables]
    for table, total in zip(tables[1:], totals[1:], strict=True):
        if total != totals[0]:
            by = f"{abs(total - totals[0]):,}"
            values = {"total": f"{total:,}", "first": tables[0].file, "other": f"{totals[0]:,}", "by": by}
            yield Finding("target-totals", values, Mark(table.file))


def _unknown(study: Study, name: Text) -> Finding:
    coded = [variable.name for variable in study.variables.values() if variable.options]
    return Finding("target-unknown", {"name": name, "near": nearest(name, coded)}, name.mark)


def _no_group(variable: Variable, group: str, mark: Mark | None) -> Finding:
    groups = [option.name for option in variable.options]
    values = {"name": variable.name, "group": group, "near": nearest(group, groups)}
    return Finding("target-group", values, mark)


def _count(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
