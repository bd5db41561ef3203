"""Which columns differ: letters of the columns that a figure is above, or marks of above and below the rest.

Two-sided tests of differences of shares or means by t, of columns with a base of 30 at least (people and
effective); how the differences and their errors are had stands in `compared`. The degrees of freedom are
those of the question's base: its units less their strata, or of replicate weights their rank less one. The
family for Holm's and Benjamini and Hochberg's adjustment is the pairs of one row in one block.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from topline.base.words import words
from topline.designs import Design
from topline.estimates import Estimates, benjamini_hochberg, holm, p_values
from topline.study import Study
from topline.tables.compared import Differences, differences
from topline.tables.groups import Span
from topline.tables.measures import Measure

Marks = NDArray[np.object_]

ABOVE, BELOW = "+", "−"
#: Columns with a smaller base (people or effective) are not compared, whatever profile tables follow.
LEAST_COMPARED: Final = 30


@dataclass(frozen=True, slots=True)
class Compare:
    """How columns are compared: `pairs` of a block, or each `against_rest`; two-sided at `level`."""

    test: Literal["pairs", "against_rest"] = "pairs"
    level: float = 0.05
    adjust: Literal["none", "holm", "bh"] = "none"


def compare_of(study: Study) -> Compare | None:
    """What `analysis: compare:` asks for; None if it says nothing."""
    analysis = study.settings.get("analysis")
    found = analysis.get("compare") if isinstance(analysis, Mapping) else None
    if not isinstance(found, Mapping):
        return None
    level = float(str(found.get("level", 0.05)))
    return Compare(found["test"], level, found.get("adjust", "none"))


def letter(place: int) -> str:
    """The letter of a column of a block: a to z, then aa, ab and on."""
    more, rest = divmod(place, len(ascii_lowercase))
    return (letter(more - 1) if more else "") + ascii_lowercase[rest]


def comparison(compare: Compare, df: Sequence[int], *, shared: bool) -> str:
    """How columns were compared, in words, with the degrees of freedom of the tests."""
    low, high = min(df), max(df)
    freedom = f"{low:,}" if low == high else words("compared-df", low=f"{low:,}", high=f"{high:,}")
    said = words(
        f"compared-{compare.test}",
        level=f"{compare.level:g}",
        df=freedom,
        adjusted=words(f"compared-adjust-{compare.adjust}"),
    )
    return f"{said} {words('compared-shared')}" if shared else said


def marks_of(
    measure: Measure, design: Design, span: Span, total: Estimates, found: Estimates, compare: Compare
) -> Marks:
    """The marks of each column of a block and row (D, rows); without errors, none.

    `total` (1, rows) and `found` (D, rows) are the estimates of everybody and of the block.
    """
    out = np.full(found.value.shape, "", dtype=object)
    if not design.intervals:
        return out
    enough = np.minimum(found.n, found.effective) >= LEAST_COMPARED
    for made in differences(measure, design, span, against_rest=compare.test == "against_rest"):
        able = enough[made.one[:, None], made.rows].T
        if compare.test == "pairs":
            able &= enough[made.other[:, None], made.rows].T
        able &= np.isfinite(made.value) & np.isfinite(made.se)
        for place, row in enumerate(made.rows):
            tested = np.flatnonzero(able[place]).tolist()
            df = int(total.df[0, row])
            # those over the level are 1 here: no adjustment brings one of them, or by it another, under it
            ps = p_values(made.value[place, tested], made.se[place, tested], df, under=compare.level)
            for pair, p in zip(tested, _adjusted(ps, compare), strict=True):
                if p < compare.level:
                    _write(out[:, row], made, place, pair, compare)
    return out


def _adjusted(ps: list[float], compare: Compare) -> list[float]:
    if compare.adjust == "none":
        return ps
    return (holm if compare.adjust == "holm" else benjamini_hochberg)(ps)


def _write(out: Marks, made: Differences, row: int, pair: int, compare: Compare) -> None:
    """Mark the difference in the column that is above, or in the one that is above or below the rest."""
    one, other = int(made.one[pair]), int(made.other[pair])
    above = made.value[row, pair] > 0
    if compare.test == "against_rest":
        out[one] = ABOVE if above else BELOW
    elif above:
        out[one] += letter(other)
    else:
        out[other] += letter(one)
