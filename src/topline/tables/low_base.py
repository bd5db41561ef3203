"""Low bases: which figures are not given, and which are marked, by one of three published profiles.

- `market`: under 30 no figure, 30 to 99 marked.
- `census-pack`: under 10 no figure, and no marks (reports of the Civil Service People Survey to teams).
- `nchs`: the standards of the US National Center for Health Statistics for proportions (Parker, Talih, Malec
  et al. 2017, Vital and Health Statistics 2(175), pages 1 to 5): no figure under a base or an effective base
  of 30, nor where the 95% interval of Korn and Graubard is 0.30 wide or wider, nor where it is over 0.05
  wide and over 130% of the share. Marked for review: shares of 0 and 1, under 8 degrees of freedom, and
  shares whose complement would not be given. They speak of no means, which are held against bases and
  degrees of freedom.

Every profile takes the smaller of the base and the effective base: Kish's, or under `nchs` where the design
gives errors n / deff, as its standards do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isnan
from types import MappingProxyType
from typing import Final, Literal

from topline.base import fail
from topline.base.words import words
from topline.estimates import effective_n, proportion_interval
from topline.study import Study

Flag = Literal["", "[u]", "[x]"]
NO_FIGURE: Final[Flag] = "[x]"
UNSURE: Final[Flag] = "[u]"
_NOTHING: Final = 1e-12  # a share nearer to 0 or 1 is one of them, but for rounding


@dataclass(frozen=True, slots=True)
class Precision:
    """What the interval of a share must be like: widths in shares of 1, `relative` to the share itself."""

    fine: float
    wide: float
    relative: float
    df: int


@lru_cache(maxsize=1 << 16)  # every format looks at a figure anew, and its interval takes a while
def _flag(rule: Precision, p: float, se: float, n: int, df: int) -> Flag:
    """The flag of a share p whose base is large enough."""
    low, high = proportion_interval(p, se, df, n, "beta")
    width = high - low
    if width >= rule.wide or (width > rule.fine and width > rule.relative * p > 0.0):
        return NO_FIGURE
    complement = width > rule.fine and width > rule.relative * (1.0 - p)
    certain = not _NOTHING < p < 1.0 - _NOTHING
    return UNSURE if certain or df < rule.df or complement else ""


@dataclass(frozen=True, slots=True)
class LowBase:
    """A profile: no figure under a base of `least`, a mark under `sure`, and what shares need beside."""

    name: str
    least: int
    sure: int = 0
    precision: Precision | None = None

    def of_base(self, base: int, effective: float) -> Flag:
        """The flag of a base, on the smaller of the unweighted and the effective one."""
        smaller = min(float(base), effective)
        return NO_FIGURE if smaller < self.least else UNSURE if smaller < self.sure else ""

    def of_figure(
        self, value: float, se: float, base: int, effective: float, df: int, *, share: bool
    ) -> Flag:
        """The flag of a figure: `value` and `se` of a share are shares of 1, NaN where there is none."""
        if self.precision is None or isnan(value) or isnan(se):
            return self.of_base(base, effective)
        if share:
            effective = effective_n(value, se) if se > 0.0 else float(base)
        flag = self.of_base(base, effective)
        if flag or not share:
            return flag or (UNSURE if df < self.precision.df else "")
        return _flag(self.precision, value, se, base, df)

    def notes(self, language: str = "en") -> Mapping[str, str]:
        """What its marks mean, by mark; a mark that it never gives is left out."""
        ids = {NO_FIGURE: f"mark-x-{self.name}"}
        if self.sure or self.precision:
            ids[UNSURE] = f"mark-u-{self.name}"
        return {mark: words(id, language, least=self.least) for mark, id in ids.items()}


MARKET: Final = LowBase("market", 30, 100)
PROFILES: Final[Mapping[str, LowBase]] = MappingProxyType(
    {
        "market": MARKET,
        "census-pack": LowBase("census-pack", 10),
        "nchs": LowBase("nchs", 30, precision=Precision(fine=0.05, wide=0.30, relative=1.30, df=8)),
    }
)


def low_base_of(study: Study) -> LowBase:
    """The profile of `analysis: low_base:`; `market` if it says nothing."""
    analysis = study.settings.get("analysis")
    name = analysis.get("low_base", MARKET.name) if isinstance(analysis, Mapping) else MARKET.name
    return low_base_named(str(name))


def low_base_named(name: str) -> LowBase:
    """The profile of that name."""
    if name not in PROFILES:
        fail("low_base_unknown", name=name, allowed=", ".join(PROFILES))
    return PROFILES[name]
