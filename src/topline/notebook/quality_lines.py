"""The lines of the printed checks: the first of each heads its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from topline.base import half_up
from topline.base.words import words
from topline.dataset.quality import GridQuality, ItemNonresponse, Quality
from topline.tables.key_figures import KeyFigure

Lines = list[list[str]]


def flag_lines(quality: Quality) -> Lines:
    """The flags: whom they are of, and by which rule."""
    heads = [words(f"quality-{name}") for name in ("flag", "people", "judged", "share", "rule")]
    lines = [[f.label, f"{f.n:,}", f"{f.of:,}", percent(f.share), f.rule] for f in quality.flags.values()]
    any_flag = int(quality.flagged.sum())
    share = percent(100.0 * any_flag / quality.n if quality.n else None)
    return [heads, *lines, [words("quality-any"), f"{any_flag:,}", f"{quality.n:,}", share, ""]]


def figure_lines(figures: Sequence[KeyFigure]) -> Lines:
    """Key figures of everybody, without the flagged, without those taken out."""
    base = words("quality-base")
    heads = [words("quality-figure")]
    for name in ("all", "without", "kept"):
        heads += [words(f"quality-figure-{name}"), base]
    lines = [[*heads, words("quality-figure-difference")]]
    for figure in figures:
        three = (figure.everybody, figure.unflagged, figure.kept)
        cells = [cell for value in three for cell in (number(value.value), f"{value.base:,}")]
        lines.append([figure.label, *cells, number(figure.difference)])
    return lines


def grid_lines(grids: Sequence[GridQuality]) -> Lines:
    """Grids: straight lines, and the medians of what is known of their variation."""
    names = ("grid", "rows", "lines", "judged", "share", "longest", "variation")
    lines = [[words(f"quality-{name}") for name in names]]
    for grid in grids:
        share = percent(100.0 * grid.n / grid.of if grid.of else None)
        longest, variation = median(grid.longest, grid), median(grid.variation, grid)
        lines.append(
            [
                grid.label,
                str(grid.rows),
                f"{grid.n:,}",
                f"{grid.of:,}",
                share,
                number(longest),
                number(variation, 2),
            ]
        )
    return lines


def item_lines(items: Sequence[ItemNonresponse]) -> Lines:
    """Questions: asked, answered, and every missing kind with its count."""
    lines = [[words(f"quality-{name}") for name in ("question", "asked", "answered", "rate", "kinds")]]
    for item in items:
        kinds = ", ".join(
            f"{kind}{'*' if kind in item.in_base else ''} {n:,}" for kind, n in item.kinds.items()
        )
        lines.append([item.label, f"{item.asked:,}", f"{item.answered:,}", percent(item.rate), kinds])
    return lines


def median(values: Any, grid: GridQuality) -> float | None:
    """The median over the people judged; None where there are none."""
    return float(np.median(values[grid.judged])) if grid.of else None


def percent(share: float | None) -> str:
    """A share with its sign; a dash for none."""
    return "-" if share is None else f"{half_up(share, 1)}%"


def number(value: float | None, places: int = 1) -> str:
    """A number, rounded once; a dash for none."""
    return "-" if value is None else str(half_up(value, places))
