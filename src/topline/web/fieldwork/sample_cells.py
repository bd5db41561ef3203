"""Counts of a sample by cell, from which base weights are made. Never of a person: the sums of cells only."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from topline.web.fieldwork.cells import Cell, cell_of, text_of
from topline.web.store.engines import Row, Transaction


def keep_sample_cells(
    db: Transaction,
    study: str,
    kept: tuple[str, ...],
    cells: Mapping[int, Cell],
    drawn: Collection[int],
    become: Mapping[Cell, Cell],
) -> None:
    """Write people listed, people drawn, and the sum of 1 / probability of those drawn, for each cell as it
    is kept. Nothing where no sample was drawn.
    """
    found = db.rows("select plan from sample where study = ?", study)
    if not found:
        return
    plan = json.loads(found[0][0])
    at = [kept.index(name) for name in plan["by"]] if plan["method"] in ("stratified", "pps") else []
    weight = {tuple(groups): 1 / chance for groups, _, n, chance in plan["strata"] if n}
    listed, invited, base = Counter[str](), Counter[str](), Counter[str]()
    for id, cell in cells.items():
        where = text_of(become.get(cell, cell), kept)
        listed[where] += 1
        if id in drawn:
            invited[where] += 1
            base[where] += weight[tuple(cell[place] for place in at)]
    db.many(
        "insert into sample_cell (study, cell, listed, drawn, base) values (?, ?, ?, ?, ?)",
        [(study, each, listed[each], invited[each], float(base[each])) for each in sorted(listed)],
    )


def sums_of_sample(
    db: Transaction, study: str, kept: tuple[str, ...], become: Mapping[Cell, Cell]
) -> dict[str, tuple[int, float]] | None:
    """People listed and the base sum of each class of the release; None where no sample was drawn."""
    if not (rows := db.rows("select cell, listed, base from sample_cell where study = ?", study)):
        return None
    found: dict[str, tuple[int, float]] = {}
    for cell, listed, base in _classes(rows, kept, become):
        before = found.get(cell, (0, 0.0))
        found[cell] = (before[0] + listed, before[1] + base)
    return found


def _classes(
    rows: list[Row], kept: tuple[str, ...], become: Mapping[Cell, Cell]
) -> Iterator[tuple[str, int, float]]:
    for text, listed, base in rows:
        cell = cell_of(text, kept)
        yield text_of(become.get(cell, cell), kept), int(listed), float(base)
