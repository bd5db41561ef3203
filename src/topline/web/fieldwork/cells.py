"""Cells of attributes, and how small ones are made coarser.

A cell is what stays beside a response. Attributes are in the order in which the study keeps them; the last
one is given up first (grade, then department), for a whole group at a time, so that nothing comes back by
subtraction. `None` stands for an attribute that was given up.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from topline.web.store.kinds import dump

Cell = tuple[str | None, ...]
#: People in a cell of the frame, and replies in a cell of the release, that are thought a crowd.
FRAME_FLOOR: Final = 10
REPLY_FLOOR: Final = 5


def coarsened(counts: Mapping[Cell, int], floor: int) -> dict[Cell, Cell]:
    """What becomes of each cell: itself, or a coarser one. One that counts nobody makes nothing coarser."""
    width = max(map(len, counts), default=0)
    found = {cell: cell for cell in counts}
    for place in range(width - 1, 0, -1):
        now = _counted(counts, found, place + 1)
        small = {cell[:place] for cell, n in now.items() if 0 < n < floor}
        found = {cell: _cut(to, place) if to[:place] in small else to for cell, to in found.items()}
    if width:
        pooled = _pool(_counted(counts, found, 1), floor)
        found = {cell: _cut(to, 0) if to[:1] in pooled else to for cell, to in found.items()}
    return found


def _counted(counts: Mapping[Cell, int], found: Mapping[Cell, Cell], width: int) -> Counter[Cell]:
    """How many people are in each cell as it is now, looked at up to one attribute."""
    now: Counter[Cell] = Counter()
    for cell, to in found.items():
        now[to[:width]] += counts[cell]
    return now


def _cut(cell: Cell, place: int) -> Cell:
    return (*cell[:place], *(None for _ in cell[place:]))


def _pool(groups: Mapping[Cell, int], floor: int) -> set[Cell]:
    """The groups that are put together: all small ones, and the next smallest until they are a crowd."""
    taken = {cell for cell, n in groups.items() if 0 < n < floor or cell == (None,)}
    rest = sorted((n, str(cell), cell) for cell, n in groups.items() if cell not in taken and n)
    while rest and 0 < sum(groups[cell] for cell in taken) < floor:
        taken.add(rest.pop(0)[2])
    return taken


def text_of(cell: Cell, kept: Sequence[str]) -> str:
    """A cell as the store keeps it: by name of attribute."""
    return dump(dict(zip(kept, cell, strict=True)))


def cell_of(text: str, kept: Sequence[str]) -> Cell:
    """Read what `text_of` wrote."""
    found = json.loads(text)
    return tuple(found[name] for name in kept)
