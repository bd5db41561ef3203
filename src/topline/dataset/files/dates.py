"""Dates as files count them, and as Topline does: ordinal days, 1 for the first day of the year 1."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from topline.dataset.data import Floats
from topline.dataset.files.raw import DateUnit

LAST_DAY: Final = date.max.toordinal()
_DAY: Final = 86400.0
#: Ordinal of day 0, and how many units make a day: SPSS counts seconds, Stata days.
_SCALES: Final[dict[DateUnit, tuple[int, float]]] = {
    "spss": (date(1582, 10, 14).toordinal(), _DAY),
    "stata": (date(1960, 1, 1).toordinal(), 1.0),
    "ordinal": (0, 1.0),
}
#: SPSS formats that show days; those that show times, months or weeks stay numbers, with their format.
_SPSS_DAYS: Final = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE")


def spss_unit(format: str) -> DateUnit:
    """The unit of an SPSS column by its format: DATE11, ADATE10 ... hold days."""
    return "spss" if format.rstrip("0123456789.") in _SPSS_DAYS else ""


def stata_unit(format: str) -> DateUnit:
    """The unit of a Stata column by its format: %td holds days."""
    return "stata" if format.lstrip("%-").startswith(("td", "d")) else ""


def to_days(values: Floats, unit: DateUnit) -> Floats | None:
    """Ordinal days (n,), NaN where there is none; None if some value is no whole day from year 1 to 9999."""
    zero, scale = _SCALES[unit]
    days = values / scale + zero
    known = days[np.isfinite(values)]
    whole = (known == np.round(known)) & (known >= 1) & (known <= LAST_DAY)
    return days if whole.all() else None


def from_days(days: Floats, unit: DateUnit) -> Floats:
    """Ordinal days in the unit of a file (n,)."""
    zero, scale = _SCALES[unit]
    return (days - zero) * scale
