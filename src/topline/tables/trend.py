"""Trends: the figures of every question with a lineage over several waves, and the changes between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from topline.base import ToplineError, fail
from topline.base.words import words
from topline.study.model import Study
from topline.study.waves import Lineage, Status, Waves
from topline.tables.change import Change, Point, change_of
from topline.tables.measures import RowSpec
from topline.tables.sides import Answers, Key, Side
from topline.tables.table import Column, Row, Table


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One figure over the waves: `points` by wave, None where it was not asked.

    `changes[i]` is from the last wave before that has the figure to wave i, None for the first and where no
    change may be stated; `notes` then say why. `mark` is `[b]` across a break.
    """

    item: str
    item_label: str
    spec: RowSpec
    group: str
    group_label: str
    points: tuple[Point | None, ...]
    changes: tuple[Change | None, ...]
    mark: str
    notes: tuple[str, ...]

    @property
    def compared(self) -> bool:
        """Whether two waves have the figure."""
        return sum(point is not None for point in self.points) > 1


@dataclass(frozen=True, slots=True)
class Trend:
    """One question over the waves, this wave last; `by` is the variable of its groups, or ""."""

    question: str
    by: str
    label: str
    wording: str
    base_sentence: str
    status: Status
    waves: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[TrendRow, ...]


def build_trends(now: Answers, earlier: Sequence[Side], waves: Waves, by: str = "") -> tuple[Trend, ...]:
    """The trend of each question that has a figure in one of the earlier waves, in the lineages' order.

    `by` divides people by a variable of this wave: an attribute (through `maps:` where its groups changed)
    or a question with a lineage of its own. Raises ToplineError for groups without a map.
    """
    if by:
        earlier = [_regrouped(side, now.data.study, waves, by) for side in earlier]
        now = replace(now, by=by)
    found = (
        _trend(now, earlier, lineage)
        for lineage in waves.lineages.values()
        if any(side.name in lineage.ids for side in earlier)
    )
    return tuple(trend for trend in found if any(row.compared for row in trend.rows))


def _regrouped(side: Side, study: Study, waves: Waves, by: str) -> Side:
    today = study.variables.get(by)
    if today is None or today.kind != "codes":
        fail("banner_unknown", name=by)
    name = by
    if today.source != "attribute" and today.source != "split":
        lineage = waves.lineages.get(by)
        if lineage is None or side.name not in lineage.ids:
            fail("change-not-asked", name=by, wave=side.name)
        if lineage.status == "broken":
            fail("change-broken", question=by, wave=side.name, why=_sentence(lineage.why))
        name = lineage.ids[side.name]
    groups = waves.maps.get(by, {}).get(side.name)
    return side.regrouped(today, name, groups)


def _trend(now: Answers, earlier: Sequence[Side], lineage: Lineage) -> Trend:
    table = now.table(lineage.question)
    means = frozenset(row.spec.name for row in table.rows if row.spec.kind == "mean")
    found: list[Mapping[Key, Point]] = [
        side.points(lineage.ids[side.name], means) if side.name in lineage.ids else {} for side in earlier
    ]
    found.append(now.points(lineage.question))
    sides: tuple[Side, ...] = (*earlier, now)
    rows = tuple(
        _row(table, row, column, found, sides, lineage)
        for row in table.rows
        for column in table.columns
    )  # fmt: skip
    return Trend(
        lineage.question,
        now.by,
        table.label,
        table.wording,
        table.base_sentence,
        lineage.status,
        tuple(side.name for side in sides),
        tuple(side.label for side in sides),
        rows,
    )


def _row(
    table: Table,
    row: Row,
    column: Column,
    found: Sequence[Mapping[Key, Point]],
    sides: Sequence[Side],
    lineage: Lineage,
) -> TrendRow:
    points = [points.get((row.item, row.spec.name, column.group)) for points in found]
    changes: list[Change | None] = []
    refused: dict[str, None] = {}
    before: tuple[Side, Point] | None = None
    for side, point in zip(sides, points, strict=True):
        made = None
        if before is not None and point is not None:
            try:
                made = _change(before, (side, point), row.spec, lineage, column.group)
            except ToplineError as error:
                refused |= dict.fromkeys(finding.text for finding in error.findings)
        changes.append(made)
        before = before if point is None else (side, point)
    broken = [words("change-broken-mark", why=_sentence(lineage.why))] if lineage.status == "broken" else []
    notes = dict.fromkeys(note for made in changes if made for note in made.notes)
    return TrendRow(
        row.item,
        row.item_label,
        row.spec,
        column.group,
        column.label if column.group else "",
        tuple(points),
        tuple(changes),
        "[b]" if refused or broken else "",
        (*broken, *(() if broken else refused), *notes),
    )


def _change(
    then: tuple[Side, Point], now: tuple[Side, Point], spec: RowSpec, lineage: Lineage, group: str
) -> Change:
    mapped = [side.mapped[group] for side, _ in (then, now) if group in side.mapped]
    return change_of(
        then[1],
        now[1],
        share=spec.kind != "mean",
        status=lineage.status,
        why=_sentence(lineage.why),
        wave=then[0].name,
        name=lineage.question,
        notes=tuple(mapped),
    )


def _sentence(why: str) -> str:
    """A reason with its full stop."""
    return why if not why or why.endswith((".", "!", "?")) else f"{why}."
