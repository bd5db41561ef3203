"""Change of a share or a mean between two waves, on unrounded values.

The waves count as independent samples: var(now - then) = var(now) + var(then), with the degrees of freedom
of Satterthwaite (1946, Biometrics Bulletin 2, 110-114), rounded down. Whoever answered in both waves cannot
be recognised; answers of one person are alike, so the error is then, if anything, too large (Kish 1965,
Survey Sampling, section 12.4). Each wave's own error holds its design effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isnan, nan, sqrt
from typing import Literal

from topline.base import fail
from topline.base.words import words
from topline.estimates import gap, mean_interval, p_value
from topline.study.published import Published
from topline.study.waves import Status
from topline.tables.cells import Cell
from topline.tables.low_base import MARKET, Flag, LowBase

LEVEL = 0.95
SIGNIFICANT = 0.05
#: A significant change of no more points than this is a slight one.
SLIGHT = 5.0
#: A change is none if its 90% interval lies within so many points on either side of zero.
ALIKE, ALIKE_LEVEL = 3.0, 0.90

Verdict = Literal["rose", "rose slightly", "fell", "fell slightly", "similar", "no significant change", ""]


@dataclass(frozen=True, slots=True)
class Point:
    """A share in per cent, or a mean, in one wave: unrounded, or as printed with `half` a unit of its place.

    `value` is None where nobody is in the base, `se` where no error may be stated. `counted` are the missing
    kinds in the base, None where it is not known; `published` if it is not from answers. `flag` is that of a
    low base.
    """

    value: float | None
    se: float | None
    df: int
    base: int
    effective: float
    half: float = 0.0
    counted: tuple[str, ...] | None = None
    published: bool = False
    flag: Flag = ""


def point_of(cell: Cell, counted: tuple[str, ...] | None = None) -> Point:
    """A cell of a table as a point; `counted` are the missing kinds in its base."""
    se = None if cell.se is None or isnan(cell.se) else cell.se
    return Point(cell.value, se, cell.df, cell.base, cell.effective, counted=counted, flag=cell.flag)


def published_point(figure: Published, *, share: bool, low_base: LowBase = MARKET) -> Point:
    """A published figure as a point.

    Its error is the published one; else, of a share p, that of a simple random sample of the effective base
    if it is given, or of the base: sqrt(p (100 - p) / n). A mean without an error has none.
    """
    effective = float(figure.base) if figure.effective is None else figure.effective
    se = figure.se
    if se is None and share and effective > 0:
        se = sqrt(max(figure.value * (100.0 - figure.value), 0.0) / effective)
    df, by = figure.base - 1, 100.0 if share else 1.0
    error = nan if se is None else se / by
    flag = low_base.of_figure(figure.value / by, error, figure.base, effective, df, share=share)
    return Point(figure.value, se, df, figure.base, effective, figure.half, figure.counted, True, flag)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one figure between two waves. Made by `change_of`.

    `share` says whether the values are per cent, and their difference points. `notes` are sentences that
    stand under it wherever it is printed. `adjusted` is p corrected for the family that it was tested in.
    """

    then: Point
    now: Point
    share: bool
    status: Status
    notes: tuple[str, ...] = ()
    adjusted: float | None = None

    @property
    def value(self) -> float | None:
        """Now less then, on unrounded values; None where a wave has no value."""
        if self.then.value is None or self.now.value is None:
            return None
        return gap(self.now.value, self.then.value)

    @property
    def half(self) -> float:
        """How far rounding of published values may have moved the difference."""
        return self.then.half + self.now.half

    @property
    def se(self) -> float | None:
        """The standard error; None if a wave has none, or a share of 0 or 100, which hides its own."""
        ends = (0.0, 100.0) if self.share else ()
        if self.then.se is None or self.now.se is None or {self.then.value, self.now.value} & {*ends}:
            return None
        return sqrt(self.then.se**2 + self.now.se**2)

    @property
    def df(self) -> int:
        """Satterthwaite's degrees of freedom, rounded down; 0 without an error."""
        parts = [((point.se or 0.0) ** 2, point.df) for point in (self.then, self.now)]
        if self.se is None or any(df < 1 for _, df in parts):
            return 0
        below = sum(variance**2 / df for variance, df in parts)
        whole = sum(variance for variance, _ in parts) ** 2
        return max(1, floor(whole / below)) if below > 0 else sum(df for _, df in parts)

    def interval(self, level: float = LEVEL) -> tuple[float, float] | None:
        """The interval of the change, wider by what rounding may have moved; None without an error."""
        if self.value is None or self.se is None:
            return None
        found = mean_interval(self.value, self.se, self.df, level)
        return None if found is None else (found[0] - self.half, found[1] + self.half)

    @property
    def p(self) -> float | None:
        """The two-sided p of no change, with the least difference that rounding leaves open."""
        if self.value is None or self.se is None:
            return None
        return p_value(max(abs(self.value) - self.half, 0.0), self.se, self.df)

    @property
    def flag(self) -> Flag:
        """The flag of the smaller base."""
        return max(self.then.flag, self.now.flag)

    @property
    def significant(self) -> bool:
        """Whether p, corrected if it was, is under 5%."""
        p = self.p if self.adjusted is None else self.adjusted
        return p is not None and p < SIGNIFICANT

    @property
    def slight(self) -> bool:
        """Of a share: significant, and no more than 5 points."""
        return self.share and self.significant and abs(self.value or 0.0) <= SLIGHT

    @property
    def similar(self) -> bool:
        """Of a share: the 90% interval of the change lies within 3 points on either side of zero."""
        found = self.interval(ALIKE_LEVEL) if self.share else None
        return found is not None and found[0] > -ALIKE and found[1] < ALIKE

    @property
    def verdict(self) -> Verdict:
        """What may be said in words; "" without an error, or under the smallest base.

        A change that is both significant and within 3 points is a slight one, as its sign is known.
        """
        if self.p is None or self.flag == "[x]":
            return ""
        if not self.significant:
            return "similar" if self.similar else "no significant change"
        if (self.value or 0.0) > 0:
            return "rose slightly" if self.slight else "rose"
        return "fell slightly" if self.slight else "fell"


def change_of(
    then: Point,
    now: Point,
    *,
    share: bool = True,
    status: Status = "same",
    why: str = "",
    wave: str = "",
    name: str = "",
    notes: tuple[str, ...] = (),
) -> Change:
    """The change from `then` to `now`. `wave` and `name` (of the question) are for messages.

    Raises ToplineError across a broken lineage, and where the two have another base rule.
    """
    if status == "broken":
        fail("change-broken", question=name, wave=wave, why=why)
    if None not in (then.counted, now.counted) and set(then.counted or ()) != set(now.counted or ()):
        fail("change-base", question=name, wave=wave, then=_kinds(then), now=_kinds(now))
    said = [words(f"change-{status}", why=why)] if status != "same" else []
    if then.published or now.published:
        said += _of_published(then, now)
    return Change(then, now, share, status, (*said, *notes))


def _of_published(then: Point, now: Point) -> list[str]:
    """What must be said where a figure was published rather than worked out."""
    said = []
    if any(point.published and point.effective == point.base for point in (then, now)):
        said.append(words("change-srs"))
    half = then.half + now.half
    if half >= 0.05:
        said.append(words("change-rounded", half=f"{half:g}"))
    if None in (then.counted, now.counted) and (then.counted or now.counted):
        said.append(words("change-base-unknown"))
    return said


def _kinds(point: Point) -> str:
    return ", ".join(point.counted or ()) or words("change-base-none")
