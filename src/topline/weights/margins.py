"""What weights are brought to: counts of groups, or totals of numbers, in the population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from topline.base import fail
from topline.dataset import Floats
from topline.designs.calibrated import group_sums

#: Totals of two margins that differ by less than this share are the same: counts are often rounded.
SAME_TOTAL: Final = 1e-9
#: What stands between the names of crossed variables and groups.
CROSS: Final = " x "


@dataclass(frozen=True, eq=False)
class Margin:
    """The count of each group in the population: `codes` (n,) 0 to k-1, `counts` (k,), `labels` (k,)."""

    name: str
    codes: NDArray[Any]
    counts: Floats
    labels: tuple[str, ...]

    def sums(self, weights: Floats) -> Floats:
        """The weight in each group (k,)."""
        return group_sums(self.codes, weights, len(self.counts))


@dataclass(frozen=True, eq=False)
class Total:
    """The total of a number in the population: `values` (n,)."""

    name: str
    values: Floats
    total: float

    def sums(self, weights: Floats) -> Floats:
        """The weighted total (1,)."""
        return np.array([float(weights @ self.values)])


def crossed(name: str, parts: Sequence[Margin], counts: Floats) -> Margin:
    """The margin of the groups of several variables crossed, as grade by age: `counts` (k1, k2, ...).

    The counts of `parts` are not read. A person with a missing code in any part has one in the result.
    """
    sizes = [len(part.labels) for part in parts]
    codes = np.zeros(len(parts[0].codes), dtype=np.int32)
    missing = np.zeros(len(codes), dtype=bool)
    labels = [""]
    for part, size in zip(parts, sizes, strict=True):
        missing |= (part.codes < 0) | (part.codes >= size)
        codes = codes * np.int32(size) + part.codes
        labels = [
            f"{before}{CROSS}{label}" if before else label for before in labels for label in part.labels
        ]
    codes[missing] = len(labels)
    return Margin(name, codes, np.asarray(counts, dtype=np.float64).ravel(), tuple(labels))


def check_base(base: Floats) -> None:
    """Refuse base weights that are missing or negative, or all zero."""
    sound = np.isfinite(base) & (base >= 0)
    if not sound.all():
        row = int(np.argmin(sound))
        fail("base_invalid", row=row + 1, value=base[row], n=int((~sound).sum()))
    if not base.any():
        fail("base_zero", n=len(base))


def check_margins(margins: Sequence[Margin], base: Floats) -> None:
    """Refuse margins that no weights can meet: each message names the margin, the group and the remedy.

    Raises ToplineError for people without a group, counts that are no counts, groups without respondents or
    respondents without a count, and totals that disagree.
    """
    for margin in margins:
        k = len(margin.counts)
        if len(margin.codes) != len(base) or len(margin.labels) != k:
            raise ValueError(
                f"{margin.name}: {len(margin.codes)} codes, {k} counts, {len(margin.labels)} labels"
            )
        low, high = int(margin.codes.min()), int(margin.codes.max())
        if low < 0 or high >= k:
            without = int(((margin.codes < 0) | (margin.codes >= k)).sum())
            fail("margin_missing", n=without, name=margin.name, variable=margin.name)
        bad = ~(np.isfinite(margin.counts) & (margin.counts >= 0))
        if bad.any():
            at = int(np.argmax(bad))
            fail("margin_count", name=margin.name, group=margin.labels[at], value=margin.counts[at])
        sums = margin.sums(base)
        _refuse("margin_empty", margin, (margin.counts > 0) & (sums == 0))
        _refuse("margin_nobody", margin, (margin.counts == 0) & (sums > 0))
    _check_totals(margins)


def _refuse(id: str, margin: Margin, where: NDArray[np.bool_]) -> None:
    if where.any():
        names = ", ".join(label for label, hit in zip(margin.labels, where, strict=True) if hit)
        fail(id, names=names, name=margin.name)


def _check_totals(margins: Sequence[Margin]) -> None:
    if not margins:
        return
    first, total = margins[0], float(margins[0].counts.sum())
    for margin in margins[1:]:
        other = float(margin.counts.sum())
        if abs(other - total) > SAME_TOTAL * max(total, other):
            fail(
                "margin_totals",
                first=first.name,
                total=f"{total:,.10g}",
                second=margin.name,
                other=f"{other:,.10g}",
                by=f"{abs(other - total):,.10g}",
            )
