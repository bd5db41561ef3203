"""Links that many share: how many came and finished, and how many of the people they were meant for.

A link without a headcount has no rate: nobody knows how many it reached. Counts are multiples of ten, before
and after the close.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from topline.study.compiled import Compiled
from topline.web.monitor.counts import STEP, down
from topline.web.store.engines import Engine


@dataclass(frozen=True, slots=True)
class SharedLink:
    """One link. `came` and `finished` are multiples of ten; `participation` is None without a headcount."""

    label: str
    headcount: int | None
    came: int
    finished: int
    participation: Fraction | None


def shared_links(compiled: Compiled, engine: Engine) -> tuple[SharedLink, ...]:
    """Every shared link of a study, by its name."""
    study = compiled.id
    rows = engine.rows("select name, cell, headcount from link where study = ? order by name", study)
    counted = {
        str(batch): (int(came), int(finished or 0))
        for batch, came, finished in engine.rows(
            "select batch, count(*), sum(case state when 'finished' then 1 else 0 end) from invite"
            " where study = ? and way = 'link' and state <> 'listed' group by batch",
            study,
        )
    }
    found = []
    for name, cell, headcount in rows:
        came, finished = (down(n) for n in counted.get(str(name), (0, 0)))
        rate = Fraction(finished, headcount) if headcount and headcount >= STEP else None
        found.append(SharedLink(_label(compiled, json.loads(cell)), headcount, came, finished, rate))
    return tuple(found)


def _label(compiled: Compiled, cell: Mapping[str, str | None]) -> str:
    """The groups that a link is for, in words; empty for everybody."""
    known = {each.name: each for each in compiled.attributes}
    words = []
    for name, value in cell.items():
        if value is not None and name in known:
            options = {option.name: compiled.wording[option.text] for option in known[name].options}
            words.append(options.get(value, value))
    return ", ".join(words)
